package io.stepstream.integrations.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;

/**
 * An answer of a service as JSON: members by their names in alphabetical order, members that the
 * service didn't give left out.
 *
 * @param names what a member of an object is called
 * @param moments how a moment is written
 */
record AwsResult(
    BiFunction<SdkPojo, SdkField<?>, String> names, Function<Instant, JsonNode> moments) {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** With moments in ISO 8601. */
  AwsResult(BiFunction<SdkPojo, SdkField<?>, String> names) {
    this(names, moment -> JSON.textNode(moment.toString()));
  }

  ObjectNode of(AwsAnswer answer) {
    ObjectNode result = object(answer.response());
    if (answer.body() != null) {
      result.put(AwsAction.BODY, text(answer.body()));
    }
    return result;
  }

  private ObjectNode object(SdkPojo pojo) {
    Map<String, JsonNode> members = new TreeMap<>();
    for (SdkField<?> field : pojo.sdkFields()) {
      Object value = field.getValueOrDefault(pojo);
      // What the SDK makes up in place of a list or map that wasn't in the answer.
      boolean absent =
          value == null
              || value instanceof SdkAutoConstructList
              || value instanceof SdkAutoConstructMap;
      if (!absent) {
        members.put(names.apply(pojo, field), value(value));
      }
    }
    ObjectNode object = JSON.objectNode();
    members.forEach(object::set);
    return object;
  }

  private JsonNode value(@Nullable Object value) {
    return switch (value) {
      case null -> JSON.nullNode();
      case SdkPojo pojo -> object(pojo);
      case String text -> JSON.textNode(text);
      case Boolean truth -> JSON.booleanNode(truth);
      case Integer number -> JSON.numberNode(number);
      case Long number -> JSON.numberNode(number);
      case Short number -> JSON.numberNode(number);
      case Float number -> JSON.numberNode(number);
      case Double number -> JSON.numberNode(number);
      case BigDecimal number -> JSON.numberNode(number);
      case Instant moment -> moments.apply(moment);
      case SdkBytes bytes -> JSON.textNode(text(bytes.asByteArrayUnsafe()));
      case Document document -> document(document);
      case List<?> list -> {
        ArrayNode array = JSON.arrayNode();
        list.forEach(element -> array.add(value(element)));
        yield array;
      }
      case Map<?, ?> map -> {
        ObjectNode object = JSON.objectNode();
        map.forEach((key, element) -> object.set(String.valueOf(key), value(element)));
        yield object;
      }
      default ->
          throw new IllegalStateException("a type that the SDK hasn't had: " + value.getClass());
    };
  }

  private static JsonNode document(Document document) {
    if (document.isMap()) {
      ObjectNode object = JSON.objectNode();
      document.asMap().forEach((key, element) -> object.set(key, document(element)));
      return object;
    }
    if (document.isList()) {
      ArrayNode array = JSON.arrayNode();
      document.asList().forEach(element -> array.add(document(element)));
      return array;
    }
    if (document.isString()) {
      return JSON.textNode(document.asString());
    }
    if (document.isNumber()) {
      return JSON.numberNode(document.asNumber().bigDecimalValue());
    }
    return document.isBoolean() ? JSON.booleanNode(document.asBoolean()) : JSON.nullNode();
  }

  /**
   * Bytes are text for AWS Step Functions; what is none is given in Base64, so that none is lost.
   */
  private static String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      return Base64.getEncoder().encodeToString(bytes);
    }
  }
}
