package io.stepstream.schemas;

import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.codec.RecordClasses;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;

/** Records with contents that depend on a seed only. */
public final class SampleRecords {

  private static final String[] TEXTS = {"", "Order", "größer", "注文\uD83D\uDE00", "a\"b\\c\n"};

  static {
    RecordClasses.trust();
  }

  private final Random random;
  private final boolean complete;

  private SampleRecords(long seed, boolean complete) {
    this.random = new Random(seed);
    this.complete = complete;
  }

  /** Every record type of the protocol. */
  public static Stream<Class<? extends SpecificRecordBase>> types() {
    return Stepstream.PROTOCOL.getTypes().stream()
        .filter(schema -> schema.getType() == Schema.Type.RECORD)
        .map(SampleRecords::typeOf);
  }

  public static Class<? extends SpecificRecordBase> typeOf(Schema schema) {
    try {
      return Class.forName(schema.getFullName()).asSubclass(SpecificRecordBase.class);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  /** Optional fields are absent or present by chance. */
  public static <T extends SpecificRecordBase> T random(Class<T> type, long seed) {
    return type.cast(new SampleRecords(seed, false).value(SpecificData.get().getSchema(type)));
  }

  /** All optional fields are present. */
  public static <T extends SpecificRecordBase> T complete(Class<T> type, long seed) {
    return type.cast(new SampleRecords(seed, true).value(SpecificData.get().getSchema(type)));
  }

  private Object value(Schema schema) {
    return switch (schema.getType()) {
      case RECORD -> record(schema);
      case ENUM ->
          SpecificData.get()
              .createEnum(
                  schema.getEnumSymbols().get(random.nextInt(schema.getEnumSymbols().size())),
                  schema);
      case UNION -> union(schema);
      case ARRAY -> list(schema.getElementType());
      case MAP -> map(schema.getValueType());
      case STRING -> TEXTS[random.nextInt(TEXTS.length)] + random.nextInt(1000);
      case BYTES -> Payloads.of("{\"n\":" + random.nextInt() + "}");
      case INT -> random.nextInt();
      case LONG ->
          schema.getLogicalType() == null
              ? (Object) random.nextLong()
              : Instant.ofEpochMilli(random.nextLong(4_000_000_000_000L));
      case BOOLEAN -> random.nextBoolean();
      case DOUBLE -> random.nextInt() / 8.0;
      case FLOAT, FIXED, NULL -> throw new AssertionError("No record has a " + schema);
    };
  }

  private Object record(Schema schema) {
    SpecificRecordBase record =
        (SpecificRecordBase) SpecificData.newInstance(typeOf(schema), schema);
    for (Schema.Field field : schema.getFields()) {
      record.put(field.pos(), value(field.schema()));
    }
    return record;
  }

  private Object union(Schema schema) {
    List<Schema> branches = new ArrayList<>(schema.getTypes());
    if (complete) {
      branches.removeIf(branch -> branch.getType() == Schema.Type.NULL);
    }
    Schema branch = branches.get(random.nextInt(branches.size()));
    return branch.getType() == Schema.Type.NULL ? null : value(branch);
  }

  private List<Object> list(Schema element) {
    List<Object> list = new ArrayList<>();
    for (int i = complete ? 2 : random.nextInt(4); i > 0; i--) {
      list.add(value(element));
    }
    return list;
  }

  private Map<String, Object> map(Schema element) {
    Map<String, Object> map = new HashMap<>();
    // A single entry when the result becomes a golden file: maps have no order.
    for (int i = complete ? 1 : random.nextInt(4); i > 0; i--) {
      map.put("var" + i, value(element));
    }
    return map;
  }
}
