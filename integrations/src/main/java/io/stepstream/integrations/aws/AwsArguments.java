package io.stepstream.integrations.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.worker.handler.JsonText;
import io.stepstream.worker.handler.TaskFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.utils.builder.Buildable;

/**
 * Gives the arguments of a state to a request of the SDK.
 *
 * <p>A member is found by its name without regard to upper and lower case, since the SDK's method,
 * the service's description and AWS's documentation differ in it. JSON null is no argument. Where a
 * service wants text or bytes, an object or array is given as its JSON text, and bytes are a text's
 * UTF-8, as AWS Step Functions does both.
 */
public final class AwsArguments {

  private AwsArguments() {}

  /**
   * @param title of the action, for people
   * @throws TaskFailedException the action has no such argument, or not of such a type
   */
  public static void apply(ObjectNode arguments, SdkPojo builder, String title) {
    fill(arguments, builder, "", title);
  }

  private static void fill(JsonNode arguments, SdkPojo builder, String at, String title) {
    for (Map.Entry<String, JsonNode> argument : arguments.properties()) {
      String place = at.isEmpty() ? argument.getKey() : at + "." + argument.getKey();
      SdkField<?> member = member(builder, argument.getKey());
      if (member == null) {
        throw new TaskFailedException(
            "States.Runtime",
            "The field '%s' is not supported by %s, which takes %s."
                .formatted(place, title, names(builder)));
      }
      if (!argument.getValue().isNull()) {
        member.set(builder, value(member, argument.getValue(), place, title));
      }
    }
  }

  private static @Nullable SdkField<?> member(SdkPojo builder, String name) {
    String plain = MemberNames.plain(name);
    for (SdkField<?> field : builder.sdkFields()) {
      if (plain.equals(MemberNames.plain(field.memberName()))
          || plain.equals(MemberNames.plain(field.locationName()))) {
        return field;
      }
    }
    return null;
  }

  private static String names(SdkPojo builder) {
    String names =
        builder.sdkFields().stream()
            .map(field -> MemberNames.ofModel(builder, field))
            .sorted()
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "none" : names;
  }

  private static Object value(SdkField<?> member, JsonNode given, String place, String title) {
    MarshallingType<?> type = member.marshallingType();
    try {
      byte @Nullable [] bytes = bytes(given);
      if (type == MarshallingType.STRING && bytes != null) {
        return new String(bytes, StandardCharsets.UTF_8);
      }
      if (type == MarshallingType.SDK_BYTES && bytes != null) {
        return SdkBytes.fromByteArrayUnsafe(bytes);
      }
      if (type == MarshallingType.BOOLEAN && given.isBoolean()) {
        return given.booleanValue();
      }
      if (type == MarshallingType.INSTANT && (given.isTextual() || given.isNumber())) {
        return instant(given);
      }
      if (type == MarshallingType.SDK_POJO && given.isObject()) {
        SdkPojo nested = member.constructor().get();
        fill(given, nested, place, title);
        return ((Buildable) nested).build();
      }
      if (type == MarshallingType.LIST && given.isArray()) {
        return list(member, given, place, title);
      }
      if (type == MarshallingType.MAP && given.isObject()) {
        return map(member, given, place, title);
      }
      if (type == MarshallingType.DOCUMENT) {
        return document(given);
      }
      if (given.isNumber()) {
        Object number = number(type, given.decimalValue());
        if (number != null) {
          return number;
        }
      }
    } catch (ArithmeticException | DateTimeException _) {
      // said below
    }
    throw new TaskFailedException(
        "States.Runtime",
        "The field '%s' of %s must be %s, but is %s."
            .formatted(place, title, expected(type), kind(given)));
  }

  private static List<Object> list(SdkField<?> member, JsonNode given, String place, String title) {
    SdkField<?> element = member.getRequiredTrait(ListTrait.class).memberFieldInfo();
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      values.add(value(element, given.get(i), place + "[" + i + "]", title));
    }
    return values;
  }

  private static Map<String, Object> map(
      SdkField<?> member, JsonNode given, String place, String title) {
    SdkField<?> element = member.getRequiredTrait(MapTrait.class).valueFieldInfo();
    Map<String, Object> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : given.properties()) {
      values.put(
          entry.getKey(), value(element, entry.getValue(), place + "." + entry.getKey(), title));
    }
    return values;
  }

  private static Instant instant(JsonNode given) {
    if (given.isTextual()) {
      return Instant.parse(given.textValue());
    }
    return Instant.ofEpochMilli(given.decimalValue().movePointRight(3).longValueExact());
  }

  /** Null: the type is no number's. */
  private static @Nullable Object number(MarshallingType<?> type, BigDecimal given) {
    if (type == MarshallingType.INTEGER) {
      return given.intValueExact();
    }
    if (type == MarshallingType.LONG) {
      return given.longValueExact();
    }
    if (type == MarshallingType.SHORT) {
      return given.shortValueExact();
    }
    if (type == MarshallingType.DOUBLE) {
      return given.doubleValue();
    }
    if (type == MarshallingType.FLOAT) {
      return given.floatValue();
    }
    return type == MarshallingType.BIG_DECIMAL ? given : null;
  }

  private static Document document(JsonNode given) {
    return switch (given.getNodeType()) {
      case OBJECT -> {
        Map<String, Document> members = new LinkedHashMap<>();
        given
            .properties()
            .forEach(entry -> members.put(entry.getKey(), document(entry.getValue())));
        yield Document.fromMap(members);
      }
      case ARRAY -> {
        List<Document> elements = new ArrayList<>();
        given.forEach(element -> elements.add(document(element)));
        yield Document.fromList(elements);
      }
      case STRING -> Document.fromString(given.textValue());
      case NUMBER -> Document.fromNumber(given.decimalValue());
      case BOOLEAN -> Document.fromBoolean(given.booleanValue());
      case NULL, MISSING, BINARY, POJO -> Document.fromNull();
    };
  }

  /** Bytes for a service: text as it is, anything else as JSON text. Null: none are given. */
  static byte @Nullable [] bytes(JsonNode given) {
    if (given.isMissingNode() || given.isNull()) {
      return null;
    }
    try {
      return given.isTextual()
          ? given.textValue().getBytes(StandardCharsets.UTF_8)
          : JsonText.write(given);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String expected(MarshallingType<?> type) {
    if (type == MarshallingType.STRING || type == MarshallingType.SDK_BYTES) {
      return "a text";
    }
    if (type == MarshallingType.BOOLEAN) {
      return "true or false";
    }
    if (type == MarshallingType.INSTANT) {
      return "a moment such as \"2026-01-31T08:00:00Z\" or a number of seconds since 1970";
    }
    if (type == MarshallingType.SDK_POJO || type == MarshallingType.MAP) {
      return "an object";
    }
    if (type == MarshallingType.LIST) {
      return "an array";
    }
    boolean whole =
        type == MarshallingType.INTEGER
            || type == MarshallingType.LONG
            || type == MarshallingType.SHORT;
    return whole ? "a whole number in the range of its type" : "a number";
  }

  private static String kind(JsonNode given) {
    return switch (given.getNodeType()) {
      case OBJECT -> "an object";
      case ARRAY -> "an array";
      case STRING -> "a text";
      case NUMBER -> "the number " + given.asText();
      case BOOLEAN -> "a boolean";
      case NULL, MISSING, BINARY, POJO -> "null";
    };
  }
}
