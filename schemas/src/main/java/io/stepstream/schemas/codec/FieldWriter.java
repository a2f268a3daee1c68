package io.stepstream.schemas.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes values of one schema in Avro's binary encoding. A schema is translated into writers once;
 * Avro's own {@code SpecificDatumWriter} asks the schema, the model and the conversions anew for
 * every field of every record, which took a seventh of a coordinator's time (ADR 0018).
 *
 * <p>Knows what our schemas consist of, and refuses a schema with anything else when it is
 * translated, not when the first record comes.
 */
@FunctionalInterface
interface FieldWriter {

  void write(Object value, BinaryEncoder out) throws IOException;

  /**
   * @throws IllegalArgumentException the schema uses a type that no record of ours has
   */
  static FieldWriter of(Schema schema) {
    return of(schema, new HashMap<>());
  }

  /**
   * @param records by full name, for schemas that contain themselves
   */
  private static FieldWriter of(Schema schema, Map<String, RecordWriter> records) {
    LogicalType logical = schema.getLogicalType();
    if (logical != null) {
      if (!logical.equals(LogicalTypes.timestampMillis())) {
        throw unknown(schema);
      }
      return (value, out) -> out.writeLong(((Instant) value).toEpochMilli());
    }
    return switch (schema.getType()) {
      case RECORD -> record(schema, records);
      case UNION -> union(schema, records);
      case ARRAY -> array(of(schema.getElementType(), records));
      case MAP -> map(of(schema.getValueType(), records));
      case ENUM -> (value, out) -> out.writeEnum(((Enum<?>) value).ordinal());
      case STRING -> (value, out) -> out.writeString((String) value);
      case BYTES -> FieldWriter::bytes;
      case INT -> (value, out) -> out.writeInt((Integer) value);
      case LONG -> (value, out) -> out.writeLong((Long) value);
      case DOUBLE -> (value, out) -> out.writeDouble((Double) value);
      case BOOLEAN -> (value, out) -> out.writeBoolean((Boolean) value);
      case FIXED, FLOAT, NULL -> throw unknown(schema);
    };
  }

  private static IllegalArgumentException unknown(Schema schema) {
    return new IllegalArgumentException("No record of ours has a field of type " + schema);
  }

  private static FieldWriter record(Schema schema, Map<String, RecordWriter> records) {
    RecordWriter known = records.get(schema.getFullName());
    if (known != null) {
      return known;
    }
    RecordWriter writer = new RecordWriter(new FieldWriter[schema.getFields().size()]);
    records.put(schema.getFullName(), writer);
    for (Schema.Field field : schema.getFields()) {
      writer.fields[field.pos()] = of(field.schema(), records);
    }
    return writer;
  }

  private static FieldWriter union(Schema schema, Map<String, RecordWriter> records) {
    List<Schema> branches = schema.getTypes();
    boolean nullable = branches.getFirst().getType() == Schema.Type.NULL;
    if (nullable && branches.size() == 2) {
      return new Optional(of(branches.get(1), records));
    }
    Map<String, Branch> byName = new HashMap<>();
    for (int i = nullable ? 1 : 0; i < branches.size(); i++) {
      if (branches.get(i).getType() != Schema.Type.RECORD) {
        throw unknown(schema);
      }
      byName.put(branches.get(i).getFullName(), new Branch(i, record(branches.get(i), records)));
    }
    return new OneOf(nullable, Map.copyOf(byName));
  }

  private static FieldWriter array(FieldWriter element) {
    return (value, out) -> {
      Collection<?> elements = (Collection<?>) value;
      out.writeArrayStart();
      out.setItemCount(elements.size());
      for (Object each : elements) {
        out.startItem();
        element.write(each, out);
      }
      out.writeArrayEnd();
    };
  }

  private static FieldWriter map(FieldWriter element) {
    return (value, out) -> {
      Map<?, ?> entries = (Map<?, ?>) value;
      out.writeMapStart();
      out.setItemCount(entries.size());
      for (Map.Entry<?, ?> entry : entries.entrySet()) {
        out.startItem();
        out.writeString((String) entry.getKey());
        element.write(entry.getValue(), out);
      }
      out.writeMapEnd();
    };
  }

  private static void bytes(Object value, BinaryEncoder out) throws IOException {
    ByteBuffer buffer = (ByteBuffer) value;
    if (buffer.hasArray()) {
      out.writeBytes(buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining());
    } else {
      out.writeBytes(buffer);
    }
  }

  /**
   * @param fields by position
   */
  record RecordWriter(FieldWriter[] fields) implements FieldWriter {

    @Override
    public void write(Object value, BinaryEncoder out) throws IOException {
      SpecificRecord record = (SpecificRecord) value;
      for (int i = 0; i < fields.length; i++) {
        fields[i].write(record.get(i), out);
      }
    }
  }

  /** A value or null, which is the first branch. */
  record Optional(FieldWriter present) implements FieldWriter {

    @Override
    public void write(@Nullable Object value, BinaryEncoder out) throws IOException {
      if (value == null) {
        out.writeIndex(0);
      } else {
        out.writeIndex(1);
        present.write(value, out);
      }
    }
  }

  /** A branch of a union. */
  record Branch(int index, FieldWriter writer) {}

  /** One of several records, by the name of its class's schema. */
  record OneOf(boolean nullable, Map<String, Branch> branches) implements FieldWriter {

    @Override
    public void write(@Nullable Object value, BinaryEncoder out) throws IOException {
      if (value == null && nullable) {
        out.writeIndex(0);
        return;
      }
      Branch branch =
          value instanceof SpecificRecord record
              ? branches.get(record.getSchema().getFullName())
              : null;
      if (branch == null) {
        throw new ClassCastException(value + " is no branch of " + branches.keySet());
      }
      out.writeIndex(branch.index());
      branch.writer().write(value, out);
    }
  }
}
