package io.stepstream.coordinator.execution;

import io.stepstream.asl.engine.TaskToken;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What whoever has the token of a task may say of it. A stage that fails is an outage. */
public interface Tasks {

  /**
   * @param output JSON in UTF-8
   */
  CompletionStage<TaskOutcome> succeed(TaskToken task, byte[] output);

  CompletionStage<TaskOutcome> fail(TaskToken task, @Nullable String error, @Nullable String cause);

  /** The task makes progress. */
  CompletionStage<TaskOutcome> beat(TaskToken task);
}
