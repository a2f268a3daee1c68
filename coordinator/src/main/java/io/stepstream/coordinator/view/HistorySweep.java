package io.stepstream.coordinator.view;

import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.topic.HistoryHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Deletes the histories of executions that ended longer ago than the history topic keeps its
 * records; the topic's own deletion does not reach the view's store. It passes through the store a
 * slice at a time, from its end to its beginning, so that of each execution it meets the last
 * record first, which tells whether it has ended and when.
 *
 * <p>That record is deleted last: a crash in between leaves an execution that the next pass finds.
 * The history of an execution that has not ended stays, however old. Not thread safe.
 */
final class HistorySweep {

  static final Duration SLICE_EVERY = Duration.ofSeconds(1);
  static final int ROWS_PER_SLICE = 500;
  private static final long SLICE_BUDGET_NANOS = 5_000_000;

  /** Between two passes: nothing needs to go to the hour. */
  static final Duration REST = Duration.ofHours(1);

  private final KeyValueStore<Bytes, byte[]> store;
  private final WireCodec<HistoryRecord> codec;
  private final long retentionMillis;

  /** The row that was looked at last; null: a pass begins. */
  private @Nullable Bytes cursor;

  private long nextPassMillis;

  /** The execution whose rows are being passed; null: none of them was readable yet. */
  private @Nullable String execution;

  /** Its last row, if all of them are to go. */
  private @Nullable Bytes last;

  HistorySweep(
      KeyValueStore<Bytes, byte[]> store, WireCodec<HistoryRecord> codec, Duration retention) {
    this.store = store;
    this.codec = codec;
    this.retentionMillis = retention.toMillis();
  }

  void slice(long nowMillis) {
    if (cursor == null && nowMillis < nextPassMillis) {
      return;
    }
    long before = nowMillis - retentionMillis;
    List<Bytes> gone = new ArrayList<>();
    boolean through = look(before, gone);
    if (through) {
      leaveExecution(gone);
      cursor = null;
      nextPassMillis = nowMillis + REST.toMillis();
    }
    gone.forEach(store::delete);
  }

  /** True: the pass has come to its end. */
  private boolean look(long before, List<Bytes> gone) {
    long began = System.nanoTime();
    int rows = 0;
    try (KeyValueIterator<Bytes, byte[]> left = store.reverseRange(null, cursor)) {
      while (left.hasNext()) {
        if (rows == ROWS_PER_SLICE || rows > 0 && System.nanoTime() - began > SLICE_BUDGET_NANOS) {
          return false;
        }
        KeyValue<Bytes, byte[]> row = left.next();
        if (!row.key.equals(cursor)) {
          look(row, before, gone);
          cursor = row.key;
          rows++;
        }
      }
    }
    return true;
  }

  private void look(KeyValue<Bytes, byte[]> row, long before, List<Bytes> gone) {
    String key = new String(row.key.get(), StandardCharsets.UTF_8);
    String arn = key.substring(0, Math.max(0, key.lastIndexOf('#')));
    if (!arn.equals(execution)) {
      leaveExecution(gone);
      if (codec.decode(row.value) instanceof Decoded.Read(HistoryRecord record)
          && !record.getEvents().isEmpty()) {
        execution = arn;
        last = ended(record) && isOlder(record, before) ? row.key : null;
      }
    } else if (last != null
        // A name that was given anew may have younger rows before those of its former execution.
        && !(codec.decode(row.value) instanceof Decoded.Read(HistoryRecord record)
            && !record.getEvents().isEmpty()
            && !isOlder(record, before))) {
      gone.add(row.key);
    }
  }

  private void leaveExecution(List<Bytes> gone) {
    if (last != null) {
      gone.add(last);
    }
    last = null;
    execution = null;
  }

  private static boolean ended(HistoryRecord record) {
    return HistoryHeaders.statusAfter(latest(record).getType()) != ExecutionStatus.RUNNING;
  }

  private static boolean isOlder(HistoryRecord record, long before) {
    return latest(record).getTimestamp().toEpochMilli() < before;
  }

  private static HistoryEvent latest(HistoryRecord record) {
    return record.getEvents().getLast();
  }
}
