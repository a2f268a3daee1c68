package io.stepstream.coordinator.api.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.coordinator.api.protocol.StrictJson;
import io.stepstream.coordinator.deadletter.DeadLetters;
import io.stepstream.coordinator.deadletter.LetterId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The letters that a request names: an object in JSON with the member ids. */
final class LetterIdsText {

  private static final String IDS = "ids";
  private static final String MEND = "Send {\"ids\": [\"0-17\"]}";

  private LetterIdsText() {}

  static List<LetterId> parse(byte[] body) throws Parameters.Unusable {
    JsonNode json;
    try {
      json = StrictJson.read(body);
    } catch (JsonProcessingException e) {
      throw unusable("body", "The body is not JSON: " + e.getOriginalMessage(), MEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!json.isObject()) {
      throw unusable("body", "The body is not an object", MEND);
    }
    for (var member : json.properties()) {
      if (!member.getKey().equals(IDS)) {
        throw unusable(member.getKey(), "There is no member '%s'".formatted(member.getKey()), MEND);
      }
    }
    JsonNode ids = json.path(IDS);
    if (!ids.isArray() || ids.isEmpty() || ids.size() > DeadLetters.MOST_AT_ONCE) {
      throw unusable(
          IDS,
          "ids is no list of 1 to %d letters".formatted(DeadLetters.MOST_AT_ONCE),
          "Send so many at once");
    }
    List<LetterId> letters = new ArrayList<>();
    for (JsonNode id : ids) {
      letters.add(
          LetterId.parse(id.asText(""))
              .orElseThrow(
                  () -> unusable(IDS, "No letter is called " + id, "Send ids as lists give them")));
    }
    return letters;
  }

  private static Parameters.Unusable unusable(String member, String detail, String mend) {
    return new Parameters.Unusable(Problem.invalid(member, null, detail, mend));
  }
}
