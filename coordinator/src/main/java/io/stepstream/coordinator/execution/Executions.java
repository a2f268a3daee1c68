package io.stepstream.coordinator.execution;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The executions of this installation, whichever node and partition they live on.
 *
 * <p>Every stage completes exceptionally only with {@link Unavailable}.
 */
public interface Executions {

  /**
   * Starts an execution and answers when the start can no longer be lost. A named start is answered
   * after its partition's single writer has decided on it.
   */
  CompletionStage<StartOutcome> start(StartRequest request);

  /**
   * Starts an Express execution and answers when it has ended, or when {@code timeout} has passed;
   * the execution goes on in that case.
   */
  CompletionStage<SyncOutcome> startSync(StartRequest request, Duration timeout);

  /** Empty: no such execution. */
  CompletionStage<Optional<ExecutionDescription>> describe(String executionArn);

  /**
   * Up to {@code maxResults} events of an execution's history. Empty: no such execution.
   *
   * @param afterEventId the last event that the caller has got: forward, the page begins with the
   *     next higher id; in reverse, with the next lower one. 0 begins at the beginning, in reverse
   *     at the end
   * @param maxResults at least 1
   */
  CompletionStage<Optional<HistoryPage>> history(
      String executionArn, long afterEventId, int maxResults, boolean reverse);

  /** Aborts an execution; the error and the cause become those of the execution. */
  CompletionStage<StopOutcome> stop(
      String executionArn, @Nullable String error, @Nullable String cause);

  /**
   * Lets an execution that has ended without success go on where it has failed.
   *
   * @param clientToken the same one within 15 minutes is the same redrive; null: this is one of its
   *     own
   */
  CompletionStage<RedriveOutcome> redrive(String executionArn, @Nullable String clientToken);
}
