package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.Machine;
import io.stepstream.schemas.StartedBy;
import io.stepstream.schemas.StateMachineRevision;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The definitions as the shell needs them. Thread safe. */
public interface Definitions {

  /** A revision that can run. */
  record Runnable(StateMachineRevision revision, Machine machine) {}

  /**
   * What a start runs.
   *
   * @param offset of the definitions topic: whoever has read that far knows the revision
   * @param startedBy the version or alias that was named; null: the machine itself was
   */
  record Startable(StateMachineRevision revision, long offset, @Nullable StartedBy startedBy) {}

  @Nullable Runnable find(String stateMachineArn, String revisionId);

  /** By the ARN of a machine, a version or an alias; empty: there is none, or no longer. */
  Optional<Startable> startable(String arn);

  /** The offset of the next record to be read: everything before it is known. */
  long position();

  /** Reads up to the present end of the topic; false when time is up. */
  boolean catchUp(Duration timeout);
}
