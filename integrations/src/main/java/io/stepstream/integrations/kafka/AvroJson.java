package io.stepstream.integrations.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Avro's values as plain JSON, and back. Bytes are Base64; logical types are what they are made of:
 * a timestamp is a number, a decimal its bytes. A value of a union stands there without the name of
 * its branch, so on the way back it is of the first branch that takes it.
 */
final class AvroJson {

  /**
   * Branches of unions are tried, those of unions within them too, which multiplies. No record that
   * anybody means comes near.
   */
  private static final int MOST_TRIED = 500_000;

  /** A value is not of its schema; the message says where, and what it should be. */
  static final class Mismatch extends Exception {
    private static final long serialVersionUID = 1L;

    /** Without a stack trace: where branches of a union are tried it is no more than a no. */
    Mismatch(String at, String what) {
      super((at.isEmpty() ? "the value" : at) + ' ' + what, null, false, false);
    }
  }

  private int tried;

  private AvroJson() {}

  // ------------------------------------------------------------------ to JSON

  /**
   * @throws IllegalArgumentException JSON has no such number
   */
  static JsonNode json(@Nullable Object avro) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (avro) {
      case null -> nodes.nullNode();
      case GenericRecord record -> {
        ObjectNode object = nodes.objectNode();
        for (Schema.Field field : record.getSchema().getFields()) {
          object.set(field.name(), json(record.get(field.pos())));
        }
        yield object;
      }
      case Map<?, ?> map -> {
        ObjectNode object = nodes.objectNode();
        map.forEach((name, member) -> object.set(name.toString(), json(member)));
        yield object;
      }
      case Collection<?> array -> {
        ArrayNode items = nodes.arrayNode();
        array.forEach(item -> items.add(json(item)));
        yield items;
      }
      case ByteBuffer bytes -> {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        yield base64(copy);
      }
      case GenericFixed fixed -> base64(fixed.bytes());
      case Boolean flag -> nodes.booleanNode(flag);
      case Integer number -> nodes.numberNode(number);
      case Long number -> nodes.numberNode(number);
      case Float number -> finite(number.doubleValue());
      case Double number -> finite(number);
      default -> nodes.textNode(avro.toString()); // texts and symbols
    };
  }

  private static JsonNode base64(byte[] bytes) {
    return JsonNodeFactory.instance.textNode(Base64.getEncoder().encodeToString(bytes));
  }

  private static JsonNode finite(double number) {
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException("JSON has no " + number);
    }
    return JsonNodeFactory.instance.numberNode(number);
  }

  // ------------------------------------------------------------------ from JSON

  /** What a writer of that schema takes. */
  static @Nullable Object datum(JsonNode json, Schema schema) throws Mismatch {
    return new AvroJson().datum(json, schema, "");
  }

  private @Nullable Object datum(JsonNode json, Schema schema, String at) throws Mismatch {
    if (++tried > MOST_TRIED) {
      throw new Mismatch(at, "leaves too many branches of unions to try");
    }
    return switch (schema.getType()) {
      case NULL -> {
        require(json.isNull(), json, at, "null");
        yield null;
      }
      case BOOLEAN -> {
        require(json.isBoolean(), json, at, "a boolean");
        yield json.booleanValue();
      }
      case INT -> {
        require(whole(json) && json.canConvertToInt(), json, at, "a whole number of 32 bits");
        yield json.intValue();
      }
      case LONG -> {
        require(whole(json) && json.canConvertToLong(), json, at, "a whole number of 64 bits");
        yield json.longValue();
      }
      case FLOAT -> {
        require(
            json.isNumber() && Float.isFinite(json.floatValue()), json, at, "a number of 32 bits");
        yield json.floatValue();
      }
      case DOUBLE -> {
        require(
            json.isNumber() && Double.isFinite(json.doubleValue()),
            json,
            at,
            "a number of 64 bits");
        yield json.doubleValue();
      }
      case STRING -> {
        require(json.isTextual(), json, at, "a string");
        yield json.textValue();
      }
      case ENUM -> {
        require(
            json.isTextual() && schema.hasEnumSymbol(json.textValue()),
            json,
            at,
            "one of " + schema.getEnumSymbols());
        yield new GenericData.EnumSymbol(schema, json.textValue());
      }
      case BYTES -> ByteBuffer.wrap(bytes(json, at));
      case FIXED -> {
        byte[] bytes = bytes(json, at);
        if (bytes.length != schema.getFixedSize()) {
          throw new Mismatch(
              at, "has %d bytes rather than %d".formatted(bytes.length, schema.getFixedSize()));
        }
        yield new GenericData.Fixed(schema, bytes);
      }
      case ARRAY -> {
        require(json.isArray(), json, at, "an array");
        List<Object> items = new ArrayList<>(json.size());
        for (int i = 0; i < json.size(); i++) {
          items.add(datum(json.get(i), schema.getElementType(), at + "/" + i));
        }
        yield items;
      }
      case MAP -> {
        require(json.isObject(), json, at, "an object");
        Map<String, Object> members = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : json.properties()) {
          members.put(
              member.getKey(),
              datum(member.getValue(), schema.getValueType(), at + "/" + member.getKey()));
        }
        yield members;
      }
      case RECORD -> record(json, schema, at);
      case UNION -> branch(json, schema, at);
    };
  }

  /** 2.0 is a whole number too: JSONata has no other way to say 2. */
  private static boolean whole(JsonNode json) {
    return json.isNumber() && json.canConvertToExactIntegral();
  }

  private static byte[] bytes(JsonNode json, String at) throws Mismatch {
    require(json.isTextual(), json, at, "Base64");
    try {
      return Base64.getDecoder().decode(json.textValue());
    } catch (IllegalArgumentException _) {
      throw new Mismatch(at, "is not Base64, which stands for bytes");
    }
  }

  private GenericRecord record(JsonNode json, Schema schema, String at) throws Mismatch {
    require(json.isObject(), json, at, "an object, " + schema.getFullName());
    for (Map.Entry<String, JsonNode> member : json.properties()) {
      if (schema.getField(member.getKey()) == null) {
        // Left out silently it would be missed by whoever reads.
        throw new Mismatch(at + "/" + member.getKey(), "is no field of " + schema.getFullName());
      }
    }
    GenericData.Record record = new GenericData.Record(schema);
    for (Schema.Field field : schema.getFields()) {
      JsonNode given = json.get(field.name());
      if (given != null) {
        record.put(field.pos(), datum(given, field.schema(), at + "/" + field.name()));
      } else if (field.hasDefaultValue()) {
        record.put(field.pos(), GenericData.get().getDefaultValue(field));
      } else {
        throw new Mismatch(at + "/" + field.name(), "is missing and has no default");
      }
    }
    return record;
  }

  private @Nullable Object branch(JsonNode json, Schema union, String at) throws Mismatch {
    Mismatch only = null;
    int others = 0;
    for (Schema branch : union.getTypes()) {
      try {
        return datum(json, branch, at);
      } catch (Mismatch e) {
        if (branch.getType() != Schema.Type.NULL) {
          others++;
          only = e;
        }
      }
    }
    if (only != null && others == 1) {
      throw only;
    }
    throw new Mismatch(
        at, "is of none of " + union.getTypes().stream().map(Schema::getFullName).toList());
  }

  private static void require(boolean fits, JsonNode json, String at, String wanted)
      throws Mismatch {
    if (!fits) {
      throw new Mismatch(
          at,
          "is %s rather than %s"
              .formatted(json.getNodeType().name().toLowerCase(Locale.ROOT), wanted));
    }
  }
}
