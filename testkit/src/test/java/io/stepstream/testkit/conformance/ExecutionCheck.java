package io.stepstream.testkit.conformance;

import io.stepstream.asl.engine.Event;
import io.stepstream.asl.engine.Execution;
import io.stepstream.asl.engine.Machine;
import io.stepstream.asl.history.HistoryJson;
import io.stepstream.asl.json.Json;
import io.stepstream.asl.parse.DefinitionReader;
import io.stepstream.asl.parse.DefinitionResult;
import io.stepstream.asl.simulation.Outcome;
import io.stepstream.asl.simulation.SimulatedObjects;
import io.stepstream.asl.simulation.Simulation;
import io.stepstream.asl.source.Format;
import io.stepstream.asl.validate.MachineType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runs one recorded execution in memory and compares it, level by level. */
final class ExecutionCheck {

  private static final Instant START = Instant.parse("2025-06-01T12:00:00.123Z");
  private static final Pattern TIME = Pattern.compile("\\{\\{now(?:\\+(\\d+)d)?}}");

  private final RecordedCase recorded;
  private final Map<?, ?> expect;
  private final Matcher matcher;
  private final Set<Level> levels = EnumSet.of(Level.L1, Level.L2);

  private ExecutionCheck(RecordedCase recorded) {
    this.recorded = recorded;
    this.expect = recorded.expect();
    this.matcher = new Matcher(recorded);
    if (expect.containsKey("history")) {
      levels.addAll(EnumSet.of(Level.L3, Level.L4, Level.L5));
    }
  }

  static Verdict of(RecordedCase recorded) {
    return new ExecutionCheck(recorded).verdict();
  }

  private Verdict verdict() {
    DefinitionResult read =
        DefinitionReader.read(recorded.definition(), Format.JSON, recorded.machineType());
    switch (read) {
      case DefinitionResult.Rejected rejected -> {
        return Verdict.failed(recorded, levels, Level.L1, rejected.message());
      }
      case DefinitionResult.Parsed parsed -> {
        try {
          return compared(run(Machine.of(parsed.machine())));
        } catch (RuntimeException e) {
          return Verdict.failed(recorded, levels, Level.L1, "the run broke: " + e);
        }
      }
    }
  }

  private Outcome run(Machine machine) {
    Simulation simulation =
        Simulation.of(machine, new RecordedWorld(recorded)).withObjects(objects());
    if ("RUNNING".equals(expect.get("status"))) {
      simulation = simulation.withLongest(Duration.ofDays(1));
    }
    return simulation.run(
        new Event.Started(
            recorded.executionArn(),
            recorded.executionName(),
            recorded.machineArn(),
            recorded.roleArn(),
            recorded.machineType() == MachineType.EXPRESS,
            START.toEpochMilli(),
            input().getBytes(StandardCharsets.UTF_8)),
        stops());
  }

  /** What the suite put into buckets before it started the execution. */
  private SimulatedObjects objects() {
    SimulatedObjects objects = new SimulatedObjects();
    for (Object each : recorded.list("fixtures")) {
      Map<?, ?> fixture = (Map<?, ?>) each;
      if ("s3_create_bucket".equals(fixture.get("fixture"))
          && fixture.get("kwargs") instanceof Map<?, ?> arguments) {
        objects.bucket(String.valueOf(arguments.get("Bucket")));
      }
    }
    for (Object each : recorded.list("setupCalls")) {
      Map<?, ?> call = (Map<?, ?>) each;
      if ("put_object".equals(call.get("operation"))
          && call.get("params") instanceof Map<?, ?> object) {
        objects.put(
            String.valueOf(object.get("Bucket")),
            String.valueOf(object.get("Key")),
            String.valueOf(object.get("Body")).getBytes(StandardCharsets.UTF_8));
      }
    }
    return objects;
  }

  private List<Simulation.Happening> stops() {
    List<Simulation.Happening> stops = new ArrayList<>();
    for (Object call : recorded.list("driverCalls")) {
      if ("stop_execution".equals(((Map<?, ?>) call).get("operation"))) {
        stops.add(
            new Simulation.Happening(Duration.ofSeconds(1), new Event.StopRequested(null, null)));
      }
    }
    return stops;
  }

  private String input() {
    Object input = recorded.input();
    return input == null ? "{}" : TIME.matcher(asPython(input)).replaceAll(ExecutionCheck::moment);
  }

  /** The suite passed inputs as Python writes JSON, with blanks; the first event keeps the text. */
  private static String asPython(Object json) {
    return switch (json) {
      case Map<?, ?> object ->
          object.entrySet().stream()
              .map(e -> Json.encode(e.getKey()) + ": " + asPython(e.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      case List<?> array ->
          array.stream().map(ExecutionCheck::asPython).collect(Collectors.joining(", ", "[", "]"));
      default -> Json.encode(json);
    };
  }

  private static String moment(MatchResult found) {
    long days = found.group(1) == null ? 0 : Long.parseLong(found.group(1));
    return START
        .plus(Duration.ofDays(days))
        .truncatedTo(ChronoUnit.SECONDS)
        .toString()
        .replace("Z", "");
  }

  private Verdict compared(Outcome outcome) {
    String difference = result(outcome);
    if (difference != null) {
      return Verdict.failed(recorded, levels, Level.L1, difference);
    }
    if (expect.containsKey("cause") || outcome.cause() != null && expect.containsKey("error")) {
      difference = matcher.difference("cause", expect.get("cause"), outcome.cause());
      if (difference != null) {
        return Verdict.failed(recorded, levels, Level.L2, difference);
      }
    }
    if (!(expect.get("history") instanceof List<?> history)) {
      return Verdict.all(recorded, levels);
    }
    List<Map<String, Object>> events = new ArrayList<>();
    outcome.history().forEach(event -> events.add(HistoryJson.of(event)));
    if (Boolean.TRUE.equals(recorded.json().get("reverseOrder"))) {
      java.util.Collections.reverse(events);
    }
    boolean normalised = Boolean.TRUE.equals(expect.get("parallelEventsNormalised"));
    if (normalised) {
      ParallelNormalisation.apply(events);
    }
    difference = types(history, events, normalised);
    if (difference != null) {
      return Verdict.failed(recorded, levels, Level.L3, difference);
    }
    List<?> expected = history;
    List<?> actual = normalised ? aligned(history, events) : events;
    difference = events(expected, actual, Set.of("id", "previousEventId"), "");
    if (difference != null) {
      return Verdict.failed(recorded, levels, Level.L4, difference);
    }
    difference = events(expected, actual, Set.of(), " (ids)");
    return difference == null
        ? Verdict.all(recorded, levels)
        : Verdict.failed(recorded, levels, Level.L5, difference);
  }

  private @Nullable String result(Outcome outcome) {
    String difference = matcher.difference("status", expect.get("status"), outcome.status().name());
    if (difference != null) {
      return difference
          + (outcome.status() == Execution.Status.RUNNING ? " " + outcome.waitsFor() : "")
          + (outcome.error() != null ? " " + outcome.error() + ": " + outcome.cause() : "");
    }
    if (expect.containsKey("output")) {
      Object wanted = expect.get("output");
      String text =
          outcome.output() == null ? null : new String(outcome.output(), StandardCharsets.UTF_8);
      Object value =
          outcome.output() == null || wanted instanceof String && wanted.equals(text)
              ? text
              : RecordedCase.tree(outcome.output());
      return matcher.difference("output", wanted, value);
    }
    return expect.containsKey("error")
        ? matcher.difference("error", expect.get("error"), outcome.error())
        : null;
  }

  private @Nullable String types(
      List<?> expected, List<Map<String, Object>> actual, boolean normalised) {
    List<String> theirs = new ArrayList<>();
    expected.forEach(event -> theirs.add(String.valueOf(((Map<?, ?>) event).get("type"))));
    List<String> mine = new ArrayList<>();
    actual.forEach(event -> mine.add(String.valueOf(event.get("type"))));
    if (normalised) {
      theirs.sort(null);
      mine.sort(null);
    }
    for (int i = 0; i < Math.max(theirs.size(), mine.size()); i++) {
      String their = i < theirs.size() ? theirs.get(i) : "nothing";
      String my = i < mine.size() ? mine.get(i) : "nothing";
      if (!their.equals(my)) {
        return "event %d: expected %s but was %s, of %s".formatted(i + 1, their, my, mine);
      }
    }
    return null;
  }

  /** Our events in the order of those recorded which they equal; the others at the end. */
  private List<?> aligned(List<?> expected, List<?> actual) {
    List<Object> left = new ArrayList<>(actual);
    List<Object> aligned = new ArrayList<>();
    for (Object each : expected) {
      Object found =
          left.stream()
              .filter(event -> matcher.matches(without(each), without(event)))
              .findFirst()
              .orElse(left.getFirst());
      left.remove(found);
      aligned.add(found);
    }
    return aligned;
  }

  private static Map<?, ?> without(Object event) {
    Map<Object, Object> json = new HashMap<>((Map<?, ?>) event);
    json.remove("timestamp");
    return json;
  }

  private @Nullable String events(
      List<?> expected, List<?> actual, Set<String> without, String what) {
    for (int i = 0; i < expected.size(); i++) {
      Map<Object, Object> theirs = new HashMap<>((Map<?, ?>) expected.get(i));
      Map<Object, Object> mine = new HashMap<>((Map<?, ?>) actual.get(i));
      theirs.keySet().removeAll(without);
      mine.keySet().removeAll(without);
      theirs.remove("timestamp");
      mine.remove("timestamp");
      String difference =
          matcher.difference(
              "event %d %s%s".formatted(i + 1, mine.get("type"), what), theirs, mine);
      if (difference != null) {
        return difference;
      }
    }
    return null;
  }
}
