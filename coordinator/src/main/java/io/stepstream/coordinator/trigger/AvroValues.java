package io.stepstream.coordinator.trigger;

import io.stepstream.asl.json.Json;
import io.stepstream.coordinator.trigger.RecordValues.Value;
import io.stepstream.schemas.registry.SchemaLookup;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Avro in Confluent's wire format, of any schema that the registry knows, as JSON. Logical types
 * are what they are made of: a timestamp is a number, a decimal its bytes. Not thread safe.
 */
final class AvroValues {

  private static final int PREFIX_LENGTH = 5;

  private final SchemaRegistry registry;

  /** The latest schema's; a topic's values change theirs rarely. */
  private @Nullable GenericDatumReader<Object> reader;

  private int readerId;

  AvroValues(SchemaRegistry registry) {
    this.registry = registry;
  }

  Value read(byte[] value) {
    if (value.length < PREFIX_LENGTH || value[0] != 0) {
      return new Value.Malformed(
          "the value is not in Confluent's wire format: a zero byte and a schema id");
    }
    int id = ByteBuffer.wrap(value).getInt(1);
    GenericDatumReader<Object> of = reader;
    if (of == null || readerId != id) {
      switch (registry.byId(id)) {
        case SchemaLookup.Missing(String reason) -> {
          return new Value.Malformed(reason);
        }
        case SchemaLookup.Found(Schema schema) -> {
          of = new GenericDatumReader<>(schema);
          reader = of;
          readerId = id;
        }
      }
    }
    try {
      BinaryDecoder in =
          DecoderFactory.get()
              .binaryDecoder(value, PREFIX_LENGTH, value.length - PREFIX_LENGTH, null);
      return new Value.Tree(json(of.read(null, in)));
    } catch (IOException | RuntimeException | StackOverflowError e) {
      // Avro reports malformed input by a dozen of exceptions, and recursion by depth.
      return new Value.Malformed("the value is not of its schema, id %d: %s".formatted(id, e));
    }
  }

  private static Object json(@Nullable Object avro) {
    return switch (avro) {
      case null -> Json.NULL;
      case GenericRecord record -> {
        Map<String, Object> object = new LinkedHashMap<>();
        for (Schema.Field field : record.getSchema().getFields()) {
          object.put(field.name(), json(record.get(field.pos())));
        }
        yield object;
      }
      case Map<?, ?> map -> {
        Map<String, Object> object = new LinkedHashMap<>();
        map.forEach((name, member) -> object.put(name.toString(), json(member)));
        yield object;
      }
      case Collection<?> array -> {
        List<Object> items = new ArrayList<>(array.size());
        array.forEach(item -> items.add(json(item)));
        yield items;
      }
      case ByteBuffer bytes -> base64(bytes.duplicate());
      case GenericFixed fixed -> base64(ByteBuffer.wrap(fixed.bytes()));
      case Boolean flag -> flag;
      case Float number -> finite(number.doubleValue());
      case Double number -> finite(number);
      case Number number -> number;
      default -> avro.toString(); // texts and symbols
    };
  }

  private static Object finite(double number) {
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException("JSON has no " + number);
    }
    return number;
  }

  private static String base64(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return Base64.getEncoder().encodeToString(copy);
  }
}
