package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.Event;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.LaunchExecution;
import io.stepstream.schemas.StopExecution;
import io.stepstream.schemas.TaskFailed;
import io.stepstream.schemas.TaskHeartbeat;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.codec.Payloads;
import org.jspecify.annotations.Nullable;

/** What an envelope says, checked as far as it can be without rows. */
final class Commands {

  private Commands() {}

  /** Why nobody can have meant this envelope; null: it may be carried out. */
  static @Nullable String impossible(Envelope envelope, LaneSettings lane) {
    String arn = envelope.getExecutionArn();
    String kind = lane.express() ? ":express:" : ":execution:";
    if (!arn.startsWith("arn:") || !arn.contains(kind)) {
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
      if (launch.getName().isEmpty() || !arn.contains(":" + launch.getName())) {
        return "name '%s' is not the one in executionArn '%s'"
            .formatted(shortened(launch.getName()), shortened(arn));
      }
      if (launch.getInput().remaining() > lane.limits().payloadBytes()) {
        return "the input has %d bytes, more than %d"
            .formatted(launch.getInput().remaining(), lane.limits().payloadBytes());
      }
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
