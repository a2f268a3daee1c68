package io.stepstream.asl.history;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The details of an event, one record per shape that AWS's API knows. Payloads are JSON in UTF-8.
 */
public sealed interface HistoryDetails {

  /** The event type has no details. */
  record None() implements HistoryDetails {
    public static final None INSTANCE = new None();
  }

  record ExecutionStarted(byte[] input, String roleArn) implements HistoryDetails {}

  record ExecutionSucceeded(byte[] output) implements HistoryDetails {}

  /**
   * Every event that only tells an error: ExecutionFailed, LambdaFunctionFailed, ActivityTimedOut …
   */
  record Failure(@Nullable String error, @Nullable String cause) implements HistoryDetails {}

  record StateEntered(String name, byte[] input) implements HistoryDetails {}

  /**
   * @param assignedVariables name to JSON; empty when the state assigned none
   */
  record StateExited(String name, byte[] output, Map<String, byte[]> assignedVariables)
      implements HistoryDetails {}

  /** LambdaFunctionScheduled and ActivityScheduled. */
  record FunctionScheduled(
      String resource,
      byte[] input,
      @Nullable Integer timeoutInSeconds,
      @Nullable Integer heartbeatInSeconds,
      @Nullable String credentialsRoleArn)
      implements HistoryDetails {}

  /** LambdaFunctionSucceeded and ActivitySucceeded. */
  record FunctionSucceeded(byte[] output) implements HistoryDetails {}

  record ActivityStarted(@Nullable String workerName) implements HistoryDetails {}

  record TaskScheduled(
      String resourceType,
      String resource,
      String region,
      byte[] parameters,
      @Nullable Integer timeoutInSeconds,
      @Nullable Integer heartbeatInSeconds,
      @Nullable String credentialsRoleArn)
      implements HistoryDetails {}

  record TaskStarted(String resourceType, String resource) implements HistoryDetails {}

  /** TaskSucceeded and TaskSubmitted. */
  record TaskSucceeded(String resourceType, String resource, byte[] output)
      implements HistoryDetails {}

  /** TaskFailed, TaskTimedOut, TaskStartFailed, TaskSubmitFailed. */
  record TaskFailed(
      String resourceType, String resource, @Nullable String error, @Nullable String cause)
      implements HistoryDetails {}

  record ExecutionRedriven(int redriveCount) implements HistoryDetails {}

  record MapStarted(int length) implements HistoryDetails {}

  record MapIteration(String name, int index) implements HistoryDetails {}

  record MapRunStarted(String mapRunArn) implements HistoryDetails {}

  record MapRunRedriven(String mapRunArn, int redriveCount) implements HistoryDetails {}

  record EvaluationFailed(String state, String error, String cause, @Nullable String location)
      implements HistoryDetails {}
}
