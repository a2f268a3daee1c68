package io.stepstream.testkit.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the recorder did where branches may interleave: events after the latest ParallelStateStarted
 * lose their ids, and the event that closes the state is left out.
 */
final class ParallelNormalisation {

  private static final Set<String> CLOSING =
      Set.of("ParallelStateSucceeded", "ParallelStateFailed", "ParallelStateExited");

  private ParallelNormalisation() {}

  static void apply(List<Map<String, Object>> events) {
    List<Map<String, Object>> inside = new ArrayList<>();
    int start = -1;
    boolean open = false;
    // The list shrinks while it is walked, and the event after one that is left out is passed over:
    // so did the recorder, and nested states are recorded that way.
    for (int i = 0; i < events.size(); i++) {
      Map<String, Object> event = events.get(i);
      String type = String.valueOf(event.get("type"));
      if (type.equals("ParallelStateStarted")) {
        open = true;
        inside.clear();
        start = i + 1;
      } else if (CLOSING.contains(type)) {
        events.subList(start, i + 1).clear();
        events.addAll(start, inside);
        open = false;
      } else if (open) {
        event.put("id", List.of(0));
        event.put("previousEventId", 0);
        inside.add(event);
      }
    }
  }
}
