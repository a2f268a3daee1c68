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
    return of(schema, schema);
  }

  /**
   * Writes values of one schema in another version of it.
   *
   * @param value the schema of the values' classes
   * @param schema what is written, of which all is in the values
   * @throws IllegalArgumentException the schema uses a type that no record of ours has
   */
  static FieldWriter of(Schema value, Schema schema) {
    return of(value, schema, new HashMap<>());
  }

  /**
   * @param records by full name, for schemas that contain themselves
   */
  private static FieldWriter of(Schema value, Schema schema, Map<String, RecordWriter> records) {
    LogicalType logical = schema.getLogicalType();
    if (logical != null) {
      if (!logical.equals(LogicalTypes.timestampMillis())) {
        throw unknown(schema);
      }
      return (instant, out) -> out.writeLong(((Instant) instant).toEpochMilli());
    }
    return switch (schema.getType()) {
      case RECORD -> record(branch(value, schema), schema, records);
      case UNION -> union(value, schema, records);
      case ARRAY ->
          array(of(branch(value, schema).getElementType(), schema.getElementType(), records));
      case MAP -> map(of(branch(value, schema).getValueType(), schema.getValueType(), records));
      case ENUM -> symbols(branch(value, schema), schema);
      case STRING -> (text, out) -> out.writeString((String) text);
      case BYTES -> FieldWriter::bytes;
      case INT -> (number, out) -> out.writeInt((Integer) number);
      case LONG -> (number, out) -> out.writeLong((Long) number);
      case DOUBLE -> (number, out) -> out.writeDouble((Double) number);
      case BOOLEAN -> (truth, out) -> out.writeBoolean((Boolean) truth);
      case FIXED, FLOAT, NULL -> throw unknown(schema);
    };
  }

  private static IllegalArgumentException unknown(Schema schema) {
    return new IllegalArgumentException("No record of ours has a field of type " + schema);
  }

  /** Of a union the branch that has the schema's type and name. */
  private static Schema branch(Schema value, Schema schema) {
    if (value.getType() != Schema.Type.UNION) {
      return value;
    }
    return value.getTypes().stream()
        .filter(
            branch ->
                branch.getType() == schema.getType()
                    && branch.getFullName().equals(schema.getFullName()))
        .findFirst()
        .orElse(schema); // no value is of it
  }

  private static FieldWriter symbols(Schema value, Schema schema) {
    int[] ordinals = new int[value.getEnumSymbols().size()];
    for (int i = 0; i < ordinals.length; i++) {
      String symbol = value.getEnumSymbols().get(i);
      ordinals[i] = schema.hasEnumSymbol(symbol) ? schema.getEnumOrdinal(symbol) : -1;
    }
    return (symbol, out) -> out.writeEnum(ordinals[((Enum<?>) symbol).ordinal()]);
  }

  private static FieldWriter record(
      Schema value, Schema schema, Map<String, RecordWriter> records) {
    RecordWriter known = records.get(schema.getFullName());
    if (known != null) {
      return known;
    }
    int count = schema.getFields().size();
    RecordWriter writer = new RecordWriter(new int[count], new FieldWriter[count]);
    records.put(schema.getFullName(), writer);
    for (Schema.Field field : schema.getFields()) {
      Schema.Field same = value.getField(field.name());
      if (same == null) {
        throw new IllegalArgumentException(
            "%s has no %s any more".formatted(value.getFullName(), field.name()));
      }
      writer.positions[field.pos()] = same.pos();
      writer.fields[field.pos()] = of(same.schema(), field.schema(), records);
    }
    return writer;
  }

  private static FieldWriter union(Schema value, Schema schema, Map<String, RecordWriter> records) {
    List<Schema> branches = schema.getTypes();
    boolean nullable = branches.getFirst().getType() == Schema.Type.NULL;
    if (nullable && branches.size() == 2) {
      return new Optional(of(value, branches.get(1), records));
    }
    Map<String, Branch> byName = new HashMap<>();
    for (int i = nullable ? 1 : 0; i < branches.size(); i++) {
      if (branches.get(i).getType() != Schema.Type.RECORD) {
        throw unknown(schema);
      }
      Schema branch = branches.get(i);
      byName.put(
          branch.getFullName(), new Branch(i, record(branch(value, branch), branch, records)));
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
   * @param positions in the values, of what is written
   * @param fields in the order of the schema
   */
  record RecordWriter(int[] positions, FieldWriter[] fields) implements FieldWriter {

    @Override
    public void write(Object value, BinaryEncoder out) throws IOException {
      SpecificRecord record = (SpecificRecord) value;
      for (int i = 0; i < fields.length; i++) {
        fields[i].write(record.get(positions[i]), out);
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
