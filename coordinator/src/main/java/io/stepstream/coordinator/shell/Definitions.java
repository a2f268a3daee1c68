package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.Machine;
import io.stepstream.schemas.StateMachineRevision;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The definitions as the shell needs them. Thread safe. */
public interface Definitions {

  /** A revision that can run. */
  record Runnable(StateMachineRevision revision, Machine machine) {}

  /** Where a machine's current revision stands on the definitions topic. */
  record Current(StateMachineRevision revision, long offset) {}

  @Nullable Runnable find(String stateMachineArn, String revisionId);

  Optional<Current> current(String stateMachineArn);

  /** The offset of the next record to be read: everything before it is known. */
  long position();

  /** Reads up to the present end of the topic; false when time is up. */
  boolean catchUp(Duration timeout);
}
