package io.stepstream.coordinator.deadletter;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Goes through all partitions backwards at once, and takes the newest letter each time. */
final class LetterList {

  /** How many offsets of a partition are read at once. */
  private static final int STRETCH = 100;

  /** How many offsets one page may cost, whatever it leaves out. */
  private static final int MOST_OFFSETS = 5_000;

  private final LetterReader reader;
  private final LetterQuery query;
  private final Function<ConsumerRecord<byte[], byte[]>, Letter> letters;
  private final List<Descent> partitions = new ArrayList<>();
  private int offsets;

  /**
   * @param letters what is shown of a record
   */
  LetterList(
      LetterReader reader,
      LetterQuery query,
      Function<ConsumerRecord<byte[], byte[]>, Letter> letters) {
    this.reader = reader;
    this.query = query;
    this.letters = letters;
  }

  LetterPage page() {
    LetterReader.Bounds bounds = reader.bounds();
    for (int i = 0; i < bounds.ends().size(); i++) {
      long end = bounds.ends().get(i);
      long before = i < query.before().size() ? Math.min(query.before().get(i), end) : end;
      partitions.add(new Descent(i, bounds.beginnings().get(i), before));
    }
    List<Letter> page = new ArrayList<>();
    while (page.size() < query.limit()) {
      Letter newest = takeNewest();
      if (newest == null) {
        break;
      }
      page.add(newest);
    }
    boolean more = partitions.stream().anyMatch(Descent::hasMore);
    return new LetterPage(page, more ? partitions.stream().map(Descent::before).toList() : null);
  }

  /** Null: there is none, or so many were left out that the page has to end. */
  private @Nullable Letter takeNewest() {
    for (Descent partition : partitions) {
      while (partition.found.isEmpty() && partition.next > partition.beginning) {
        if (offsets >= MOST_OFFSETS) {
          return null;
        }
        partition.descend();
      }
    }
    return partitions.stream()
        .filter(partition -> !partition.found.isEmpty())
        .max(Comparator.comparing(partition -> partition.found.getFirst().time()))
        .map(partition -> partition.found.removeFirst())
        .orElse(null);
  }

  /** The way back through a partition. */
  private final class Descent {

    final int partition;
    final long beginning;

    /** Newest first; all are at or behind {@link #next}. */
    final Deque<Letter> found = new ArrayDeque<>();

    long next;

    Descent(int partition, long beginning, long next) {
      this.partition = partition;
      this.beginning = beginning;
      this.next = next;
    }

    void descend() {
      long from = Math.max(beginning, next - STRETCH);
      for (ConsumerRecord<byte[], byte[]> record : reader.stretch(partition, from, next)) {
        Letter letter = letters.apply(record);
        if (query.wants(letter)) {
          found.addFirst(letter);
        }
      }
      offsets += (int) (next - from);
      next = from;
    }

    boolean hasMore() {
      return !found.isEmpty() || next > beginning;
    }

    long before() {
      return found.isEmpty() ? next : found.getFirst().id().offset() + 1;
    }
  }
}
