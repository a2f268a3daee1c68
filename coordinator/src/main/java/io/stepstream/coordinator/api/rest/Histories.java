package io.stepstream.coordinator.api.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Histories of executions, from whichever node has them. */
public interface Histories {

  /**
   * An answer of GetExecutionHistory.
   *
   * @param status of HTTP
   * @param body in AWS's form, an error too
   * @param retryAfter seconds
   */
  record Answer(int status, JsonNode body, @Nullable Long retryAfter) {}

  /**
   * Events behind one, or before it in reverse. Never completes exceptionally.
   *
   * @param eventId 0: from the beginning, or the end
   */
  CompletionStage<Answer> events(
      String executionArn, boolean reverse, long eventId, int most, boolean payloads);
}
