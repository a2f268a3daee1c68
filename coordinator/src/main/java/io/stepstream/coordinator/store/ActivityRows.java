package io.stepstream.coordinator.store;

import io.stepstream.schemas.OfferedTask;
import io.stepstream.schemas.codec.RowCodec;
import io.stepstream.schemas.topic.ExecutionKey;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The queues of activities, in the executions store of the partition which the activity's ARN leads
 * to: a row for each attempt that waits for a worker, in the order of their beginnings. Not thread
 * safe: confined to the partition's stream thread.
 */
public final class ActivityRows {

  /** A place in the queue of an activity. */
  public record Place(Bytes key) implements Comparable<Place> {

    @Override
    public int compareTo(Place other) {
      return key.compareTo(other.key);
    }
  }

  /** An attempt in a queue. */
  public record Waiting(Place place, OfferedTask task) {}

  private static final RowCodec<OfferedTask> ROWS = RowCodec.of(OfferedTask.class);

  private final KeyValueStore<Bytes, byte[]> store;

  public ActivityRows(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
  }

  public static Place first(ExecutionKey activity) {
    return new Place(RowKeys.activityFrom(activity.hash16()));
  }

  public static Place last(ExecutionKey activity) {
    return new Place(RowKeys.activityTo(activity.hash16()));
  }

  public static Place place(
      ExecutionKey activity, String executionArn, long frameId, int epoch, long offeredMillis) {
    return new Place(
        RowKeys.activityTask(
            activity.hash16(),
            offeredMillis,
            ExecutionKey.of(executionArn).hash16(),
            frameId,
            epoch));
  }

  public void put(Place place, OfferedTask task) {
    store.put(place.key(), ROWS.encode(task));
  }

  public void delete(Place place) {
    // The store's own deletion would read the row, to return what it was.
    store.put(place.key(), null);
  }

  /** Where the queue begins, if not before a place; its end when nothing is in it. */
  public Place firstPlace(ExecutionKey activity, Place from) {
    try (KeyValueIterator<Bytes, byte[]> range = store.range(from.key(), last(activity).key())) {
      return range.hasNext() ? new Place(range.next().key) : last(activity);
    }
  }

  /** The first attempt that is not passed over; null: there is none. */
  public @Nullable Waiting next(ExecutionKey activity, Place from, Predicate<Place> passedOver) {
    try (KeyValueIterator<Bytes, byte[]> range = store.range(from.key(), last(activity).key())) {
      while (range.hasNext()) {
        KeyValue<Bytes, byte[]> row = range.next();
        Place place = new Place(row.key);
        if (!passedOver.test(place)) {
          return new Waiting(place, ROWS.read(row.value));
        }
      }
      return null;
    }
  }
}
