package io.stepstream.loadtests;

import java.util.Comparator;
import java.util.List;

/**
 * What was measured one window after another, after one warm-up. What counts is the window of
 * median throughput, of an even number the slower one in the middle.
 *
 * @param all at least one, in their order
 */
record Windows(List<Throughput> all) {

  Windows {
    all = List.copyOf(all);
    if (all.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
  }

  Throughput median() {
    List<Throughput> sorted =
        all.stream().sorted(Comparator.comparingDouble(Throughput::perSecond)).toList();
    return sorted.get((sorted.size() - 1) / 2);
  }
}
