package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.Event;
import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import io.stepstream.asl.validate.Resources;
import io.stepstream.coordinator.execution.StartRequest;
import io.stepstream.schemas.ChildEnded;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.InspectMapRun;
import io.stepstream.schemas.JobRuns;
import io.stepstream.schemas.LaunchChild;
import io.stepstream.schemas.LaunchExecution;
import io.stepstream.schemas.ListMapRuns;
import io.stepstream.schemas.OfferedTask;
import io.stepstream.schemas.PollActivity;
import io.stepstream.schemas.ProbeShard;
import io.stepstream.schemas.RedriveExecution;
import io.stepstream.schemas.ResumeShard;
import io.stepstream.schemas.StartShard;
import io.stepstream.schemas.StopExecution;
import io.stepstream.schemas.StopPolling;
import io.stepstream.schemas.TakeTask;
import io.stepstream.schemas.TaskFailed;
import io.stepstream.schemas.TaskHeartbeat;
import io.stepstream.schemas.TaskSubmitted;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.UpdateMapRun;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.topic.ExecutionKey;
import io.stepstream.schemas.topic.Generations;
import java.time.Duration;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What an envelope says, checked as far as it can be without rows. */
final class Commands {

  private Commands() {}

  /** AWS's longest page. */
  private static final int MOST_LISTED = 1000;

  /** In characters; what a worker finds a job by is in the row of its task. */
  private static final int LONGEST_JOB = 8_192;

  private static final Duration LONGEST_PAUSE = Duration.ofDays(1);

  /** As much as there may be in a header of HTTP; in every record of the execution. */
  private static final int LONGEST_TRACE = 8_192;

  /** Clocks of hosts differ by less. */
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

  /**
   * Why nobody can have meant this envelope; null: it may be carried out.
   *
   * @param partition which it was read from
   */
  static @Nullable String impossible(
      Envelope envelope, ExecutionKey key, LaneSettings lane, int partition, long nowMillis) {
    String arn = envelope.getExecutionArn();
    boolean ofMapRun =
        envelope.getBody() instanceof InspectMapRun || envelope.getBody() instanceof UpdateMapRun;
    boolean ofActivity = ActivityQueues.isFor(envelope.getBody());
    if (ofActivity && (!Resources.isActivity(arn) || lane.express())) {
      return "executionArn '%s' is not the ARN of an activity, or not in its lane"
          .formatted(shortened(arn));
    }
    if (ofMapRun && (!ExecutionArns.isMapRun(arn) || lane.express())) {
      return "executionArn '%s' is not the ARN of a Map run of this lane".formatted(shortened(arn));
    }
    if (!ofMapRun
        && !ofActivity
        && !ExecutionArns.isExecution(arn, lane.express())
        && !ExecutionArns.isShard(arn, lane.express())) {
      return "executionArn '%s' is not the ARN of %s execution"
          .formatted(shortened(arn), lane.express() ? "an Express" : "a Standard");
    }
    if (arn.length() > 1024 || arn.indexOf('#') >= 0) {
      return "executionArn is longer than 1024 characters or contains '#'";
    }
    if (envelope.getGeneration() != Generations.UNKNOWN
        && !lane.generations().exists(envelope.getGeneration())) {
      return "generation %d of the partition layout does not exist here"
          .formatted(envelope.getGeneration());
    }
    if (envelope.getFrameId() < 0 || envelope.getEpoch() < 0) {
      return "frameId %d or epoch %d is negative"
          .formatted(envelope.getFrameId(), envelope.getEpoch());
    }
    if (envelope.getBody() instanceof LaunchExecution launch) {
      if (isTraceTooLong(launch.getTraceHeader())) {
        return "traceHeader is longer than %d characters".formatted(LONGEST_TRACE);
      }
      if (!ExecutionArns.names(
          arn, launch.getStateMachineArn(), launch.getName(), lane.express())) {
        return "executionArn '%s' is not that of an execution '%s' of state machine '%s'"
            .formatted(
                shortened(arn),
                shortened(launch.getName()),
                shortened(launch.getStateMachineArn()));
      }
      if (launch.getRequestedAt().toEpochMilli() - nowMillis > CLOCK_SKEW.toMillis()) {
        return "requestedAt %s is in the future".formatted(launch.getRequestedAt());
      }
      if (launch.getParent() != null
          && !NestedAnswers.isAnswerable(launch.getParent(), lane.generations())) {
        return "'%s' is no execution whose task could have started this one"
            .formatted(shortened(launch.getParent().getExecutionArn()));
      }
      if (launch.getInput().remaining() > lane.limits().payloadBytes()) {
        return "the input has %d bytes, more than %d"
            .formatted(launch.getInput().remaining(), lane.limits().payloadBytes());
      }
      if (launch.getTriggered() != null
          && !isTriggerContext(Payloads.bytes(launch.getTriggered().getContext()))) {
        return "what is told of the trigger's record is no JSON of at most %d bytes"
            .formatted(StartRequest.MOST_TRIGGER_BYTES);
      }
    }
    String impossible = impossible(envelope.getBody(), arn, lane);
    if (impossible == null) {
      impossible = impossibleOfActivity(envelope);
    }
    if (impossible != null) {
      return impossible;
    }
    // Workers know of the first generation only, and answer to where their order came from.
    if (envelope.getGeneration() > Generations.FIRST
        && lane.generations().partition(key, envelope.getGeneration()) != partition) {
      return "generation %d has execution '%s' at partition %d, not %d"
          .formatted(
              envelope.getGeneration(),
              shortened(arn),
              lane.generations().partition(key, envelope.getGeneration()),
              partition);
    }
    if (!lane.generations().isPlace(key, partition)) {
      return "execution '%s' belongs to partition %s, not %d"
          .formatted(shortened(arn), places(lane.generations(), key), partition);
    }
    return null;
  }

  static boolean isTraceTooLong(@Nullable String traceHeader) {
    return traceHeader != null && traceHeader.length() > LONGEST_TRACE;
  }

  private static boolean isTriggerContext(byte[] json) {
    return json.length <= StartRequest.MOST_TRIGGER_BYTES
        && Json.decode(json) instanceof Decoded.Tree;
  }

  private static @Nullable String impossible(Object body, String arn, LaneSettings lane) {
    return switch (body) {
      case LaunchChild launch
          when !ExecutionKey.isChild(arn)
              || !ExecutionArns.namesChild(
                  arn, launch.getStateMachineArn(), launch.getName(), lane.express()) ->
          "executionArn '%s' is not that of a child execution '%s' of '%s'"
              .formatted(
                  shortened(arn),
                  shortened(launch.getName()),
                  shortened(launch.getStateMachineArn()));
      case LaunchChild launch when launch.getInput().remaining() > lane.limits().payloadBytes() ->
          "the input of the child execution has %d bytes, more than %d"
              .formatted(launch.getInput().remaining(), lane.limits().payloadBytes());
      case StartShard start
          when !ExecutionArns.isShard(arn, lane.express())
              || start.getInputs().isEmpty()
              || start.getRun().getExpress() != lane.express() ->
          "'%s' cannot be begun as a shard of %d children in this lane"
              .formatted(shortened(arn), start.getInputs().size());
      case ProbeShard probe
          when !ExecutionArns.isShard(arn, lane.express())
              || probe.getFrameId() < 0
              || probe.getEpoch() < 0
              || !ExecutionArns.isExecution(probe.getExecutionArn(), false)
                  && !ExecutionArns.isExecution(probe.getExecutionArn(), true) ->
          "'%s' is no shard that '%s' can ask for"
              .formatted(shortened(arn), shortened(probe.getExecutionArn()));
      case ResumeShard resume
          when !ExecutionArns.isShard(arn, lane.express())
              || resume.getFrameId() < 0
              || resume.getEpoch() < 0
              || !ExecutionArns.isExecution(resume.getExecutionArn(), false) ->
          "'%s' is no shard that '%s' can resume"
              .formatted(shortened(arn), shortened(resume.getExecutionArn()));
      case RedriveExecution _ when !ExecutionArns.isExecution(arn, false) ->
          "'%s' is no Standard execution that could be redriven".formatted(shortened(arn));
      case ChildEnded ended
          when ended.getStatus() == ExecutionStatus.UNKNOWN
              || ended.getStatus() == ExecutionStatus.RUNNING ->
          "a child execution does not end as " + ended.getStatus();
      case UpdateMapRun update
          when less(update.getMaxConcurrency(), 0)
              || less(update.getToleratedCount(), 0)
              || !percentage(update.getToleratedPercentage()) ->
          "a Map run cannot be changed to MaxConcurrency %s, ToleratedFailureCount %s, ToleratedFailurePercentage %s"
              .formatted(
                  update.getMaxConcurrency(),
                  update.getToleratedCount(),
                  update.getToleratedPercentage());
      case JobRuns job
          when job.getJob().length() > LONGEST_JOB
              || job.getPauseMillis() < 0
              || job.getPauseMillis() > LONGEST_PAUSE.toMillis()
              || job.getUnanswered() < 0 ->
          "a job of %d characters cannot be looked at after %d ms"
              .formatted(job.getJob().length(), job.getPauseMillis());
      case ListMapRuns list
          when list.getAfter() < 0
              || list.getAfter() == Long.MAX_VALUE
              || list.getMaxResults() < 1
              || list.getMaxResults() > MOST_LISTED ->
          "no list of %d Map runs can be behind %d"
              .formatted(list.getMaxResults(), list.getAfter());
      default -> null;
    };
  }

  private static @Nullable String impossibleOfActivity(Envelope envelope) {
    return switch (envelope.getBody()) {
      case OfferedTask task when !ExecutionArns.isExecution(task.getExecutionArn(), false) ->
          "'%s' is no execution that could offer a task"
              .formatted(shortened(task.getExecutionArn()));
      case PollActivity poll when envelope.getReplyTo() == null || poll.getWaitMillis() < 0 ->
          "nobody can be told of a task, or waits for one";
      case StopPolling _ when envelope.getReplyTo() == null -> "nobody has polled";
      case TakeTask take when !Resources.isActivity(take.getActivityArn()) ->
          "'%s' is not the ARN of an activity".formatted(shortened(take.getActivityArn()));
      default -> null;
    };
  }

  private static String places(Generations generations, ExecutionKey key) {
    return generations.apart(key).stream()
        .map(generation -> String.valueOf(generations.partition(key, generation)))
        .collect(Collectors.joining(" or "));
  }

  private static boolean less(@Nullable Number value, long bound) {
    return value != null && value.longValue() < bound;
  }

  private static boolean percentage(@Nullable Double value) {
    return value == null || (value >= 0 && value <= 100);
  }

  /** The core's event; null for commands that are not the core's (launch, redrive, inspect). */
  static @Nullable Event event(Envelope envelope) {
    return switch (envelope.getBody()) {
      case TaskSucceeded done ->
          new Event.TaskSucceeded(
              envelope.getFrameId(), envelope.getEpoch(), Payloads.bytes(done.getOutput()));
      case TaskFailed failed ->
          new Event.TaskFailed(
              envelope.getFrameId(), envelope.getEpoch(), failed.getError(), failed.getCause());
      case TaskSubmitted handed ->
          new Event.TaskSubmitted(
              envelope.getFrameId(),
              envelope.getEpoch(),
              Payloads.bytes(handed.getOutput()),
              handed.getExecutionArn());
      case JobRuns job ->
          new Event.JobRuns(
              envelope.getFrameId(),
              envelope.getEpoch(),
              job.getJob(),
              job.getSubmitted() == null ? null : Payloads.bytes(job.getSubmitted()),
              job.getPauseMillis(),
              job.getUnanswered());
      case TaskHeartbeat _ -> new Event.TaskHeartbeat(envelope.getFrameId(), envelope.getEpoch());
      case TakeTask take ->
          new Event.TaskStarted(envelope.getFrameId(), envelope.getEpoch(), take.getWorkerName());
      case StopExecution stop -> new Event.StopRequested(stop.getError(), stop.getCause());
      default -> MapRunMessages.event(envelope);
    };
  }

  static String shortened(String text) {
    return text.length() <= 120 ? text : text.substring(0, 120) + "…";
  }
}
