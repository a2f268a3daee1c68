package io.stepstream.coordinator.api.tag;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Checked;
import io.stepstream.coordinator.api.protocol.Checked.Invalid;
import io.stepstream.coordinator.api.protocol.Checked.Valid;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.definition.Tags;
import io.stepstream.schemas.ResourceTag;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads AWS's lists of tags. */
public final class TagList {

  /** AWS: beside letters, digits and white space. */
  private static final String SYMBOLS = "_.:/=+-@";

  private TagList() {}

  /**
   * The tags of a request, each key once: the last counts.
   *
   * @param list that satisfies the model's constraints; a missing one is empty
   * @param resource whose tags they are to be
   */
  public static Checked<List<ResourceTag>> check(JsonNode list, String resource) {
    if (list.size() > Tags.MOST) {
      return new Invalid<>(Refusals.tooManyTags(resource));
    }
    Map<String, ResourceTag> tags = new LinkedHashMap<>();
    for (JsonNode tag : list) {
      String key = tag.path("key").asText("");
      String value = tag.path("value").asText("");
      Answer.Refusal refusal = refusal(key, value);
      if (refusal != null) {
        return new Invalid<>(refusal);
      }
      tags.put(key, new ResourceTag(key, value));
    }
    return new Valid<>(List.copyOf(tags.values()));
  }

  private static Answer.@Nullable Refusal refusal(String key, String value) {
    if (key.isEmpty()) {
      return Refusals.validation("A tag has no key");
    }
    if (key.regionMatches(true, 0, "aws:", 0, 4)) {
      return Refusals.validation("Tag keys must not begin with 'aws:': '" + key + "'");
    }
    for (String text : List.of(key, value)) {
      if (!text.codePoints().allMatch(TagList::isAllowed)) {
        return Refusals.validation(
            "Tags may only contain letters, digits, white space and "
                + SYMBOLS
                + ": '"
                + text
                + "'");
      }
    }
    return null;
  }

  private static boolean isAllowed(int codePoint) {
    return Character.isLetterOrDigit(codePoint)
        || Character.isWhitespace(codePoint)
        || Character.isSpaceChar(codePoint)
        || SYMBOLS.indexOf(codePoint) >= 0;
  }
}
