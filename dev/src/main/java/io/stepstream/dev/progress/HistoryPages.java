package io.stepstream.dev.progress;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.dev.client.ApiError;
import io.stepstream.dev.client.StepFunctionsClient;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The history of a running execution by {@code GetExecutionHistory}. Not thread safe.
 *
 * <p>The API has no "events after N". So the last page, the one that isn't full yet, is read again
 * by its token, and what is known of it is left out: the cost of a call is bounded by a page,
 * however long the history.
 */
public final class HistoryPages {
  private static final int PAGE = 1_000;

  private final StepFunctionsClient client;
  private final String executionArn;
  private @Nullable String pageToken;
  private long lastId;

  public HistoryPages(StepFunctionsClient client, String executionArn) {
    this.client = client;
    this.executionArn = executionArn;
  }

  /** The events since the last call, in order; empty when there are none. */
  public List<HistoryStep> next() throws ApiError, IOException {
    List<HistoryStep> steps = new ArrayList<>();
    while (true) {
      ObjectNode request =
          StepFunctionsClient.request()
              .put("executionArn", executionArn)
              .put("maxResults", PAGE)
              .put("includeExecutionData", false);
      if (pageToken != null) {
        request.put("nextToken", pageToken);
      }
      JsonNode page = client.call("GetExecutionHistory", request);
      for (JsonNode event : page.path("events")) {
        HistoryStep step = step(event);
        if (step.id() > lastId) {
          lastId = step.id();
          steps.add(step);
        }
      }
      JsonNode next = page.path("nextToken");
      if (!next.isTextual()) {
        return steps;
      }
      pageToken = next.asText();
    }
  }

  private static HistoryStep step(JsonNode event) {
    JsonNode details = details(event);
    return new HistoryStep(
        event.path("id").asLong(),
        event.path("previousEventId").asLong(),
        instant(event.path("timestamp").asDouble()),
        event.path("type").asText(),
        text(details, "name"),
        details.path("index").asInt(-1),
        details.path("length").asInt(-1),
        text(details, "error"),
        text(details, "cause"),
        text(details, "output"));
  }

  /** An event has at most one field of details, whose name depends on the type. */
  private static JsonNode details(JsonNode event) {
    for (Map.Entry<String, JsonNode> field : event.properties()) {
      if (field.getKey().endsWith("EventDetails") && field.getValue().isObject()) {
        return field.getValue();
      }
    }
    return MissingNode.getInstance();
  }

  private static Instant instant(double epochSeconds) {
    return Instant.ofEpochMilli(Math.round(epochSeconds * 1000));
  }

  private static @Nullable String text(JsonNode details, String field) {
    JsonNode value = details.path(field);
    return value.isTextual() ? value.asText() : null;
  }
}
