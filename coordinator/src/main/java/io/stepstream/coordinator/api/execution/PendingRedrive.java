package io.stepstream.coordinator.api.execution;

import io.stepstream.coordinator.execution.MapRunDescription;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.MapRunStatus;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which children of a Map run wait to run again: while the Map run is being redriven, those that
 * ended badly before it was.
 *
 * @param since when the Map run was redriven that is under way; null: no child waits
 */
record PendingRedrive(@Nullable Instant since) {

  /** AWS's status of such a child, which no record has. */
  static final String STATUS = "PENDING_REDRIVE";

  static final PendingRedrive NONE = new PendingRedrive(null);

  static final Set<ExecutionStatus> UNSUCCESSFUL =
      EnumSet.complementOf(EnumSet.of(ExecutionStatus.RUNNING, ExecutionStatus.SUCCEEDED));

  static PendingRedrive of(MapRunDescription run) {
    return run.status() == MapRunStatus.RUNNING ? new PendingRedrive(run.redriveDate()) : NONE;
  }

  boolean includes(ExecutionStatus status, @Nullable Instant stopDate) {
    return since != null
        && UNSUCCESSFUL.contains(status)
        && stopDate != null
        && stopDate.isBefore(since);
  }

  /** As the API tells it. */
  String status(ExecutionStatus status, @Nullable Instant stopDate) {
    return includes(status, stopDate) ? STATUS : status.name();
  }
}
