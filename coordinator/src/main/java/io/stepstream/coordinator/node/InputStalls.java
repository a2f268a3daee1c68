package io.stepstream.coordinator.node;

import io.stepstream.coordinator.cluster.InputLag;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * For how long nothing of an input has been processed though something has come: as when nobody has
 * the partition, or a transaction that nobody ends stands before it.
 *
 * <p>A lag alone says less. The end of a transaction counts as a record, so an idle partition may
 * have one for ever. Not thread safe.
 */
final class InputStalls {

  /**
   * @param end of the input when {@code processed} was first seen
   * @param sinceNanos when more had come for the first time; 0: nothing has
   */
  private record Seen(long processed, long end, long sinceNanos) {}

  private final Map<String, Seen> inputs = new HashMap<>();

  /** Takes note of all inputs of all lanes; by lane, the longest stall in nanoseconds. */
  Map<String, Long> look(List<InputLag> lags, long nowNanos) {
    Map<String, Long> longest = new HashMap<>();
    for (InputLag lag : lags) {
      long end = lag.processed() + lag.records();
      Seen seen =
          inputs.merge(
              lag.lane() + ' ' + lag.input(),
              new Seen(lag.processed(), end, 0),
              (before, now) -> {
                if (before.processed() != now.processed()) {
                  return now;
                }
                return before.sinceNanos() == 0 && now.end() > before.end()
                    ? new Seen(before.processed(), before.end(), nowNanos)
                    : before;
              });
      long stalled = seen.sinceNanos() == 0 ? 0 : nowNanos - seen.sinceNanos();
      longest.merge(lag.lane(), stalled, Math::max);
    }
    return longest;
  }
}
