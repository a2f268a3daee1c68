package io.stepstream.coordinator.api.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.stepstream.coordinator.execution.InMemoryExecutions;
import io.stepstream.coordinator.execution.InMemoryLive;
import io.stepstream.coordinator.execution.StatusChange;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.HistoryEventDetails;
import io.stepstream.schemas.HistoryEventType;
import jakarta.inject.Inject;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Server-sent events over HTTP. */
@QuarkusTest
class EventsHttpTest {

  private static final String ACCOUNT = "arn:aws:states:us-east-1:111111111111:";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @TestHTTPResource("/")
  URI endpoint;

  @Inject InMemoryExecutions executions;
  @Inject InMemoryLive live;

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Listening> all = new ArrayList<>();

  @AfterEach
  void disconnect() {
    executions.failWith(null);
    live.interrupt(false);
    all.forEach(Listening::close);
    http.close();
    await().atMost(PATIENCE).until(() -> live.listeners() == 0);
  }

  private record Event(String type, @Nullable String id, String data) {
    JsonNode json() {
      try {
        return new ObjectMapper().readTree(data);
      } catch (JsonProcessingException e) {
        throw new AssertionError(data, e);
      }
    }
  }

  /** A client, which reads one event when it is told to. */
  private final class Listening implements AutoCloseable {
    private final HttpResponse<Stream<String>> response;
    private final Iterator<String> lines;

    Listening(String path, @Nullable String lastEventId) throws Exception {
      HttpRequest.Builder request = HttpRequest.newBuilder(endpoint.resolve(path));
      if (lastEventId != null) {
        request.header("Last-Event-ID", lastEventId);
      }
      response = http.send(request.build(), BodyHandlers.ofLines());
      lines = response.body().iterator();
      all.add(this);
    }

    Event next() throws Exception {
      return inTime(this::read);
    }

    /** A stream without end would keep the test for ever. */
    private <T> T inTime(Supplier<T> reading) throws Exception {
      return CompletableFuture.supplyAsync(reading).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private Event read() {
      String type = null;
      String id = null;
      while (lines.hasNext()) {
        String line = lines.next();
        if (line.startsWith("event: ")) {
          type = line.substring(7);
        } else if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("data: ")) {
          return new Event(type, id, line.substring(6));
        }
      }
      throw new AssertionError("the stream has ended");
    }

    boolean hasEnded() throws Exception {
      return inTime(this::readEnd);
    }

    /** Waits for a comment, which clients ignore. */
    String comment() throws Exception {
      return inTime(
          () -> {
            String line = "";
            while (!line.startsWith(":")) {
              line = lines.next();
            }
            return line;
          });
    }

    private boolean readEnd() {
      while (lines.hasNext()) {
        String line = lines.next();
        if (!line.isEmpty() && !line.startsWith(":")) {
          return false;
        }
      }
      return true;
    }

    @Override
    public void close() {
      response.body().close();
    }
  }

  private static String ofExecution(String arn) {
    return "/api/executions/" + URLEncoder.encode(arn, UTF_8) + "/events";
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(endpoint.resolve(path)).timeout(PATIENCE).build(),
        BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> answer) throws Exception {
    return new ObjectMapper().readTree(answer.body());
  }

  private String start() throws Exception {
    String machine =
        call(
                "CreateStateMachine",
                object()
                    .put("name", UUID.randomUUID().toString())
                    .put("roleArn", "arn:aws:iam::123456789012:role/any")
                    .put(
                        "definition",
                        "{\"StartAt\":\"P\",\"States\":{\"P\":{\"Type\":\"Pass\",\"End\":true}}}"))
            .path("stateMachineArn")
            .asText();
    return call("StartExecution", object().put("stateMachineArn", machine).put("input", "[1]"))
        .path("executionArn")
        .asText();
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private JsonNode call(String action, ObjectNode request) throws Exception {
    return json(
        http.send(
            HttpRequest.newBuilder(endpoint)
                .header("X-Amz-Target", "AWSStepFunctions." + action)
                .POST(HttpRequest.BodyPublishers.ofString(request.toString()))
                .build(),
            BodyHandlers.ofString()));
  }

  private void enter(String arn, String state) {
    executions.record(
        arn,
        HistoryEventType.PassStateEntered,
        HistoryEventDetails.newBuilder().setName(state).build());
  }

  private void end(String arn, HistoryEventType how) {
    executions.record(arn, how, HistoryEventDetails.newBuilder().build());
  }

  @Test
  void shouldSayThatItIsAliveWhileNothingHappens() throws Exception {
    String arn = start();

    Listening ofAll = new Listening("/api/events", null);
    Listening ofOne = new Listening(ofExecution(arn), null);

    assertThat(ofAll.comment()).isEqualTo(": still here");
    assertThat(ofOne.comment()).isEqualTo(": still here");
    // again and again
    assertThat(ofAll.comment()).isEqualTo(": still here");
  }

  // ------------------------------------------------------------------ one execution

  @Test
  void shouldFollowAnExecutionToItsEnd() throws Exception {
    String arn = start();
    for (int i = 0; i < 250; i++) {
      enter(arn, "S" + i);
    }
    Listening client = new Listening(ofExecution(arn), null);

    assertThat(client.response.statusCode()).isEqualTo(200);
    assertThat(client.response.headers().firstValue("content-type")).hasValue("text/event-stream");
    Event first = client.next();
    assertThat(first.type()).isEqualTo("history");
    assertThat(first.id()).isEqualTo("1");
    assertThat(first.json().path("type").asText()).isEqualTo("ExecutionStarted");
    assertThat(first.json().path("executionStartedEventDetails").path("input").asText())
        .isEqualTo("[1]");
    for (int i = 0; i < 250; i++) {
      assertThat(client.next().id()).isEqualTo(Integer.toString(i + 2));
    }

    enter(arn, "later");
    live.grow(arn, 252);
    assertThat(client.next().json().path("stateEnteredEventDetails").path("name").asText())
        .isEqualTo("later");
    // The log is ahead of the history for a moment.
    live.grow(arn, 253);
    end(arn, HistoryEventType.ExecutionSucceeded);

    assertThat(client.next().json().path("type").asText()).isEqualTo("ExecutionSucceeded");
    Event end = client.next();
    assertThat(end.type()).isEqualTo("end");
    assertThat(end.json().path("status").asText()).isEqualTo("SUCCEEDED");
    assertThat(client.hasEnded()).isTrue();
  }

  /** The log had passed it before anybody listened, and the history had it later. */
  @Test
  void shouldFindWhatTheLogDoesNotTellOf() throws Exception {
    String arn = start();
    Listening fromTheBeginning = new Listening(ofExecution(arn), null);
    assertThat(fromTheBeginning.next().id()).isEqualTo("1");
    Listening upToDate = new Listening(ofExecution(arn), "1");

    enter(arn, "A");

    assertThat(fromTheBeginning.next().id()).isEqualTo("2");
    assertThat(upToDate.next().id()).isEqualTo("2");
    end(arn, HistoryEventType.ExecutionSucceeded);
    for (Listening client : List.of(fromTheBeginning, upToDate)) {
      assertThat(client.next().id()).isEqualTo("3");
      assertThat(client.next().type()).isEqualTo("end");
    }
  }

  @Test
  void shouldGoOnBehindTheLastEventThatTheClientHas() throws Exception {
    String arn = start();
    enter(arn, "A");
    enter(arn, "B");
    Listening running = new Listening(ofExecution(arn), "2");
    assertThat(running.next().id()).isEqualTo("3");
    Listening upToDate = new Listening(ofExecution(arn) + "?lastEventId=3&payloads=false", null);
    end(arn, HistoryEventType.ExecutionFailed);
    live.grow(arn, 4);

    assertThat(running.next().id()).isEqualTo("4");
    assertThat(upToDate.next().id()).isEqualTo("4");
    assertThat(upToDate.next().json().path("status").asText()).isEqualTo("FAILED");
    Listening late = new Listening(ofExecution(arn), "3");
    assertThat(late.next().id()).isEqualTo("4");
    assertThat(late.next().type()).isEqualTo("end");
    // A client that has all stops connecting again by itself.
    HttpResponse<String> complete = get(ofExecution(arn) + "?lastEventId=4");
    assertThat(complete.statusCode()).isEqualTo(204);
  }

  @Test
  void shouldSayThatThereIsNoSuchExecution() throws Exception {
    HttpResponse<String> answer = get(ofExecution(ACCOUNT + "execution:m:unknown"));

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(json(answer).path("detail").asText()).contains("execution:m:unknown");
    HttpResponse<String> resumed =
        get(ofExecution(ACCOUNT + "execution:m:unknown") + "?lastEventId=3");
    assertThat(resumed.statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/executions/x/events | arn",
        "/api/executions/arn:aws:states:us-east-1:111111111111:express:m:n:u/events | arn",
        "/api/executions/arn:aws:states:us-east-1:1:execution:m:n/events?lastEventId=x"
            + " | Last-Event-ID",
        "/api/executions/arn:aws:states:us-east-1:1:execution:m:n/events?payloads=1 | payloads",
        "/api/events?lastEventId=x | Last-Event-ID",
        "/api/events?lastEventId=AQEBAQE | Last-Event-ID",
        "/api/events?status=DONE | status",
        "/api/events?machineArn=x | machineArn"
      })
  void shouldSayWhatIsWrong(String path, String parameter) throws Exception {
    HttpResponse<String> answer = get(path);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).path("where").path("parameter").asText()).isEqualTo(parameter);
    assertThat(json(answer).path("mend").asText()).isNotBlank();
  }

  @Test
  void shouldSayWhenToComeBackWhileNothingCanBeRead() throws Exception {
    String arn = start();
    live.interrupt(true);

    for (String path : List.of(ofExecution(arn), "/api/events")) {
      HttpResponse<String> answer = get(path);
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("retry-after")).hasValue("2");
    }
    live.interrupt(false);
    executions.failWith(new Unavailable("the view moves", Duration.ofSeconds(3)));
    HttpResponse<String> answer = get(ofExecution(arn));
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("retry-after")).hasValue("3");
  }

  @Test
  void shouldTellClientsThatTheNodeReadsNoLonger() throws Exception {
    String arn = start();
    Listening one = new Listening(ofExecution(arn), null);
    one.next();
    Listening many = new Listening("/api/events", null);
    many.next();

    live.interrupt(true);

    for (Listening client : List.of(one, many)) {
      Event error = client.next();
      assertThat(error.type()).isEqualTo("error");
      assertThat(error.json().path("status").asInt()).isEqualTo(503);
      assertThat(client.hasEnded()).isTrue();
    }
  }

  // ------------------------------------------------------------------ all executions

  private void change(String machine, String name, ExecutionStatus status) {
    live.change(
        new StatusChange(
            ACCOUNT + "execution:" + machine + ':' + name,
            ACCOUNT + "stateMachine:" + machine,
            status,
            Instant.parse("2026-09-01T12:00:00Z"),
            status == ExecutionStatus.FAILED ? "E" : null,
            null,
            null));
  }

  @Test
  void shouldTellChangesOfStatusThatAreAskedFor() throws Exception {
    Listening everything = new Listening("/api/events", null);
    Listening some = new Listening("/api/events?machine=m&status=FAILED,SUCCEEDED", null);
    assertThat(everything.next().type()).isEqualTo("open");
    assertThat(some.next().type()).isEqualTo("open");

    change("m", "a", ExecutionStatus.RUNNING);
    change("other", "b", ExecutionStatus.FAILED);
    change("m", "a", ExecutionStatus.FAILED);

    Event first = everything.next();
    assertThat(first.type()).isEqualTo("status");
    assertThat(first.json().path("name").asText()).isEqualTo("a");
    assertThat(first.json().path("status").asText()).isEqualTo("RUNNING");
    assertThat(everything.next().json().path("name").asText()).isEqualTo("b");
    JsonNode failed = some.next().json();
    assertThat(failed.path("executionArn").asText()).isEqualTo(ACCOUNT + "execution:m:a");
    assertThat(failed.path("stateMachineArn").asText()).isEqualTo(ACCOUNT + "stateMachine:m");
    assertThat(failed.path("error").asText()).isEqualTo("E");
    assertThat(failed.path("date").asText()).isEqualTo("2026-09-01T12:00:00Z");
  }

  @Test
  void shouldLoseNothingBetweenTwoConnections() throws Exception {
    Listening before = new Listening("/api/events", null);
    String opened = before.next().id();
    change("m", "a", ExecutionStatus.RUNNING);
    String last = before.next().id();
    before.close();
    change("m", "b", ExecutionStatus.RUNNING);

    Listening after = new Listening("/api/events", last);
    assertThat(after.next().type()).isEqualTo("open");
    assertThat(after.next().json().path("name").asText()).isEqualTo("b");
    change("m", "c", ExecutionStatus.RUNNING);
    assertThat(after.next().json().path("name").asText()).isEqualTo("c");
    Listening fromTheBeginning = new Listening("/api/events", opened);
    fromTheBeginning.next();
    assertThat(fromTheBeginning.next().json().path("name").asText()).isEqualTo("a");
  }

  @Test
  void shouldForgetAClientThatHasGone() throws Exception {
    Listening client = new Listening("/api/events", null);
    client.next();
    assertThat(live.listeners()).isEqualTo(1);

    client.close();

    await().atMost(PATIENCE).until(() -> live.listeners() == 0);
  }

  @Test
  void shouldTakeNoMoreStreamsThanAreAllowed() throws Exception {
    for (int i = 0; i < 5; i++) {
      new Listening("/api/events", null).next();
    }

    HttpResponse<String> answer = get("/api/events");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("retry-after")).hasValue("5");
    all.removeFirst().close();
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(new Listening("/api/events", null).response.statusCode())
                    .isEqualTo(200));
  }

  @Test
  void shouldCutASlowClientOffAndTellItWhy() throws Exception {
    try (Socket slow = new Socket()) {
      slow.setReceiveBufferSize(4096);
      slow.connect(new InetSocketAddress(endpoint.getHost(), endpoint.getPort()));
      slow.setSoTimeout(10_000);
      slow.getOutputStream()
          .write(
              ("GET /api/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                  .getBytes(UTF_8));
      await().atMost(PATIENCE).until(() -> live.listeners() == 1);
      String name = "n".repeat(60_000);
      for (int i = 0; i < 400; i++) {
        change("m", name, ExecutionStatus.RUNNING);
      }

      InputStream in = slow.getInputStream();
      String all = new String(in.readNBytes(32 * 1024 * 1024), UTF_8);

      assertThat(all).contains("event: error").contains("\"title\":\"Too slow\"");
      await().atMost(PATIENCE).until(() -> live.listeners() == 0);
    }
  }

  @Test
  void shouldAnswerOtherPathsAndMethodsUnderApiByAProblem() throws Exception {
    HttpResponse<String> nowhere = get("/api/nowhere");
    assertThat(nowhere.statusCode()).isEqualTo(404);
    assertThat(nowhere.headers().firstValue("content-type").orElseThrow())
        .startsWith("application/problem+json");
    assertThat(json(nowhere).path("mend").asText()).contains("/api/openapi");
  }
}
