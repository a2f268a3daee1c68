package io.stepstream.coordinator.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Leaves of requests and answers what names things and hides the rest in CloudTrail's words: what
 * is new in a request is hidden until somebody says that it may be seen.
 */
final class Redaction {

  static final String HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS";

  private static final int LONGEST_TEXT = 512;
  private static final int MOST_ITEMS = 50;
  private static final int DEEPEST = 4;

  private static final Set<String> SHOWN =
      Set.of(
          "name",
          "type",
          "publish",
          "revisionId",
          "maxConcurrency",
          "ratePerSecond",
          "paused",
          "toleratedFailurePercentage",
          "toleratedFailureCount",
          "weight",
          "tagKeys",
          "key",
          "topic",
          "format",
          "from",
          "ids",
          "workerName",
          "inspectionLevel",
          "revealSecrets",
          "stateName",
          "creationDate",
          "updateDate",
          "startDate",
          "stopDate",
          "redriveDate");

  private Redaction() {}

  /** JSON; null: there is nothing. */
  static @Nullable String text(@Nullable JsonNode json) {
    return json == null || json.isEmpty() ? null : redacted(json, false, 0).toString();
  }

  private static JsonNode redacted(JsonNode json, boolean shown, int depth) {
    if (depth > DEEPEST) {
      return TextNode.valueOf(HIDDEN);
    }
    return switch (json) {
      case ObjectNode object -> {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        object.properties().stream()
            .limit(MOST_ITEMS)
            .forEach(
                member ->
                    result.set(
                        member.getKey(),
                        redacted(member.getValue(), isShown(member.getKey()), depth + 1)));
        yield result;
      }
      case ArrayNode array -> {
        ArrayNode result = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < Math.min(array.size(), MOST_ITEMS); i++) {
          result.add(redacted(array.get(i), shown, depth + 1));
        }
        yield result;
      }
      case JsonNode value when !shown || value.asText().length() > LONGEST_TEXT ->
          TextNode.valueOf(HIDDEN);
      default -> json;
    };
  }

  private static boolean isShown(String member) {
    return SHOWN.contains(member) || member.endsWith("Arn");
  }
}
