package io.stepstream.testkit.conformance;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares what became of a recorded execution with its recording, level by level. */
public final class ExecutionComparison {

  private final RecordedCase recorded;
  private final ExecutionResult result;
  private final Map<?, ?> expect;
  private final Matcher matcher;
  private final Set<Level> levels;

  private ExecutionComparison(RecordedCase recorded, ExecutionResult result) {
    this.recorded = recorded;
    this.result = result;
    this.expect = recorded.expect();
    this.matcher = new Matcher(recorded);
    this.levels = levels(recorded);
  }

  public static Verdict of(RecordedCase recorded, ExecutionResult result) {
    return new ExecutionComparison(recorded, result).verdict();
  }

  /** The verdict on an execution that has come to no result. */
  public static Verdict broken(RecordedCase recorded, String why) {
    return Verdict.failed(recorded, levels(recorded), Level.L1, why);
  }

  private static Set<Level> levels(RecordedCase recorded) {
    return recorded.expect().containsKey("history")
        ? EnumSet.allOf(Level.class)
        : EnumSet.of(Level.L1, Level.L2);
  }

  private Verdict verdict() {
    String difference = result();
    if (difference != null) {
      return Verdict.failed(recorded, levels, Level.L1, difference);
    }
    if (expect.containsKey("cause") || result.cause() != null && expect.containsKey("error")) {
      difference = matcher.difference("cause", expect.get("cause"), result.cause());
      if (difference != null) {
        return Verdict.failed(recorded, levels, Level.L2, difference);
      }
    }
    if (!(expect.get("history") instanceof List<?> history)) {
      return Verdict.all(recorded, levels);
    }
    List<Map<String, Object>> events = new ArrayList<>(result.history());
    if (Boolean.TRUE.equals(recorded.json().get("reverseOrder"))) {
      Collections.reverse(events);
    }
    boolean normalised = Boolean.TRUE.equals(expect.get("parallelEventsNormalised"));
    if (normalised) {
      ParallelNormalisation.apply(events);
    } else if (Interleaving.mayOccurIn(recorded)) {
      events = Interleaving.undone(history, events, matcher);
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

  private @Nullable String result() {
    String difference = matcher.difference("status", expect.get("status"), result.status());
    if (difference != null) {
      return difference
          + (result.waitsFor().isEmpty() ? "" : " " + result.waitsFor())
          + (result.error() != null ? " " + result.error() + ": " + result.cause() : "");
    }
    if (expect.containsKey("output")) {
      Object wanted = expect.get("output");
      String text = result.output();
      Object value =
          text == null || wanted instanceof String && wanted.equals(text)
              ? text
              : RecordedCase.tree(text.getBytes(StandardCharsets.UTF_8));
      return matcher.difference("output", wanted, value);
    }
    return expect.containsKey("error")
        ? matcher.difference("error", expect.get("error"), result.error())
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
