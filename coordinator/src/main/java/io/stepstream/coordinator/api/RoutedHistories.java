package io.stepstream.coordinator.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.coordinator.access.Origin;
import io.stepstream.coordinator.access.Permissions;
import io.stepstream.coordinator.api.execution.HistoryTokens;
import io.stepstream.coordinator.api.rest.Histories;
import io.stepstream.coordinator.sealing.Seals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Histories by the action that AWS's clients call: it finds the node that has them. */
final class RoutedHistories implements Histories {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ActionRouter router;
  private final HistoryTokens tokens;
  private final Permissions permissions;
  private final Seals seals;

  /**
   * @param permissions nobody of whom a right to a key could be asked follows with payloads
   */
  RoutedHistories(ActionRouter router, HistoryTokens tokens, Permissions permissions, Seals seals) {
    this.permissions = permissions;
    this.seals = seals;
    this.router = router;
    this.tokens = tokens;
  }

  @Override
  public CompletionStage<Answer> events(
      String executionArn, boolean reverse, long eventId, int most, boolean payloads) {
    boolean opened = payloads && (permissions.isOpen() || !seals.mayBeSealed(executionArn));
    ObjectNode request =
        JSON.createObjectNode()
            .put("executionArn", executionArn)
            .put("reverseOrder", reverse)
            .put("includeExecutionData", opened)
            .put("maxResults", most);
    if (eventId > 0) {
      request.put("nextToken", tokens.after(executionArn, reverse, eventId));
    }
    return router
        .route(
            new HttpCall(
                "AWSStepFunctions.GetExecutionHistory",
                null,
                null,
                // Whoever follows an execution has been asked whether he may.
                Origin.NODE,
                new CompletableFuture<>(),
                request.toString().getBytes(StandardCharsets.UTF_8)))
        .thenApply(RoutedHistories::answer);
  }

  private static Answer answer(HttpAnswer answer) {
    try {
      return new Answer(
          answer.status(), JSON.readTree(answer.body()), answer.retryAfterSeconds().orElse(null));
    } catch (IOException e) {
      throw new UncheckedIOException("a node's answer is not JSON", e);
    }
  }
}
