package io.stepstream.coordinator.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.stepstream.coordinator.access.Origin;
import io.stepstream.coordinator.api.ApiFixture.Result;
import io.stepstream.coordinator.execution.Elsewhere;
import io.stepstream.coordinator.execution.Unavailable;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActionRouterTest {

  private static final String EXECUTION = ApiFixture.ACCOUNT + "execution:m:e";

  private final ApiFixture api = new ApiFixture();

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void shouldSayWhichHeaderIsMissing() {
    Result result = api.send(null, "{}");

    assertThat(result.status()).isEqualTo(400);
    assertThat(result.error()).isEqualTo("UnknownOperationException");
    assertThat(result.message()).contains("X-Amz-Target").contains("AWSStepFunctions.<Action>");
  }

  @Test
  void shouldRefuseUnknownActions() {
    Result unknown = api.call("MakeCoffee");
    Result foreign = api.send("DynamoDB_20120810.GetItem", "{}");

    assertThat(unknown.status()).isEqualTo(400);
    assertThat(unknown.message()).isEqualTo("AWS Step Functions has no action MakeCoffee");
    assertThat(foreign.error()).isEqualTo("UnknownOperationException");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "nonsense", "{}{}", "[]", "\"text\"", "{\"executionArn\":[]}"})
  void shouldRefuseABodyThatIsNotARequest(String body) {
    Result result = api.send("AWSStepFunctions.DescribeExecution", body);

    assertThat(result.status()).isEqualTo(400);
    assertThat(result.error()).isEqualTo("SerializationException");
  }

  @Test
  void shouldRefuseBytesThatAreNotUtf8() {
    Result result =
        api.send(
            new HttpCall(
                "AWSStepFunctions.DescribeExecution",
                null,
                null,
                Origin.anyone(false),
                new CompletableFuture<>(),
                new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}));

    assertThat(result.error()).isEqualTo("SerializationException");
  }

  @Test
  void shouldSurviveDeepNesting() {
    Result result = api.send("AWSStepFunctions.DescribeExecution", "[".repeat(100_000));

    assertThat(result.error()).isEqualTo("SerializationException");
  }

  @Test
  void shouldCheckTheModelBeforeTheAction() {
    Result result = api.call("DescribeExecution");

    assertThat(result.status()).isEqualTo(400);
    assertThat(result.error()).isEqualTo("ValidationException");
    assertThat(result.message()).contains("Value null at 'executionArn'");
  }

  @Test
  void shouldAskTheCallerToComeBackDuringAnOutage() {
    api.executions.failWith(new Unavailable("the partition moves", Duration.ofSeconds(3)));

    Result result = api.call("DescribeExecution", "executionArn", EXECUTION);

    assertThat(result.status()).isEqualTo(503);
    assertThat(result.retryAfterSeconds()).isEqualTo(3);
    assertThat(result.error()).isEqualTo("ServiceUnavailable");
    assertThat(result.message()).isEqualTo("the partition moves");
  }

  @Test
  void shouldHandACallOnToTheNodeThatCanAnswer() throws Exception {
    HttpServer other = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    List<String> got = new CopyOnWriteArrayList<>();
    other.createContext(
        "/",
        exchange -> {
          got.add(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
          got.add(exchange.getRequestHeaders().getFirst(Forwarder.HEADER));
          got.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          byte[] answer = "{\"from\":\"the other\"}".getBytes(UTF_8);
          exchange.getResponseHeaders().add("Retry-After", "4");
          exchange.sendResponseHeaders(418, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    other.start();
    try {
      api.executions.failWith(new Elsewhere("127.0.0.1:" + other.getAddress().getPort()));

      Result result = api.call("DescribeExecution", "executionArn", EXECUTION);

      assertThat(result.body().path("from").asText()).isEqualTo("the other");
      assertThat(result.status()).isEqualTo(418);
      assertThat(result.retryAfterSeconds()).isEqualTo(4);
      assertThat(got)
          .containsExactly(
              "AWSStepFunctions.DescribeExecution",
              "true",
              "{\"executionArn\":\"" + EXECUTION + "\"}");
    } finally {
      other.stop(0);
    }
  }

  @Test
  void shouldHandACallOnOnlyOnce() {
    api.executions.failWith(new Elsewhere("127.0.0.1:1"));

    Result result =
        api.send(
            new HttpCall(
                "AWSStepFunctions.DescribeExecution",
                null,
                null,
                Origin.anyone(true),
                new CompletableFuture<>(),
                ("{\"executionArn\":\"" + EXECUTION + "\"}").getBytes(UTF_8)));

    assertThat(result.status()).isEqualTo(503);
    assertThat(result.message()).contains("moved to another node");
  }

  @Test
  void shouldAskTheCallerToComeBackWhenTheOtherNodeIsGone() {
    api.executions.failWith(new Elsewhere("127.0.0.1:1"));

    Result result = api.call("DescribeExecution", "executionArn", EXECUTION);

    assertThat(result.status()).isEqualTo(503);
    assertThat(result.retryAfterSeconds()).isEqualTo(1);
    assertThat(result.message()).isEqualTo("The node that has the answer can't be reached");
  }

  @Test
  void shouldLookAgainWhileTheOtherNodeStops() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    HttpServer stopping = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    stopping.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(asked.incrementAndGet() == 1 ? 503 : 400, 2);
          exchange.getResponseBody().write("{}".getBytes(UTF_8));
          exchange.close();
        });
    stopping.start();
    try {
      api.executions.failWith(new Elsewhere("127.0.0.1:" + stopping.getAddress().getPort()));

      Result result = api.call("DescribeExecution", "executionArn", EXECUTION);

      assertThat(result.status()).isEqualTo(400);
      assertThat(asked).hasValue(2);
    } finally {
      stopping.stop(0);
    }
  }

  @Test
  void shouldNotLookForWhatMovesForEver() {
    api.executions.failWith(new Elsewhere(new IllegalStateException("restoring")));
    long begin = System.nanoTime();

    Result result = api.call("DescribeExecution", "executionArn", EXECUTION);

    assertThat(result.status()).isEqualTo(503);
    assertThat(result.retryAfterSeconds()).isEqualTo(1);
    assertThat(result.message()).isEqualTo("What is asked for is being moved to another node");
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(ApiFixture.LONGEST_MOVE);
  }

  @Test
  void shouldHideABugBehindARequestId() {
    api.executions.failWith(new IllegalStateException("secret inner workings"));

    Result result = api.call("DescribeExecution", "executionArn", EXECUTION);

    assertThat(result.status()).isEqualTo(500);
    assertThat(result.error()).isEqualTo("InternalFailure");
    assertThat(result.message()).doesNotContain("secret").contains("request id");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/states/aws4_request,"
            + " SignedHeaders=host, Signature=0 | ExecutionDoesNotExist",
        "Basic dXNlcg== | ExecutionDoesNotExist",
        "AWS4-HMAC-SHA256 Signature=0 | IncompleteSignature",
        "AWS4-HMAC-SHA256 Credential=AKID, Signature=0 | IncompleteSignature",
      })
  void shouldReadSignaturesButNotVerifyThem(String authorization, String error) {
    Result result =
        api.send(
            new HttpCall(
                "AWSStepFunctions.DescribeExecution",
                authorization,
                null,
                Origin.anyone(false),
                new CompletableFuture<>(),
                ("{\"executionArn\":\"" + EXECUTION + "\"}").getBytes(UTF_8)));

    assertThat(result.error()).isEqualTo(error);
  }
}
