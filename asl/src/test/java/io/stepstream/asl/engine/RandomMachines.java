package io.stepstream.asl.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Definitions that nobody would write: every state type nested in every other, errors caught. */
final class RandomMachines {

  private static final List<String> ERRORS =
      List.of("Boom", "States.TaskFailed", "States.Timeout", "States.ALL");

  private final Random random;
  private int named;

  RandomMachines(Random random) {
    this.random = random;
  }

  String definition() {
    String timeout = random.nextInt(6) == 0 ? "\"TimeoutSeconds\":" + (5 + random.nextInt(60)) : "";
    return "{" + timeout + (timeout.isEmpty() ? "" : ",") + flow(2).substring(1);
  }

  /** States in a row; errors and choices lead onwards or, seldom, back. */
  private String flow(int depth) {
    int count = 1 + random.nextInt(3);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add("S" + named++);
    }
    String last = "S" + named++;
    names.add(last);
    StringBuilder states = new StringBuilder();
    for (int i = 0; i < count; i++) {
      String anywhere = names.get(random.nextInt(names.size()));
      String state = state(depth, names.get(i + 1), anywhere, last);
      states.append('"').append(names.get(i)).append("\":").append(state).append(',');
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
          "{\"Type\":\"Pass\",\"Result\":%s,\"ResultPath\":\"$.p\",%s}"
              .formatted(array(), to(next));
      case 1 -> "{\"Type\":\"Wait\",\"Seconds\":%d,%s}".formatted(random.nextInt(100), to(next));
      case 2 ->
          "{\"Type\":\"Choice\",\"Choices\":[{\"Variable\":\"$.n\",\"NumericLessThan\":%d,\"Next\":\"%s\"}],\"Default\":\"%s\"}"
              .formatted(random.nextInt(10), anywhere, next);
      case 3, 4, 5 -> task(next, last);
      case 6, 7 -> {
        List<String> branches = new ArrayList<>();
        for (int i = 0, n = 1 + random.nextInt(3); i < n; i++) {
          branches.add(flow(depth - 1));
        }
        yield "{\"Type\":\"Parallel\",\"ResultPath\":\"$.r\",\"Branches\":%s,%s%s}"
            .formatted(branches, errors(last), to(next));
      }
      default ->
          "{\"Type\":\"Map\",\"ItemsPath\":\"$.items\",\"ResultPath\":\"$.m\",\"MaxConcurrency\":%d,\"ItemSelector\":{\"n.$\":\"$$.Map.Item.Index\",\"items\":[1,2]},\"ItemProcessor\":%s,%s%s}"
              .formatted(random.nextInt(4), flow(depth - 1), errors(last), to(next));
    };
  }

  private String task(String next, String last) {
    String resource =
        switch (random.nextInt(3)) {
          case 0 -> "arn:aws:lambda:us-east-1:111111111111:function:f";
          case 1 -> "arn:aws:states:us-east-1:111111111111:activity:a";
          default -> "arn:aws:states:::sqs:sendMessage";
        };
    String timeouts =
        switch (random.nextInt(4)) {
          case 0 -> "\"TimeoutSeconds\":%d,".formatted(1 + random.nextInt(200));
          case 1 ->
              "\"TimeoutSeconds\":%d,\"HeartbeatSeconds\":5,".formatted(10 + random.nextInt(100));
          default -> "";
        };
    return "{\"Type\":\"Task\",\"Resource\":\"%s\",\"ResultPath\":\"$.t\",%s%s%s}"
        .formatted(resource, timeouts, errors(last), to(next));
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

  private String array() {
    return "[" + "0,".repeat(random.nextInt(5)) + "1]";
  }

  private static String to(String next) {
    return "\"Next\":\"%s\"".formatted(next);
  }
}
