package io.stepstream.dev.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.dev.testkit.CommittedRecords;
import io.stepstream.dev.testkit.StepstreamProcess;
import io.stepstream.worker.StepstreamWorker;
import io.stepstream.worker.handler.TaskFailedException;
import io.stepstream.worker.handler.TaskHandler;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sfn.model.GetActivityTaskResponse;
import software.amazon.awssdk.services.sfn.model.HistoryEventType;
import software.amazon.awssdk.services.sfn.model.InspectionLevel;
import software.amazon.awssdk.services.sfn.model.InvalidTokenException;
import software.amazon.awssdk.services.sfn.model.TaskTimedOutException;
import software.amazon.awssdk.services.sfn.model.TestExecutionStatus;
import software.amazon.awssdk.services.sfn.model.TestStateResponse;

/**
 * Tasks that others carry out or end: services that they call, AWS's client with their tokens and
 * as a worker of activities, on a real broker.
 */
final class CallbackIT {

  private static final String ROLE = "arn:aws:iam::000000000000:role/any";
  private static final String ACTIVITY = "arn:aws:states:us-east-1:000000000000:activity:";

  /** A poll that finds nothing ends after it. */
  private static final Duration WAIT = Duration.ofSeconds(2);

  /** Nothing that is kept or told may have it. */
  private static final String SECRET = "canary-4711-secret";

  @TempDir static Path directory;
  private static OtherServices services;
  private static StepstreamProcess dev;
  private static SfnClient sfn;

  @BeforeAll
  static void start() throws Exception {
    services = new OtherServices();
    dev = start("data");
    sfn = client(dev.endpoint());
  }

  private static StepstreamProcess start(String data) throws Exception {
    Map<String, String> environment = new HashMap<>(services.environment(SECRET));
    environment.put("STEPSTREAM_API_ACTIVITY_WAIT", WAIT.toSeconds() + "s");
    environment.put("JAVA_TOOL_OPTIONS", "'-Dquarkus.log.category.\"org.apache.hc\".level=DEBUG'");
    return StepstreamProcess.dev(directory, directory.resolve(data), environment);
  }

  private static SfnClient client(URI endpoint) {
    return SfnClient.builder()
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
        .overrideConfiguration(
            c ->
                c.retryStrategy(r -> r.maxAttempts(1))
                    .putAdvancedOption(SdkAdvancedClientOption.DISABLE_HOST_PREFIX_INJECTION, true))
        .build();
  }

  @AfterAll
  static void stop() {
    sfn.close();
    dev.close();
    services.close();
  }

  private static String start(String name, String definition, String input) {
    String machine =
        sfn.createStateMachine(r -> r.name(name).roleArn(ROLE).definition(definition))
            .stateMachineArn();
    return sfn.startExecution(r -> r.stateMachineArn(machine).input(input)).executionArn();
  }

  private static String activityMachine(String activity, String fields) {
    sfn.createActivity(r -> r.name(activity));
    return """
    {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"%s",%s"End":true}}}\
    """
        .formatted(ACTIVITY + activity, fields);
  }

  private static String ended(SfnClient client, String arn, ExecutionStatus status) {
    Awaitility.await(arn)
        .atMost(Duration.ofMinutes(3))
        .until(
            () ->
                client.describeExecution(r -> r.executionArn(arn)).status()
                    != ExecutionStatus.RUNNING);
    var ended = client.describeExecution(r -> r.executionArn(arn));
    assertThat(ended.status()).as("%s: %s", ended.error(), ended.cause()).isEqualTo(status);
    return ended.output() == null ? ended.error() : ended.output();
  }

  private static List<HistoryEventType> types(String arn) {
    return sfn.getExecutionHistory(r -> r.executionArn(arn)).events().stream()
        .map(event -> event.type())
        .toList();
  }

  private static TestStateResponse tested(String function, String fields) {
    String state =
        """
        {"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Next":"Then",%s
          "Parameters":{"FunctionName":"%s","Payload.$":"$"},"OutputPath":"$.Payload"}
        """
            .formatted(fields, function);
    return sfn.testState(
        r ->
            r.definition(state)
                .roleArn(ROLE)
                .input("{\"n\":1}")
                .inspectionLevel(InspectionLevel.DEBUG));
  }

  @Test
  void shouldCallTheTaskOfAStateUnderTest() throws Exception {
    CompletableFuture<Void> over = new CompletableFuture<>();
    try (StepstreamWorker worker =
        StepstreamWorker.builder()
            .bootstrapServers(dev.bootstrapServers())
            .queues("tested")
            .function("tested-echo", input -> input)
            .function(
                "tested-bad",
                input -> {
                  throw new TaskFailedException("Bad", "so it is");
                })
            .function(
                "tested-late",
                input -> {
                  over.completeOnTimeout(null, 60, TimeUnit.SECONDS).join();
                  return input;
                })
            .build()) {
      worker.start();
      TestStateResponse echoed =
          Awaitility.await("routes")
              .atMost(Duration.ofMinutes(3))
              .until(
                  () -> tested("tested-echo", ""),
                  answer -> answer.status() == TestExecutionStatus.SUCCEEDED);
      assertThat(echoed.output()).isEqualTo("{\"n\":1}");
      assertThat(echoed.nextState()).isEqualTo("Then");
      assertThat(echoed.inspectionData().afterParameters())
          .isEqualTo("{\"FunctionName\":\"tested-echo\",\"Payload\":{\"n\":1}}");

      TestStateResponse caught =
          tested("tested-bad", "\"Catch\":[{\"ErrorEquals\":[\"Bad\"],\"Next\":\"Mend\"}],");
      assertThat(caught.status()).isEqualTo(TestExecutionStatus.CAUGHT_ERROR);
      assertThat(caught.nextState()).isEqualTo("Mend");
      assertThat(caught.error()).isEqualTo("Bad");

      TestStateResponse late = tested("tested-late", "\"TimeoutSeconds\":1,");
      assertThat(late.status()).isEqualTo(TestExecutionStatus.FAILED);
      assertThat(late.error()).isEqualTo("States.Timeout");

      TestStateResponse nobody = tested("tested-by-nobody", "");
      assertThat(nobody.status()).isEqualTo(TestExecutionStatus.FAILED);
      assertThat(nobody.error()).isEqualTo("Lambda.ResourceNotFoundException");
    } finally {
      over.complete(null);
    }
  }

  @Test
  void shouldLetWhoeverHasTheTokenEndATask() throws Exception {
    BlockingQueue<String> handedOver = new LinkedBlockingQueue<>();
    TaskHandler handler =
        TaskHandler.named(
            "hand-over",
            (input, context) -> {
              assertThat(context.taskToken()).contains(input.path("token").asText());
              handedOver.add(input.path("token").asText());
              return input;
            });
    try (StepstreamWorker worker =
        StepstreamWorker.builder()
            .bootstrapServers(dev.bootstrapServers())
            .queues("callbacks")
            .handler(handler)
            .build()) {
      worker.start();
      String arn =
          start(
              "callback",
              """
              {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
                "Parameters":{"FunctionName":"hand-over","Payload":{"token.$":"$$.Task.Token"}},
                "Retry":[{"ErrorEquals":["Lambda.ResourceNotFoundException"],"IntervalSeconds":1,"BackoffRate":1,
                  "MaxAttempts":60}],"End":true}}}\
              """,
              "{}");
      String token = handedOver.poll(90, TimeUnit.SECONDS);
      assertThat(token).as("the handler was called").isNotNull();
      sfn.sendTaskHeartbeat(r -> r.taskToken(token));
      Awaitility.await("the handler's result is told and ends nothing")
          .atMost(Duration.ofMinutes(3))
          .until(() -> types(arn).contains(HistoryEventType.TASK_SUBMITTED));
      assertThat(sfn.describeExecution(r -> r.executionArn(arn)).status())
          .isEqualTo(ExecutionStatus.RUNNING);

      sfn.sendTaskSuccess(r -> r.taskToken(token).output("{\"approved\":true}"));

      assertThat(ended(sfn, arn, ExecutionStatus.SUCCEEDED)).isEqualTo("{\"approved\":true}");
      assertThatThrownBy(() -> sfn.sendTaskSuccess(r -> r.taskToken(token).output("{}")))
          .isInstanceOf(TaskTimedOutException.class);
      String damaged =
          token.substring(0, 20) + (token.charAt(20) == 'A' ? 'B' : 'A') + token.substring(21);
      assertThatThrownBy(() -> sfn.sendTaskSuccess(r -> r.taskToken(damaged).output("{}")))
          .isInstanceOf(InvalidTokenException.class);
    }
  }

  @Test
  void shouldCallServicesAndShowSecretsToNobodyElse() throws Exception {
    String arn =
        start(
            "services",
            """
            {"StartAt":"Ask","States":{
              "Ask":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                "Parameters":{"QueueUrl":"http://queue","MessageBody":{"token.$":"$$.Task.Token"}},"Next":"Store"},
              "Store":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:dynamodb:putItem",
                "Parameters":{"TableName":"t","Item":{"id":{"S":"1"}}},"ResultPath":"$.stored",
                "Retry":[{"ErrorEquals":["DynamoDb.ProvisionedThroughputExceededException"],"IntervalSeconds":1}],
                "Next":"Price"},
              "Price":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke",
                "Parameters":{"FunctionName":"price","Payload":{"n.$":"$.n"}},
                "ResultSelector":{"cents.$":"$.Payload.cents"},"ResultPath":"$.price","Next":"Tell"},
              "Tell":{"Type":"Task","Resource":"arn:aws:states:::http:invoke",
                "Parameters":{"ApiEndpoint":"%1$s","Method":"POST","RequestBody.$":"$.price",
                  "Authentication":{"ConnectionArn":"arn:aws:events:us-east-1:000000000000:connection/api/1"}},
                "ResultSelector":{"body.$":"$.ResponseBody"},"ResultPath":"$.told","Next":"TellByToken"},
              "TellByToken":{"Type":"Task","Resource":"arn:aws:states:::http:invoke",
                "Parameters":{"ApiEndpoint":"%1$s","Method":"POST","RequestBody":1,
                  "Authentication":{"ConnectionArn":"arn:aws:events:us-east-1:000000000000:connection/client/1"}},
                "ResultSelector":{"body.$":"$.ResponseBody"},"ResultPath":"$.toldByToken","Next":"Overdo"},
              "Overdo":{"Type":"Task","Resource":"arn:aws:states:::http:invoke",
                "Parameters":{"ApiEndpoint":"%2$s","Method":"GET"},
                "Catch":[{"ErrorEquals":["States.DataLimitExceeded"],"ResultPath":null,"Next":"End"}],"Next":"End"},
              "End":{"Type":"Pass","End":true}}}\
            """
                .formatted(services.api("echo"), services.api("large")),
            "{}");
    JsonNode message = services.messages.poll(90, TimeUnit.SECONDS);
    assertThat(message).as("the message was sent").isNotNull();
    sfn.sendTaskSuccess(r -> r.taskToken(message.path("token").asText()).output("{\"n\":3}"));

    assertThat(ended(sfn, arn, ExecutionStatus.SUCCEEDED))
        .isEqualTo(
            "{\"n\":3,\"stored\":{},\"price\":{\"cents\":15},\"told\":{\"body\":{\"got\":{\"cents\":15},\"authorization\":\"Bearer"
                + " ***\"}},\"toldByToken\":{\"body\":{\"got\":1,\"authorization\":\"Bearer"
                + " ***\"}}}");
    assertThat(services.shown).containsOnly("Bearer " + SECRET, "Bearer " + SECRET + "-token");
    List<String> kept =
        CommittedRecords.everything(dev.bootstrapServers()).stream()
            .map(record -> record.topic() + ": " + text(record.key()) + text(record.value()))
            .toList();
    // What the API sent back is where it should be, so it would be found.
    assertThat(kept).anyMatch(record -> record.contains("\"authorization\":\"Bearer ***\""));
    assertThat(kept).noneMatch(record -> record.contains(SECRET));
    assertThat(dev.out() + dev.err())
        .contains(" DEBUG [o.a.h.c.")
        .contains("/api/echo")
        .doesNotContain(SECRET);
  }

  @Test
  void shouldTellWhatATestedCallOfAnApiSentAndGot() {
    String state =
        """
        {"Type":"Task","Resource":"arn:aws:states:::http:invoke","End":true,
         "Parameters":{"ApiEndpoint":"%s","Method":"POST","RequestBody.$":"$",
           "Authentication":{"ConnectionArn":"arn:aws:events:us-east-1:000000000000:connection/api/1"}},
         "OutputPath":"$.ResponseBody.got"}
        """
            .formatted(services.api("echo"));

    TestStateResponse tested =
        Awaitility.await("routes")
            .atMost(Duration.ofMinutes(3))
            .until(
                () ->
                    sfn.testState(
                        r ->
                            r.definition(state)
                                .roleArn(ROLE)
                                .input("{\"n\":1}")
                                .inspectionLevel(InspectionLevel.TRACE)),
                answer -> answer.status() == TestExecutionStatus.SUCCEEDED);

    assertThat(tested.output()).isEqualTo("{\"n\":1}");
    assertThat(tested.inspectionData().request().method()).isEqualTo("POST");
    assertThat(tested.inspectionData().request().body()).isEqualTo("{\"n\":1}");
    assertThat(tested.inspectionData().response().statusCode()).isEqualTo("200");
    assertThat(tested.inspectionData().response().body()).contains("Bearer ***");
  }

  private static String text(byte @Nullable [] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.ISO_8859_1);
  }

  @Test
  void shouldLetAWorkerWorkForAnActivity() {
    List<String> arns =
        List.of(
            start("activity-1", activityMachine("double", ""), "{\"n\":1}"),
            start("activity-2", activityMachine("double", ""), "{\"n\":2}"),
            start(
                "activity-3",
                activityMachine("double", "\"TimeoutSeconds\":60,\"HeartbeatSeconds\":30,"),
                "{\"n\":3}"));
    for (int i = 0; i < 3; i++) {
      GetActivityTaskResponse task = poll("double");
      sfn.sendTaskHeartbeat(r -> r.taskToken(task.taskToken()));
      sfn.sendTaskSuccess(
          r -> r.taskToken(task.taskToken()).output("{\"was\":" + task.input() + "}"));
    }

    for (int i = 0; i < 3; i++) {
      assertThat(ended(sfn, arns.get(i), ExecutionStatus.SUCCEEDED))
          .isEqualTo("{\"was\":{\"n\":" + (i + 1) + "}}");
      assertThat(types(arns.get(i)))
          .containsSequence(
              HistoryEventType.ACTIVITY_SCHEDULED,
              HistoryEventType.ACTIVITY_STARTED,
              HistoryEventType.ACTIVITY_SUCCEEDED);
    }
  }

  /** As a worker does: again and again until there is a task. */
  private static GetActivityTaskResponse poll(String activity) {
    for (int i = 0; i < 30; i++) {
      GetActivityTaskResponse answer =
          sfn.getActivityTask(r -> r.activityArn(ACTIVITY + activity).workerName("worker"));
      if (answer.taskToken() != null) {
        return answer;
      }
    }
    throw new AssertionError("there is no task");
  }

  @Test
  void shouldFailATaskOfAnActivity() {
    String arn = start("activity-fails", activityMachine("fails", ""), "{}");
    GetActivityTaskResponse task = poll("fails");

    sfn.sendTaskFailure(r -> r.taskToken(task.taskToken()).error("Broken").cause("no paper"));

    assertThat(ended(sfn, arn, ExecutionStatus.FAILED)).isEqualTo("Broken");
  }

  @Test
  void shouldGiveATaskToAWorkerThatWaitsForIt() throws Exception {
    sfn.createActivity(r -> r.name("later"));
    BlockingQueue<GetActivityTaskResponse> answers = new LinkedBlockingQueue<>();
    Thread worker = Thread.startVirtualThread(() -> answers.add(poll("later")));
    String arn = start("activity-later", activityMachine("later", ""), "{}");

    GetActivityTaskResponse task = answers.poll(60, TimeUnit.SECONDS);
    assertThat(task).isNotNull();
    worker.join();
    sfn.sendTaskSuccess(r -> r.taskToken(task.taskToken()).output("1"));
    assertThat(ended(sfn, arn, ExecutionStatus.SUCCEEDED)).isEqualTo("1");
  }

  @Test
  void shouldEndAPollThatFindsNothingWithoutAToken() {
    sfn.createActivity(r -> r.name("idle"));
    long began = System.nanoTime();

    GetActivityTaskResponse nothing = sfn.getActivityTask(r -> r.activityArn(ACTIVITY + "idle"));

    assertThat(nothing.taskToken()).isNull();
    assertThat(nothing.input()).isNull();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(WAIT);
  }

  @Test
  void shouldKeepTokensAndWaitingTasksOverAKill() throws Exception {
    String machine = activityMachine("survivor", "");
    try (StepstreamProcess first = start("killed");
        SfnClient client = client(first.endpoint())) {
      client.createActivity(r -> r.name("survivor"));
      String arn =
          client
              .createStateMachine(r -> r.name("survivor").roleArn(ROLE).definition(machine))
              .stateMachineArn();
      client.startExecution(r -> r.stateMachineArn(arn).name("taken").input("1"));
      client.startExecution(r -> r.stateMachineArn(arn).name("waits").input("2"));
      String token = null;
      for (int i = 0; i < 30 && token == null; i++) {
        token = client.getActivityTask(r -> r.activityArn(ACTIVITY + "survivor")).taskToken();
      }
      String taken = token;
      assertThat(taken).isNotNull();
      first.kill();
      try (StepstreamProcess second = start("killed");
          SfnClient again = client(second.endpoint())) {
        again.sendTaskSuccess(r -> r.taskToken(taken).output("1"));
        String other = null;
        for (int i = 0; i < 30 && other == null; i++) {
          other = again.getActivityTask(r -> r.activityArn(ACTIVITY + "survivor")).taskToken();
        }
        String waiting = other;
        assertThat(waiting).isNotNull().isNotEqualTo(taken);
        again.sendTaskSuccess(r -> r.taskToken(waiting).output("2"));
        for (String name : List.of("taken", "waits")) {
          ended(
              again,
              arn.replace(":stateMachine:", ":execution:") + ':' + name,
              ExecutionStatus.SUCCEEDED);
        }
      }
    }
  }
}
