package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.Effect;
import io.stepstream.asl.engine.NestedExecution;
import io.stepstream.asl.nested.StartPattern;
import io.stepstream.coordinator.store.ExecutionRows;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.LaunchExecution;
import io.stepstream.schemas.NestedPattern;
import io.stepstream.schemas.ParentTask;
import io.stepstream.schemas.StopExecution;
import io.stepstream.schemas.TaskFailed;
import io.stepstream.schemas.TaskSubmitted;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.topic.ExecutionKey;
import io.stepstream.schemas.topic.Generations;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What an execution tells the Task states that have started it: that it has started, that it
 * cannot, how it has ended. Each answer is sent in the transaction that makes it true (ADR 0037).
 */
final class NestedAnswers {

  /** Tasks that may wait for one execution: all are in its header. */
  private static final int MOST_WAITING = 16;

  private final ExecutionRows executions;
  private final Messages messages;
  private final LaneSettings lane;
  private final LongSupplier clock;

  NestedAnswers(
      ExecutionRows executions, Messages messages, LaneSettings lane, LongSupplier clock) {
    this.executions = executions;
    this.messages = messages;
    this.lane = lane;
    this.clock = clock;
  }

  /** Whether an answer can be sent to that task: anybody may have written the launch. */
  static boolean isAnswerable(ParentTask task, Generations generations) {
    String arn = task.getExecutionArn();
    return task.getPattern() != NestedPattern.UNKNOWN
        && task.getFrameId() >= 0
        && task.getEpoch() >= 0
        && generations.exists(task.getGeneration())
        && arn.length() <= 1024
        && (ExecutionArns.isExecution(arn, false) || ExecutionArns.isExecution(arn, true));
  }

  /**
   * A launch is about to be carried out; its end, which may come with the same step, is told later.
   */
  void starting(LaunchExecution launch, ExecutionRow header) {
    if (launch.getParent() != null) {
      messages.send(started(launch.getParent(), header));
    }
  }

  /**
   * An execution of that name is there.
   *
   * @param same it runs, and with the same input: AWS takes this for the same start
   */
  void launchedBefore(ExecutionKey key, ParentTask task, ExecutionRow existing, boolean same) {
    boolean waits = pattern(task).isSync();
    if (existing.getParents().contains(task)) {
      // The same attempt again. Only an Express execution repeats one, and it may have lost the
      // answer; a Standard one has been told in the transaction that began this execution.
      if (!waits && task.getPattern() == NestedPattern.REQUEST) {
        messages.send(started(task, existing));
      }
    } else if (!same || waits && existing.getParents().size() >= MOST_WAITING) {
      messages.send(NestedStarts.alreadyExists(task, key.arn()));
    } else {
      if (waits) {
        List<ParentTask> waiting = new ArrayList<>(existing.getParents());
        waiting.add(task);
        existing.setParents(waiting);
        executions.putHeader(key.hash16(), existing);
      }
      messages.send(started(task, existing));
    }
  }

  /** A launch cannot be carried out. */
  void refused(LaunchExecution launch, String reason) {
    if (launch.getParent() != null && isAnswerable(launch.getParent(), lane.generations())) {
      messages.send(failed(launch.getParent(), "States.TaskFailed", reason));
    }
  }

  /** To the tasks that have waited for the end. */
  List<Messages.Message> ended(
      ExecutionRow header, Effect.Close close, @Nullable String version, @Nullable String alias) {
    List<Messages.Message> told = new ArrayList<>();
    for (ParentTask task : header.getParents()) {
      StartPattern pattern = pattern(task);
      if (pattern.isSync()) {
        NestedEnd end =
            new NestedEnd(
                close.execution(),
                close.input(),
                close.output(),
                close.error(),
                close.cause(),
                version,
                alias,
                header.getTraceHeader());
        told.add(
            messages.message(
                switch (end.outcome(pattern, lane.limits().payloadBytes())) {
                  case NestedEnd.Outcome.Succeeded(byte[] output) ->
                      to(task, new TaskSucceeded(Payloads.of(output)));
                  case NestedEnd.Outcome.Failed(String error, String cause) ->
                      failed(task, error, cause);
                }));
      }
    }
    return told;
  }

  /**
   * A task was told of the execution that it has started, and does not wait any more: as if it had
   * known whom to stop when it ended.
   *
   * @param told the message that has found nobody
   */
  void stopOrphan(Envelope told) {
    if (told.getBody() instanceof TaskSubmitted submitted
        && submitted.getExecutionArn() != null
        && ExecutionArns.isExecution(submitted.getExecutionArn(), false)) {
      StopExecution stop =
          new StopExecution(
              null,
              NestedExecution.stopCause(told.getExecutionArn()),
              Instant.ofEpochMilli(clock.getAsLong()));
      messages.send(
          new Envelope(
              submitted.getExecutionArn(), lane.generations().unknown(), 0L, 0, 0L, null, stop));
    }
  }

  private static Envelope started(ParentTask task, ExecutionRow header) {
    String arn = header.getExecutionArn();
    byte[] answer = NestedEnd.started(arn, header.getStartDate().toEpochMilli());
    return switch (pattern(task)) {
      case REQUEST -> to(task, new TaskSucceeded(Payloads.of(answer)));
      case TOKEN -> to(task, new TaskSubmitted(Payloads.of(answer), null));
      case SYNC, SYNC_2 -> to(task, new TaskSubmitted(Payloads.of(answer), arn));
    };
  }

  static Envelope failed(ParentTask task, String error, String cause) {
    return to(task, new TaskFailed(error, cause));
  }

  private static Envelope to(ParentTask task, Object body) {
    return new Envelope(
        task.getExecutionArn(),
        task.getGeneration(),
        task.getFrameId(),
        task.getEpoch(),
        0L,
        null,
        body);
  }

  private static StartPattern pattern(ParentTask task) {
    return StartPattern.valueOf(task.getPattern().name());
  }
}
