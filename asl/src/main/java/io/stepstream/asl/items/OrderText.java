package io.stepstream.asl.items;

import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object whose members have the types that are asked for. What is not so is refused: the
 * text comes out of a topic, where anybody may have written it.
 */
record OrderText(Map<?, ?> json) {

  static OrderText decode(byte[] utf8) throws ReadRefused {
    return switch (Json.decode(utf8)) {
      case Decoded.Tree(Map<?, ?> json) -> new OrderText(json);
      case Decoded.Tree _ -> throw new ReadRefused("The text is no JSON object.");
      case Decoded.Malformed malformed ->
          throw new ReadRefused("The text is not valid JSON: " + malformed.message());
    };
  }

  static ReadRefused refused(String name) {
    return new ReadRefused("The field '%s' is missing or has another type.".formatted(name));
  }

  /** Null: absent. */
  @Nullable String text(String name) throws ReadRefused {
    return switch (json.get(name)) {
      case null -> null;
      case String text -> text;
      default -> throw refused(name);
    };
  }

  String givenText(String name) throws ReadRefused {
    if (text(name) instanceof String text) {
      return text;
    }
    throw refused(name);
  }

  /** Null: absent. */
  @Nullable List<?> array(String name) throws ReadRefused {
    return switch (json.get(name)) {
      case null -> null;
      case List<?> array -> array;
      default -> throw refused(name);
    };
  }

  boolean bool(String name) throws ReadRefused {
    if (json.get(name) instanceof Boolean bool) {
      return bool;
    }
    throw refused(name);
  }

  long number(String name) throws ReadRefused {
    return switch (json.get(name)) {
      case Integer number when number >= 0 -> number;
      case Long number when number >= 0 -> number;
      case null, default -> throw refused(name);
    };
  }

  int count(String name) throws ReadRefused {
    long number = number(name);
    if (number > Integer.MAX_VALUE) {
      throw refused(name);
    }
    return (int) number;
  }

  OrderText object(String name) throws ReadRefused {
    if (json.get(name) instanceof Map<?, ?> object) {
      return new OrderText(object);
    }
    throw refused(name);
  }

  Map<String, Object> tree(String name) throws ReadRefused {
    Map<String, Object> tree = new LinkedHashMap<>();
    object(name).json.forEach((key, value) -> tree.put((String) key, value));
    return tree;
  }
}
