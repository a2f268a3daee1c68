package io.stepstream.loadtests.faults;

import static io.stepstream.loadtests.faults.Worker.squared;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.schemas.ExecutionStatus;
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
  },

  /**
   * Not of the mix: something happens every three seconds, so that a partition which has one under
   * way stands still for no other reason than that it can't go on.
   */
  METRONOME(
      Lane.STANDARD,
      0,
      """
      {"StartAt": "Begin", "States": {
        "Begin": {"Type": "Pass", "Assign": {"left.$": "$.beats"}, "Next": "More"},
        "More": {"Type": "Choice", "Default": "Done",
          "Choices": [{"Variable": "$left", "NumericGreaterThan": 0, "Next": "Wait-3"}]},
        "Wait-3": {"Type": "Wait", "Seconds": 3, "Assign": {"left.$": "States.MathAdd($left, -1)"}, "Next": "More"},
        "Done": {"Type": "Succeed"}}}
      """) {
    private static final int BEATS = 6;

    @Override
    Plan plan(long n, Random random) {
      JsonNode input = JsonNodeFactory.instance.objectNode().put("beats", BEATS);
      return new Plan(
          input, Expected.succeeded(input).takingAtLeast(Duration.ofSeconds(3 * BEATS)));
    }
  },

  /** Not of the mix: waits, and may be stopped meanwhile. */
  STOPPED(
      Lane.STANDARD,
      0,
      """
      {"StartAt": "Wait-2", "States": {"Wait-2": {"Type": "Wait", "Seconds": 2, "End": true}}}
      """) {
    @Override
    Plan plan(long n, Random random) {
      return new Plan(
          input(n, random), Expected.anyOf(ExecutionStatus.SUCCEEDED, ExecutionStatus.ABORTED));
    }
  },

  /** Not of the mix: its task never ends, so that each attempt times out. */
  STUCK(
      Lane.STANDARD,
      0,
      """
      {"StartAt": "Hang", "States": {
        "Hang": {"Type": "Task", "Resource": "%HANG%", "TimeoutSeconds": 2,
          "Retry": [{"ErrorEquals": ["States.Timeout"], "IntervalSeconds": 1, "MaxAttempts": 1}],
          "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Failed"}], "End": true},
        "Failed": {"Type": "Fail", "Error": "Chaos.Stuck"}}}
      """) {
    @Override
    Plan plan(long n, Random random) {
      return new Plan(
          input(n, random), Expected.failed("Chaos.Stuck").takingAtLeast(Duration.ofSeconds(4)));
    }
  },

  /** Not of the mix: its task is refused each time, as by a service that is down. */
  DEAD(
      Lane.STANDARD,
      0,
      """
      {"StartAt": "Refuse", "States": {
        "Refuse": {"Type": "Task", "Resource": "%REFUSE%", "TimeoutSeconds": 20,
          "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 3, "BackoffRate": 1.5}],
          "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Failed"}], "End": true},
        "Failed": {"Type": "Fail", "Error": "Chaos.Dead"}}}
      """) {
    @Override
    Plan plan(long n, Random random) {
      return new Plan(
          input(n, random), Expected.failed("Chaos.Dead").takingAtLeast(Duration.ofSeconds(4)));
    }
  },

  /** Not of the mix: the run itself answers its tasks, the first attempt too late. */
  LATE(
      Lane.STANDARD,
      0,
      """
      {"StartAt": "Answer", "States": {
        "Answer": {"Type": "Task", "Resource": "%LATE%", "TimeoutSeconds": 3,
          "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 50, "BackoffRate": 1}],
          "End": true}}}
      """) {
    @Override
    Plan plan(long n, Random random) {
      ObjectNode input = input(n, random);
      return new Plan(
          input, Expected.succeeded(squared(input)).takingAtLeast(Duration.ofSeconds(4)));
    }
  },

  /** Not of the mix: many items and a large input. */
  LARGE(
      Lane.STANDARD,
      0,
      """
      {"StartAt": "Each", "States": {
        "Each": {"Type": "Map", "ItemsPath": "$.items", "ResultPath": null, "Next": "Done",
          "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "Same", "States": {
            "Same": {"Type": "Pass", "End": true}}}},
        "Done": {"Type": "Succeed"}}}
      """) {
    @Override
    Plan plan(long n, Random random) {
      ObjectNode input = JsonNodeFactory.instance.objectNode().put("n", n);
      input.put("ballast", "x".repeat(200_000));
      ArrayNode items = input.putArray("items");
      for (int i = 0; i < 1_000; i++) {
        items.add(i);
      }
      return new Plan(input, Expected.succeeded(input));
    }
  },

  /** Not of the mix: all of them are due at the same moment. */
  HERD(
      Lane.STANDARD,
      0,
      """
      {"StartAt": "Until", "States": {
        "Until": {"Type": "Wait", "TimestampPath": "$.until", "End": true}}}
      """) {
    @Override
    Plan plan(long n, Random random) {
      throw new UnsupportedOperationException("who lets them wait knows until when");
    }
  };

  /** What the run itself serves, and nobody else. */
  static final String LATE_FUNCTION = "chaos-late";

  /** The queue of {@link #LATE_FUNCTION}. */
  static final String LATE_QUEUE = "chaos-late";

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
        .replace("%HANG%", FUNCTION + Worker.HANG)
        .replace("%LATE%", FUNCTION + LATE_FUNCTION)
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
