package io.stepstream.coordinator.executionlog;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.schemas.HistoryEventType;

/**
 * What of a machine's executions is logged.
 *
 * @param executionData whether inputs, outputs, parameters and variables are in the entries
 */
public record ExecutionLogging(LogLevel level, boolean executionData) {

  public static final ExecutionLogging OFF = new ExecutionLogging(LogLevel.OFF, false);

  /** Reads AWS's loggingConfiguration, within the model's constraints. */
  public static ExecutionLogging of(JsonNode configuration) {
    LogLevel level = LogLevel.valueOf(configuration.path("level").asText(LogLevel.OFF.name()));
    return level == LogLevel.OFF
        ? OFF
        : new ExecutionLogging(level, configuration.path("includeExecutionData").asBoolean(false));
  }

  public boolean isOff() {
    return level == LogLevel.OFF;
  }

  public boolean includes(HistoryEventType type) {
    return level.includes(type);
  }
}
