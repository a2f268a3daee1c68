package io.stepstream.integrations.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.worker.handler.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * An action and its arguments, in which values that begin with {@code $} are names of others: with
 * {@code {"JobId":"a"}} known, {@code {"Jobs":["$JobId"]}} becomes {@code {"Jobs":["a"]}}. A member
 * whose name isn't known is left out.
 *
 * @param action of the service's client
 */
record JobCall(String action, JsonNode template) {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /**
   * @param template JSON with single quotes
   */
  static JobCall of(String action, String template) {
    try {
      String json = template.replace('\'', '"');
      return new JobCall(action, JsonText.read(json.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new IllegalArgumentException("the arguments of " + action + " are no JSON", e);
    }
  }

  /** The arguments with what is known; upper and lower case of names don't matter. */
  ObjectNode arguments(ObjectNode known) {
    return (ObjectNode) filled(template, known);
  }

  private static JsonNode filled(JsonNode node, ObjectNode known) {
    if (node.isTextual() && node.textValue().startsWith("$")) {
      return member(known, node.textValue().substring(1));
    }
    if (node instanceof ArrayNode array) {
      ArrayNode filled = JSON.arrayNode();
      array.forEach(element -> add(filled, filled(element, known)));
      return filled;
    }
    if (node instanceof ObjectNode object) {
      ObjectNode filled = JSON.objectNode();
      object
          .properties()
          .forEach(
              member -> {
                JsonNode value = filled(member.getValue(), known);
                if (!value.isMissingNode()) {
                  filled.set(member.getKey(), value);
                }
              });
      return filled;
    }
    return node;
  }

  private static void add(ArrayNode array, JsonNode element) {
    if (!element.isMissingNode()) {
      array.add(element);
    }
  }

  /** Missing: there is none, or it is null, which is no argument. */
  static JsonNode member(ObjectNode object, String name) {
    String plain = MemberNames.plain(name);
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      if (MemberNames.plain(member.getKey()).equals(plain) && !member.getValue().isNull()) {
        return member.getValue();
      }
    }
    return JSON.missingNode();
  }
}
