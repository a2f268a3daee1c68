package io.stepstream.dev.conformance;

import io.stepstream.asl.json.Json;
import io.stepstream.dev.conformance.ApiEndpoint.Reply;
import io.stepstream.testkit.conformance.Level;
import io.stepstream.testkit.conformance.Matcher;
import io.stepstream.testkit.conformance.RecordedCase;
import io.stepstream.testkit.conformance.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A recorded sequence of calls. L1: each is answered, or refused with the recorded code and status;
 * L2: with the recorded message; L4: the answers have the recorded members.
 */
final class ApiScript {

  private static final Set<Level> LEVELS = EnumSet.of(Level.L1, Level.L2, Level.L4);

  /** What is read may lag behind what was written, at AWS as here. */
  private static final Duration LAG = Duration.ofSeconds(20);

  /** Since when AWS's answers have them: in what was recorded before, they are missing. */
  private static final Map<String, LocalDate> LATER_MEMBERS =
      Map.of(
          "failuresNotRedrivable", LocalDate.of(2023, 11, 15),
          "pendingRedrive", LocalDate.of(2023, 11, 15),
          "redriveCount", LocalDate.of(2023, 11, 15),
          "redriveStatus", LocalDate.of(2023, 11, 15),
          "redriveStatusReason", LocalDate.of(2023, 11, 15),
          "encryptionConfiguration", LocalDate.of(2024, 7, 25));

  private static final Duration LONGEST = Duration.ofMinutes(3);
  private static final Duration POLL = Duration.ofMillis(50);

  /** Digits behind it belong to the number: the recorder found execution 2's ARN in 26's. */
  private static final Pattern REFERENCE = Pattern.compile("\\{\\{step:(\\d+)\\.([^}]+)}}(\\d*)");

  private final RecordedCase recorded;
  private final LocalDate recordedOn;
  private final ScriptNames names;
  private final ApiEndpoint api;
  private final Matcher matcher;
  private final Map<Integer, Map<?, ?>> answers = new HashMap<>();

  /** ARNs of the executions so far. */
  private final List<String> started = new ArrayList<>();

  /**
   * @param number up to three digits, no other script has it
   */
  ApiScript(RecordedCase recorded, int number, ApiEndpoint api) {
    this.recorded = recorded;
    String recordedAt = text(object(recorded.json().get("source")).get("awsValidatedDate"));
    this.recordedOn = LocalDate.parse(recordedAt.substring(0, recordedAt.indexOf('T')));
    this.names = new ScriptNames(number);
    this.api = api;
    this.matcher = new Matcher(recorded);
  }

  /** An object that the script finds in S3. */
  record StoredObject(String bucket, String key, String body) {}

  List<StoredObject> storedObjects() {
    List<StoredObject> objects = new ArrayList<>();
    for (Object each : recorded.list("setupCalls")) {
      Map<?, ?> params = object(object(each).get("params"));
      objects.add(
          new StoredObject(
              names.own(text(params.get("Bucket"))),
              text(params.get("Key")),
              text(params.get("Body"))));
    }
    return objects;
  }

  /** Ends at the first difference: what follows builds on it. */
  Verdict verdict() {
    for (Object each : recorded.list("steps")) {
      Map<?, ?> step = object(each);
      try {
        Difference difference = difference(step);
        if (difference != null) {
          return Verdict.failed(
              recorded, LEVELS, difference.level(), told(step, difference.told()));
        }
      } catch (IOException | ConditionTimeoutException e) {
        return Verdict.failed(recorded, LEVELS, Level.L1, told(step, e.toString()));
      }
    }
    return Verdict.all(recorded, LEVELS);
  }

  private static String told(Map<?, ?> step, String difference) {
    Object what = step.containsKey("await") ? step.get("await") : step.get("operation");
    return "step %s, %s: %s".formatted(step.get("step"), what, difference);
  }

  private record Difference(Level level, String told) {}

  private @Nullable Difference difference(Map<?, ?> step) throws IOException {
    Map<?, ?> params = object(resolved(step.get("params")));
    if (step.get("await") instanceof String condition) {
      await(condition, params.values().stream().map(String::valueOf).toList());
      return null;
    }
    if (object(step.get("expectError")).get("clientSide") == Boolean.TRUE) {
      return null; // AWS never saw the call
    }
    String operation = text(step.get("operation"));
    if (operation.startsWith("paginate:")) {
      pages(action(operation), params);
      return null;
    }
    if (operation.equals("list_executions")
        && params.get("stateMachineArn") instanceof String machine) {
      awaitListed(machine);
    }
    boolean reads = Stream.of("describe_", "list_", "get_").anyMatch(operation::startsWith);
    if (!reads) {
      return call(step, operation, params);
    }
    AtomicReference<@Nullable Difference> last = new AtomicReference<>();
    try {
      patiently(LAG)
          .until(
              () -> {
                last.set(call(step, operation, params));
                return last.get() == null;
              });
    } catch (ConditionTimeoutException _) {
      // It is told below.
    }
    return last.get();
  }

  private @Nullable Difference call(Map<?, ?> step, String operation, Map<?, ?> params)
      throws IOException {
    Reply reply = api.call(action(operation), params);
    Map<?, ?> error = object(step.get("expectError"));
    return switch (reply) {
      case Reply.Answer(Map<?, ?> members) -> {
        if (!error.isEmpty()) {
          yield new Difference(Level.L1, "answered, expected the refusal " + error);
        }
        int number = number(step.get("step"));
        answers.put(number, members);
        if (operation.equals("start_execution")) {
          started.add(text(members.get("executionArn")));
        }
        if (operation.startsWith("start_") && !params.containsKey("name")) {
          names.started(text(members.get("executionArn")), number);
        }
        if (!(step.get("expect") instanceof Map<?, ?> expect)) {
          yield null;
        }
        Map<?, ?> told = object(asOfThen(tree(names.recorded(Json.encode(members)))));
        yield matcher.matches(expect, told)
            ? null
            : new Difference(Level.L4, String.valueOf(matcher.difference("answer", expect, told)));
      }
      case Reply.Refusal refusal when error.isEmpty() ->
          new Difference(Level.L1, "refused: " + refusal);
      case Reply.Refusal(String code, String message, int httpStatus) -> {
        Map<String, Object> expected = new HashMap<>();
        Map<String, Object> actual = new HashMap<>();
        expected.put("code", text(error.get("code")));
        actual.put("code", code);
        if (error.get("httpStatus") instanceof Number status) {
          expected.put("httpStatus", status);
          actual.put("httpStatus", httpStatus);
        }
        String difference = matcher.difference("refusal", expected, actual);
        if (difference != null) {
          yield new Difference(Level.L1, difference + ": " + message);
        }
        difference = matcher.difference("message", error.get("message"), names.recorded(message));
        yield difference == null ? null : new Difference(Level.L2, difference);
      }
    };
  }

  /** Without the members which AWS did not have when the script was recorded. */
  private Object asOfThen(Object json) {
    return switch (json) {
      case Map<?, ?> object -> {
        Map<Object, Object> copy = new HashMap<>();
        object.forEach(
            (name, value) -> {
              LocalDate since = LATER_MEMBERS.get(text(name));
              if (since == null || !recordedOn.isBefore(since)) {
                copy.put(name, asOfThen(value));
              }
            });
        yield copy;
      }
      case List<?> list -> list.stream().map(this::asOfThen).toList();
      default -> json;
    };
  }

  // ------------------------------------------------------------------ what the suite waited for

  /**
   * @param arns of the parameters, in their order, which tells what each is
   */
  private void await(String condition, List<String> arns) {
    String first = arns.getFirst();
    String last = arns.getLast();
    switch (condition) {
      case "execution_success" -> until(() -> status(first), "SUCCEEDED"::equals);
      case "execution_aborted" -> until(() -> status(first), "ABORTED"::equals);
      case "execution_terminated" -> until(() -> status(first), status -> !isRunning(status));
      case "execution_started" -> until(() -> events(first), events -> !events.isEmpty());
      // Which events, only the suite's source says: here a state has been entered.
      case "on_execution_events" -> until(() -> events(first), events -> events.size() > 1);
      case "execution_lists_terminated" ->
          until(() -> executions(first).get(last), status -> status != null && !isRunning(status));
      case "list_execution_status" -> until(() -> executions(first).get(arns.get(1)), last::equals);
      case "state_machine_listed" ->
          untilListed("ListStateMachines", Map.of(), "stateMachineArn", first, true);
      case "state_machine_version_listed" -> untilVersion(first, last, true);
      case "state_machine_version_not_listed" -> untilVersion(first, last, false);
      case "state_machine_alias_is_created" -> untilAlias(first, last, true);
      case "state_machine_alias_is_deleted" -> untilAlias(first, last, false);
      default -> throw new AssertionError("unknown condition " + condition);
    }
  }

  /**
   * The list follows its executions a moment later. A first page that lacks the latest one would do
   * by itself, but its token leads to another second page.
   *
   * @param machineArn also a version's or an alias'
   */
  private void awaitListed(String machineArn) {
    String[] parts = machineArn.split(":", -1);
    if (parts.length < 7) {
      return;
    }
    String machine = String.join(":", Arrays.copyOf(parts, 7));
    List<String> its =
        started.stream().filter(arn -> arn.contains(":execution:" + parts[6] + ":")).toList();
    if (its.isEmpty()) {
      return;
    }
    try {
      executions(machine);
    } catch (IOException _) {
      return; // Whether it is rightly refused, the step tells.
    }
    until(() -> executions(machine).keySet(), listed -> listed.containsAll(its));
  }

  private void untilVersion(String machine, String version, boolean listed) {
    untilListed(
        "ListStateMachineVersions",
        Map.of("stateMachineArn", machine),
        "stateMachineVersionArn",
        version,
        listed);
  }

  private void untilAlias(String machine, String alias, boolean listed) {
    untilListed(
        "ListStateMachineAliases",
        Map.of("stateMachineArn", machine),
        "stateMachineAliasArn",
        alias,
        listed);
  }

  private void untilListed(
      String action, Map<String, String> params, String member, String value, boolean listed) {
    until(
        () -> pages(action, params),
        items -> listed == items.stream().anyMatch(item -> value.equals(item.get(member))));
  }

  private <T extends @Nullable Object> void until(Callable<T> read, Predicate<T> condition) {
    patiently(LONGEST).until(() -> condition.test(read.call()));
  }

  private static ConditionFactory patiently(Duration longest) {
    return Awaitility.await()
        .pollInSameThread()
        .atMost(longest)
        .pollDelay(Duration.ZERO)
        .pollInterval(POLL);
  }

  private static boolean isRunning(String status) {
    return status.equals("RUNNING");
  }

  private String status(String executionArn) throws IOException {
    return text(answered("DescribeExecution", Map.of("executionArn", executionArn)).get("status"));
  }

  private List<Map<?, ?>> events(String executionArn) throws IOException {
    return pages("GetExecutionHistory", Map.of("executionArn", executionArn));
  }

  /** Their statuses by their ARNs. */
  private Map<String, String> executions(String machineArn) throws IOException {
    return pages("ListExecutions", Map.of("stateMachineArn", machineArn)).stream()
        .collect(
            Collectors.toMap(
                each -> text(each.get("executionArn")), each -> text(each.get("status"))));
  }

  /** What an action lists, of all its pages. */
  private List<Map<?, ?>> pages(String action, Map<?, ?> params) throws IOException {
    List<Map<?, ?>> items = new ArrayList<>();
    Map<Object, Object> asked = new HashMap<>(params);
    Map<?, ?> page;
    do {
      page = answered(action, asked);
      page.forEach(
          (member, value) -> {
            if (value instanceof List<?> list) {
              list.forEach(item -> items.add(object(item)));
            }
          });
      asked.put("nextToken", page.get("nextToken"));
    } while (page.get("nextToken") != null);
    return items;
  }

  private Map<?, ?> answered(String action, Map<?, ?> params) throws IOException {
    return switch (api.call(action, params)) {
      case Reply.Answer(Map<?, ?> members) -> members;
      case Reply.Refusal refusal -> throw new IOException(action + ": " + refusal);
    };
  }

  // ------------------------------------------------------------------ JSON

  private static String action(String operation) {
    return Stream.of(operation.substring(operation.indexOf(':') + 1).split("_", -1))
        .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
        .collect(Collectors.joining());
  }

  /** With the script's own names, and members of answers in place of the references to them. */
  private @Nullable Object resolved(@Nullable Object json) {
    return switch (json) {
      case Map<?, ?> object -> {
        Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
        object.forEach((name, value) -> copy.put(name, resolved(value)));
        yield copy;
      }
      case List<?> list -> list.stream().map(this::resolved).toList();
      case String text -> REFERENCE.matcher(names.own(text)).replaceAll(this::referred);
      case null, default -> json;
    };
  }

  private String referred(MatchResult reference) {
    int step = Integer.parseInt(reference.group(1) + reference.group(3));
    Object found = answers.get(step);
    for (String name : reference.group(2).split("\\.", -1)) {
      found =
          found instanceof List<?> list
              ? list.get(Integer.parseInt(name))
              : object(found).get(name);
    }
    return java.util.regex.Matcher.quoteReplacement(text(found));
  }

  private static Object tree(String json) {
    return RecordedCase.tree(json.getBytes(StandardCharsets.UTF_8));
  }

  /** An empty one in place of anything else. */
  private static Map<?, ?> object(@Nullable Object json) {
    return json instanceof Map<?, ?> object ? object : Map.of();
  }

  private static String text(@Nullable Object json) {
    return String.valueOf(json);
  }

  private static int number(@Nullable Object json) {
    return json instanceof Number number ? number.intValue() : -1;
  }
}
