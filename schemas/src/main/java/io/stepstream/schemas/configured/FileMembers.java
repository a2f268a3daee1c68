package io.stepstream.schemas.configured;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Members of a file of the configuration, each checked when it is taken. */
public final class FileMembers {

  private FileMembers() {}

  /** A member that is misspelt would be missing where it matters. */
  public static void only(JsonNode json, String at, Set<String> known) throws UnusableFile {
    if (!(json instanceof ObjectNode object)) {
      throw new UnusableFile(at, "must be a JSON object");
    }
    for (var member : object.properties()) {
      if (!known.contains(member.getKey())) {
        throw new UnusableFile(
            at,
            "can't have a member '%s', only %s".formatted(member.getKey(), new TreeSet<>(known)));
      }
    }
  }

  public static ObjectNode object(JsonNode json, String at, String member) throws UnusableFile {
    return switch (json.path(member)) {
      case ObjectNode object -> object;
      case JsonNode missing when missing.isMissingNode() -> JsonNodeFactory.instance.objectNode();
      default -> throw new UnusableFile(path(at, member), "must be a JSON object");
    };
  }

  public static List<JsonNode> array(JsonNode json, String at, String member) throws UnusableFile {
    JsonNode array = json.path(member);
    if (!array.isArray()) {
      throw new UnusableFile(path(at, member), "must be an array");
    }
    List<JsonNode> items = new ArrayList<>();
    array.forEach(items::add);
    return items;
  }

  public static String text(JsonNode json, String at, String member) throws UnusableFile {
    String text = optional(json, at, member);
    if (text == null) {
      throw new UnusableFile(path(at, member), "is missing");
    }
    return text;
  }

  public static @Nullable String optional(JsonNode json, String at, String member)
      throws UnusableFile {
    JsonNode text = json.path(member);
    if (text.isMissingNode()) {
      return null;
    }
    if (!text.isTextual() || text.textValue().isEmpty()) {
      throw new UnusableFile(path(at, member), "must be a string that isn't empty");
    }
    return text.textValue();
  }

  public static Set<String> texts(JsonNode json, String at, String member) throws UnusableFile {
    Set<String> texts = new LinkedHashSet<>();
    if (json.has(member)) {
      for (JsonNode text : array(json, at, member)) {
        if (!text.isTextual()) {
          throw new UnusableFile(path(at, member), "must have strings only");
        }
        texts.add(text.textValue());
      }
    }
    return texts;
  }

  private static String path(String at, String member) {
    return at.isEmpty() ? member : at + "." + member;
  }
}
