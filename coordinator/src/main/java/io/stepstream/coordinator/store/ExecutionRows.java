package io.stepstream.coordinator.store;

import io.stepstream.asl.engine.Execution;
import io.stepstream.asl.engine.ExecutionView;
import io.stepstream.asl.engine.Frame;
import io.stepstream.asl.engine.ValueKey;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.FrameRow;
import io.stepstream.schemas.codec.RowCodec;
import io.stepstream.schemas.sealing.KeyUnavailableException;
import io.stepstream.schemas.sealing.Opened;
import io.stepstream.schemas.sealing.PayloadKeys;
import io.stepstream.schemas.sealing.Seal;
import io.stepstream.schemas.sealing.SealProblem;
import io.stepstream.schemas.sealing.SealedFields;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
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

  private static final byte[] JSON_NULL = "null".getBytes(StandardCharsets.UTF_8);

  private final KeyValueStore<Bytes, byte[]> store;
  private final boolean express;
  private final PayloadKeys keys;

  /**
   * @param keys open what was sealed
   */
  public ExecutionRows(KeyValueStore<Bytes, byte[]> store, boolean express, PayloadKeys keys) {
    this.store = store;
    this.express = express;
    this.keys = keys;
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

  public void putFrame(byte[] hash, Frame frame, Seal seal) {
    Bytes key = RowKeys.frame(hash, frame.id());
    FrameRow row = RowMapper.row(frame);
    if (!seal.isNone()) {
      SealedFields.seal(row, seal, context(key));
    }
    store.put(key, FRAMES.encode(row));
  }

  public void deleteFrame(byte[] hash, long frameId) {
    delete(RowKeys.frame(hash, frameId));
  }

  public void putValue(byte[] hash, ValueKey key, byte[] json, Seal seal) {
    Bytes row = RowKeys.value(hash, key);
    store.put(row, seal.isNone() ? json : seal.bytes(json, context(row)));
  }

  /** What is sealed for one row is nothing in another. */
  private static String context(Bytes key) {
    return "row " + HexFormat.of().formatHex(key.get());
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
   * it. What it asks for throws {@link KeyUnavailableException} where the key to it is missing, and
   * {@link IllegalStateException} where it was tampered with.
   */
  public ExecutionView view(byte[] hash, @Nullable ExecutionRow header) {
    return new View(hash, execution(header), false);
  }

  /** The same for an end that nothing may keep from coming: what can't be opened is null. */
  public ExecutionView readableView(byte[] hash, @Nullable ExecutionRow header) {
    return new View(hash, execution(header), true);
  }

  private @Nullable Execution execution(@Nullable ExecutionRow header) {
    return header == null ? null : RowMapper.execution(header, express);
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
    private final boolean readable;

    View(byte[] hash, @Nullable Execution execution, boolean readable) {
      this.hash = hash;
      this.execution = execution;
      this.readable = readable;
    }

    @Override
    public @Nullable Execution execution() {
      return execution;
    }

    @Override
    public @Nullable Frame frame(long frameId) {
      // A new execution has no rows: no need to ask the store.
      Bytes key = RowKeys.frame(hash, frameId);
      byte[] bytes = execution == null ? null : store.get(key);
      if (bytes == null) {
        return null;
      }
      FrameRow row = FRAMES.read(bytes);
      SealProblem problem = SealedFields.open(row, keys, () -> context(key));
      if (problem != null) {
        complain(problem);
        SealedFields.strip(row);
      }
      return RowMapper.frame(row);
    }

    @Override
    public byte @Nullable [] value(ValueKey key) {
      Bytes row = RowKeys.value(hash, key);
      byte[] value = execution == null ? null : store.get(row);
      if (value == null || !SealedFields.maybeSealed(value)) {
        return value;
      }
      return switch (keys.open(value, context(row))) {
        case Opened.Payload(byte[] json) -> json;
        case Opened.Closed(SealProblem problem) -> {
          complain(problem);
          yield JSON_NULL;
        }
      };
    }

    private void complain(SealProblem problem) {
      if (readable) {
        return;
      }
      switch (problem) {
        case SealProblem.KeyMissing(String reason) -> throw new KeyUnavailableException(reason);
        case SealProblem.Tampered(String reason) -> throw new IllegalStateException(reason);
      }
    }
  }
}
