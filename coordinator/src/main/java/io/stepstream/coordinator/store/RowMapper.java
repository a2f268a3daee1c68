package io.stepstream.coordinator.store;

import io.stepstream.asl.engine.Awaits;
import io.stepstream.asl.engine.Execution;
import io.stepstream.asl.engine.Frame;
import io.stepstream.schemas.AwaitedJob;
import io.stepstream.schemas.AwaitsBranches;
import io.stepstream.schemas.AwaitsContinuation;
import io.stepstream.schemas.AwaitsItems;
import io.stepstream.schemas.AwaitsMapRun;
import io.stepstream.schemas.AwaitsRedrive;
import io.stepstream.schemas.AwaitsRetry;
import io.stepstream.schemas.AwaitsShard;
import io.stepstream.schemas.AwaitsTask;
import io.stepstream.schemas.AwaitsTime;
import io.stepstream.schemas.ChildOfMapRun;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.FrameRow;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Between the core's records and the rows. The core does not know rows, so that it stays pure. */
final class RowMapper {

  private RowMapper() {}

  static Frame frame(FrameRow row) {
    return new Frame(
        row.getFrameId(),
        row.getParentId(),
        row.getIndex(),
        row.getEpoch(),
        row.getFlow(),
        row.getStateName(),
        row.getLastEventId(),
        row.getEnteredEventId(),
        row.getEnteredAt().toEpochMilli(),
        row.getHasVariables(),
        row.getRetryCount(),
        row.getRetrierCounts(),
        awaits(row.getAwaits()));
  }

  static FrameRow row(Frame frame) {
    return new FrameRow(
        frame.id(),
        frame.parentId(),
        frame.index(),
        frame.epoch(),
        frame.state(),
        frame.flow(),
        frame.lastEventId(),
        frame.enteredEventId(),
        Instant.ofEpochMilli(frame.enteredMillis()),
        frame.hasVariables(),
        frame.retryCount(),
        frame.retrierCounts(),
        awaits(frame.awaits()));
  }

  private static Awaits awaits(@Nullable Object row) {
    return switch (row) {
      case AwaitsTask task ->
          new Awaits.Task(
              task.getResource(),
              task.getTimeoutAt() == null ? null : task.getTimeoutAt().toEpochMilli(),
              task.getHeartbeatSeconds(),
              task.getLastHeartbeat().toEpochMilli(),
              task.getHeartbeatDue() == null ? null : task.getHeartbeatDue().toEpochMilli(),
              task.getOfferedAt() == null ? null : task.getOfferedAt().toEpochMilli(),
              task.getExecutionArn(),
              job(task.getJob()),
              task.getScheduledAt() == null ? null : task.getScheduledAt().toEpochMilli(),
              task.getTakenAt() == null ? null : task.getTakenAt().toEpochMilli());
      case AwaitsTime time -> new Awaits.Time(time.getUntil().toEpochMilli());
      case AwaitsRetry retry -> new Awaits.Retry(retry.getUntil().toEpochMilli());
      case AwaitsContinuation _ -> new Awaits.Continuation();
      case AwaitsRedrive _ -> new Awaits.Redrive();
      case AwaitsBranches branches ->
          new Awaits.Branches(
              branches.getContainer(),
              branches.getCount(),
              branches.getCompleted(),
              branches.getActive());
      case AwaitsItems items ->
          new Awaits.Items(
              items.getContainer(),
              items.getCount(),
              items.getCursor(),
              items.getCompleted(),
              items.getMaxConcurrency(),
              items.getItemsPerChunk(),
              items.getActive());
      case AwaitsMapRun run -> MapRunRecords.mapRun(run);
      case AwaitsShard shard -> MapRunRecords.shard(shard);
      case null, default -> throw new IllegalStateException("a frame row that waits for " + row);
    };
  }

  private static Awaits.@Nullable Job job(@Nullable AwaitedJob row) {
    return row == null
        ? null
        : new Awaits.Job(
            row.getReference(),
            row.getSince().toEpochMilli(),
            row.getNextLook() == null ? null : row.getNextLook().toEpochMilli(),
            row.getUnanswered());
  }

  private static @Nullable AwaitedJob row(Awaits.@Nullable Job job) {
    return job == null
        ? null
        : new AwaitedJob(
            job.reference(),
            Instant.ofEpochMilli(job.sinceMillis()),
            job.nextLookMillis() == null ? null : Instant.ofEpochMilli(job.nextLookMillis()),
            job.unanswered());
  }

  private static Object awaits(Awaits awaits) {
    return switch (awaits) {
      case Awaits.Task(
              String resource,
              Long timeout,
              Integer heartbeat,
              long last,
              Long due,
              Long offered,
              String child,
              Awaits.Job job,
              Long scheduled,
              Long taken) ->
          new AwaitsTask(
              resource,
              timeout == null ? null : Instant.ofEpochMilli(timeout),
              heartbeat,
              Instant.ofEpochMilli(last),
              null,
              due == null ? null : Instant.ofEpochMilli(due),
              offered == null ? null : Instant.ofEpochMilli(offered),
              child,
              row(job),
              scheduled == null ? null : Instant.ofEpochMilli(scheduled),
              taken == null ? null : Instant.ofEpochMilli(taken));
      case Awaits.Time(long until) -> new AwaitsTime(Instant.ofEpochMilli(until));
      case Awaits.Retry(long until) -> new AwaitsRetry(Instant.ofEpochMilli(until));
      case Awaits.Continuation() -> new AwaitsContinuation(false);
      case Awaits.Redrive() -> new AwaitsRedrive(false);
      case Awaits.Branches b ->
          new AwaitsBranches(b.container(), b.count(), b.completed(), b.active());
      case Awaits.Items i ->
          new AwaitsItems(
              i.container(),
              i.count(),
              i.cursor(),
              i.completed(),
              i.maxConcurrency(),
              i.itemsPerChunk(),
              i.active());
      case Awaits.MapRun run -> MapRunRecords.row(run);
      case Awaits.Shard shard -> MapRunRecords.row(shard);
    };
  }

  static Execution execution(ExecutionRow row, boolean express) {
    return new Execution(
        row.getExecutionArn(),
        row.getName(),
        row.getStateMachineArn(),
        row.getRoleArn(),
        express,
        status(row.getStatus()),
        row.getStartDate().toEpochMilli(),
        row.getStopDate() == null ? null : row.getStopDate().toEpochMilli(),
        row.getDeadline() == null ? null : row.getDeadline().toEpochMilli(),
        row.getNextEventId(),
        row.getNextFrameId(),
        row.getTransitions(),
        row.getRedriveCount(),
        row.getRedriveDate() == null ? null : row.getRedriveDate().toEpochMilli(),
        MapRunRecords.part(row.getPart()),
        row.getTriggeredBy() != null);
  }

  /** Writes what the core knows into a header; what only the shell knows stays. */
  static ExecutionRow update(ExecutionRow row, Execution execution) {
    row.setStatus(status(execution.status()));
    row.setStopDate(
        execution.stopMillis() == null ? null : Instant.ofEpochMilli(execution.stopMillis()));
    row.setDeadline(
        execution.deadlineMillis() == null
            ? null
            : Instant.ofEpochMilli(execution.deadlineMillis()));
    row.setNextEventId(execution.nextEventId());
    row.setNextFrameId(execution.nextFrameId());
    row.setTransitions(execution.transitions());
    if (execution.part() instanceof Execution.Part.Child child
        && row.getPart() instanceof ChildOfMapRun known) {
      known.setRedrive(child.redrive());
    }
    row.setRedriveCount(execution.redriveCount());
    row.setRedriveDate(
        execution.redriveMillis() == null ? null : Instant.ofEpochMilli(execution.redriveMillis()));
    return row;
  }

  static Execution.Status status(ExecutionStatus status) {
    return switch (status) {
      case RUNNING -> Execution.Status.RUNNING;
      case SUCCEEDED -> Execution.Status.SUCCEEDED;
      case FAILED -> Execution.Status.FAILED;
      case TIMED_OUT -> Execution.Status.TIMED_OUT;
      case ABORTED -> Execution.Status.ABORTED;
      case UNKNOWN -> throw new IllegalStateException("a header row of unknown status");
    };
  }

  static ExecutionStatus status(Execution.Status status) {
    return switch (status) {
      case RUNNING -> ExecutionStatus.RUNNING;
      case SUCCEEDED -> ExecutionStatus.SUCCEEDED;
      case FAILED -> ExecutionStatus.FAILED;
      case TIMED_OUT -> ExecutionStatus.TIMED_OUT;
      case ABORTED -> ExecutionStatus.ABORTED;
    };
  }
}
