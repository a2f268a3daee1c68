package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.Machine;
import io.stepstream.coordinator.executionlog.ExecutionLogging;
import io.stepstream.schemas.StartedBy;
import io.stepstream.schemas.StateMachineRevision;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The definitions as the shell needs them. Thread safe. */
public interface Definitions {

  /**
   * A revision that can run.
   *
   * @param telling what its executions tell of themselves beside their history
   */
  record Runnable(StateMachineRevision revision, Machine machine, Telling telling) {}

  /**
   * What a machine's executions tell of themselves.
   *
   * @param traced whether they are traced, if tracing is on
   */
  record Telling(ExecutionLogging logging, boolean traced) {

    public static final Telling NOTHING = new Telling(ExecutionLogging.OFF, false);
  }

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
