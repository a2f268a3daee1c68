package io.stepstream.coordinator.store;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;

/**
 * Where a store is known to have no rows. A scan that finds the first row some way off remembers
 * the gap, so the next scan that stays within it need not ask: opening an iterator of RocksDB costs
 * as much as a step, and timers are scanned at every tick. A row that is written into a gap ends
 * it.
 */
final class QuietRanges {

  /** The timers store is scanned at two places: timers and clean-ups. */
  private static final int KEPT = 2;

  private final List<Gap> gaps = new ArrayList<>();

  /** No rows from one key on, up to another. */
  private record Gap(Bytes from, Bytes to) {

    boolean contains(Bytes key) {
      return from.compareTo(key) <= 0 && key.compareTo(to) < 0;
    }
  }

  /** The first key at or after this one which may have a row. */
  Bytes end(Bytes key) {
    for (Gap gap : gaps) {
      if (gap.contains(key)) {
        return gap.to();
      }
    }
    return key;
  }

  /** Nothing was found between these keys. */
  void found(Bytes from, Bytes to) {
    gaps.removeIf(
        gap ->
            gap.contains(from) || from.compareTo(gap.from()) <= 0 && gap.from().compareTo(to) < 0);
    if (gaps.size() == KEPT) {
      gaps.removeFirst();
    }
    if (from.compareTo(to) < 0) {
      gaps.add(new Gap(from, to));
    }
  }

  void written(Bytes key) {
    for (int i = 0; i < gaps.size(); i++) {
      if (gaps.get(i).contains(key)) {
        gaps.set(i, new Gap(gaps.get(i).from(), key));
      }
    }
  }

  void clear() {
    gaps.clear();
  }
}
