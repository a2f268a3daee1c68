package io.stepstream.loadtests.faults;

import static io.stepstream.loadtests.faults.Worker.squared;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.schemas.Lane;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The state machines of the workload. Together they have all eight types of states, and each ends
 * in one way only, known when it is started: whatever the faults make of its attempts is retried.
 *
 * <p>A state whose name is {@code Wait-N} waits for N seconds, which is what the checker goes by.
 */
enum Template {
  /** A task that may fail at first. */
  BRIEF(
      Lane.STANDARD,
      48,
      """
      {"StartAt": "Begin", "States": {
        "Begin": {"Type": "Pass", "Next": "Which"},
        "Which": {"Type": "Choice", "Default": "Square",
          "Choices": [{"Variable": "$.n", "NumericLessThan": 0, "Next": "Done"}]},
        "Square": {"Type": "Task", "Resource": "%SQUARE%", "TimeoutSeconds": 20, %RETRY%, "Next": "Done"},
        "Done": {"Type": "Succeed"}}}
      """) {
    @Override
    Plan plan(long n, Random random) {
      ObjectNode input = input(n, random);
      return new Plan(input, Expected.succeeded(squared(input)));
    }
  },

  /** Branches that end at different times, and items of what they came to. */
  ORDER(
      Lane.STANDARD,
      8,
      """
      {"StartAt": "Both", "States": {
        "Both": {"Type": "Parallel", "Next": "Each", "Branches": [
          {"StartAt": "Wait-1", "States": {"Wait-1": {"Type": "Wait", "Seconds": 1, "End": true}}},
          {"StartAt": "Square", "States": {"Square":
            {"Type": "Task", "Resource": "%SQUARE%", "TimeoutSeconds": 20, %RETRY%, "End": true}}},
          {"StartAt": "Constant", "States": {"Constant": {"Type": "Pass", "Result": {"n": 3}, "End": true}}}]},
        "Each": {"Type": "Map", "End": true, "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"},
          "StartAt": "Same", "States": {"Same": {"Type": "Pass", "Parameters": {"n.$": "$.n"}, "End": true}}}}}}
      """) {
    @Override
    Plan plan(long n, Random random) {
      ObjectNode input = input(n, random);
      ArrayNode output = JsonNodeFactory.instance.arrayNode();
      for (long each : List.of(n, n, 3L)) {
        output.addObject().put("n", each);
      }
      return new Plan(input, Expected.succeeded(output).takingAtLeast(Duration.ofSeconds(1)));
    }
  },

  /** Many tasks at once. */
  FAN(
      Lane.STANDARD,
      2,
      """
      {"StartAt": "Each", "States": {
        "Each": {"Type": "Map", "ItemsPath": "$.items", "Next": "Done",
          "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "Square", "States": {
            "Square": {"Type": "Task", "Resource": "%SQUARE%", "TimeoutSeconds": 20, %RETRY%, "End": true}}}},
        "Done": {"Type": "Succeed"}}}
      """) {
    @Override
    Plan plan(long n, Random random) {
      ObjectNode input = JsonNodeFactory.instance.objectNode();
      ArrayNode items = input.putArray("items");
      ArrayNode output = JsonNodeFactory.instance.arrayNode();
      for (int i = 0; i < 8; i++) {
        ObjectNode item = input(n + i, random);
        items.add(item);
        output.add(squared(item));
      }
      return new Plan(input, Expected.succeeded(output));
    }
  },

  /** Ends by a token. */
  CALL_BACK(
      Lane.STANDARD,
      6,
      """
      {"StartAt": "Ask", "States": {
        "Ask": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
          "Parameters": {"FunctionName": "chaos-call-back",
            "Payload": {"token.$": "$$.Task.Token", "n.$": "$.n"}},
          "TimeoutSeconds": 20, %RETRY%, "End": true}}}
      """) {
    @Override
    Plan plan(long n, Random random) {
      ObjectNode input = input(n, random);
      return new Plan(input, Expected.succeeded(squared(input)));
    }
  },

  /** What a task refuses is caught, and ends in a failure. */
  FAILING(
      Lane.STANDARD,
      6,
      """
      {"StartAt": "Refuse", "States": {
        "Refuse": {"Type": "Task", "Resource": "%REFUSE%", "TimeoutSeconds": 20,
          "Retry": [{"ErrorEquals": ["Chaos.Refused"], "MaxAttempts": 0},
            {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 50, "BackoffRate": 1}],
          "Catch": [{"ErrorEquals": ["Chaos.Refused"], "Next": "Failed"}], "End": true},
        "Failed": {"Type": "Fail", "Error": "Chaos.Ended", "Cause": "as it should"}}}
      """) {
    @Override
    Plan plan(long n, Random random) {
      return new Plan(input(n, random), Expected.failed("Chaos.Ended"));
    }
  },

  /** A task that takes longer than its heartbeats may be apart. */
  BEATING(
      Lane.STANDARD,
      4,
      """
      {"StartAt": "Square", "States": {
        "Square": {"Type": "Task", "Resource": "%SQUARE%", "TimeoutSeconds": 30, "HeartbeatSeconds": 2,
          %RETRY%, "End": true}}}
      """) {
    @Override
    Plan plan(long n, Random random) {
      ObjectNode input = input(n, random).put("millis", 3_000);
      return new Plan(
          input, Expected.succeeded(squared(input)).takingAtLeast(Duration.ofSeconds(3)));
    }
  },

  /** Waits for longer than it may take. */
  TIMED(
      Lane.STANDARD,
      4,
      """
      {"TimeoutSeconds": 2, "StartAt": "Wait-3600", "States": {
        "Wait-3600": {"Type": "Wait", "Seconds": 3600, "End": true}}}
      """) {
    @Override
    Plan plan(long n, Random random) {
      return new Plan(input(n, random), Expected.timedOut().takingAtLeast(Duration.ofSeconds(2)));
    }
  },

  /** Waits twice. */
  WAITING(
      Lane.STANDARD,
      7,
      """
      {"StartAt": "Wait-1", "States": {
        "Wait-1": {"Type": "Wait", "Seconds": 1, "Next": "Wait-4"},
        "Wait-4": {"Type": "Wait", "Seconds": 4, "End": true}}}
      """) {
    @Override
    Plan plan(long n, Random random) {
      ObjectNode input = input(n, random);
      return new Plan(input, Expected.succeeded(input).takingAtLeast(Duration.ofSeconds(5)));
    }
  },

  /** The other lane. */
  EXPRESS(
      Lane.EXPRESS,
      20,
      """
      {"StartAt": "Begin", "States": {
        "Begin": {"Type": "Pass", "Next": "Square"},
        "Square": {"Type": "Task", "Resource": "%SQUARE%", "TimeoutSeconds": 20, %RETRY%, "Next": "Done"},
        "Done": {"Type": "Succeed"}}}
      """) {
    @Override
    Plan plan(long n, Random random) {
      ObjectNode input = input(n, random);
      return new Plan(input, Expected.succeeded(squared(input)));
    }
  };

  private static final String FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:";

  /** Outlasts every fault. */
  private static final String RETRY =
      """
      "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 50, "BackoffRate": 1}]\
      """;

  /**
   * One execution to come.
   *
   * @param input of its start
   */
  record Plan(JsonNode input, Expected expected) {}

  private final Lane lane;
  private final int weight;
  private final String definition;

  Template(Lane lane, int weight, String definition) {
    this.lane = lane;
    this.weight = weight;
    this.definition = definition;
  }

  /**
   * @param n tells the executions apart
   */
  abstract Plan plan(long n, Random random);

  Lane lane() {
    return lane;
  }

  /** The name of its state machine. */
  String machine() {
    return "chaos-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String definition() {
    return definition
        .replace("%SQUARE%", FUNCTION + Worker.SQUARE)
        .replace("%REFUSE%", FUNCTION + Worker.REFUSE)
        .replace("%RETRY%", RETRY);
  }

  /** One of the mix. */
  static Template any(Random random) {
    int left = random.nextInt(Stream.of(values()).mapToInt(each -> each.weight).sum());
    for (Template each : values()) {
      left -= each.weight;
      if (left < 0) {
        return each;
      }
    }
    throw new IllegalStateException("the weights are more than their sum");
  }

  /** A tenth of the tasks fails at first. */
  private static ObjectNode input(long n, Random random) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("n", n)
        .put("fails", random.nextInt(10) == 0 ? 1 + random.nextInt(2) : 0)
        .put("millis", random.nextInt(20));
  }
}
