package io.stepstream.coordinator.shell;

import io.stepstream.asl.history.HistoryDetails;
import io.stepstream.asl.history.HistoryEvent;
import io.stepstream.schemas.HistoryEventDetails;
import io.stepstream.schemas.HistoryEventType;
import io.stepstream.schemas.codec.Payloads;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From the core's history events to records. */
final class HistoryMapper {

  private HistoryMapper() {}

  static io.stepstream.schemas.HistoryEvent event(HistoryEvent event) {
    return new io.stepstream.schemas.HistoryEvent(
        event.id(),
        event.previousEventId(),
        Instant.ofEpochMilli(event.timestampMillis()),
        HistoryEventType.valueOf(event.type().awsName()),
        details(event.details()));
  }

  private static @Nullable HistoryEventDetails details(HistoryDetails details) {
    if (details instanceof HistoryDetails.None) {
      return null;
    }
    HistoryEventDetails record = new HistoryEventDetails();
    switch (details) {
      case HistoryDetails.None _ -> throw new IllegalStateException("handled above");
      case HistoryDetails.ExecutionStarted(byte[] input, String roleArn) -> {
        record.setInput(Payloads.of(input));
        record.setRoleArn(roleArn);
      }
      case HistoryDetails.ExecutionSucceeded(byte[] output) ->
          record.setOutput(Payloads.of(output));
      case HistoryDetails.Failure(String error, String cause) -> {
        record.setError(error);
        record.setCause(cause);
      }
      case HistoryDetails.StateEntered(String name, byte[] input) -> {
        record.setName(name);
        record.setInput(Payloads.of(input));
      }
      case HistoryDetails.StateExited(
              String name,
              byte[] output,
              Map<String, byte[]> assignedVariables) -> {
        record.setName(name);
        record.setOutput(Payloads.of(output));
        if (!assignedVariables.isEmpty()) {
          Map<String, ByteBuffer> variables = new HashMap<>();
          assignedVariables.forEach((variable, json) -> variables.put(variable, Payloads.of(json)));
          record.setAssignedVariables(variables);
        }
      }
      case HistoryDetails.FunctionScheduled f -> {
        record.setResource(f.resource());
        record.setInput(Payloads.of(f.input()));
        record.setTimeoutInSeconds(seconds(f.timeoutInSeconds()));
        record.setHeartbeatInSeconds(seconds(f.heartbeatInSeconds()));
        record.setTaskCredentialsRoleArn(f.credentialsRoleArn());
      }
      case HistoryDetails.FunctionSucceeded(byte[] output) -> record.setOutput(Payloads.of(output));
      case HistoryDetails.ActivityStarted(String workerName) -> record.setWorkerName(workerName);
      case HistoryDetails.TaskScheduled t -> {
        record.setResourceType(t.resourceType());
        record.setResource(t.resource());
        record.setRegion(t.region());
        record.setParameters(Payloads.of(t.parameters()));
        record.setTimeoutInSeconds(seconds(t.timeoutInSeconds()));
        record.setHeartbeatInSeconds(seconds(t.heartbeatInSeconds()));
        record.setTaskCredentialsRoleArn(t.credentialsRoleArn());
      }
      case HistoryDetails.TaskStarted(String type, String resource) -> {
        record.setResourceType(type);
        record.setResource(resource);
      }
      case HistoryDetails.TaskSucceeded(String type, String resource, byte[] output) -> {
        record.setResourceType(type);
        record.setResource(resource);
        record.setOutput(Payloads.of(output));
      }
      case HistoryDetails.TaskFailed(String type, String resource, String error, String cause) -> {
        record.setResourceType(type);
        record.setResource(resource);
        record.setError(error);
        record.setCause(cause);
      }
      case HistoryDetails.ExecutionRedriven(int count) -> record.setRedriveCount(count);
      case HistoryDetails.MapRunRedriven(String arn, int count) -> {
        record.setMapRunArn(arn);
        record.setRedriveCount(count);
      }
      case HistoryDetails.MapStarted(int length) -> record.setLength(length);
      case HistoryDetails.MapIteration(String name, int index) -> {
        record.setName(name);
        record.setIndex(index);
      }
      case HistoryDetails.MapRunStarted(String mapRunArn) -> record.setMapRunArn(mapRunArn);
      case HistoryDetails.EvaluationFailed(
              String state,
              String error,
              String cause,
              String location) -> {
        record.setState(state);
        record.setError(error);
        record.setCause(cause);
        record.setLocation(location);
      }
    }
    return record;
  }

  /** Bytes of the payloads in an event, which make nearly all of a large one. */
  static int payloadBytes(io.stepstream.schemas.HistoryEvent event) {
    HistoryEventDetails details = event.getDetails();
    if (details == null) {
      return 0;
    }
    int bytes =
        remaining(details.getInput())
            + remaining(details.getOutput())
            + remaining(details.getParameters())
            + (details.getCause() == null ? 0 : 3 * details.getCause().length());
    if (details.getAssignedVariables() != null) {
      for (ByteBuffer variable : details.getAssignedVariables().values()) {
        bytes += remaining(variable);
      }
    }
    return bytes;
  }

  private static int remaining(@Nullable ByteBuffer buffer) {
    return buffer == null ? 0 : buffer.remaining();
  }

  private static @Nullable Long seconds(@Nullable Integer seconds) {
    return seconds == null ? null : seconds.longValue();
  }
}
