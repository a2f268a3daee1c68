package io.stepstream.coordinator.store;

import io.stepstream.asl.engine.TimerKey;
import io.stepstream.asl.engine.ValueKey;
import io.stepstream.schemas.topic.ExecutionKey;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;

/**
 * The key layouts, all big endian.
 *
 * <pre>
 * executions: hash16 | kind(1) | suffix
 *   00                              header
 *   01 frame(8)                     frame
 *   02 frame(8) slot(1)             payload: 1 input, 2 variables; frame 0: the execution's input,
 *                                   3 the record that started it
 *   03 container(8) chunk(4)        items of a Map state
 *   04 container(8) index(4)        result of a branch or item
 *   05 container(8)                 a Map run of the execution, under way or ended
 *   06                              under the hash of a Map run's ARN: where its row is
 *   07 offered(8) hash16 frame(8) epoch(4)
 *                                   under the hash of an activity's ARN: an attempt in its queue
 * executions, Express: place(1) chunk(4)
 *                                   the journal of a flush; shorter than a hash, so in no scan
 * timers: due(8) | hash16 | frame(8) | epoch(4) | purpose(1)
 *   00*8                            the low-water mark
 *   clean-ups: the same, with 2^62 added to due and to the mark
 * </pre>
 */
public final class RowKeys {

  static final byte HEADER = 0;
  static final byte FRAME = 1;
  static final byte PAYLOAD = 2;
  static final byte ITEMS = 3;
  static final byte RESULT = 4;
  static final byte MAP_RUN = 5;
  static final byte MAP_RUN_PLACE = 6;
  static final byte ACTIVITY_TASK = 7;

  private static final int HASH = ExecutionKey.HASH_LENGTH;
  private static final int TIMER_LENGTH = 8 + HASH + 8 + 4 + 1;

  private RowKeys() {}

  /** Whether a key of the executions store is of a kind that is scanned, not only read. */
  static boolean isScanned(Bytes key) {
    byte[] bytes = key.get();
    return bytes.length > HASH && bytes[HASH] >= ITEMS;
  }

  static Bytes journal(int place, int chunk) {
    return Bytes.wrap(ByteBuffer.allocate(5).put((byte) place).putInt(chunk).array());
  }

  static Bytes header(byte[] hash) {
    return Bytes.wrap(buffer(hash, HEADER, 0).array());
  }

  static Bytes frame(byte[] hash, long frameId) {
    return Bytes.wrap(buffer(hash, FRAME, 8).putLong(frameId).array());
  }

  static Bytes value(byte[] hash, ValueKey key) {
    ByteBuffer bytes =
        switch (key.slot()) {
          case INPUT -> buffer(hash, PAYLOAD, 9).putLong(key.frameId()).put((byte) 1);
          case VARIABLES -> buffer(hash, PAYLOAD, 9).putLong(key.frameId()).put((byte) 2);
          case TRIGGER -> buffer(hash, PAYLOAD, 9).putLong(key.frameId()).put((byte) 3);
          case ITEMS -> buffer(hash, ITEMS, 12).putLong(key.frameId()).putInt(key.index());
          case RESULT -> buffer(hash, RESULT, 12).putLong(key.frameId()).putInt(key.index());
        };
    return Bytes.wrap(bytes.array());
  }

  /** First key of the rows of one kind under a container. */
  static Bytes containerFrom(byte[] hash, byte kind, long container) {
    return Bytes.wrap(buffer(hash, kind, 8).putLong(container).array());
  }

  /** Last key of the rows of one kind under a container. */
  static Bytes containerTo(byte[] hash, byte kind, long container) {
    return Bytes.wrap(buffer(hash, kind, 12).putLong(container).putInt(-1).array());
  }

  static Bytes mapRun(byte[] hash, long container) {
    return Bytes.wrap(buffer(hash, MAP_RUN, 8).putLong(container).array());
  }

  static long mapRunContainer(Bytes key) {
    return ByteBuffer.wrap(key.get()).getLong(HASH + 1);
  }

  static Bytes mapRunPlace(byte[] hash) {
    return Bytes.wrap(buffer(hash, MAP_RUN_PLACE, 0).array());
  }

  static Bytes activityTask(
      byte[] activity, long offeredMillis, byte[] execution, long frameId, int epoch) {
    return Bytes.wrap(
        buffer(activity, ACTIVITY_TASK, 8 + HASH + 8 + 4)
            .putLong(offeredMillis)
            .put(execution)
            .putLong(frameId)
            .putInt(epoch)
            .array());
  }

  /** Before all attempts in an activity's queue. */
  static Bytes activityFrom(byte[] activity) {
    return Bytes.wrap(buffer(activity, ACTIVITY_TASK, 0).array());
  }

  /** Behind all attempts in an activity's queue. */
  static Bytes activityTo(byte[] activity) {
    return Bytes.wrap(buffer(activity, (byte) (ACTIVITY_TASK + 1), 0).array());
  }

  /** Beyond every row that an execution needs while it runs. */
  static Bytes last(byte[] hash) {
    return Bytes.wrap(buffer(hash, (byte) (RESULT + 1), 0).array());
  }

  private static ByteBuffer buffer(byte[] hash, byte kind, int suffix) {
    return ByteBuffer.allocate(HASH + 1 + suffix).put(hash).put(kind);
  }

  static Bytes timer(long dueMillis, byte[] hash, long frameId, int epoch, int purpose) {
    return Bytes.wrap(
        ByteBuffer.allocate(TIMER_LENGTH)
            .putLong(dueMillis)
            .put(hash)
            .putLong(frameId)
            .putInt(epoch)
            .put((byte) purpose)
            .array());
  }

  static Bytes timer(long dueMillis, byte[] hash, TimerKey timer) {
    return timer(dueMillis, hash, timer.frameId(), timer.epoch(), timer.purpose().code());
  }

  static Bytes dueFrom(long dueMillis) {
    return Bytes.wrap(ByteBuffer.allocate(8).putLong(dueMillis).array());
  }

  /** The moment that a key of {@link #timer} or {@link #dueFrom} begins with. */
  static long dueOf(Bytes key) {
    return ByteBuffer.wrap(key.get()).getLong();
  }

  static TimerRow timerRow(byte[] key, byte[] value, long base) {
    ByteBuffer bytes = ByteBuffer.wrap(key);
    long due = bytes.getLong() - base;
    byte[] hash = Arrays.copyOfRange(key, 8, 8 + HASH);
    bytes.position(8 + HASH);
    return new TimerRow(due, hash, bytes.getLong(), bytes.getInt(), bytes.get(), value);
  }
}
