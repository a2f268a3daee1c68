package io.stepstream.testkit.conformance;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Branches, and iterations at a time, may tell their events in any order among each other: AWS's
 * own order differs from run to run. Ours are put in the order of the recording; that each follows
 * the right one still counts.
 */
final class Interleaving {

  private Interleaving() {}

  static boolean mayOccurIn(RecordedCase recorded) {
    return isIn(RecordedCase.tree(recorded.definition().getBytes(StandardCharsets.UTF_8)));
  }

  private static boolean isIn(Object json) {
    return switch (json) {
      case Map<?, ?> object ->
          "Parallel".equals(object.get("Type"))
              || "Map".equals(object.get("Type"))
                  && !(object.get("MaxConcurrency") instanceof Number most && most.intValue() == 1)
              || object.values().stream().anyMatch(Interleaving::isIn);
      case List<?> array -> array.stream().anyMatch(Interleaving::isIn);
      default -> false;
    };
  }

  /** Our events in the order of the recorded ones, with their ids; as they are if they differ. */
  static List<Map<String, Object>> undone(
      List<?> recorded, List<Map<String, Object>> events, Matcher matcher) {
    List<Map<String, Object>> left = new ArrayList<>(events);
    List<Map<String, Object>> ordered = new ArrayList<>();
    Map<Object, Object> idOf = new HashMap<>();
    for (Object each : recorded) {
      Map<Object, Object> expected = new HashMap<>((Map<?, ?>) each);
      expected.remove("timestamp");
      Map<String, Object> found = null;
      for (Map<String, Object> event : left) {
        Map<String, Object> renumbered = new HashMap<>(event);
        renumbered.remove("timestamp");
        renumbered.put("id", expected.get("id"));
        renumbered.computeIfPresent(
            "previousEventId", (_, id) -> idOf.getOrDefault(number(id), id));
        if (matcher.matches(expected, renumbered)) {
          found = event;
          ordered.add(renumbered);
          idOf.put(number(event.get("id")), expected.get("id"));
          break;
        }
      }
      if (found == null) {
        return events;
      }
      left.remove(found);
    }
    return left.isEmpty() ? ordered : events;
  }

  private static Object number(Object id) {
    return ((Number) id).longValue();
  }
}
