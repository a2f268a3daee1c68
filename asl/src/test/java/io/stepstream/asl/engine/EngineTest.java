package io.stepstream.asl.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.simulation.InMemoryRows;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineTest {

  private static final String ONE_TASK =
      """
      {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:f",
        %s "End":true}}}\
      """;

  @Test
  void shouldPassInputThroughAndNumberEventsAsRecorded() {
    // given
    Scenario scenario =
        Scenario.of(
            """
            {"StartAt":"A","States":{
              "A":{"Type":"Pass","Result":[1,2],"ResultPath":"$.a","Next":"B"},
              "B":{"Type":"Succeed"}}}\
            """);
    // when
    scenario.start("{\"x\":1}");
    // then
    scenario.outputs("{\"x\":1,\"a\":[1,2]}");
    assertThat(scenario.numbered())
        .containsExactly(
            "1<0 ExecutionStarted",
            "2<0 PassStateEntered",
            "3<2 PassStateExited",
            "4<3 SucceedStateEntered",
            "5<4 SucceedStateExited",
            "6<5 ExecutionSucceeded");
  }

  @ParameterizedTest
  @CsvSource({
    "lambda:invoke,f",
    "aws-sdk:lambda:invoke,f",
    "aws-sdk:lambda:invoke.waitForTaskToken,f",
    "aws-sdk:lambda:getFunction,",
    "aws-sdk:lambda:invokeAsync,"
  })
  void shouldNameTheFunctionThatIsInvoked(String resource, @Nullable String function) {
    Scenario scenario =
        Scenario.of(
                """
                {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::%s",
                  "Parameters":{"FunctionName":"arn:aws:lambda:us-east-1:1:function:f:7"},"End":true}}}\
                """
                    .formatted(resource))
            .start("{}");

    assertThat(scenario.task("T").function()).isEqualTo(function);
  }

  @Test
  void shouldDispatchATaskAndTakeItsResult() {
    Scenario scenario = Scenario.of(ONE_TASK.formatted("")).start("{\"n\":1}");
    assertThat(scenario.task("T").function()).isEqualTo("f");
    assertThat(new String(scenario.task("T").input(), StandardCharsets.UTF_8))
        .isEqualTo("{\"n\":1}");

    scenario.succeeds("T", "{\"done\":true}").outputs("{\"done\":true}");
    assertThat(scenario.types())
        .containsExactly(
            "ExecutionStarted",
            "TaskStateEntered",
            "LambdaFunctionScheduled",
            "LambdaFunctionStarted",
            "LambdaFunctionSucceeded",
            "TaskStateExited",
            "ExecutionSucceeded");
  }

  @Test
  void shouldKeepTheInputOnceUntilAStateChangesIt() {
    Scenario scenario =
        Scenario.of(
            """
            {"StartAt":"T","States":{
              "T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:f",
                "ResultPath":"$.t","Next":"U"},
              "U":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:f",
                "ResultPath":"$.u","End":true}}}\
            """);

    // the frame and the execution's input, which is T's too
    assertThat(scenario.start("{\"n\":1}").keptRows()).isEqualTo(2);

    // and now U's own input
    assertThat(scenario.succeeds("T", "2").keptRows()).isEqualTo(3);
    scenario.succeeds("U", "3").outputs("{\"n\":1,\"t\":2,\"u\":3}");
  }

  @Test
  void shouldRejectADuplicateAndALateResult() {
    // given a task which is retried once
    Scenario scenario =
        Scenario.of(
                ONE_TASK.formatted(
                    "\"Retry\":[{\"ErrorEquals\":[\"E\"],\"IntervalSeconds\":1,\"MaxAttempts\":1}],"))
            .start("{}");
    Effect.Dispatch first = scenario.task("T");
    scenario.fails("T", "E", "once").advance(Duration.ofSeconds(1));
    Effect.Dispatch second = scenario.task("T");
    assertThat(second.epoch()).isGreaterThan(first.epoch());
    assertThat(second.retryCount()).isEqualTo(1);

    // when the first attempt answers after all
    Decision late =
        scenario.send(new Event.TaskSucceeded(first.frameId(), first.epoch(), "1".getBytes()));
    // then nothing changes
    assertThat(late.effects()).isEmpty();
    assertThat(late.rejection()).extracting(Rejection::code).isEqualTo(Rejection.Code.STALE);

    scenario.succeeds("T", "2").outputs("2");
    Decision duplicate =
        scenario.send(new Event.TaskSucceeded(second.frameId(), second.epoch(), "2".getBytes()));
    assertThat(duplicate.rejection())
        .extracting(Rejection::code)
        .isEqualTo(Rejection.Code.ALREADY_CLOSED);
  }

  @Test
  void shouldBackOffExponentiallyUpToTheMaximumDelayAndThenFail() {
    Scenario scenario =
        Scenario.of(
                ONE_TASK.formatted(
                    """
                    "Retry":[{"ErrorEquals":["States.ALL"],"IntervalSeconds":2,"BackoffRate":3,"MaxAttempts":3,"MaxDelaySeconds":10}],\
                    """))
            .start("{}");
    for (int delay : new int[] {2, 6, 10}) {
      scenario.fails("T", "E", "c").advance(Duration.ofMillis(delay * 1000L - 1));
      assertThat(scenario.openTasks()).isEmpty();
      scenario.advance(Duration.ofMillis(1));
      assertThat(scenario.openTasks()).hasSize(1);
    }
    scenario.fails("T", "E", "c").failsWith("E", "c");
  }

  @Test
  void shouldCatchWithTheErrorAsOutput() {
    Scenario.of(
            """
            {"StartAt":"T","States":{
              "T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:f",
                   "Catch":[{"ErrorEquals":["Other"],"Next":"No"},
                            {"ErrorEquals":["States.TaskFailed"],"ResultPath":"$.problem","Next":"Yes"}],"End":true},
              "No":{"Type":"Fail"},
              "Yes":{"Type":"Pass","End":true}}}\
            """)
        .start("{\"id\":7}")
        .fails("T", "Declined", "no money")
        .outputs("{\"id\":7,\"problem\":{\"Error\":\"Declined\",\"Cause\":\"no money\"}}");
  }

  @Test
  void shouldNotLetTaskFailedMatchATimeout() {
    Scenario.of(
            ONE_TASK.formatted(
                """
                "TimeoutSeconds":5,"Retry":[{"ErrorEquals":["States.TaskFailed"]}],\
                """))
        .start("{}")
        .advance(Duration.ofSeconds(5))
        .failsWith("States.Timeout", null);
  }

  private static final String MAP_OF_TASKS =
      """
      {"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"T","States":{
        "T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:f",
             "TimeoutSecondsPath":"$",%s"End":true}}}}}}\
      """;

  @Test
  void shouldTellAllTimeoutsOfAMomentBeforeTheFirstEndsTheOthers() {
    Scenario scenario =
        Scenario.of(MAP_OF_TASKS.formatted("")).start("[5,9,5]").advance(Duration.ofSeconds(5));

    scenario.failsWith("States.Timeout", null);
    assertThat(scenario.numbered())
        .endsWith(
            "16<13 LambdaFunctionTimedOut",
            "17<15 LambdaFunctionTimedOut",
            "18<16 MapIterationFailed",
            "19<16 TaskStateAborted",
            "20<16 MapIterationAborted",
            "21<16 TaskStateAborted",
            "22<16 MapIterationAborted",
            "23<16 TaskStateAborted",
            "24<16 MapStateFailed",
            "25<24 ExecutionFailed");
  }

  @Test
  void shouldTellEachTimeoutOnceWhereNoneEndsTheOthers() {
    Scenario scenario =
        Scenario.of(
                MAP_OF_TASKS
                    .formatted(
                        """
                        "Retry":[{"ErrorEquals":["States.Timeout"],"IntervalSeconds":1,"MaxAttempts":1}],
                        "Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":null,"Next":"C"}],\
                        """)
                    .replace("\"End\":true}}}", "\"End\":true},\"C\":{\"Type\":\"Succeed\"}}}"))
            .start("[5,9,5]")
            .advance(Duration.ofSeconds(60));

    scenario.outputs("[5,9,5]");
    assertThat(scenario.types()).filteredOn("LambdaFunctionTimedOut"::equals).hasSize(6);
  }

  @Test
  void shouldExtendTheHeartbeatButNotTheTimeout() {
    Scenario scenario =
        Scenario.of(ONE_TASK.formatted("\"TimeoutSeconds\":10,\"HeartbeatSeconds\":3,"))
            .start("{}");
    for (int i = 0; i < 4; i++) {
      scenario.advance(Duration.ofSeconds(2)).heartbeats("T");
    }
    assertThat(scenario.ended()).isFalse();
    scenario.advance(Duration.ofSeconds(2)).failsWith("States.Timeout", null);
  }

  @Test
  void shouldFailATaskWhoseWorkerIsSilent() {
    Scenario scenario =
        Scenario.of(
                ONE_TASK
                    .formatted(
                        """
                        "TimeoutSeconds":60,"HeartbeatSeconds":3,
                        "Catch":[{"ErrorEquals":["States.HeartbeatTimeout"],"Next":"Late"}],\
                        """
                            .replace("\"Next\":\"Late\"", "\"Next\":\"T2\""))
                    .replace("\"End\":true}}", "\"End\":true},\"T2\":{\"Type\":\"Succeed\"}}"))
            .start("{}");
    scenario.advance(Duration.ofSeconds(2)).heartbeats("T").advance(Duration.ofMillis(2999));
    assertThat(scenario.ended()).isFalse();
    scenario.advance(Duration.ofMillis(1)).endsWith(Execution.Status.SUCCEEDED);
    assertThat(scenario.types()).contains("LambdaFunctionTimedOut");
  }

  @Test
  void shouldFailATaskWhoseResultIsTooLargeOrNotJson() {
    String large = '"' + "x".repeat(262_144) + '"';
    Scenario.of(ONE_TASK.formatted(""))
        .start("{}")
        .succeeds("T", large)
        .failsWith(
            "States.DataLimitExceeded",
            "The state/task 'arn:aws:lambda:us-east-1:111111111111:function:f' returned a result"
                + " with a size exceeding the maximum number of bytes service limit.");
    Scenario broken = Scenario.of(ONE_TASK.formatted("")).start("{}").succeeds("T", "{\"a\":");
    broken.endsWith(Execution.Status.FAILED);
  }

  @Test
  void shouldWaitAndGoOn() {
    Scenario scenario =
        Scenario.of(
                """
                {"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":90,"Next":"S"},"S":{"Type":"Succeed"}}}\
                """)
            .start("{\"a\":1}");
    scenario.advance(Duration.ofMillis(89_999));
    assertThat(scenario.ended()).isFalse();
    scenario.advance(Duration.ofMillis(1)).outputs("{\"a\":1}");
  }

  @Test
  void shouldStopWithErrorAndCauseWhateverRuns() {
    Scenario scenario =
        Scenario.of(
                """
                {"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
                  {"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1000,"End":true}}},
                  {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:f","End":true}}}]}}}\
                """)
            .start("{}");
    scenario.send(new Event.StopRequested("Why", "because"));
    scenario.endsWith(Execution.Status.ABORTED);
    assertThat(scenario.types()).endsWith("ExecutionAborted");
  }

  @Test
  void shouldTimeTheWholeExecutionOut() {
    Scenario.of(
            """
            {"StartAt":"W","TimeoutSeconds":5,"States":{"W":{"Type":"Wait","Seconds":1000,"End":true}}}\
            """)
        .start("{}")
        .advance(Duration.ofSeconds(5))
        .endsWith(Execution.Status.TIMED_OUT);
  }

  @Test
  void shouldChooseAndFailWhereNothingMatches() {
    String machine =
        """
        {"StartAt":"C","States":{
          "C":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericGreaterThan":10,"Next":"Big"}]%s},
          "Big":{"Type":"Pass","Result":"big","End":true},"Small":{"Type":"Pass","Result":"small","End":true}}}\
        """;
    Scenario.of(machine.formatted(",\"Default\":\"Small\"")).start("{\"n\":11}").outputs("\"big\"");
    Scenario.of(machine.formatted(",\"Default\":\"Small\""))
        .start("{\"n\":9}")
        .outputs("\"small\"");
    Scenario.of(
            machine
                .formatted("")
                .replace(",\"Small\":{\"Type\":\"Pass\",\"Result\":\"small\",\"End\":true}", ""))
        .start("{\"n\":9}")
        .endsWith(Execution.Status.FAILED);
  }

  @Test
  void shouldRunBranchesSideBySideAndGatherInOrder() {
    Scenario scenario =
        Scenario.of(
                """
                {"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
                  {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:f","End":true}}},
                  {"StartAt":"B","States":{"B":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:f","End":true}}},
                  {"StartAt":"C","States":{"C":{"Type":"Pass","Result":3,"End":true}}}]}}}\
                """)
            .start("{}");
    scenario.succeeds("B", "2").succeeds("A", "1").outputs("[1,2,3]");
  }

  @Test
  void shouldAbortSiblingsWhenABranchFails() {
    Scenario scenario =
        Scenario.of(
                """
                {"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,
                  "Catch":[{"ErrorEquals":["Boom"],"Next":"Z"}],"Branches":[
                  {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:f","End":true}}},
                  {"StartAt":"B","States":{"B":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:f","End":true}}}]},
                 "Z":{"Type":"Pass","End":true}}}\
                """)
            .start("{}");
    Effect.Dispatch sibling = scenario.task("B");
    scenario.fails("A", "Boom", null).outputs("{\"Error\":\"Boom\",\"Cause\":null}");
    assertThat(scenario.types()).containsSubsequence("TaskStateAborted", "ParallelStateFailed");
    assertThat(
            scenario
                .send(new Event.TaskSucceeded(sibling.frameId(), sibling.epoch(), "1".getBytes()))
                .rejection())
        .isNotNull();
  }

  @Test
  void shouldKeepAWindowOfIterationsAndTheOrderOfResults() {
    Scenario scenario =
        Scenario.of(
                """
                {"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":2,"ItemsPath":"$.items","End":true,
                  "ItemSelector":{"v.$":"$$.Map.Item.Value","i.$":"$$.Map.Item.Index"},
                  "ItemProcessor":{"StartAt":"T","States":{"T":{"Type":"Task",
                    "Resource":"arn:aws:lambda:us-east-1:111111111111:function:f","End":true}}}}}}\
                """)
            .start("{\"items\":[10,20,30,40,50]}");
    for (int done = 0; done < 5; done++) {
      assertThat(scenario.openTasks()).hasSize(Math.min(2, 5 - done));
      // The younger of the two answers first.
      Effect.Dispatch task = scenario.openTasks().getLast();
      String input = new String(task.input(), StandardCharsets.UTF_8);
      scenario.send(
          new Event.TaskSucceeded(
              task.frameId(),
              task.epoch(),
              input.replaceAll(".*\"v\":(\\d+).*", "$1").getBytes(StandardCharsets.UTF_8)));
      scenario.forget(task);
    }
    scenario.outputs("[10,20,30,40,50]");
  }

  @Test
  void shouldMapOverThousandsOfItemsAcrossChunksInBoundedSteps() {
    // given items that fill several chunks, and iterations that wait
    String items =
        IntStream.range(0, 3000)
            .mapToObj(i -> "\"" + "x".repeat(40) + i + "\"")
            .collect(Collectors.joining(","));
    Scenario scenario =
        Scenario.of(
                """
                {"StartAt":"M","States":{"M":{"Type":"Map","ResultPath":null,"End":true,
                  "ItemProcessor":{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"End":true}}}}}}\
                """)
            .start("[" + items + "]");
    scenario.advance(Duration.ofHours(1));
    scenario.outputs("[" + items + "]");
    assertThat(scenario.types().stream().filter("MapIterationSucceeded"::equals)).hasSize(3000);
  }

  @Test
  void shouldGoOnInAFurtherStepAfterTooManyTransitions() {
    Limits limits = new Limits(10, 1000, 262_144, 40);
    String loop =
        """
        {"StartAt":"C","States":{
          "C":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericEquals":0,"Next":"S"}],"Default":"D"},
          "D":{"Type":"Pass","Parameters":{"n.$":"States.MathAdd($.n,-1)"},"Next":"C"},
          "S":{"Type":"Succeed"}}}\
        """;
    Scenario ends = Scenario.of(loop, limits).start("{\"n\":100}").advance(Duration.ZERO);
    ends.outputs("{\"n\":0}");
    assertThat(ends.steps()).isGreaterThan(20);

    Scenario endless = Scenario.of(loop, limits).start("{\"n\":-1}").advance(Duration.ZERO);
    endless.failsWith(
        "States.Runtime", "The execution reached the maximum number of state transitions (1000).");
  }

  @Test
  void shouldScopeVariablesToTheirBranch() {
    Scenario.of(
            """
            {"QueryLanguage":"JSONata","StartAt":"A","States":{
              "A":{"Type":"Pass","Assign":{"x":1},"Next":"P"},
              "P":{"Type":"Parallel","Branches":[
                 {"StartAt":"B","States":{"B":{"Type":"Pass","Assign":{"y":"{% $x + 1 %}"},"Next":"B2"},
                    "B2":{"Type":"Wait","Seconds":1,"Next":"B3"},"B3":{"Type":"Pass","Output":"{% $x + $y %}","End":true}}}],
                 "Next":"Z"},
              "Z":{"Type":"Pass","Output":{"x":"{% $x %}","p":"{% $states.input %}"},"End":true}}}\
            """)
        .start("{}")
        .advance(Duration.ofSeconds(1))
        .outputs("{\"x\":1,\"p\":[3]}");
  }

  @Test
  void shouldReportAFailedJsonataExpressionAsRecorded() {
    Scenario scenario =
        Scenario.of(
                """
                {"QueryLanguage":"JSONata","StartAt":"State0","States":{
                  "State0":{"Type":"Pass","Output":{"result":"{% $doesNotExist %}"},"End":true}}}\
                """)
            .start("{}");
    scenario.failsWith(
        "States.QueryEvaluationError",
        "An error occurred while executing the state 'State0' (entered at the event id #2). The"
            + " JSONata expression '$doesNotExist' specified for the field 'Output/result' returned"
            + " nothing (undefined).");
    assertThat(scenario.numbered())
        .containsExactly(
            "1<0 ExecutionStarted",
            "2<0 PassStateEntered",
            "3<0 EvaluationFailed",
            "4<3 ExecutionFailed");
  }

  @Test
  void shouldFailAnExecutionWhoseInputIsNotJson() {
    Scenario.of(ONE_TASK.formatted("")).start("{nonsense").endsWith(Execution.Status.FAILED);
  }

  @Test
  void shouldRejectASecondStartAndEventsForNobody() {
    Scenario scenario = Scenario.of(ONE_TASK.formatted(""));
    assertThat(scenario.send(new Event.TaskSucceeded(1, 1, "1".getBytes())).rejection())
        .extracting(Rejection::code)
        .isEqualTo(Rejection.Code.UNKNOWN_EXECUTION);
    scenario.start("{}");
    Decision again =
        scenario.send(new Event.Started("a", "n", "m", "r", false, 0, "{}".getBytes(), null));
    assertThat(again.rejection())
        .extracting(Rejection::code)
        .isEqualTo(Rejection.Code.ALREADY_STARTED);
  }

  @Test
  void shouldNotCatchAgainWhatFailsInACatcher() {
    // given an input that leaves no room for the error which the catcher puts into it
    String padding = "x".repeat(262_100);
    Scenario.of(
            ONE_TASK
                .formatted(
                    "\"Catch\":[{\"ErrorEquals\":[\"States.ALL\"],\"ResultPath\":\"$.e\",\"Next\":\"Z\"}],")
                .replace("\"End\":true}}", "\"End\":true},\"Z\":{\"Type\":\"Succeed\"}}"))
        .start("{\"p\":\"" + padding + "\"}")
        .fails("T", "E", "a cause that doesn't fit beside the padding")
        .failsWith(
            "States.DataLimitExceeded",
            "The state/task 'T' returned a result with a size exceeding the maximum number of bytes"
                + " service limit.");
    // and a catcher whose assignment has no value
    Scenario assigning =
        Scenario.of(
                """
                {"QueryLanguage":"JSONata","StartAt":"T","States":{
                  "T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:f",
                    "Catch":[{"ErrorEquals":["States.ALL"],"Assign":{"x":"{% $nothing %}"},"Next":"Z"}],"End":true},
                  "Z":{"Type":"Succeed"}}}\
                """)
            .start("{}")
            .fails("T", "E", "c");
    assigning.endsWith(Execution.Status.FAILED);
    assertThat(assigning.types()).endsWith("EvaluationFailed", "ExecutionFailed");
  }

  @Test
  void shouldCutOffErrorsAndCausesAtTheLimitsOfTheService() {
    Scenario.of(ONE_TASK.formatted(""))
        .start("{}")
        .fails("T", "E".repeat(300), "c".repeat(1_000_000))
        .failsWith("E".repeat(256), "c".repeat(32_768));
  }

  @Test
  void shouldRefuseATimestampBeyondTheRangeOfTheClock() {
    Scenario.of(
            """
            {"StartAt":"W","States":{"W":{"Type":"Wait","TimestampPath":"$.at","End":true}}}\
            """)
        .start("{\"at\":\"+999999999-01-01T00:00:00Z\"}")
        .endsWith(Execution.Status.FAILED);
  }

  @Test
  void shouldIterateOverTheMembersOfAnObjectInTheDefinition() {
    Scenario.of(
            """
            {"QueryLanguage":"JSONata","StartAt":"M","States":{"M":{"Type":"Map","End":true,
              "Items":{"a":1,"b":"{% $states.input.n %}"},
              "ItemSelector":{"k":"{% $states.context.Map.Item.Key %}","v":"{% $states.context.Map.Item.Value %}"},
              "ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true,
                "Output":{"in":"{% $states.input %}","key":"{% $states.context.Map.Item.Key %}"}}}}}}}\
            """)
        .start("{\"n\":[2]}")
        .outputs(
            "[{\"in\":{\"k\":\"a\",\"v\":1},\"key\":\"a\"},{\"in\":{\"k\":\"b\",\"v\":[2]},\"key\":\"b\"}]");
  }

  @Test
  void shouldNotAbortAStateThatWasNotEntered() {
    // given a branch that waits for a further step before its task, and one that fails
    Limits limits = new Limits(3, 1000, 262_144, 40);
    Scenario scenario =
        Scenario.of(
                """
                {"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
                  {"StartAt":"F","States":{"F":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:f","End":true}}},
                  {"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},
                    "B":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:f","End":true}}}]}}}\
                """,
                limits)
            .start("{}");
    assertThat(scenario.openTasks()).hasSize(1);
    // when
    scenario.fails("F", "Boom", null).failsWith("Boom", null);
    // then
    // the task which failed ends its branch, B is not told at all
    assertThat(scenario.types()).containsOnlyOnce("TaskStateAborted");
  }

  @Test
  void shouldBoundWhatExpressionsMakeOfSmallInputs() {
    // given a text that doubles with each concatenation, for every place that stores or hands on
    String grow =
        "{% ($f := function($s,$n){$n = 0 ? $s : $f($s & $s, $n - 1)}; $f('0123456789', 15)) %}";
    for (String state :
        new String[] {
          "{\"Type\":\"Pass\",\"Output\":\"%s\",\"End\":true}",
          "{\"Type\":\"Pass\",\"Assign\":{\"a\":\"%s\"},\"End\":true}",
          "{\"Type\":\"Task\",\"Resource\":\"arn:aws:lambda:us-east-1:111111111111:function:f\",\"Arguments\":\"%s\",\"End\":true}",
          "{\"Type\":\"Parallel\",\"Arguments\":\"%s\",\"End\":true,\"Branches\":[{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Succeed\"}}}]}",
          "{\"Type\":\"Map\",\"Items\":[\"%s\"],\"End\":true,\"ItemProcessor\":{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Succeed\"}}}}",
          "{\"Type\":\"Map\",\"Items\":[1],\"ItemSelector\":\"%s\",\"End\":true,\"ItemProcessor\":{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Succeed\"}}}}",
        }) {
      Scenario scenario =
          Scenario.of(
                  "{\"QueryLanguage\":\"JSONata\",\"StartAt\":\"S\",\"States\":{\"S\":"
                      + state.formatted(grow)
                      + "}}")
              .start("{}");
      assertThat(scenario.end().error()).as(state).isEqualTo("States.DataLimitExceeded");
      scenario.endsWith(Execution.Status.FAILED);
    }
  }

  @Test
  void shouldBoundTheVariablesOfAFrameTogether() {
    StringBuilder states = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      states.append(
          "\"A%d\":{\"Type\":\"Pass\",\"Assign\":{\"v%d\":\"{%% $states.input %%}\"},\"Next\":\"A%d\"},"
              .formatted(i, i, i + 1));
    }
    Scenario.of(
            "{\"QueryLanguage\":\"JSONata\",\"StartAt\":\"A0\",\"States\":{%s\"A12\":{\"Type\":\"Succeed\"}}}"
                .formatted(states))
        .start('"' + "x".repeat(262_000) + '"')
        .failsWith(
            "States.DataLimitExceeded",
            "The variables that the state 'A10' assigns exceed the maximum number of bytes service"
                + " limit.");
  }

  @Test
  void shouldMapOverTenThousandItemsInBoundedSteps() {
    // given iterations that need no worker, so that nothing but the engine bounds a step
    String items =
        IntStream.range(0, 10_000).mapToObj(Integer::toString).collect(Collectors.joining(","));
    Scenario scenario =
        Scenario.of(
                """
                {"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":20,"ResultPath":null,"End":true,
                  "ItemProcessor":{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}}}}\
                """)
            .start("[" + items + "]");
    scenario.advance(Duration.ofSeconds(1)).outputs("[" + items + "]");
    // then a step visits at most 200 states, and writes about as many rows
    assertThat(scenario.steps()).isGreaterThanOrEqualTo(10_000 / 200);
    assertThat(scenario.mostEffects()).isLessThan(2_000);
    assertThat(scenario.purges()).isEqualTo(1);
  }

  @Test
  void shouldNotGatherMoreResultsThanFitIntoMemory() {
    Limits limits = new Limits(200, 1_000_000, 1_000, 40);
    Scenario scenario =
        Scenario.of(
                """
                {"StartAt":"M","States":{"M":{"Type":"Map","ResultPath":null,"End":true,
                  "ItemProcessor":{"StartAt":"T","States":{"T":{"Type":"Task",
                    "Resource":"arn:aws:lambda:us-east-1:111111111111:function:f","End":true}}}}}}\
                """,
                limits)
            .start("[" + "1,".repeat(99) + "1]");
    while (!scenario.ended()) {
      scenario.succeeds("T", '"' + "x".repeat(900) + '"');
    }
    scenario.endsWith(Execution.Status.FAILED);
    assertThat(scenario.end().error()).isEqualTo("States.DataLimitExceeded");
  }

  @Test
  void shouldAbandonAStartAndARunningExecution() {
    StepContext context =
        new StepContext(5_000, "us-east-1", Limits.DEFAULT, TaskTokens.unprotected(), _ -> true);
    Event.Started started =
        new Event.Started("arn", "run", "machine", "role", false, 4_000, "{}".getBytes(), null);
    // a start that broke has begun and failed
    Decision start = Engine.abandon(new InMemoryRows(), started, "a bug", context);
    assertThat(start.effects().stream().filter(Effect.Record.class::isInstance)).hasSize(2);
    assertThat(start.effects().getLast())
        .isInstanceOfSatisfying(
            Effect.Close.class,
            close -> {
              assertThat(close.execution().status()).isEqualTo(Execution.Status.FAILED);
              assertThat(close.execution().nextEventId()).isEqualTo(3);
              assertThat(close.error()).isEqualTo("States.Runtime");
              assertThat(close.cause()).isEqualTo("a bug");
            });
    // one that runs goes on numbering
    InMemoryRows rows = new InMemoryRows();
    start.effects().forEach(rows::apply);
    assertThat(Engine.abandon(rows, started, "again", context).rejection()).isNotNull();
  }
}
