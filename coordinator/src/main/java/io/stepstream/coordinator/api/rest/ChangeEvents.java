package io.stepstream.coordinator.api.rest;

import io.stepstream.coordinator.execution.LiveEvents;
import io.stepstream.coordinator.execution.LogPosition;
import io.stepstream.coordinator.execution.StatusChange;
import io.stepstream.schemas.ExecutionStatus;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Changes of status to one client that asked for them. Called by the threads that read. */
final class ChangeEvents implements LiveEvents.Changes {

  /** More than are read from the past at once. */
  private static final int ROOM = EventStream.MOST_WAITING / 2;

  private final EventStream stream;
  private final @Nullable String machine;
  private final Set<ExecutionStatus> statuses;
  private final ChangeWriter writer;

  /**
   * @param machine ARN or name; null: any
   * @param statuses empty: any
   */
  ChangeEvents(
      EventStream stream,
      @Nullable String machine,
      Set<ExecutionStatus> statuses,
      ChangeWriter writer) {
    this.stream = stream;
    this.machine = machine;
    this.statuses = statuses;
    this.writer = writer;
  }

  @Override
  public void changed(StatusChange change, LogPosition next) {
    if (matches(change)) {
      stream.send("status", next.toString(), writer.json(change));
    }
  }

  private boolean matches(StatusChange change) {
    String arn = change.stateMachineArn();
    return (statuses.isEmpty() || statuses.contains(change.status()))
        && (machine == null || arn.equals(machine) || arn.endsWith(":stateMachine:" + machine));
  }

  @Override
  public void lost() {
    stream.send(
        "gap",
        null,
        "{\"detail\":\"Some of what came after your last event is no longer kept; these are the"
            + " oldest that are\"}");
  }

  @Override
  public boolean hasRoom() {
    return stream.room() >= ROOM;
  }

  @Override
  public void interrupted() {
    stream.end(
        "error",
        null,
        Problems.json(
            Problem.unavailable("This node follows the log no longer", Duration.ofSeconds(2))));
  }
}
