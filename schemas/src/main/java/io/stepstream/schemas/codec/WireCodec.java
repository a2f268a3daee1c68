package io.stepstream.schemas.codec;

import static java.util.Objects.requireNonNull;

import io.stepstream.schemas.codec.Decoded.Unreadable;
import io.stepstream.schemas.registry.SchemaLookup;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.registry.SchemaRegistryException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.avro.Schema;
import org.apache.avro.io.DatumReader;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * The format of every record on a topic: a zero byte, the id of the writer's schema in four bytes
 * (big endian), the record in Avro's binary encoding. Confluent's serializers and every client of
 * theirs read and write the same.
 *
 * <p>Thread safe. A codec per thread avoids that threads compete for its buffers (they would only
 * allocate more); the schemas behind the ids are cached in the registry as well.
 *
 * @see <a
 *     href="https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format">Wire
 *     format</a>
 */
public final class WireCodec<T extends SpecificRecordBase> implements RecordCodec<T> {

  private static final byte MAGIC = 0;
  private static final int PREFIX_LENGTH = 5;

  private final AvroBody<T> body;
  private final SchemaRegistry registry;
  private final String subject;
  private final Map<Integer, DatumReader<T>> readers = new ConcurrentHashMap<>();

  private final WrittenVersions written;

  /** The prefixes of what we write in each version; null until the schema has got its id. */
  private final AtomicReferenceArray<byte @Nullable []> prefixes;

  private WireCodec(AvroBody<T> body, String subject, SchemaRegistry registry) {
    this.body = body;
    this.registry = requireNonNull(registry, "registry");
    this.subject = subject;
    this.written = body.written(registry.known(body.schema().getFullName()));
    this.prefixes = new AtomicReferenceArray<>(written.count());
  }

  /**
   * The codec of a topic's values. Does not speak to the registry yet, so that whoever only reads
   * needs no right to register: see {@link #register()}.
   */
  public static <T extends SpecificRecordBase> WireCodec<T> forTopic(
      Class<T> type, String topic, SchemaRegistry registry) {
    return new WireCodec<>(
        new AvroBody<>(requireNonNull(type, "type")), SchemaRegistry.valueSubject(topic), registry);
  }

  /**
   * The same for those who need a record's first fields and to know that the rest is no garbage:
   * reads only these fields and walks over the others, which costs a fraction of reading them. What
   * it does not read is null or zero, whatever the schema says.
   */
  public WireCodec<T> ofFirstFields(int fields) {
    return new WireCodec<>(body.ofFirstFields(fields), subject, registry);
  }

  /**
   * Registers the schema now instead of at the first {@link #encode}. A writer calls this at its
   * start: then a refused schema stops the deployment and not the first record.
   *
   * @throws SchemaRegistryException if the registry refuses or cannot be reached
   */
  public void register() {
    prefix(written.count() - 1);
  }

  /**
   * {@inheritDoc} Where readers of an earlier release couldn't ask anybody for the current schema,
   * in the oldest version that loses nothing (ADR 0075).
   *
   * @throws SchemaRegistryException at the first record only, see {@link #register()}
   */
  @Override
  public byte[] encode(T value) {
    int version = written.of(value);
    return body.encode(prefix(version), written.writer(version), value);
  }

  /**
   * {@inheritDoc}
   *
   * @throws SchemaRegistryException if the id isn't known yet and the registry cannot be asked.
   *     That says nothing about the bytes, so such a record must be tried again and not be put
   *     aside.
   */
  @Override
  public Decoded<T> decode(byte @Nullable [] bytes) {
    if (bytes == null) {
      return new Unreadable<>("No value");
    }
    if (bytes.length < PREFIX_LENGTH) {
      return new Unreadable<>(
          "%d bytes are too few for Confluent's wire format (a zero byte and a schema id)"
              .formatted(bytes.length));
    }
    if (bytes[0] != MAGIC) {
      return new Unreadable<>(
          "The first byte is 0x%02x, not the 0x00 of Confluent's wire format".formatted(bytes[0]));
    }
    int id = ByteBuffer.wrap(bytes).getInt(1);
    DatumReader<T> reader = readers.get(id);
    if (reader != null) {
      return body.decode(reader, bytes, PREFIX_LENGTH);
    }
    return switch (registry.byId(id)) {
      case SchemaLookup.Missing(String reason) -> new Unreadable<>(reason);
      case SchemaLookup.Found(Schema writer) -> decodeFirst(id, writer, bytes);
    };
  }

  private Decoded<T> decodeFirst(int id, Schema writer, byte[] bytes) {
    String expected = body.schema().getFullName();
    if (writer.getType() != Schema.Type.RECORD || !writer.getFullName().equals(expected)) {
      return new Unreadable<>(
          "Schema id %d is a %s, not a %s".formatted(id, writer.getFullName(), expected));
    }
    DatumReader<T> reader = body.readerOf(writer);
    readers.put(id, reader);
    return body.decode(reader, bytes, PREFIX_LENGTH);
  }

  private byte[] prefix(int version) {
    byte[] known = prefixes.get(version);
    if (known == null) {
      int id = registry.register(subject, written.version(version).schema());
      known = ByteBuffer.allocate(PREFIX_LENGTH).put(MAGIC).putInt(id).array();
      prefixes.set(version, known);
    }
    return known;
  }
}
