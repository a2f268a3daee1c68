package io.stepstream.coordinator.store;

import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** Builds the stores of a lane: RocksDB with a changelog, and a buffer before both. */
public final class RowStores {

  private RowStores() {}

  /**
   * @param changelog settings of the changelog topic
   * @param bufferBytes of rows that wait for the commit, for each of the partition's two stores
   */
  public static StoreBuilder<KeyValueStore<Bytes, byte[]>> executions(
      Map<String, String> changelog, int bufferBytes) {
    return new Buffered(logged(ExecutionRows.STORE, changelog), false, bufferBytes);
  }

  /** As {@link #executions}. */
  public static StoreBuilder<KeyValueStore<Bytes, byte[]>> timers(
      Map<String, String> changelog, int bufferBytes) {
    return new Buffered(logged(TimerRows.STORE, changelog), true, bufferBytes);
  }

  private static StoreBuilder<KeyValueStore<Bytes, byte[]>> logged(
      String name, Map<String, String> changelog) {
    return Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
        .withCachingDisabled()
        .withLoggingEnabled(changelog);
  }

  /** Kafka Streams asks a builder for one store per partition. */
  private record Buffered(
      StoreBuilder<KeyValueStore<Bytes, byte[]>> below, boolean ordered, int mostBytes)
      implements StoreBuilder<KeyValueStore<Bytes, byte[]>> {

    @Override
    public KeyValueStore<Bytes, byte[]> build() {
      return new BufferedRows(below.build(), ordered, mostBytes);
    }

    @Override
    public StoreBuilder<KeyValueStore<Bytes, byte[]>> withCachingEnabled() {
      return this;
    }

    @Override
    public StoreBuilder<KeyValueStore<Bytes, byte[]>> withCachingDisabled() {
      return this;
    }

    @Override
    public StoreBuilder<KeyValueStore<Bytes, byte[]>> withLoggingEnabled(
        Map<String, String> config) {
      return new Buffered(below.withLoggingEnabled(config), ordered, mostBytes);
    }

    @Override
    public StoreBuilder<KeyValueStore<Bytes, byte[]>> withLoggingDisabled() {
      return new Buffered(below.withLoggingDisabled(), ordered, mostBytes);
    }

    @Override
    public Map<String, String> logConfig() {
      return below.logConfig();
    }

    @Override
    public boolean loggingEnabled() {
      return below.loggingEnabled();
    }

    @Override
    public String name() {
      return below.name();
    }
  }
}
