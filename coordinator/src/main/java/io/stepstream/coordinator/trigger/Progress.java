package io.stepstream.coordinator.trigger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What has become of a partition's records before an offset. It is kept as that offset's metadata
 * in the consumer group, so that the counts are as durable as the offset and never contradict it,
 * and any node can tell them.
 *
 * @param triggerId of the trigger that has read; one of the same name that was deleted doesn't
 *     count
 * @param started records that have their execution
 * @param filtered records that the filter left out
 * @param deadLettered records on the dead letters
 * @param missed records that were deleted from the topic before they were read
 * @param waiting whether the record at the offset can't go on for now
 * @param failure the latest thing that went wrong; null: none yet
 */
record Progress(
    String triggerId,
    long started,
    long filtered,
    long deadLettered,
    long missed,
    boolean waiting,
    @Nullable Failure failure) {

  /** Well below the brokers' bound of 4096 bytes for an offset's metadata. */
  private static final int LONGEST_DETAIL = 400;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Something that went wrong, and when. */
  record Failure(Instant at, String detail) {
    Failure {
      detail =
          detail.length() <= LONGEST_DETAIL ? detail : detail.substring(0, LONGEST_DETAIL) + "…";
    }
  }

  static Progress none(String triggerId) {
    return new Progress(triggerId, 0, 0, 0, 0, false, null);
  }

  Progress plusStarted() {
    return new Progress(triggerId, started + 1, filtered, deadLettered, missed, waiting, failure);
  }

  Progress plusFiltered() {
    return new Progress(triggerId, started, filtered + 1, deadLettered, missed, waiting, failure);
  }

  Progress plusDeadLettered(Failure why) {
    return new Progress(triggerId, started, filtered, deadLettered + 1, missed, waiting, why);
  }

  Progress plusMissed(long records, Failure why) {
    return new Progress(triggerId, started, filtered, deadLettered, missed + records, waiting, why);
  }

  Progress waitsFor(Failure why) {
    return new Progress(triggerId, started, filtered, deadLettered, missed, true, why);
  }

  Progress goesOn() {
    return new Progress(triggerId, started, filtered, deadLettered, missed, false, failure);
  }

  String metadata() {
    ObjectNode json =
        JSON.createObjectNode()
            .put("trigger", triggerId)
            .put("started", started)
            .put("filtered", filtered)
            .put("deadLettered", deadLettered)
            .put("missed", missed)
            .put("waiting", waiting);
    if (failure != null) {
      json.put("failedAt", failure.at().toEpochMilli()).put("failure", failure.detail());
    }
    return json.toString();
  }

  /**
   * Null: the offset is none of this trigger's. That somebody else has committed it, by hand say,
   * must not make records be passed over silently, so it doesn't count.
   */
  static @Nullable Progress parse(@Nullable String metadata, String triggerId) {
    try {
      JsonNode json = JSON.readTree(metadata == null ? "" : metadata);
      if (json == null || !json.path("trigger").asText().equals(triggerId)) {
        return null;
      }
      return new Progress(
          triggerId,
          json.path("started").asLong(),
          json.path("filtered").asLong(),
          json.path("deadLettered").asLong(),
          json.path("missed").asLong(),
          json.path("waiting").asBoolean(),
          json.has("failure")
              ? new Failure(
                  Instant.ofEpochMilli(json.path("failedAt").asLong()),
                  json.path("failure").asText())
              : null);
    } catch (JsonProcessingException _) {
      return null;
    }
  }
}
