package io.stepstream.schemas.codec;

import io.stepstream.schemas.codec.Decoded.Read;
import io.stepstream.schemas.codec.Decoded.Unreadable;
import io.stepstream.schemas.registry.RecordVersion;
import io.stepstream.schemas.registry.RecordVersions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.io.DatumReader;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * The format of every row in a store: Avro's single-object encoding, which is the bytes {@code C3
 * 01}, the CRC-64-AVRO fingerprint of the writer's schema (little endian) and the record.
 *
 * <p>All versions of a record that were ever released travel with this module ({@link
 * RecordVersions}), so a row written years ago is read without asking anybody. Thread safe, as
 * {@link WireCodec}.
 *
 * @see <a
 *     href="https://avro.apache.org/docs/1.12.0/specification/#single-object-encoding">Single-object
 *     encoding</a>
 */
public final class RowCodec<T extends SpecificRecordBase> implements RecordCodec<T> {

  private static final short MAGIC = (short) 0xC301;
  private static final int PREFIX_LENGTH = 10;

  private final AvroBody<T> body;
  private final WrittenVersions written;
  private final byte[][] prefixes;
  private final long fingerprint;
  private final DatumReader<T> reader;
  private final Map<Long, DatumReader<T>> olderReaders;

  private RowCodec(Class<T> type) {
    this.body = new AvroBody<>(type);
    List<RecordVersion> versions = RecordVersions.released().of(body.schema().getFullName());
    this.written = body.written(versions);
    this.fingerprint = written.latest().fingerprint();
    this.prefixes = new byte[written.count()][];
    for (int i = 0; i < prefixes.length; i++) {
      prefixes[i] = prefix(written.version(i).fingerprint());
    }
    this.reader = body.readerOf(body.schema());
    Map<Long, DatumReader<T>> older = new HashMap<>();
    for (RecordVersion version : versions) {
      if (version.fingerprint() != fingerprint) {
        older.put(version.fingerprint(), body.readerOf(version.schema()));
      }
    }
    this.olderReaders = Map.copyOf(older);
  }

  public static <T extends SpecificRecordBase> RowCodec<T> of(Class<T> type) {
    return new RowCodec<>(type);
  }

  private static byte[] prefix(long fingerprint) {
    return ByteBuffer.allocate(PREFIX_LENGTH)
        .putShort(MAGIC)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(fingerprint)
        .array();
  }

  /** {@inheritDoc} In the oldest version that loses nothing (ADR 0075). */
  @Override
  public byte[] encode(T value) {
    int version = written.of(value);
    return body.encode(prefixes[version], written.writer(version), value);
  }

  @Override
  public Decoded<T> decode(byte @Nullable [] bytes) {
    if (bytes == null) {
      return new Unreadable<>("No row");
    }
    if (bytes.length < PREFIX_LENGTH) {
      return new Unreadable<>(
          "%d bytes are too few for Avro's single-object encoding".formatted(bytes.length));
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    short magic = buffer.getShort(0);
    if (magic != MAGIC) {
      return new Unreadable<>(
          "The first bytes are 0x%04x, not the 0xc301 of Avro's single-object encoding"
              .formatted(magic));
    }
    long writtenBy = buffer.order(ByteOrder.LITTLE_ENDIAN).getLong(2);
    if (writtenBy == fingerprint) {
      return body.decode(reader, bytes, PREFIX_LENGTH);
    }
    DatumReader<T> older = olderReaders.get(writtenBy);
    if (older == null) {
      return new Unreadable<>(
          "Fingerprint %016x is no released version of %s: was it written by a newer release?"
              .formatted(writtenBy, body.schema().getFullName()));
    }
    return body.decode(older, bytes, PREFIX_LENGTH);
  }

  /**
   * Reads a row which we must have written ourselves.
   *
   * @throws IllegalStateException if it cannot be read: the store is corrupt, or was written by a
   *     newer release. Going on would lose an execution's state, so nobody should catch this.
   */
  public T read(byte[] row) {
    return switch (decode(row)) {
      case Read<T>(T value) -> value;
      case Unreadable<T>(String reason) ->
          throw new IllegalStateException(
              "Corrupt row of %s (%d bytes): %s"
                  .formatted(body.schema().getFullName(), row.length, reason));
    };
  }
}
