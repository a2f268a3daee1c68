package io.stepstream.schemas.topic;

import java.util.ArrayList;
import java.util.List;

/**
 * The numbers of partitions that executions have been spread over, one per generation, the oldest
 * first (ADR 0074). An execution lives for ever where the number of its own generation placed it,
 * so all numbers stay known; the last is that of the topics.
 *
 * <p>Each number is a multiple of the one before. So the places of a key that differ from one
 * generation to the next never fall together again, and whoever asks them in turn comes to each
 * once.
 *
 * @param counts at least one, each at least 1
 */
public record Generations(List<Integer> counts) {

  /** Of an envelope whose sender knows only a name: its receiver is asked for in all of them. */
  public static final int UNKNOWN = 0;

  /** The generation with which every installation begins, and in which activities live. */
  public static final int FIRST = 1;

  /** Each doubles at least, so this is beyond any cluster. */
  private static final int MOST = 16;

  public Generations {
    counts = List.copyOf(counts);
    if (counts.isEmpty() || counts.size() > MOST) {
      throw new IllegalArgumentException(
          "There are 1 to %d generations, not %d".formatted(MOST, counts.size()));
    }
    int before = 0;
    for (int count : counts) {
      if (count < 1 || before > 0 && (count <= before || count % before != 0)) {
        throw new IllegalArgumentException(
            "No numbers of partitions, each a multiple of the one before: " + counts);
      }
      before = count;
    }
  }

  /** Executions have always been spread over so many. */
  public static Generations of(int partitions) {
    return new Generations(List.of(partitions));
  }

  /**
   * With one generation more.
   *
   * @throws IllegalArgumentException unless the number is a multiple of the latest
   */
  public Generations grownTo(int partitions) {
    List<Integer> grown = new ArrayList<>(counts);
    grown.add(partitions);
    return new Generations(grown);
  }

  /** How many partitions the topics have. */
  public int partitions() {
    return counts.getLast();
  }

  /** The number of the generation in which everything new begins. */
  public int latest() {
    return counts.size();
  }

  public boolean exists(int generation) {
    return generation >= FIRST && generation <= counts.size();
  }

  /** {@link #UNKNOWN}, where there is more than one to ask in. */
  public int unknown() {
    return counts.size() == 1 ? FIRST : UNKNOWN;
  }

  /**
   * Where a generation has a key; of {@link #UNKNOWN} where it is asked for first.
   *
   * @throws IndexOutOfBoundsException unless the generation {@link #exists}
   */
  public int partition(ExecutionKey key, int generation) {
    return key.partition(counts.get(generation == UNKNOWN ? 0 : generation - 1));
  }

  /** Where what is new has its place. */
  public int latestPartition(ExecutionKey key) {
    return key.partition(partitions());
  }

  /** Whether any generation has the key there. */
  public boolean isPlace(ExecutionKey key, int partition) {
    for (int count : counts) {
      if (key.partition(count) == partition) {
        return true;
      }
    }
    return false;
  }

  /** The generations that have a key elsewhere than the one before, the oldest first. */
  public List<Integer> apart(ExecutionKey key) {
    List<Integer> apart = new ArrayList<>();
    int before = -1;
    for (int generation = FIRST; generation <= counts.size(); generation++) {
      int place = partition(key, generation);
      if (place != before) {
        apart.add(generation);
      }
      before = place;
    }
    return apart;
  }

  /**
   * Where else to ask for a key that is not known at this place of it; the place itself: nowhere.
   */
  public int next(ExecutionKey key, int place) {
    boolean reached = false;
    for (int count : counts) {
      int other = key.partition(count);
      if (reached && other != place) {
        return other;
      }
      reached |= other == place;
    }
    return place;
  }
}
