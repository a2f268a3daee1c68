package io.stepstream.coordinator.api.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.coordinator.trigger.TriggerSpec;
import io.stepstream.schemas.TopicTrigger;
import io.stepstream.schemas.TriggerFormat;
import io.stepstream.schemas.codec.Payloads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The body of a request about a trigger, each member checked when it is taken. */
final class TriggerRequest {

  static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private static final Set<String> CHANGEABLE =
      Set.of("stateMachineArn", "format", "filter", "input", "executionName");

  private static final Set<String> ALL =
      Set.of(
          "name",
          "topic",
          "stateMachineArn",
          "format",
          "filter",
          "input",
          "executionName",
          "from",
          "paused");

  private static final Set<String> FORMATS = Set.of("json", "string", "avro", "bytes");

  private final ObjectNode body;

  private TriggerRequest(ObjectNode body) {
    this.body = body;
  }

  /** A new trigger. */
  static TriggerRequest creation(byte[] body) throws Parameters.Unusable {
    return new TriggerRequest(parsed(body, ALL));
  }

  /**
   * A trigger with what a JSON merge patch changes.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc7396">RFC 7396</a>
   */
  static TriggerSpec patched(TopicTrigger trigger, byte[] patch) throws Parameters.Unusable {
    ObjectNode members = definition(trigger);
    parsed(patch, CHANGEABLE)
        .properties()
        .forEach(
            member -> {
              if (member.getValue().isNull()) {
                members.remove(member.getKey());
              } else {
                members.set(
                    member.getKey(), merged(members.get(member.getKey()), member.getValue()));
              }
            });
    return new TriggerRequest(members).spec();
  }

  private static JsonNode merged(@Nullable JsonNode there, JsonNode patch) {
    if (!(patch instanceof ObjectNode changes)) {
      return patch;
    }
    ObjectNode result =
        there instanceof ObjectNode object ? object.deepCopy() : JSON.createObjectNode();
    changes
        .properties()
        .forEach(
            member -> {
              if (member.getValue().isNull()) {
                result.remove(member.getKey());
              } else {
                result.set(member.getKey(), merged(result.get(member.getKey()), member.getValue()));
              }
            });
    return result;
  }

  /** The members of a trigger that its callers give. */
  static ObjectNode definition(TopicTrigger trigger) {
    ObjectNode members =
        JSON.createObjectNode()
            .put("name", trigger.getName())
            .put("topic", trigger.getTopic())
            .put("stateMachineArn", trigger.getStateMachineArn());
    if (trigger.getFormat() != TriggerFormat.COMPLETION) {
      members.put("format", trigger.getFormat().name().toLowerCase(Locale.ROOT));
    }
    if (trigger.getFilter() != null) {
      members.put("filter", trigger.getFilter());
    }
    if (trigger.getInput() != null) {
      try {
        members.set("input", JSON.readTree(Payloads.bytes(trigger.getInput())));
      } catch (IOException e) {
        throw new IllegalStateException("a trigger's input was checked to be JSON", e);
      }
    }
    if (trigger.getExecutionName() != null) {
      members.put("executionName", trigger.getExecutionName());
    }
    return members.put("paused", trigger.getPaused());
  }

  TriggerSpec spec() throws Parameters.Unusable {
    JsonNode input = body.get("input");
    return new TriggerSpec(
        required("name"),
        required("topic"),
        required("stateMachineArn"),
        format(),
        text("filter"),
        input == null || input.isNull() ? null : input.toString().getBytes(StandardCharsets.UTF_8),
        text("executionName"),
        paused());
  }

  /** Whether the trigger is to read what is on the topic already. */
  boolean earliest() throws Parameters.Unusable {
    return switch (text("from")) {
      case null -> false;
      case "latest" -> false;
      case "earliest" -> true;
      case String other ->
          throw unusable(
              "from", "A trigger can't begin at '%s'".formatted(other), "Use earliest or latest");
    };
  }

  private @Nullable TriggerFormat format() throws Parameters.Unusable {
    String format = text("format");
    if (format == null) {
      return null;
    }
    if (!FORMATS.contains(format)) {
      throw unusable(
          "format",
          "There is no format '%s'".formatted(format),
          "Use one of " + new TreeSet<>(FORMATS));
    }
    return TriggerFormat.valueOf(format.toUpperCase(Locale.ROOT));
  }

  private boolean paused() throws Parameters.Unusable {
    JsonNode paused = body.get("paused");
    if (paused == null || paused.isNull()) {
      return false;
    }
    if (!paused.isBoolean()) {
      throw unusable("paused", "paused is no boolean", "Give true or false");
    }
    return paused.booleanValue();
  }

  private String required(String member) throws Parameters.Unusable {
    String text = text(member);
    if (text == null) {
      throw unusable(member, member + " is missing", "Give it");
    }
    return text;
  }

  private @Nullable String text(String member) throws Parameters.Unusable {
    JsonNode value = body.get(member);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw unusable(member, member + " is no string", "Give a string");
    }
    return value.textValue();
  }

  static ObjectNode parsed(byte[] body, Set<String> known) throws Parameters.Unusable {
    JsonNode json;
    try {
      json = JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw unusable(
          "body",
          "The body is not JSON: %s (line %d, column %d)"
              .formatted(
                  e.getOriginalMessage(),
                  e.getLocation().getLineNr(),
                  e.getLocation().getColumnNr()),
          "Send a JSON object");
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory can be read", e);
    }
    if (!(json instanceof ObjectNode object)) {
      throw unusable("body", "The body is no JSON object", "Send a JSON object");
    }
    for (var member : object.properties()) {
      if (!known.contains(member.getKey())) {
        throw unusable(
            member.getKey(),
            "'%s' can't be given here".formatted(member.getKey()),
            "Use " + new TreeSet<>(known));
      }
    }
    return object;
  }

  private static Parameters.Unusable unusable(String member, String detail, String mend) {
    return new Parameters.Unusable(Problem.invalid(member, null, detail, mend));
  }
}
