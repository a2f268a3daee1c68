package io.stepstream.integrations.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * A JSON object as {@code application/x-www-form-urlencoded}; what is nested has its path as key.
 */
final class FormBody {

  /** How the elements of an array are told apart; AWS's names. */
  enum ArrayFormat {
    /** {@code a[0]=x&a[1]=y} */
    INDICES,
    /** {@code a=x&a=y} */
    REPEAT,
    /** {@code a=x,y} */
    COMMAS,
    /** {@code a[]=x&a[]=y} */
    BRACKETS
  }

  private final ArrayFormat format;
  private final StringJoiner pairs = new StringJoiner("&");

  private FormBody(ArrayFormat format) {
    this.format = format;
  }

  static String encode(JsonNode object, ArrayFormat format) {
    FormBody body = new FormBody(format);
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      body.add(member.getKey(), member.getValue());
    }
    return body.pairs.toString();
  }

  private void add(String key, JsonNode value) {
    if (value.isObject()) {
      for (Map.Entry<String, JsonNode> member : value.properties()) {
        add(key + "[" + member.getKey() + "]", member.getValue());
      }
    } else if (value.isArray()) {
      addElements(key, value);
    } else {
      pair(key, encoded(text(value)));
    }
  }

  private void addElements(String key, JsonNode array) {
    boolean plain = true;
    for (JsonNode element : array) {
      plain &= element.isValueNode();
    }
    if (format == ArrayFormat.COMMAS && plain) {
      List<String> elements = new ArrayList<>();
      array.forEach(element -> elements.add(encoded(text(element))));
      pair(key, String.join(",", elements));
      return;
    }
    for (int i = 0; i < array.size(); i++) {
      add(
          switch (format) {
            case REPEAT -> key;
            case BRACKETS -> key + "[]";
            // Commas can't tell apart what has parts itself.
            case INDICES, COMMAS -> key + "[" + i + "]";
          },
          array.get(i));
    }
  }

  private void pair(String key, String encodedValue) {
    pairs.add(encoded(key) + "=" + encodedValue);
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** A scalar as text; null is nothing. */
  static String text(JsonNode value) {
    return value.isNull() ? "" : value.asText();
  }
}
