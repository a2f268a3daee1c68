package io.stepstream.coordinator.store;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.WrappedStateStore;
import org.jspecify.annotations.Nullable;

/**
 * Makes a flush of a partition's two buffers one, where no transaction does: after a crash the rows
 * are what they were before it, or what they are after it (ADR 0057).
 *
 * <p>What a flush changes is written to the executions store as chunks, and acknowledged, before
 * any of its rows. A crash until then leaves no row of it anywhere. After it, all of them are in
 * the chunks, from which whoever has the partition next takes them again. Nothing is written
 * between two flushes, so the latest whole journal always leads to the latest rows. There are two
 * places for chunks, in turn: what a new journal overwrites is never the one that may be needed.
 *
 * <p>Not thread safe: confined to the partition's stream thread.
 */
public final class RowJournal {

  /** A chunk is closed when it has so much; one row may make it larger. */
  static final int CHUNK_BYTES = 512 * 1024;

  private static final int PLACES = 2;
  private static final byte OF_EXECUTIONS = 0;
  private static final byte OF_TIMERS = 1;

  /** Of a chunk, before its rows: number and nonce of the flush, whether it is the last one. */
  private static final int HEAD = 8 + 8 + 1;

  /** Of a row in a chunk, beyond its key and value. */
  private static final int ROW_HEAD = 1 + 4 + 4;

  private static final int DELETED = -1;

  private final BufferedRows executions;
  private final BufferedRows timers;
  private final RowJournals.OfThread thread;

  /** Another that had the partition may have used the same numbers, and have got half through. */
  private final long nonce = ThreadLocalRandom.current().nextLong();

  /** How many chunks lie in each place. */
  private final int[] chunks = new int[PLACES];

  private int nextPlace;
  private long nextNumber;

  private RowJournal(BufferedRows executions, BufferedRows timers, RowJournals.OfThread thread) {
    this.executions = executions;
    this.timers = timers;
    this.thread = thread;
  }

  static RowJournal recovered(
      KeyValueStore<Bytes, byte[]> executions,
      KeyValueStore<Bytes, byte[]> timers,
      RowJournals.OfThread thread) {
    RowJournal journal = new RowJournal(buffer(executions), buffer(timers), thread);
    journal.executions.join(journal);
    journal.timers.join(journal);
    journal.recover();
    thread.add(journal);
    return journal;
  }

  /** Kafka Streams wraps the stores that it gives to processors. */
  static BufferedRows buffer(StateStore store) {
    StateStore inner = store;
    while (true) {
      if (inner instanceof BufferedRows rows) {
        return rows;
      }
      inner = ((WrappedStateStore<?, ?, ?>) inner).wrapped();
    }
  }

  /** The thread has no more use for the partition. */
  public void leave() {
    thread.remove(this);
  }

  // ------------------------------------------------------------------ flushes

  /**
   * A flush that does not wait for the commit: there is too much for the buffers. Called between
   * two steps, since a flush must not hold half of one.
   */
  public void flushIfFull() {
    if (executions.isFull() || timers.isFull()) {
      thread.flush(List.of(this));
    }
  }

  /** What the commit needs, of all partitions of the thread at once. */
  void flush() {
    thread.flushAllAnd(this);
  }

  Flush take() {
    return new Flush(executions.takeChanges(), timers.takeChanges());
  }

  /** What was in the buffers, on its way to the stores. */
  final class Flush {

    private final List<KeyValue<Bytes, byte[]>> ofExecutions;
    private final List<KeyValue<Bytes, byte[]>> ofTimers;

    private Flush(
        List<KeyValue<Bytes, byte[]>> ofExecutions, List<KeyValue<Bytes, byte[]>> ofTimers) {
      this.ofExecutions = ofExecutions;
      this.ofTimers = ofTimers;
    }

    boolean isEmpty() {
      return ofExecutions.isEmpty() && ofTimers.isEmpty();
    }

    void writeJournal() {
      int place = nextPlace;
      ChunkWriter writer = new ChunkWriter(place);
      ofExecutions.forEach(row -> writer.add(OF_EXECUTIONS, row));
      ofTimers.forEach(row -> writer.add(OF_TIMERS, row));
      int written = writer.last();
      // From the end, so that a crash leaves no gap.
      for (int surplus = chunks[place] - 1; surplus >= written; surplus--) {
        executions.writeUnkept(RowKeys.journal(place, surplus), null);
      }
      chunks[place] = written;
      nextPlace = (place + 1) % PLACES;
      nextNumber++;
    }

    void writeRows() {
      ofExecutions.forEach(row -> executions.write(row.key, row.value));
      ofTimers.forEach(row -> timers.write(row.key, row.value));
    }
  }

  private record Row(byte store, Bytes key, byte @Nullable [] value) {

    int size() {
      return ROW_HEAD + key.get().length + (value == null ? 0 : value.length);
    }
  }

  /** Writes rows in their order, cut into chunks where one is full. */
  private final class ChunkWriter {

    private final int place;
    private final List<Row> open = new ArrayList<>();
    private int bytes = HEAD;
    private int written;

    ChunkWriter(int place) {
      this.place = place;
    }

    void add(byte store, KeyValue<Bytes, byte[]> changed) {
      Row row = new Row(store, changed.key, changed.value);
      if (!open.isEmpty() && bytes + row.size() > CHUNK_BYTES) {
        write(false);
      }
      open.add(row);
      bytes += row.size();
    }

    /** How many chunks it were. */
    int last() {
      write(true);
      return written;
    }

    private void write(boolean last) {
      ByteBuffer chunk = ByteBuffer.allocate(bytes);
      chunk.putLong(nextNumber).putLong(nonce).put((byte) (last ? 1 : 0));
      for (Row row : open) {
        byte[] key = row.key().get();
        chunk.put(row.store()).putInt(key.length).put(key);
        if (row.value() == null) {
          chunk.putInt(DELETED);
        } else {
          chunk.putInt(row.value().length).put(row.value());
        }
      }
      executions.writeUnkept(RowKeys.journal(place, written), chunk.array());
      written++;
      open.clear();
      bytes = HEAD;
    }
  }

  // ------------------------------------------------------------------ recovery

  /** A chunk that was read back. */
  private record Chunk(ByteBuffer bytes) {

    long number() {
      return bytes.getLong(0);
    }

    long nonce() {
      return bytes.getLong(8);
    }

    boolean isLast() {
      return bytes.get(16) == 1;
    }

    boolean isOfTheSameFlushAs(Chunk other) {
      return number() == other.number() && nonce() == other.nonce();
    }
  }

  private void recover() {
    List<Chunk> latest = List.of();
    for (int place = 0; place < PLACES; place++) {
      List<Chunk> found = found(place);
      chunks[place] = found.size();
      for (Chunk chunk : found) {
        nextNumber = Math.max(nextNumber, chunk.number() + 1);
      }
      List<Chunk> whole = whole(found);
      if (!whole.isEmpty()
          && (latest.isEmpty() || whole.getFirst().number() > latest.getFirst().number())) {
        latest = whole;
        nextPlace = (place + 1) % PLACES;
      }
    }
    latest.forEach(this::putAgain);
  }

  private List<Chunk> found(int place) {
    List<Chunk> found = new ArrayList<>();
    for (byte[] chunk = read(place, 0); chunk != null; chunk = read(place, found.size())) {
      found.add(new Chunk(ByteBuffer.wrap(chunk)));
    }
    return found;
  }

  private byte @Nullable [] read(int place, int index) {
    return executions.wrapped().get(RowKeys.journal(place, index));
  }

  /** The chunks of one flush, if it came so far that rows may have been written; else none. */
  private static List<Chunk> whole(List<Chunk> found) {
    for (int i = 0; i < found.size() && found.get(i).isOfTheSameFlushAs(found.getFirst()); i++) {
      if (found.get(i).isLast()) {
        return found.subList(0, i + 1);
      }
    }
    return List.of();
  }

  private void putAgain(Chunk chunk) {
    ByteBuffer bytes = chunk.bytes().position(HEAD);
    while (bytes.hasRemaining()) {
      BufferedRows rows = bytes.get() == OF_EXECUTIONS ? executions : timers;
      byte[] key = new byte[bytes.getInt()];
      bytes.get(key);
      int length = bytes.getInt();
      byte[] value = null;
      if (length != DELETED) {
        value = new byte[length];
        bytes.get(value);
      }
      rows.putAgain(Bytes.wrap(key), value);
    }
  }
}
