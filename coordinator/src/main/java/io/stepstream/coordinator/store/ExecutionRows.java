package io.stepstream.coordinator.store;

import io.stepstream.asl.engine.Execution;
import io.stepstream.asl.engine.ExecutionView;
import io.stepstream.asl.engine.Frame;
import io.stepstream.asl.engine.ValueKey;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.FrameRow;
import io.stepstream.schemas.codec.RowCodec;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The executions store of one partition. Not thread safe: confined to the partition's stream
 * thread.
 */
public final class ExecutionRows {

  public static final String STORE = "executions";

  /** To {@link #purge}: all rows of an execution but its header. */
  public static final long EVERYTHING = -1;

  private static final RowCodec<ExecutionRow> HEADERS = RowCodec.of(ExecutionRow.class);
  private static final RowCodec<FrameRow> FRAMES = RowCodec.of(FrameRow.class);

  private final KeyValueStore<Bytes, byte[]> store;
  private final boolean express;

  public ExecutionRows(KeyValueStore<Bytes, byte[]> store, boolean express) {
    this.store = store;
    this.express = express;
  }

  public @Nullable ExecutionRow header(byte[] hash) {
    byte[] row = store.get(RowKeys.header(hash));
    return row == null ? null : HEADERS.read(row);
  }

  public void putHeader(byte[] hash, ExecutionRow header) {
    store.put(RowKeys.header(hash), HEADERS.encode(header));
  }

  public void deleteHeader(byte[] hash) {
    delete(RowKeys.header(hash));
  }

  public void putFrame(byte[] hash, Frame frame) {
    store.put(RowKeys.frame(hash, frame.id()), FRAMES.encode(RowMapper.row(frame)));
  }

  public void deleteFrame(byte[] hash, long frameId) {
    delete(RowKeys.frame(hash, frameId));
  }

  public void putValue(byte[] hash, ValueKey key, byte[] json) {
    store.put(RowKeys.value(hash, key), json);
  }

  public void deleteValue(byte[] hash, ValueKey key) {
    delete(RowKeys.value(hash, key));
  }

  /**
   * Deletes rows under a container, or {@link #EVERYTHING}.
   *
   * @return whether rows are left
   */
  public boolean purge(byte[] hash, long container, int atMost) {
    List<Bytes> keys = new ArrayList<>();
    if (container == EVERYTHING) {
      collect(RowKeys.frame(hash, 0), RowKeys.last(hash), atMost + 1, keys);
    } else {
      for (byte kind : new byte[] {RowKeys.ITEMS, RowKeys.RESULT}) {
        collect(
            RowKeys.containerFrom(hash, kind, container),
            RowKeys.containerTo(hash, kind, container),
            atMost + 1,
            keys);
      }
    }
    boolean more = keys.size() > atMost;
    (more ? keys.subList(0, atMost) : keys).forEach(this::delete);
    return more;
  }

  private void collect(Bytes from, Bytes to, int atMost, List<Bytes> keys) {
    try (KeyValueIterator<Bytes, byte[]> rows = store.range(from, to)) {
      while (keys.size() < atMost && rows.hasNext()) {
        keys.add(rows.next().key);
      }
    }
  }

  /** The store's own deletion would read the row, to return what it was. */
  private void delete(Bytes key) {
    store.put(key, null);
  }

  /**
   * What the core sees of an execution. The header was read already, since the shell needs more of
   * it.
   */
  public ExecutionView view(byte[] hash, @Nullable ExecutionRow header) {
    return new View(hash, header == null ? null : RowMapper.execution(header, express));
  }

  /** A header with what the core decided. */
  public static ExecutionRow updated(ExecutionRow header, Execution execution) {
    return RowMapper.update(header, execution);
  }

  public static ExecutionStatus status(Execution.Status status) {
    return RowMapper.status(status);
  }

  /**
   * @throws IllegalStateException a status of a newer release
   */
  public static Execution.Status status(ExecutionStatus status) {
    return RowMapper.status(status);
  }

  private final class View implements ExecutionView {

    private final byte[] hash;
    private final @Nullable Execution execution;

    View(byte[] hash, @Nullable Execution execution) {
      this.hash = hash;
      this.execution = execution;
    }

    @Override
    public @Nullable Execution execution() {
      return execution;
    }

    @Override
    public @Nullable Frame frame(long frameId) {
      // A new execution has no rows: no need to ask the store.
      byte[] row = execution == null ? null : store.get(RowKeys.frame(hash, frameId));
      return row == null ? null : RowMapper.frame(FRAMES.read(row));
    }

    @Override
    public byte @Nullable [] value(ValueKey key) {
      return execution == null ? null : store.get(RowKeys.value(hash, key));
    }
  }
}
