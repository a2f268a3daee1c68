package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.Event;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.LaunchExecution;
import io.stepstream.schemas.StopExecution;
import io.stepstream.schemas.TaskFailed;
import io.stepstream.schemas.TaskHeartbeat;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.topic.ExecutionKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What an envelope says, checked as far as it can be without rows. */
final class Commands {

  private Commands() {}

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
    if (!ExecutionArns.isExecution(arn, lane.express())) {
      return "executionArn '%s' is not the ARN of %s execution"
          .formatted(shortened(arn), lane.express() ? "an Express" : "a Standard");
    }
    if (arn.length() > 1024 || arn.indexOf('#') >= 0) {
      return "executionArn is longer than 1024 characters or contains '#'";
    }
    if (envelope.getGeneration() != 1) {
      return "generation %d of the partition layout does not exist here"
          .formatted(envelope.getGeneration());
    }
    if (envelope.getFrameId() < 0 || envelope.getEpoch() < 0) {
      return "frameId %d or epoch %d is negative"
          .formatted(envelope.getFrameId(), envelope.getEpoch());
    }
    if (envelope.getBody() instanceof LaunchExecution launch) {
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
      if (launch.getInput().remaining() > lane.limits().payloadBytes()) {
        return "the input has %d bytes, more than %d"
            .formatted(launch.getInput().remaining(), lane.limits().payloadBytes());
      }
    }
    if (key.partition(lane.partitions()) != partition) {
      return "execution '%s' belongs to partition %d, not %d"
          .formatted(shortened(arn), key.partition(lane.partitions()), partition);
    }
    return null;
  }

  /** The core's event; null for commands that are not the core's (launch, inspect). */
  static @Nullable Event event(Envelope envelope) {
    return switch (envelope.getBody()) {
      case TaskSucceeded done ->
          new Event.TaskSucceeded(
              envelope.getFrameId(), envelope.getEpoch(), Payloads.bytes(done.getOutput()));
      case TaskFailed failed ->
          new Event.TaskFailed(
              envelope.getFrameId(), envelope.getEpoch(), failed.getError(), failed.getCause());
      case TaskHeartbeat _ -> new Event.TaskHeartbeat(envelope.getFrameId(), envelope.getEpoch());
      case StopExecution stop -> new Event.StopRequested(stop.getError(), stop.getCause());
      default -> null;
    };
  }

  static String shortened(String text) {
    return text.length() <= 120 ? text : text.substring(0, 120) + "…";
  }
}
