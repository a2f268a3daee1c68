package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.Engine;
import io.stepstream.asl.engine.Event;
import io.stepstream.asl.engine.RedriveRules;
import io.stepstream.asl.engine.Rejection;
import io.stepstream.coordinator.execution.MapRunUpdate;
import io.stepstream.coordinator.reply.Reply;
import io.stepstream.coordinator.store.ExecutionRows;
import io.stepstream.coordinator.store.MapRunRows;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.JobRuns;
import io.stepstream.schemas.RedriveExecution;
import io.stepstream.schemas.ShardPart;
import io.stepstream.schemas.StopExecution;
import io.stepstream.schemas.TakeTask;
import io.stepstream.schemas.TaskFailed;
import io.stepstream.schemas.TaskHeartbeat;
import io.stepstream.schemas.TaskSubmitted;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.UpdateMapRun;
import io.stepstream.schemas.topic.ExecutionKey;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is told to an execution or a shard that has begun: each command runs a step of it, or finds
 * nothing that it could change, and its caller hears which.
 *
 * <p>Not thread safe: one per partition.
 */
final class ExecutionCommands {

  /** More than half a second: a caller waits. */
  private static final int REDRIVE_PARKED_AT_MOST = 5;

  private final ExecutionRows executions;
  private final MapRunCommands mapRuns;
  private final StepCounters counters;
  private final Steps steps;
  private final Parking parking;
  private final Answers answers;
  private final Orphans orphans;

  ExecutionCommands(
      ExecutionRows executions,
      MapRunCommands mapRuns,
      StepCounters counters,
      Steps steps,
      Parking parking,
      Answers answers,
      Orphans orphans) {
    this.executions = executions;
    this.mapRuns = mapRuns;
    this.counters = counters;
    this.steps = steps;
    this.parking = parking;
    this.answers = answers;
    this.orphans = orphans;
  }

  /**
   * @param header null: there is no such execution
   * @param event that the command is to the core
   */
  void command(
      ExecutionKey key,
      @Nullable ExecutionRow header,
      Event event,
      Envelope envelope,
      Delivery delivery) {
    if (header == null) {
      counters.rejected(Rejection.Code.UNKNOWN_EXECUTION);
      nothingToDo(envelope, new Reply.NoSuchExecution());
      return;
    }
    if (header.getStatus() != ExecutionStatus.RUNNING && !Engine.isHeardAfterEnd(event)) {
      counters.rejected(Rejection.Code.ALREADY_CLOSED);
      nothingToDo(envelope, new Reply.AlreadyEnded(header.getStopDate()));
      return;
    }
    if (header.getPart() instanceof ShardPart) {
      steps.run(key, header, true, null, event, delivery);
      return;
    }
    Definitions.Runnable machine = steps.definition(header);
    if (machine == null) {
      parking.awaitDefinition(key, delivery);
      return;
    }
    boolean accepted = steps.run(key, header, true, machine, event, delivery) == null;
    if (isOfAttempt(envelope.getBody())) {
      if (accepted) {
        answers.give(envelope.getReplyTo(), new Reply.TaskAccepted());
      } else {
        nothingToDo(envelope, new Reply.TaskOver());
      }
    }
    if (envelope.getBody() instanceof UpdateMapRun) {
      answers.give(envelope.getReplyTo(), new Reply.MapRunUpdated(MapRunUpdate.UPDATED));
    }
    if (envelope.getBody() instanceof StopExecution) {
      Instant stopDate = Objects.requireNonNull(header.getStopDate());
      answers.give(
          envelope.getReplyTo(),
          header.getStatus() == ExecutionStatus.ABORTED
              ? new Reply.Stopped(stopDate)
              : new Reply.AlreadyEnded(stopDate));
    }
  }

  void redrive(
      ExecutionKey key,
      @Nullable ExecutionRow header,
      RedriveExecution asked,
      Envelope envelope,
      Delivery delivery) {
    if (header == null) {
      counters.rejected(Rejection.Code.UNKNOWN_EXECUTION);
      answers.give(envelope.getReplyTo(), new Reply.NoSuchExecution());
      return;
    }
    Instant now = Instant.ofEpochMilli(steps.stepTime(header));
    Instant before = RedriveTokens.redriven(header, asked.getClientToken(), now);
    if (before != null) {
      answers.give(envelope.getReplyTo(), new Reply.Redriven(before));
      return;
    }
    Definitions.Runnable machine = steps.definition(header);
    if (machine == null) {
      awaitRevision(key, envelope, delivery);
      return;
    }
    RedriveTokens.remember(header, asked.getClientToken(), now);
    Rejection rejection =
        steps.run(key, header, true, machine, new Event.RedriveRequested(), delivery);
    answers.give(
        envelope.getReplyTo(),
        rejection == null
            ? new Reply.Redriven(Objects.requireNonNull(header.getRedriveDate()))
            : new Reply.NotRedrivable(rejection.message()));
  }

  /**
   * A revision that ran once and isn't there went with its machine; or this node lags behind, which
   * takes milliseconds.
   */
  private void awaitRevision(ExecutionKey key, Envelope redrive, Delivery delivery) {
    if (delivery.attempts() < REDRIVE_PARKED_AT_MOST) {
      parking.awaitDefinition(key, delivery);
    } else {
      answers.give(redrive.getReplyTo(), new Reply.NotRedrivable(RedriveRules.MACHINE_DELETED));
    }
  }

  void updateMapRun(ExecutionKey key, UpdateMapRun update, Envelope envelope, Delivery delivery) {
    MapRunRows.Found found = mapRuns.find(key);
    if (found == null) {
      answers.give(envelope.getReplyTo(), new Reply.NoSuchMapRun());
    } else if (mapRuns.hasEnded(found)) {
      answers.give(envelope.getReplyTo(), new Reply.MapRunUpdated(MapRunUpdate.ENDED));
    } else {
      ExecutionKey execution = found.execution();
      command(
          execution,
          executions.header(execution.hash16()),
          MapRunCommands.event(found, update),
          envelope,
          delivery);
    }
  }

  /** What is said of an attempt: by its worker, by whoever has its token. */
  private static boolean isOfAttempt(Object body) {
    return body instanceof TaskSucceeded
        || body instanceof TaskFailed
        || body instanceof TaskHeartbeat
        || body instanceof TaskSubmitted
        || body instanceof JobRuns
        || body instanceof TakeTask;
  }

  /** A command has found nothing that it could change. */
  private void nothingToDo(Envelope envelope, Reply reply) {
    answers.give(envelope.getReplyTo(), reply);
    orphans.stop(envelope);
  }
}
