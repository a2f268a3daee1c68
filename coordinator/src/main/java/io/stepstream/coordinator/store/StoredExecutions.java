package io.stepstream.coordinator.store;

import io.stepstream.schemas.topic.ExecutionKey;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Goes through the executions of a partition that have been flushed, some rows at a time, and
 * begins again at the end. What is in the buffer only is too young to be of interest.
 *
 * <p>Not thread safe: confined to the partition's stream thread.
 */
public final class StoredExecutions {

  private static final int HASH = ExecutionKey.HASH_LENGTH;
  private static final Bytes FIRST = Bytes.wrap(new byte[HASH]);
  private static final Bytes BEYOND;

  static {
    byte[] beyond = new byte[HASH + 1];
    Arrays.fill(beyond, (byte) -1);
    BEYOND = Bytes.wrap(beyond);
  }

  private final BufferedRows rows;
  private Bytes next = FIRST;

  /**
   * @param executions the store, as Kafka Streams gives it to a processor
   */
  public StoredExecutions(KeyValueStore<Bytes, byte[]> executions) {
    this.rows = RowJournal.buffer(executions);
  }

  /**
   * @param mostRows to be looked at, of whatever kind
   * @param found takes the hash of each execution that has a header among them
   */
  public void slice(int mostRows, Consumer<byte[]> found) {
    try (KeyValueIterator<Bytes, byte[]> stored = rows.wrapped().range(next, BEYOND)) {
      for (int i = 0; i < mostRows && stored.hasNext(); i++) {
        byte[] key = stored.next().key.get();
        if (key.length == HASH + 1 && key[HASH] == RowKeys.HEADER) {
          found.accept(Arrays.copyOf(key, HASH));
        }
      }
      next = stored.hasNext() ? stored.peekNextKey() : FIRST;
    }
  }
}
