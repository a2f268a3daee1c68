package io.stepstream.coordinator.definition;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The state machines of this installation.
 *
 * <p>Every stage completes exceptionally only with {@link
 * io.stepstream.coordinator.execution.Unavailable}.
 */
public interface StateMachines {

  /**
   * Defines a machine and answers when this node knows it. Idempotent as AWS's action: the same
   * request again gives the machine that is there, whatever its role and tags.
   */
  CompletionStage<CreateOutcome> create(CreateRequest request);

  /**
   * The current revision of a machine. Empty only after a look at the end of the topic: a machine
   * which another node has just defined is never said not to exist.
   */
  CompletionStage<Optional<DefinedMachine>> current(String stateMachineArn);
}
