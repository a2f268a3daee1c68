package io.stepstream.coordinator.api.protocol;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** One action of AWS's model; the router finds it by its name. */
public interface Action {

  /** As in the header X-Amz-Target, for example {@code StartExecution}. */
  String name();

  /**
   * Answers a call whose parameters satisfy the model's constraints. Must not block, since it runs
   * on an I/O thread; a stage that fails is an outage or a bug.
   */
  CompletionStage<Answer> answer(Call call);

  /** How long a caller is kept waiting before it is told to come back later. */
  default Duration patience() {
    return Duration.ofSeconds(30);
  }
}
