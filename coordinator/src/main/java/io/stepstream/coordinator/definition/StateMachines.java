package io.stepstream.coordinator.definition;

import io.stepstream.schemas.StateMachineRevision;
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
   * Gives a machine a new revision and answers when this node knows it; nothing is written where
   * nothing changes.
   */
  CompletionStage<UpdateOutcome> update(UpdateRequest request);

  /**
   * Forgets a machine and answers when this node has; one that isn't there is forgotten already.
   * Executions that run go on.
   */
  CompletionStage<Void> delete(String stateMachineArn);

  /**
   * The machines there are.
   *
   * @param after only those behind this offset, see {@link DefinedMachine#offset}; -1: all
   */
  CompletionStage<MachinePage> list(long after, int maxResults);

  /** A revision, of a machine that may have been deleted since. */
  CompletionStage<Optional<StateMachineRevision>> revision(
      String stateMachineArn, String revisionId);

  /**
   * The current revision of a machine. Empty only after a look at the end of the topic: a machine
   * which another node has just defined is never said not to exist.
   */
  CompletionStage<Optional<DefinedMachine>> current(String stateMachineArn);
}
