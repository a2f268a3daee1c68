package io.stepstream.coordinator.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.stepstream.asl.engine.TaskToken;
import io.stepstream.asl.engine.TaskTokens;
import io.stepstream.coordinator.execution.ActivityPoll;
import io.stepstream.coordinator.execution.InMemoryExecutions;
import io.stepstream.coordinator.execution.InMemoryTasks;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.HistoryEventDetails;
import io.stepstream.schemas.HistoryEventType;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.HistoryEvent;
import software.amazon.awssdk.services.sfn.model.InspectionLevel;
import software.amazon.awssdk.services.sfn.model.InvalidDefinitionException;
import software.amazon.awssdk.services.sfn.model.InvalidTokenException;
import software.amazon.awssdk.services.sfn.model.StartSyncExecutionResponse;
import software.amazon.awssdk.services.sfn.model.StateMachineType;
import software.amazon.awssdk.services.sfn.model.SyncExecutionStatus;
import software.amazon.awssdk.services.sfn.model.TaskTimedOutException;
import software.amazon.awssdk.services.sfn.model.TestExecutionStatus;
import software.amazon.awssdk.services.sfn.model.TestStateResponse;
import software.amazon.awssdk.services.sfn.model.ValidateStateMachineDefinitionResultCode;

/** The API over HTTP, with AWS's own client and with clients that don't behave. */
@QuarkusTest
class HttpApiTest {

  @TestHTTPResource("/")
  URI endpoint;

  @Inject InMemoryExecutions executions;
  @Inject InMemoryBeans.Switch readiness;
  @Inject InMemoryTasks tasks;

  private static final String ACTIVITY = ApiFixture.ACCOUNT + "activity:a";

  private final HttpClient http = HttpClient.newHttpClient();
  private SfnClient sfn;

  @BeforeEach
  void connect() {
    sfn =
        SfnClient.builder()
            .endpointOverride(endpoint)
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
            .overrideConfiguration(
                c ->
                    c.putAdvancedOption(SdkAdvancedClientOption.DISABLE_HOST_PREFIX_INJECTION, true)
                        .retryStrategy(r -> r.maxAttempts(1)))
            .build();
  }

  @AfterEach
  void disconnect() {
    executions.failWith(null);
    readiness.ready = true;
    sfn.close();
    http.close();
  }

  @Test
  void shouldServeAwsClientFromDefinitionToHistory() {
    String machine = machine(StateMachineType.STANDARD);
    String arn =
        sfn.startExecution(r -> r.stateMachineArn(machine).name("e").input("{\"a\":1}"))
            .executionArn();
    for (int i = 0; i < 150; i++) {
      executions.record(
          arn,
          HistoryEventType.PassStateEntered,
          HistoryEventDetails.newBuilder()
              .setName("S")
              .setInput(ByteBuffer.wrap("{}".getBytes(UTF_8)))
              .build());
    }

    DescribeExecutionResponse described = sfn.describeExecution(r -> r.executionArn(arn));
    var events =
        sfn.getExecutionHistoryPaginator(r -> r.executionArn(arn).maxResults(40)).events().stream()
            .toList();

    assertThat(described.input()).isEqualTo("{\"a\":1}");
    assertThat(described.startDate().toEpochMilli()).isEqualTo(1_700_000_000_123L);
    assertThat(events).extracting(HistoryEvent::id).hasSize(151).doesNotHaveDuplicates();
    assertThat(events.get(1).stateEnteredEventDetails().name()).isEqualTo("S");
    assertThat(sfn.stopExecution(r -> r.executionArn(arn).error("E")).stopDate()).isNotNull();
    assertThat(sfn.describeExecution(r -> r.executionArn(arn)).error()).isEqualTo("E");
  }

  @Test
  void shouldServeASynchronousExecution() {
    String machine = machine(StateMachineType.EXPRESS);
    CompletableFuture<StartSyncExecutionResponse> answer =
        CompletableFuture.supplyAsync(
            () -> sfn.startSyncExecution(r -> r.stateMachineArn(machine).name("sync")));
    await().until(() -> executions.named("sync").isPresent());
    executions.end(
        executions.named("sync").orElseThrow(), ExecutionStatus.SUCCEEDED, "[1]", null, null);

    assertThat(answer.join().status()).isEqualTo(SyncExecutionStatus.SUCCEEDED);
    assertThat(answer.join().output()).isEqualTo("[1]");
    assertThat(answer.join().billingDetails().billedMemoryUsedInMB()).isEqualTo(64);
  }

  @Test
  void shouldTestAStateForAwsClient() {
    TestStateResponse tested =
        sfn.testState(
            r ->
                r.definition(
                        "{\"Type\":\"Map\",\"End\":true,\"ItemsPath\":\"$.v\",\"MaxConcurrency\":2,"
                            + "\"ItemProcessor\":{\"StartAt\":\"P\",\"States\":"
                            + "{\"P\":{\"Type\":\"Pass\",\"End\":true}}}}")
                    .input("{\"v\":[1, 2]}")
                    .inspectionLevel(InspectionLevel.TRACE)
                    .mock(m -> m.result("[2,4]")));

    assertThat(tested.status()).isEqualTo(TestExecutionStatus.SUCCEEDED);
    assertThat(tested.output()).isEqualTo("[2,4]");
    assertThat(tested.inspectionData().afterItemsPath()).isEqualTo("[1, 2]");
    assertThat(tested.inspectionData().maxConcurrency()).isEqualTo(2);
    assertThatThrownBy(() -> sfn.testState(r -> r.definition("{\"Type\":\"Wait\"}")))
        .isInstanceOf(InvalidDefinitionException.class);
  }

  @Test
  void shouldValidateADefinitionForAwsClient() {
    var validated = sfn.validateStateMachineDefinition(r -> r.definition("{}"));

    assertThat(validated.result()).isEqualTo(ValidateStateMachineDefinitionResultCode.FAIL);
    assertThat(validated.diagnostics())
        .singleElement()
        .satisfies(
            diagnostic -> {
              assertThat(diagnostic.location()).isEqualTo("/");
              assertThat(diagnostic.message())
                  .isEqualTo("These fields are required: [States, StartAt]");
            });
  }

  @Test
  void shouldGiveAwsClientItsOwnExceptions() {
    assertThatThrownBy(
            () ->
                sfn.describeExecution(
                    r -> r.executionArn(ApiFixture.ACCOUNT + "execution:m:unknown")))
        .isInstanceOfSatisfying(
            ExecutionDoesNotExistException.class,
            e -> {
              assertThat(e.statusCode()).isEqualTo(400);
              assertThat(e.requestId()).isNotBlank();
            });
    assertThatThrownBy(
            () ->
                sfn.createStateMachine(
                    r -> r.name("m").roleArn(ApiFixture.ROLE).definition("{\"StartAt\":\"S\"}")))
        .isInstanceOf(InvalidDefinitionException.class)
        .hasMessageContaining("These fields are required: [States]");
  }

  @Test
  void shouldLetAwsClientWorkForAnActivity() {
    TaskToken task = new TaskToken(ApiFixture.ACCOUNT + "execution:m:run", 1, 1);
    String token = TaskTokens.unprotected().sign(task);
    tasks.open(task);
    assertThat(sfn.createActivity(r -> r.name("a")).activityArn()).isEqualTo(ACTIVITY);
    tasks.answer(ACTIVITY, new ActivityPoll.Task(token, "{}".getBytes(UTF_8)));

    var given = sfn.getActivityTask(r -> r.activityArn(ACTIVITY).workerName("w"));
    sfn.sendTaskHeartbeat(r -> r.taskToken(given.taskToken()));
    sfn.sendTaskSuccess(r -> r.taskToken(given.taskToken()).output(given.input()));

    assertThat(given.taskToken()).isEqualTo(token);
    assertThatThrownBy(() -> sfn.sendTaskFailure(r -> r.taskToken(given.taskToken())))
        .isInstanceOf(TaskTimedOutException.class);
    assertThatThrownBy(() -> sfn.sendTaskHeartbeat(r -> r.taskToken("none")))
        .isInstanceOf(InvalidTokenException.class);
    tasks.answer(ACTIVITY, new ActivityPoll.Nothing());
    var nothing = sfn.getActivityTask(r -> r.activityArn(ACTIVITY));
    assertThat(nothing.taskToken()).isNull();
    assertThat(nothing.input()).isNull();
  }

  @Test
  void shouldNoticeThatAWaitingClientHasGone() throws Exception {
    sfn.createActivity(r -> r.name("a"));
    try (Socket socket = new Socket(endpoint.getHost(), endpoint.getPort())) {
      String body = "{\"activityArn\":\"" + ACTIVITY + "\"}";
      socket
          .getOutputStream()
          .write(
              ("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                      + body.length()
                      + "\r\nX-Amz-Target: AWSStepFunctions.GetActivityTask\r\n\r\n"
                      + body)
                  .getBytes(UTF_8));
      await().until(() -> tasks.isPolled(ACTIVITY));
    }

    await().until(() -> !tasks.isPolled(ACTIVITY));
  }

  @Test
  void shouldSendTheHeadersOfAwsJson() throws Exception {
    HttpResponse<String> answer = post("AWSStepFunctions.DescribeExecution", "{}");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/x-amz-json-1.0");
    assertThat(answer.headers().firstValue("x-amzn-requestid"))
        .hasValueSatisfying(id -> assertThat(UUID.fromString(id)).isNotNull());
  }

  @Test
  void shouldSayWhenToComeBack() throws Exception {
    executions.failWith(new Unavailable("the partition moves", Duration.ofMillis(1500)));

    HttpResponse<String> answer =
        post(
            "AWSStepFunctions.DescribeExecution",
            "{\"executionArn\":\"" + ApiFixture.ACCOUNT + "execution:m:e\"}");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("retry-after")).hasValue("2");
  }

  @Test
  void shouldTurnATooLargeRequestAwayBeforeReadingIt() throws Exception {
    sfn.createActivity(r -> r.name("a"));
    try (Socket socket = new Socket(endpoint.getHost(), endpoint.getPort())) {
      socket.setSoTimeout(5_000);
      socket
          .getOutputStream()
          .write(
              ("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3000000\r\n"
                      + "X-Amz-Target: AWSStepFunctions.StartExecution\r\n\r\n")
                  .getBytes(UTF_8));
      InputStream in = socket.getInputStream();

      String answer = new String(in.readAllBytes(), UTF_8);

      assertThat(answer).startsWith("HTTP/1.1 413").contains("RequestEntityTooLargeException");
    }
  }

  @Test
  void shouldCutOffABodyThatHidesItsSize() throws Exception {
    byte[] chunk = new byte[64 * 1024];
    HttpRequest request =
        HttpRequest.newBuilder(endpoint)
            .timeout(Duration.ofSeconds(10))
            .header("X-Amz-Target", "AWSStepFunctions.StartExecution")
            .POST(
                BodyPublishers.fromPublisher(
                    BodyPublishers.ofByteArrays(Collections.nCopies(64, chunk))))
            .build();

    // A client of its own: the server closes its connection, now or a moment later.
    try (HttpClient flooding =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      assertThat(flooding.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(413);
    } catch (IOException e) {
      // The connection was closed while the rest was being sent: cut off all the same.
      assertThat(e.getMessage()).doesNotContain("timed out");
    }
    assertThat(post("AWSStepFunctions.DescribeExecution", "{}").statusCode()).isEqualTo(400);
  }

  @Test
  void shouldAnswerOtherMethodsAndPathsInJson() throws Exception {
    for (HttpRequest request :
        new HttpRequest[] {
          HttpRequest.newBuilder(endpoint).build(),
          HttpRequest.newBuilder(endpoint).PUT(BodyPublishers.ofString("{}")).build(),
          HttpRequest.newBuilder(endpoint.resolve("/nowhere"))
              .POST(BodyPublishers.ofString("{}"))
              .build()
        }) {
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());

      assertThat(answer.statusCode()).isIn(404, 405);
      assertThat(new ObjectMapper().readTree(answer.body()).path("message").asText())
          .contains("POST /");
    }
  }

  @Test
  void shouldTellWhetherItIsReady() throws Exception {
    assertThat(get("/q/health/live").statusCode()).isEqualTo(200);
    assertThat(get("/q/health/ready").statusCode()).isEqualTo(200);

    readiness.ready = false;

    HttpResponse<String> notReady = get("/q/health/ready");
    assertThat(notReady.statusCode()).isEqualTo(503);
    assertThat(notReady.body()).contains("switch: position").contains("off");
    assertThat(get("/q/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void shouldTellItsVersion() throws Exception {
    assertThat(new ObjectMapper().readTree(get("/api/info").body()).path("name").asText())
        .isEqualTo("stepstream");
  }

  private String machine(StateMachineType type) {
    return sfn.createStateMachine(
            r ->
                r.name(UUID.randomUUID().toString())
                    .definition(ApiFixture.PASS)
                    .roleArn(ApiFixture.ROLE)
                    .type(type))
        .stateMachineArn();
  }

  private HttpResponse<String> post(String target, String body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(endpoint)
            .header("X-Amz-Target", target)
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(endpoint.resolve(path)).build(), BodyHandlers.ofString());
  }
}
