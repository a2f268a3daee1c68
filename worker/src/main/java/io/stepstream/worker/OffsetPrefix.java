package io.stepstream.worker;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Which offsets of one assigned partition are done. Only the contiguous beginning can be committed:
 * a committed offset tells that all before it is done.
 *
 * <p>Amortised O(1) per offset. Not thread safe.
 */
final class OffsetPrefix {

  private static final class Entry {
    private final long offset;
    private boolean done;

    Entry(long offset) {
      this.offset = offset;
    }
  }

  private final ArrayDeque<Entry> inOrder = new ArrayDeque<>();
  private final Map<Long, Entry> byOffset = new HashMap<>();
  private long next = -1;
  private boolean advanced;

  /** Offsets are added in ascending order. */
  void add(long offset) {
    var entry = new Entry(offset);
    inOrder.add(entry);
    byOffset.put(offset, entry);
  }

  void done(long offset) {
    Entry entry = byOffset.remove(offset);
    if (entry != null) {
      entry.done = true;
    }
    for (Entry head = inOrder.peek(); head != null && head.done; head = inOrder.peek()) {
      next = head.offset + 1;
      advanced = true;
      inOrder.remove();
    }
  }

  /** The offset to commit, if it has moved since the last call. */
  OptionalLong takeAdvance() {
    if (!advanced) {
      return OptionalLong.empty();
    }
    advanced = false;
    return OptionalLong.of(next);
  }

  /** The offset to commit; empty while nothing is done. */
  OptionalLong next() {
    return next < 0 ? OptionalLong.empty() : OptionalLong.of(next);
  }
}
