package io.stepstream.schemas.codec;

import io.stepstream.schemas.codec.Decoded.Read;
import io.stepstream.schemas.codec.Decoded.Unreadable;
import io.stepstream.schemas.registry.RecordVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * The Avro part of both formats: everything after the prefix which names the writer's schema.
 *
 * <p>Thread safe. The buffers of one call wait in a single slot for the next one: a codec that is
 * used by one thread allocates nothing but its results, and threads that meet at a codec allocate
 * fresh ones instead of waiting. A {@code ThreadLocal} would hoard buffers in every virtual thread.
 */
final class AvroBody<T extends SpecificRecordBase> {

  /**
   * Larger buffers are left to the garbage collector, so one huge record isn't paid for forever.
   */
  private static final int RETAINED_BYTES = 64 * 1024;

  private static final byte[] NOTHING = {};

  static {
    RecordClasses.trust();
  }

  private final Class<T> type;
  private final Schema schema;

  /** What is read: all fields, or the first ones. */
  private final Schema readerSchema;

  private final SpecificData model;
  private final AtomicReference<@Nullable Scratch> idle = new AtomicReference<>();

  AvroBody(Class<T> type) {
    this(type, Integer.MAX_VALUE);
  }

  /**
   * @param fieldsRead the record's first fields, which are read; the others are walked over
   */
  private AvroBody(Class<T> type, int fieldsRead) {
    this.type = type;
    SpecificData generated = SpecificData.getForClass(type);
    this.schema = generated.getSchema(type);
    this.readerSchema = fieldsRead < schema.getFields().size() ? first(fieldsRead) : schema;
    // The generated classes' own model looks records up in Avro's class loader, which in a layered
    // application (Quarkus in dev mode) doesn't see them and would silently yield generic records.
    this.model = new SpecificData(type.getClassLoader());
    generated.getConversions().forEach(model::addLogicalTypeConversion);
  }

  AvroBody<T> ofFirstFields(int fields) {
    return new AvroBody<>(type, fields);
  }

  /** The first fields only, whose places in the record are the same as in all of it. */
  private Schema first(int fields) {
    return Schema.createRecord(
        schema.getName(),
        schema.getDoc(),
        schema.getNamespace(),
        false,
        schema.getFields().subList(0, fields).stream()
            .map(field -> new Schema.Field(field, field.schema()))
            .toList());
  }

  Schema schema() {
    return schema;
  }

  /**
   * @param versions that were released, the oldest first; none, or not the current one among them:
   *     the current one is all that is written
   */
  WrittenVersions written(List<RecordVersion> versions) {
    long fingerprint = SchemaNormalization.parsingFingerprint64(schema);
    boolean released = !versions.isEmpty() && versions.getLast().fingerprint() == fingerprint;
    return new WrittenVersions(
        schema, released ? versions : List.of(new RecordVersion(1, 0, fingerprint, schema)), model);
  }

  /**
   * A reader of what the given schema wrote. Costs up to a millisecond: keep it. Parts which cannot
   * be resolved are reported when a record contains them, not here, so a newer writer stays
   * readable as long as it sends nothing that we don't know.
   */
  synchronized DatumReader<T> readerOf(Schema writerSchema) {
    // Synchronized, since Avro fills its cache of resolved record types without a lock.
    try {
      return model
          .getFastReaderBuilder()
          .createDatumReader(NamedBranches.bind(writerSchema, readerSchema), readerSchema);
    } catch (IOException e) {
      throw new UncheckedIOException("Resolving " + schema.getFullName(), e);
    }
  }

  /**
   * @param writer of the version that the prefix names
   */
  byte[] encode(byte[] prefix, FieldWriter writer, T value) {
    Scratch scratch = take();
    byte[] bytes;
    try {
      scratch.out.reset();
      scratch.out.write(prefix, 0, prefix.length);
      writer.write(value, scratch.encoder);
      scratch.encoder.flush();
      bytes = scratch.out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("Writing " + schema.getFullName() + " to memory", e);
    }
    giveBack(scratch, bytes.length);
    return bytes;
  }

  Decoded<T> decode(DatumReader<T> reader, byte[] bytes, int offset) {
    Scratch scratch = take();
    Decoded<T> result;
    try {
      BinaryDecoder in =
          DecoderFactory.get().binaryDecoder(bytes, offset, bytes.length - offset, scratch.decoder);
      scratch.decoder = in;
      T value = reader.read(null, in);
      result =
          in.isEnd()
              ? new Read<>(value)
              : unreadable("%d bytes follow the record", in.inputStream().available());
    } catch (IOException | RuntimeException | StackOverflowError e) {
      // Avro reports malformed input by a dozen of exceptions (EOF, AvroTypeException,
      // IndexOutOfBounds, UnsupportedOperation, ...) and recursion by depth of the input.
      result = unreadable("%s", describe(e));
    }
    giveBack(scratch, bytes.length);
    return result;
  }

  private Unreadable<T> unreadable(String format, Object argument) {
    return new Unreadable<>("Not a " + schema.getFullName() + ": " + format.formatted(argument));
  }

  private static String describe(Throwable problem) {
    String message = problem.getMessage();
    String name = problem.getClass().getSimpleName();
    return message == null ? name : name + ": " + message;
  }

  private Scratch take() {
    Scratch scratch = idle.getAndSet(null);
    return scratch == null ? new Scratch() : scratch;
  }

  private void giveBack(Scratch scratch, int size) {
    if (size <= RETAINED_BYTES) {
      idle.set(scratch);
    }
  }

  /** Confined to one call at a time. */
  private static final class Scratch {
    final ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    // Buffered, since ByteArrayOutputStream takes a lock per call. What a failed record left in the
    // buffer must not precede the next one: a scratch is only given back after a success.
    final BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(NOTHING, null);
  }
}
