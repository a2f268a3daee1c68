package io.stepstream.coordinator.store;

import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.CachedStateStore;

/**
 * Spares rows that come and go between two commits the way to the changelog.
 *
 * <p>A cached store writes what has changed when the transaction ends, a deletion always, even of a
 * row that was never written. With a flush listener it looks first whether there is anything to
 * delete (CachingKeyValueStore#putAndMaybeForward, 4.3), so the rows of an execution that is
 * shorter than a commit interval cost neither a record nor a RocksDB write. The changelog keeps
 * telling exactly what RocksDB holds, hence restoration is the same.
 *
 * <p>The listener is internal to Kafka Streams; without it everything works, and costs more.
 */
final class ShortLivedRows {

  private ShortLivedRows() {}

  static <K, V> void spare(KeyValueStore<K, V> store) {
    if (store instanceof CachedStateStore<?, ?> cached) {
      cached.setFlushListener(_ -> {}, false);
    }
  }
}
