package io.stepstream.coordinator.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Definitions of all eight types of states, nested at random, with errors that are caught or not.
 */
final class RandomDefinitions {

  private static final List<String> ERRORS =
      List.of("Boom", "States.TaskFailed", "States.Timeout", "States.ALL");

  private final Random random;
  private final boolean tokens;
  private int named;

  /**
   * @param tokens whether tasks may wait for their token, as those of Standard executions may
   */
  RandomDefinitions(Random random, boolean tokens) {
    this.random = random;
    this.tokens = tokens;
  }

  /** Any machine: what comes out may depend on what comes first. */
  String anything() {
    String timeout =
        random.nextInt(6) == 0 ? "\"TimeoutSeconds\":%d,".formatted(60 + random.nextInt(600)) : "";
    return "{" + timeout + flow(2).substring(1);
  }

  /** A distributed Map whose output does not depend on what comes first. */
  String distributed() {
    String tolerated = random.nextBoolean() ? "\"ToleratedFailurePercentage\":100," : "";
    String retry =
        "\"Retry\":[{\"ErrorEquals\":[\"States.ALL\"],\"IntervalSeconds\":1,\"MaxAttempts\":%d}],"
            .formatted(tolerated.isEmpty() ? 1000 : random.nextInt(3));
    return """
    {"StartAt":"D","States":{"D":{"Type":"Map","ItemsPath":"$.items","MaxConcurrency":%d,%s
      "ItemSelector":{"i.$":"$$.Map.Item.Index"},
      "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
        "StartAt":"W","States":{%s"T":{"Type":"Task","Resource":"%s",%s"End":true}}},
      "Next":"E"},"E":{"Type":"Succeed"}}}\
    """
        .formatted(
            random.nextInt(5),
            tolerated,
            random.nextBoolean()
                ? "\"W\":{\"Type\":\"Wait\",\"Seconds\":%d,\"Next\":\"T\"},"
                    .formatted(random.nextInt(3))
                : "\"W\":{\"Type\":\"Pass\",\"Next\":\"T\"},",
            function(),
            retry);
  }

  private static String function() {
    return "arn:aws:lambda:us-east-1:111111111111:function:f";
  }

  /** States in a row; errors and choices lead onwards or, seldom, back. */
  private String flow(int depth) {
    int count = 1 + random.nextInt(3);
    List<String> names = new ArrayList<>();
    for (int i = 0; i <= count; i++) {
      names.add("S" + named++);
    }
    String last = names.getLast();
    StringBuilder states = new StringBuilder();
    for (int i = 0; i < count; i++) {
      String anywhere = names.get(random.nextInt(6) == 0 ? i : i + 1 + random.nextInt(count - i));
      states
          .append('"')
          .append(names.get(i))
          .append("\":")
          .append(state(depth, names.get(i + 1), anywhere, last))
          .append(',');
    }
    String end =
        switch (random.nextInt(8)) {
          case 0 -> "{\"Type\":\"Fail\",\"Error\":\"Boom\",\"Cause\":\"because\"}";
          case 1 -> "{\"Type\":\"Pass\",\"End\":true}";
          default -> "{\"Type\":\"Succeed\"}";
        };
    states.append('"').append(last).append("\":").append(end);
    return "{\"StartAt\":\"%s\",\"States\":{%s}}".formatted(names.getFirst(), states);
  }

  private String state(int depth, String next, String anywhere, String last) {
    int kinds = depth == 0 ? 6 : 9;
    return switch (random.nextInt(kinds)) {
      case 0 ->
          "{\"Type\":\"Pass\",\"Result\":[%d,1],\"ResultPath\":\"$.p\",\"Next\":\"%s\"}"
              .formatted(random.nextInt(5), next);
      case 1 ->
          "{\"Type\":\"Wait\",\"Seconds\":%d,\"Next\":\"%s\"}".formatted(random.nextInt(100), next);
      case 2 ->
          "{\"Type\":\"Choice\",\"Choices\":[{\"Variable\":\"$.n\",\"NumericLessThan\":%d,\"Next\":\"%s\"}],\"Default\":\"%s\"}"
              .formatted(random.nextInt(8), anywhere, next);
      case 3, 4, 5 -> task(next, last);
      case 6, 7 -> {
        List<String> branches = new ArrayList<>();
        for (int i = 0, n = 1 + random.nextInt(3); i < n; i++) {
          branches.add(flow(depth - 1));
        }
        yield "{\"Type\":\"Parallel\",\"ResultPath\":\"$.r\",\"Branches\":%s,%s\"Next\":\"%s\"}"
            .formatted(branches, errors(last), next);
      }
      default ->
          "{\"Type\":\"Map\",\"ItemsPath\":\"$.items\",\"ResultPath\":\"$.m\",\"MaxConcurrency\":%d,\"ItemSelector\":{\"n.$\":\"$$.Map.Item.Index\",\"items\":[1,2]},\"ItemProcessor\":%s,%s\"Next\":\"%s\"}"
              .formatted(random.nextInt(4), flow(depth - 1), errors(last), next);
    };
  }

  private String task(String next, String last) {
    String timeouts =
        switch (random.nextInt(4)) {
          case 0 -> "\"TimeoutSeconds\":%d,".formatted(20 + random.nextInt(200));
          case 1 ->
              "\"TimeoutSeconds\":%d,\"HeartbeatSeconds\":15,".formatted(30 + random.nextInt(100));
          default -> "";
        };
    String resource =
        switch (random.nextInt(tokens ? 4 : 3)) {
          case 0 -> "arn:aws:states:::sqs:sendMessage";
          case 3 ->
              "arn:aws:states:::sqs:sendMessage.waitForTaskToken\",\"Parameters\":{\"t.$\":\"$$.Task.Token\"},\"Comment\":\"";
          default -> function();
        };
    return "{\"Type\":\"Task\",\"Resource\":\"%s\",\"ResultPath\":\"$.t\",%s%s\"Next\":\"%s\"}"
        .formatted(resource, timeouts, errors(last), next);
  }

  private String errors(String last) {
    StringBuilder fields = new StringBuilder();
    if (random.nextInt(3) == 0) {
      fields.append(
          "\"Retry\":[{\"ErrorEquals\":[\"%s\"],\"IntervalSeconds\":%d,\"MaxAttempts\":%d,\"JitterStrategy\":\"%s\"}],"
              .formatted(
                  error(),
                  1 + random.nextInt(90),
                  random.nextInt(3),
                  random.nextBoolean() ? "FULL" : "NONE"));
    }
    if (random.nextInt(2) == 0) {
      fields.append(
          "\"Catch\":[{\"ErrorEquals\":[\"%s\"],\"ResultPath\":\"$.e\",\"Next\":\"%s\"}],"
              .formatted(error(), last));
    }
    return fields.toString();
  }

  private String error() {
    return ERRORS.get(random.nextInt(ERRORS.size()));
  }
}
