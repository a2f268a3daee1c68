package io.stepstream.coordinator.trigger;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a trigger has come, by what its group has committed: up to half a second old.
 *
 * @param topicExists false: the topic was deleted; there are no partitions then
 * @param partitions in their order
 */
public record TriggerStatus(boolean topicExists, List<Partition> partitions) {

  public TriggerStatus {
    partitions = List.copyOf(partitions);
  }

  /**
   * A partition of the topic.
   *
   * @param offset all records before it are done with
   * @param end of what is committed on the topic
   * @param started records that have their execution
   * @param filtered records that the filter left out
   * @param deadLettered records on the dead letters
   * @param missed records that were deleted from the topic before they were read
   * @param waiting whether the record at the offset can't go on for now
   * @param lastError the latest thing that went wrong; null: none yet
   */
  public record Partition(
      int number,
      long offset,
      long end,
      long started,
      long filtered,
      long deadLettered,
      long missed,
      boolean waiting,
      @Nullable LastError lastError) {

    static Partition of(int number, long offset, long end, Progress progress) {
      Progress.Failure failure = progress.failure();
      return new Partition(
          number,
          offset,
          end,
          progress.started(),
          progress.filtered(),
          progress.deadLettered(),
          progress.missed(),
          progress.waiting(),
          failure == null ? null : new LastError(failure.at(), failure.detail()));
    }

    /** Records, and places of the log that are none, between the offset and the end. */
    public long lag() {
      return Math.max(0, end - offset);
    }
  }

  /** Something that went wrong, and when. */
  public record LastError(Instant at, String detail) {}

  /** Over all partitions. */
  public long lag() {
    return partitions.stream().mapToLong(Partition::lag).sum();
  }

  /** Whether something else than the filter keeps a partition from going on. */
  public boolean waiting() {
    return !topicExists || partitions.stream().anyMatch(Partition::waiting);
  }
}
