package io.stepstream.coordinator.api.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.coordinator.api.protocol.StrictJson;
import io.stepstream.coordinator.queue.QueueLimits;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Limits as clients write them: an object in JSON, each of whose members may be left out. */
final class QueueLimitsText {

  private static final int MOST = 1_000_000;

  /** One task in 1000 s; who wants fewer wants a pause. */
  private static final double SLOWEST = 0.001;

  private static final String CONCURRENCY = "maxConcurrency";
  private static final String RATE = "ratePerSecond";
  private static final String PAUSED = "paused";
  private static final Set<String> MEMBERS = Set.of(CONCURRENCY, RATE, PAUSED);

  private QueueLimitsText() {}

  static QueueLimits parse(String body) throws Parameters.Unusable {
    JsonNode limits = object(body);
    for (Map.Entry<String, JsonNode> member : limits.properties()) {
      if (!MEMBERS.contains(member.getKey())) {
        throw unusable(
            member.getKey(),
            "There is no limit '%s'".formatted(member.getKey()),
            "Use " + new TreeSet<>(MEMBERS));
      }
    }
    return new QueueLimits(
        concurrency(given(limits, CONCURRENCY)),
        rate(given(limits, RATE)),
        paused(given(limits, PAUSED)));
  }

  private static JsonNode object(String body) throws Parameters.Unusable {
    String mend = "Send {\"maxConcurrency\": 10, \"ratePerSecond\": 2.5, \"paused\": false}";
    JsonNode limits;
    try {
      limits = StrictJson.read(body);
    } catch (JsonProcessingException e) {
      throw unusable("body", "The body is not JSON: " + e.getOriginalMessage(), mend);
    }
    if (!limits.isObject()) {
      throw unusable("body", "The body is not an object", mend);
    }
    return limits;
  }

  private static @Nullable JsonNode given(JsonNode limits, String member) {
    return limits.hasNonNull(member) ? limits.get(member) : null;
  }

  private static @Nullable Integer concurrency(@Nullable JsonNode value)
      throws Parameters.Unusable {
    if (value == null) {
      return null;
    }
    if (!value.isInt() || value.intValue() < 1 || value.intValue() > MOST) {
      throw unusable(
          CONCURRENCY,
          "maxConcurrency can't be " + value,
          "Give a whole number from 1 to %d, null for no limit, or paused: true for none at all"
              .formatted(MOST));
    }
    return value.intValue();
  }

  private static @Nullable Double rate(@Nullable JsonNode value) throws Parameters.Unusable {
    if (value == null) {
      return null;
    }
    if (!value.isNumber() || !(value.doubleValue() >= SLOWEST && value.doubleValue() <= MOST)) {
      throw unusable(
          RATE,
          "ratePerSecond can't be " + value,
          "Give a number from %s to %d, null for no limit, or paused: true for none at all"
              .formatted(SLOWEST, MOST));
    }
    return value.doubleValue();
  }

  private static boolean paused(@Nullable JsonNode value) throws Parameters.Unusable {
    if (value == null) {
      return false;
    }
    if (!value.isBoolean()) {
      throw unusable(PAUSED, "paused can't be " + value, "Give true or false");
    }
    return value.booleanValue();
  }

  private static Parameters.Unusable unusable(String member, String detail, String mend) {
    return new Parameters.Unusable(Problem.invalid(member, null, detail, mend));
  }
}
