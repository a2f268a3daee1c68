package io.stepstream.coordinator.store;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompactionStyle;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * One block cache and one write buffer budget for all stores of the process.
 *
 * <p>By default Streams gives each store of each partition a cache of 50 MB and three memtables of
 * 16 MB: 48 partitions with two stores would take 9 GB.
 */
public final class SharedRocksMemory implements RocksDBConfigSetter {

  private static final long CACHE_BYTES = 64L << 20;
  private static final long WRITE_BUFFERS_BYTES = 32L << 20;
  private static final long MEMTABLE_BYTES = 4L << 20;

  // Streams makes a setter per store by reflection, so what stores share can only be static. Final
  // and native: never
  // closed, it lives as long as the process.
  private static final Cache CACHE;
  private static final WriteBufferManager WRITE_BUFFERS;

  static {
    RocksDB.loadLibrary();
    CACHE = new LRUCache(CACHE_BYTES);
    WRITE_BUFFERS = new WriteBufferManager(WRITE_BUFFERS_BYTES, CACHE);
  }

  /** What the cache and the memtables of all stores take, in bytes. Safe while stores close. */
  public static long usedBytes() {
    return CACHE.getUsage();
  }

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(CACHE);
    table.setCacheIndexAndFilterBlocks(true);
    table.setFilterPolicy(new BloomFilter(10));
    options.setTableFormatConfig(table);
    options.setWriteBufferManager(WRITE_BUFFERS);
    options.setWriteBufferSize(MEMTABLE_BYTES);
    options.setMaxWriteBufferNumber(2);
    // Timers are deleted soon after they were written: levels drop their tombstones early.
    options.setCompactionStyle(
        storeName.equals(TimerRows.STORE) ? CompactionStyle.LEVEL : CompactionStyle.UNIVERSAL);
  }

  @Override
  public void close(String storeName, Options options) {
    // The shared objects outlive every store.
  }
}
