package io.stepstream.worker;

import java.util.Collection;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where a worker stands among the present workers of a queue.
 *
 * @param rank from 0, by name: everybody computes the same
 * @param workers how many there are
 */
record Standing(int rank, int workers) {

  /** Null: the worker isn't among them. */
  static @Nullable Standing of(String worker, Collection<String> present) {
    var sorted = new TreeSet<>(present);
    return sorted.contains(worker)
        ? new Standing(sorted.headSet(worker).size(), sorted.size())
        : null;
  }
}
