package io.stepstream.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestMachineTest {

  private static final String RETRYING =
      """
      {"StartAt":"Charge","States":{
        "Charge":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:charge","TimeoutSeconds":30,
          "Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":2,"BackoffRate":2,"MaxAttempts":3}],
          "Catch":[{"ErrorEquals":["States.Timeout"],"Next":"Late"}],"Next":"Paid"},
        "Paid":{"Type":"Succeed"},
        "Late":{"Type":"Fail","Error":"TooLate"}}}\
      """;

  @Test
  void shouldRetryByTheSimulatedClock() {
    TestMachine machine = TestMachine.of(RETRYING);
    TaskMock charge =
        machine
            .task("Charge")
            .fails("Busy", "later")
            .times(2)
            .after(Duration.ofSeconds(5))
            .returns("{\"id\":1}");

    machine
        .run("{\"order\":7}")
        .succeededWith("{ \"id\": 1.0 }")
        .visited("Charge", "Paid")
        .took(Duration.ofSeconds(2 + 4 + 5));

    assertThat(charge.inputs()).hasSize(3).containsOnly("{\"order\":7}");
  }

  @Test
  void shouldTimeOutATaskThatHangs() {
    TestMachine machine = TestMachine.of(RETRYING);
    machine.resource("charge").hangs();

    TestRun run = machine.run("{}").failed("TooLate").visited("Charge", "Late");

    assertThat(run.duration()).isEqualTo(Duration.ofSeconds(30));
    assertThat(run.history().getLast()).containsEntry("type", "ExecutionFailed");
  }

  @Test
  void shouldPreferTheMockOfTheStateToThatOfItsResource() {
    TestMachine machine = TestMachine.of(RETRYING);
    machine.resource("charge").returns("1");
    machine.task("Charge").answers(input -> "[" + input + "]");

    machine.run("5").succeededWith("[5]");
  }

  @Test
  void shouldNameTheTaskThatHasNoMock() {
    assertThatThrownBy(() -> TestMachine.of(RETRYING).run("{\"a\":1}"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll("'Charge'", "function:charge", "{\"a\":1}");
  }

  @Test
  void shouldShowTheHistoryWhenAnExpectationFails() {
    TestMachine machine = TestMachine.of(RETRYING);
    machine.task("Charge").fails("Broken", "glass");
    TestRun run = machine.run("{}");

    assertThatThrownBy(run::succeeded)
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll("FAILED with Broken: glass", "LambdaFunctionFailed");
    assertThatThrownBy(() -> run.failed("Other")).isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> run.visited("Paid")).isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> run.took(Duration.ofDays(1))).isInstanceOf(AssertionError.class);
  }

  @Test
  void shouldSayWhatAnExecutionWaitsFor() {
    TestMachine machine =
        TestMachine.of(
            """
            {"StartAt":"Ask","States":{"Ask":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","End":true}}}\
            """);
    machine.task("Ask").hangs();

    TestRun run = machine.run("{}");

    assertThat(run.status()).isEqualTo("RUNNING");
    assertThatThrownBy(run::succeeded).hasMessageContaining("state 'Ask' waits for an answer");
  }

  @Test
  void shouldStartWhenItIsTold() {
    TestRun run =
        TestMachine.of(
                """
                {"StartAt":"W","States":{"W":{"Type":"Wait","Timestamp":"2030-01-02T00:00:00Z","End":true}}}\
                """)
            .startingAt(Instant.parse("2030-01-01T00:00:00Z"))
            .run("{}");

    run.succeeded().took(Duration.ofDays(1));
  }

  @Test
  void shouldReadFilesAndRefuseWhatAwsWould(@TempDir Path folder) throws IOException {
    Path yaml = folder.resolve("machine.yaml");
    Files.writeString(yaml, "StartAt: P\nStates:\n  P:\n    Type: Pass\n    End: true\n");

    TestMachine.load(yaml).run("1").succeededWith("1");

    assertThatThrownBy(() -> TestMachine.of("{\"StartAt\":\"A\",\"States\":{}}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Invalid State Machine Definition");
    assertThatThrownBy(() -> TestMachine.load(yaml).run("{"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldRunExpressMachines() {
    TestMachine.ofExpress(
            """
            {"StartAt":"P","States":{"P":{"Type":"Pass","Parameters":{"id.$":"$$.Execution.Id"},"End":true}}}\
            """)
        .run("{}")
        .succeededWith(
            "{\"id\":\"arn:aws:states:us-east-1:123456789012:express:under-test:run-1:1\"}");
  }

  @Test
  void shouldRunADistributedMapOverObjectsInMemory() {
    TestMachine machine =
        TestMachine.of(
                """
                {"StartAt":"M","States":{"M":{"Type":"Map","End":true,
                  "ItemReader":{"Resource":"arn:aws:states:::s3:getObject",
                    "ReaderConfig":{"InputType":"JSONL"},"Parameters":{"Bucket":"b","Key":"in"}},
                  "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
                    "StartAt":"T","States":{"T":{"Type":"Task","End":true,
                      "Resource":"arn:aws:lambda:us-east-1:123456789012:function:f"}}},
                  "ResultWriter":{"Resource":"arn:aws:states:::s3:putObject",
                    "Parameters":{"Bucket":"b","Prefix":"out"},
                    "WriterConfig":{"Transformation":"COMPACT","OutputType":"JSON"}}}}}\
                """)
            .object("b", "in", "1\n2\n");
    machine.task("T").returns("7");

    TestRun run = machine.run("{}").succeeded();

    String manifest = run.output().replaceFirst("(?s).*\"Key\":\"([^\"]*)\".*", "$1");
    assertThat(machine.object("b", manifest.replace("manifest", "SUCCEEDED_0"))).isEqualTo("[7,7]");
    assertThatThrownBy(() -> machine.object("b", "none"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
