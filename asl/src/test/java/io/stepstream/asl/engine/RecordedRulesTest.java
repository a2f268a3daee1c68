package io.stepstream.asl.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.history.HistoryDetails;
import io.stepstream.asl.history.HistoryEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules that only recordings tell; each is the general one behind several of them. */
class RecordedRulesTest {

  private static final String CALLBACK =
      """
      {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::%s","Parameters":{"t.$":"$$.Task.Token","StateMachineArn":"arn"},"End":true}}}\
      """;

  private static final String FUNCTION = "arn:aws:lambda:us-east-1:111111111111:function:f";

  private static Scenario state(String state) {
    return Scenario.of("{\"StartAt\":\"S\",\"States\":{\"S\":" + state + "}}");
  }

  @Test
  void shouldScheduleTheTasksOfAllItemsBeforeTheFirstStarts() {
    Scenario scenario =
        state(
                """
                {"Type":"Map","End":true,"ItemProcessor":{"StartAt":"T","States":{
                  "T":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f"},"End":true}}}}\
                """)
            .start("[1,2]");

    assertThat(scenario.numbered())
        .endsWith(
            "6<4 TaskStateEntered",
            "7<6 TaskScheduled",
            "8<5 TaskStateEntered",
            "9<8 TaskScheduled",
            "10<7 TaskStarted",
            "11<9 TaskStarted");
  }

  @Test
  void shouldAbortTheStateWhoseFailureEndsItsBranch() {
    Scenario scenario =
        state(
                """
                {"Type":"Parallel","End":true,"Branches":[{"StartAt":"T","States":{
                  "T":{"Type":"Task","Resource":"%s","End":true}}}]}\
                """
                    .formatted(FUNCTION))
            .start("{}");

    scenario.fails("T", "Boom", "why").failsWith("Boom", "why");

    assertThat(scenario.numbered())
        .endsWith(
            "7<6 LambdaFunctionFailed",
            "8<7 TaskStateAborted",
            "9<7 ParallelStateFailed",
            "10<9 ExecutionFailed");
  }

  @Test
  void shouldTellOfAnIterationBeforeTheStateThatItWasIn() {
    Scenario scenario =
        state(
                """
                {"Type":"Map","End":true,"ItemProcessor":{"StartAt":"T","States":{
                  "T":{"Type":"Task","Resource":"%s","End":true}}}}\
                """
                    .formatted(FUNCTION))
            .start("[1,2]");

    scenario.fails("T", "Boom", "why").failsWith("Boom", "why");

    assertThat(scenario.types())
        .endsWith(
            "LambdaFunctionFailed",
            "MapIterationFailed",
            "TaskStateAborted",
            "MapIterationAborted",
            "TaskStateAborted",
            "MapStateFailed",
            "ExecutionFailed");
  }

  @Test
  void shouldEndAtOnceWithoutTheFailureOfAMapWhoseOwnPathsAreWrong() {
    Scenario scenario =
        state(
                """
                {"Type":"Map","ItemsPath":"$.x","MaxConcurrencyPath":"$.m","End":true,
                  "ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}\
                """)
            .start("{\"x\":[1],\"m\":\"many\"}");

    scenario.failsWith(
        "States.Runtime",
        "An error occurred while executing the state 'S' (entered at the event id #2)."
            + " The MaxConcurrencyPath field refers to value \"many\" which is not a valid"
            + " integer: $.m");
    assertThat(scenario.types())
        .containsExactly("ExecutionStarted", "MapStateEntered", "ExecutionFailed");
  }

  @Test
  void shouldTakeATextThatSpellsANumberForMaxConcurrency() {
    Scenario scenario =
        state(
                """
                {"Type":"Map","ItemsPath":"$.x","MaxConcurrencyPath":"$.m","End":true,
                  "ItemProcessor":{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"%s","End":true}}}}\
                """
                    .formatted(FUNCTION))
            .start("{\"x\":[1,2,3],\"m\":\"2\"}");

    assertThat(scenario.openTasks()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SecondsPath   | 1.5     | The SecondsPath parameter cannot be parsed as a long value: $.v"
            + " == 1.5",
        "SecondsPath   | -1      | The SecondsPath parameter references a negative value: $.v =="
            + " -1",
        "TimestampPath | \"now\" | The TimestampPath parameter does not reference a valid ISO-8601"
            + " extended offset date-time format string: $.v == now",
        "TimestampPath | \"2016-12-05 21:29:29Z\" | The TimestampPath parameter does not reference"
            + " a valid ISO-8601 extended offset date-time format string: $.v == 2016-12-05"
            + " 21:29:29Z",
        "TimestampPath | \"2095-03-10T00:00:00Z\" | Wait state delay is too long."
      })
  void shouldSayWhyItCannotWait(String field, String value, String cause) {
    state("{\"Type\":\"Wait\",\"" + field + "\":\"$.v\",\"End\":true}")
        .start("{\"v\":" + value + "}")
        .failsWith(
            "States.Runtime",
            "An error occurred while executing the state 'S' (entered at the event id #2). "
                + cause);
  }

  @Test
  void shouldFindFaultWithATimestampAfterTheStateWasEntered() {
    Scenario scenario =
        state(
                "{\"Type\":\"Wait\",\"QueryLanguage\":\"JSONata\",\"Timestamp\":\"{% 'soon'"
                    + " %}\",\"End\":true}")
            .start("{}");

    assertThat(scenario.numbered()).endsWith("3<2 EvaluationFailed", "4<3 ExecutionFailed");
  }

  @ParameterizedTest
  @CsvSource({
    "sqs:sendMessage.waitForTaskToken,sqs,sendMessage.waitForTaskToken",
    "states:startExecution.sync,states,startExecution.sync",
    "states:startExecution.sync:2,states,startExecution.sync:2",
    "aws-sdk:s3:listBuckets.waitForTaskToken,aws-sdk:s3,listBuckets.waitForTaskToken"
  })
  void shouldTellThatARequestWasTakenOnBeforeItsTaskEnds(
      String resource, String type, String action) {
    Scenario scenario = Scenario.of(CALLBACK.formatted(resource)).start("{}");
    Effect.Dispatch task = scenario.task("T");

    scenario.send(new Event.TaskSubmitted(task.frameId(), task.epoch(), utf8("{\"id\":1}")));
    scenario.succeeds("T", "{\"ok\":true}").outputs("{\"ok\":true}");

    assertThat(scenario.numbered())
        .contains("4<3 TaskStarted", "5<4 TaskSubmitted", "6<5 TaskSucceeded");
    assertThat(scenario.history().get(4).details())
        .isInstanceOfSatisfying(
            HistoryDetails.TaskSucceeded.class,
            submitted -> {
              assertThat(submitted.resourceType()).isEqualTo(type);
              assertThat(submitted.resource()).isEqualTo(action);
            });
  }

  @Test
  void shouldNotTellOfARequestThatEndsWithItsResponse() {
    Scenario scenario =
        state("{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::sqs:sendMessage\",\"End\":true}")
            .start("{}");
    Effect.Dispatch task = scenario.task("S");

    scenario.send(new Event.TaskSubmitted(task.frameId(), task.epoch(), utf8("{}")));

    assertThat(scenario.types()).doesNotContain("TaskSubmitted");
  }

  @Test
  void shouldGiveATokenThatNamesTheAttempt() {
    Scenario scenario =
        Scenario.of(CALLBACK.formatted("sqs:sendMessage.waitForTaskToken")).start("{}");
    Effect.Dispatch task = scenario.task("T");

    String token = (String) ((java.util.Map<?, ?>) Scenario.tree(task.input())).get("t");
    assertThat(token).isEqualTo(task.taskToken());
    assertThat(TaskTokens.unprotected().verify(token))
        .isEqualTo(
            new TaskToken(
                "arn:aws:states:us-east-1:111111111111:execution:machine:run",
                task.frameId(),
                task.epoch()));
  }

  @Test
  void shouldTellWhichWorkerTookTheTaskOfAnActivity() {
    Scenario scenario =
        state(
                """
                {"Type":"Task","Resource":"arn:aws:states:us-east-1:111111111111:activity:a","End":true}\
                """)
            .start("{}");
    Effect.Dispatch task = scenario.task("S");

    scenario.send(new Event.TaskStarted(task.frameId(), task.epoch(), "w"));
    scenario.succeeds("S", "1");

    assertThat(scenario.types())
        .containsSequence("ActivityScheduled", "ActivityStarted", "ActivitySucceeded");
    HistoryEvent started = scenario.history().get(3);
    assertThat(started.details()).isEqualTo(new HistoryDetails.ActivityStarted("w"));
  }

  @Test
  void shouldGiveTheCatcherOfATimeoutAnEmptyCause() {
    Scenario scenario =
        Scenario.of(
                """
                {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"%s","TimeoutSeconds":5,
                  "Catch":[{"ErrorEquals":["States.Timeout"],"Next":"D"}],"End":true},"D":{"Type":"Succeed"}}}\
                """
                    .formatted(FUNCTION))
            .start("{}");

    scenario
        .advance(Duration.ofSeconds(6))
        .outputs("{\"Error\":\"States.Timeout\",\"Cause\":\"\"}");
  }

  @Test
  void shouldLeaveTheOutputsOfBranchesAsTheyAreWritten() {
    Scenario scenario =
        state(
                """
                {"Type":"Parallel","End":true,"Branches":[{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}]}\
                """)
            .start("[1, 2]");

    assertThat(new String(scenario.end().output(), StandardCharsets.UTF_8)).isEqualTo("[[1, 2]]");
  }

  @Test
  void shouldTellRetriesToStatesThatMayRetryAlone() {
    Scenario pass =
        state("{\"Type\":\"Pass\",\"Parameters\":{\"s.$\":\"$$.State\"},\"End\":true}").start("{}");
    assertThat(new String(pass.end().output(), StandardCharsets.UTF_8))
        .doesNotContain("RetryCount");

    Scenario task =
        state(
                """
                {"Type":"Task","Resource":"%s","Parameters":{"s.$":"$$.State"},"End":true}\
                """
                    .formatted(FUNCTION))
            .start("{}");
    assertThat(new String(task.task("S").input(), StandardCharsets.UTF_8))
        .contains("\"RetryCount\":0");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
