package io.stepstream.coordinator.api.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.coordinator.execution.Unavailable;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulationsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-01T00:00:00.000999999Z"), ZoneOffset.UTC);

  /** Charges a card at most three times, otherwise tells; then waits for a day. */
  private static final String PAYMENT =
      """
      {"StartAt": "Charge", "States": {
        "Charge": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:charge",
          "TimeoutSeconds": 30,
          "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 10, "MaxAttempts": 2, "BackoffRate": 1}],
          "Catch": [{"ErrorEquals": ["Declined"], "ResultPath": "$.error", "Next": "Tell"}],
          "ResultPath": "$.charge", "Next": "Wait"},
        "Wait": {"Type": "Wait", "Seconds": 86400, "Next": "Done"},
        "Tell": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage",
          "Parameters": {"MessageBody.$": "$.error.Cause"}, "End": true},
        "Done": {"Type": "Succeed"}}}
      """;

  private final AtomicLong nanos = new AtomicLong();
  private Simulations simulations = new Simulations(CLOCK, nanos::get);

  @AfterEach
  void close() {
    simulations.close();
  }

  private static byte[] request(String definition, String input, String mocks) throws Exception {
    ObjectNode request = JSON.createObjectNode().put("definition", definition);
    request.set("input", JSON.readTree(input));
    request.set("mocks", JSON.readTree(mocks));
    return request.toString().getBytes(UTF_8);
  }

  private SimulationAnswer run(String definition, String input, String mocks) throws Exception {
    return simulations.run(request(definition, input, mocks)).toCompletableFuture().join();
  }

  private static List<String> types(SimulationAnswer answer) {
    return answer.events().stream().map(event -> String.valueOf(event.get("type"))).toList();
  }

  @Test
  void shouldRetryAndSkipWhatIsWaitedFor() throws Exception {
    SimulationAnswer answer =
        run(
            PAYMENT,
            "{\"card\": 4711}",
            """
            {"Charge": [{"error": "Busy"}, {"error": "Busy", "afterSeconds": 2}, {"result": {"id": 1.5}}]}
            """);

    assertThat(answer.status()).isEqualTo("SUCCEEDED");
    assertThat(answer.output()).isEqualTo("{\"card\":4711,\"charge\":{\"id\":1.5}}");
    assertThat(answer.simulatedSeconds()).isEqualTo(10 + 2 + 10 + 86_400);
    assertThat(types(answer))
        .startsWith("ExecutionStarted", "TaskStateEntered", "LambdaFunctionScheduled")
        .containsOnlyOnce("WaitStateExited")
        .filteredOn("LambdaFunctionFailed"::equals)
        .hasSize(2);
    assertThat(answer.events().getFirst()).containsEntry("timestamp", "2026-01-01T00:00:00Z");
    assertThat(answer.waitsFor()).isEmpty();
    assertThat(answer.unusedMocks()).isEmpty();
  }

  @Test
  void shouldGoTheWayOfACaughtError() throws Exception {
    SimulationAnswer answer =
        run(
            PAYMENT,
            "{}",
            """
            {"Charge": [{"error": "Declined", "cause": "no money"}], "Tell": [{"result": "told"}]}
            """);

    assertThat(answer.status()).isEqualTo("SUCCEEDED");
    assertThat(answer.output()).isEqualTo("\"told\"");
    assertThat(JSON.valueToTree(answer.events()).toString())
        .contains("{\\\"MessageBody\\\":\\\"no money\\\"}");
  }

  @Test
  void shouldFailWithWhatNobodyCatches() throws Exception {
    SimulationAnswer answer =
        run(PAYMENT, "{}", "{\"Charge\": [{\"error\": \"Busy\", \"cause\": \"still\"}]}");

    assertThat(answer.status()).isEqualTo("FAILED");
    assertThat(answer.error()).isEqualTo("Busy");
    assertThat(answer.cause()).isEqualTo("still");
    assertThat(answer.output()).isNull();
    assertThat(types(answer)).filteredOn("LambdaFunctionFailed"::equals).hasSize(3);
  }

  @Test
  void shouldTimeOutATaskWhoseAnswerComesTooLate() throws Exception {
    SimulationAnswer answer =
        run(PAYMENT, "{}", "{\"Charge\": [{\"result\": 1, \"afterSeconds\": 31}]}");

    assertThat(answer.error()).isEqualTo("States.Timeout");
    assertThat(answer.simulatedSeconds()).isEqualTo(30);
  }

  @Test
  void shouldEndAtATaskWithoutAMock() throws Exception {
    SimulationAnswer answer = run(PAYMENT, "{\"card\": 1}", "{\"Tell\": [{\"result\": 1}]}");

    assertThat(answer.status()).isEqualTo("RUNNING");
    assertThat(answer.unmocked())
        .isEqualTo(
            new SimulationAnswer.Unmocked(
                "Charge", "arn:aws:lambda:us-east-1:000000000000:function:charge", "{\"card\":1}"));
    assertThat(answer.waitsFor().getFirst()).isEqualTo("a mock for the task of state 'Charge'");
    assertThat(answer.unusedMocks()).containsExactly("Tell");
    // It ends there, and not with the task's own timeout.
    assertThat(answer.simulatedSeconds()).isZero();
    assertThat(types(answer)).endsWith("LambdaFunctionScheduled", "LambdaFunctionStarted");
  }

  @Test
  void shouldRunBranchesItemsAndChildren() throws Exception {
    SimulationAnswer answer =
        run(
            """
            {"QueryLanguage": "JSONata", "StartAt": "Both", "States": {
              "Both": {"Type": "Parallel", "Next": "Each", "Branches": [
                {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                  "Arguments": {"FunctionName": "a"}, "End": true}}},
                {"StartAt": "B", "States": {"B": {"Type": "Pass", "Output": 2, "End": true}}}]},
              "Each": {"Type": "Map", "Items": "{% $states.input %}", "Next": "Many",
                "ItemProcessor": {"StartAt": "Item", "States": {"Item": {"Type": "Task",
                  "Resource": "arn:aws:states:::lambda:invoke", "Arguments": {"FunctionName": "i"}, "End": true}}}},
              "Many": {"Type": "Map", "Items": "{% $states.input %}", "End": true,
                "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                  "StartAt": "Child", "States": {"Child": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                    "Arguments": {"FunctionName": "c"}, "End": true}}}}}}
            """,
            "{}",
            """
            {"A": [{"result": 1}], "Item": [{"result": "x"}, {"result": "y"}],
             "Child": [{"result": {"n": 1}}, {"result": {"n": 2}}]}
            """);

    assertThat(answer.status()).as("%s", answer).isEqualTo("SUCCEEDED");
    assertThat(answer.output()).isEqualTo("[{\"n\":1},{\"n\":2}]");
    assertThat(answer.children())
        .extracting(SimulationAnswer.Child::input)
        .containsExactly("\"x\"", "\"y\"");
    assertThat(answer.children())
        .extracting(SimulationAnswer.Child::status)
        .containsOnly("SUCCEEDED");
    assertThat(answer.children().getFirst().events()).isNotEmpty();
  }

  @Test
  void shouldBoundEvents() throws Exception {
    SimulationAnswer answer =
        run(
            """
            {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "A2"},
              "A2": {"Type": "Choice", "Choices": [{"Variable": "$", "IsNull": true, "Next": "End"}], "Default": "A"},
              "End": {"Type": "Succeed"}}}
            """,
            "{}",
            "{\"A\": [{\"result\": 1}]}");

    // two state visits for each answer, so the bound of visits comes first
    assertThat(answer.status()).isEqualTo("FAILED");
    assertThat(answer.cause())
        .isEqualTo("The execution reached the maximum number of state transitions (10000).");
  }

  @Test
  void shouldBoundTheStepsOfAllChildren() throws Exception {
    SimulationAnswer answer =
        run(
            """
            {"QueryLanguage": "JSONata", "StartAt": "Many", "States": {"Many": {"Type": "Map",
              "Items": "{% [1..6000] %}", "End": true, "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "C", "States": {"C": {"Type": "Wait", "Seconds": 1, "End": true}}}}}}
            """,
            "{}", "{}");

    assertThat(answer.status()).isEqualTo("RUNNING");
    assertThat(answer.waitsFor()).contains("more than the allowed 10000 events");
  }

  @Test
  void shouldBoundWhatIsRecorded() throws Exception {
    SimulationAnswer answer =
        run(
            """
            {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
              "A": {"Type": "Pass", "Output": "{% $pad('', 200000, 'x') %}", "Next": "B"},
              "B": {"Type": "Wait", "Seconds": 1, "Next": "C"},
              "C": {"Type": "Choice", "Choices": [{"Condition": false, "Next": "D"}], "Default": "B"},
              "D": {"Type": "Succeed"}}}
            """,
            "{}", "{}");

    assertThat(answer.status()).isEqualTo("RUNNING");
    assertThat(answer.waitsFor().getFirst())
        .isEqualTo("more than the allowed 4194304 bytes of recorded payloads");
    // What a single step may add comes on top.
    assertThat(JSON.writeValueAsBytes(answer)).hasSizeLessThan(2 * 4194304);
  }

  @Test
  void shouldBoundRealTime() throws Exception {
    simulations.close();
    simulations = new Simulations(CLOCK, () -> nanos.addAndGet(1_000_000_000));

    SimulationAnswer answer =
        run(
            """
            {"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 1, "Next": "B"},
              "B": {"Type": "Choice", "Choices": [{"Variable": "$", "IsNull": true, "Next": "C"}], "Default": "A"},
              "C": {"Type": "Succeed"}}}
            """,
            "{}",
            "{}");

    assertThat(answer.waitsFor().getFirst())
        .isEqualTo("more than the allowed 5 seconds of real time");
  }

  @Test
  void shouldRefuseMoreThanAFewAtOnce() throws Exception {
    // given as many runs as may be, which don't end
    CountDownLatch running = new CountDownLatch(Simulations.AT_ONCE);
    CountDownLatch goOn = new CountDownLatch(1);
    simulations.close();
    simulations =
        new Simulations(
            CLOCK,
            () -> {
              running.countDown();
              try {
                goOn.await();
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
              return 0;
            });
    byte[] request =
        request("{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Succeed\"}}}", "1", "{}");
    List<CompletionStage<SimulationAnswer>> runs =
        List.of(simulations.run(request), simulations.run(request));
    assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
    // when another one is asked for
    CompletableFuture<SimulationAnswer> refused = simulations.run(request).toCompletableFuture();
    // then it is refused, and what runs is not disturbed
    assertThatThrownBy(refused::join)
        .cause()
        .isInstanceOf(Unavailable.class)
        .hasMessage("2 simulations are running on this node already");
    goOn.countDown();
    for (CompletionStage<SimulationAnswer> run : runs) {
      assertThat(run.toCompletableFuture().join().output()).isEqualTo("1");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "[]|body|The body is no JSON object",
        "{|body|The body is not JSON",
        "{'x': 1}|x|'x' can't be given here",
        "{}|definition|definition is missing",
        "{'definition': {}}|definition|definition is no string",
        "{'definition': '{'}|definition|Invalid State Machine Definition",
        "{'definition': D, 'type': 'FAST'}|type|type can't be \"FAST\"",
        "{'definition': D, 'mocks': []}|mocks|mocks is no object",
        "{'definition': D, 'mocks': {'P': [{'result': 1}]}}|mocks/P|There is no Task state 'P'",
        "{'definition': D, 'mocks': {'T': []}}|mocks/T|is no list of answers",
        "{'definition': D, 'mocks': {'T': {'result': 1}}}|mocks/T|is no list of answers",
        "{'definition': D, 'mocks': {'T': [1]}}|mocks/T/0|An answer is no object",
        "{'definition': D, 'mocks': {'T': [{'result': 1}, {}]}}|mocks/T/1|neither a result nor",
        "{'definition': D, 'mocks': {'T': [{'result': 1, 'cause': 'c'}]}}|mocks/T/0|a result and",
        "{'definition': D, 'mocks': {'T': [{'error': 1}]}}|mocks/T/0|error is no string",
        "{'definition': D, 'mocks': {'T': [{'output': 1}]}}|mocks/T/0|has no 'output'",
        "{'definition': D, 'mocks': {'T': [{'result': 1, 'afterSeconds': -1}]}}|mocks/T/0|can't be"
            + " -1",
        "{'definition': D, 'mocks': {'T': [{'result': 1, 'afterSeconds': 'x'}]}}|mocks/T/0|can't"
            + " be",
      })
  void shouldSayWhatIsWrongWithARequest(String body, String where, String detail) {
    String definition =
        "{\\\"StartAt\\\": \\\"T\\\", \\\"States\\\": {\\\"T\\\": {\\\"Type\\\": \\\"Task\\\","
            + " \\\"Resource\\\": \\\"arn:aws:states:::lambda:invoke\\\", \\\"Next\\\": \\\"P\\\"},"
            + " \\\"P\\\": {\\\"Type\\\": \\\"Pass\\\", \\\"End\\\": true}}}";
    byte[] request =
        body.replace('\'', '"').replace(" D", " \"" + definition + '"').getBytes(UTF_8);

    assertThatThrownBy(() -> simulations.run(request).toCompletableFuture().join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            Parameters.Unusable.class,
            unusable -> {
              Problem problem = unusable.problem();
              assertThat(problem.status()).isEqualTo(400);
              assertThat(problem.where()).isEqualTo(new Problem.Where(where, null));
              assertThat(problem.detail()).contains(detail);
              assertThat(problem.mend()).isNotBlank();
            });
  }

  @Test
  void shouldAnswerAsJson() throws Exception {
    SimulationAnswer answer =
        run("{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Succeed\"}}}", "1E+2", "{}");

    JsonNode json = JSON.readTree(JSON.writeValueAsBytes(answer));
    assertThat(json.path("output").isNumber()).isTrue();
    assertThat(json.has("error")).isFalse();
    assertThat(json.at("/events/0/executionStartedEventDetails/input").isTextual()).isTrue();
  }
}
