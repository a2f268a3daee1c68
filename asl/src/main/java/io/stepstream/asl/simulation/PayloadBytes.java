package io.stepstream.asl.simulation;

import io.stepstream.asl.history.HistoryDetails;
import org.jspecify.annotations.Nullable;

/** How much the details of an event hold. */
final class PayloadBytes {

  private PayloadBytes() {}

  /** Of what may be large: payloads, variables, errors and causes. */
  static long of(HistoryDetails details) {
    return switch (details) {
      case HistoryDetails.ExecutionStarted started -> started.input().length;
      case HistoryDetails.ExecutionSucceeded(byte[] output) -> output.length;
      case HistoryDetails.StateEntered(String _, byte[] input) -> input.length;
      case HistoryDetails.StateExited exited ->
          exited.output().length
              + exited.assignedVariables().values().stream().mapToLong(v -> v.length).sum();
      case HistoryDetails.FunctionScheduled scheduled -> scheduled.input().length;
      case HistoryDetails.FunctionSucceeded(byte[] output) -> output.length;
      case HistoryDetails.TaskScheduled scheduled -> scheduled.parameters().length;
      case HistoryDetails.TaskSucceeded succeeded -> succeeded.output().length;
      case HistoryDetails.Failure(String error, String cause) -> length(error) + length(cause);
      case HistoryDetails.TaskFailed failed -> length(failed.error()) + length(failed.cause());
      case HistoryDetails.EvaluationFailed failed -> length(failed.cause());
      case HistoryDetails.None _,
          HistoryDetails.ActivityStarted _,
          HistoryDetails.TaskStarted _,
          HistoryDetails.ExecutionRedriven _,
          HistoryDetails.MapStarted _,
          HistoryDetails.MapIteration _,
          HistoryDetails.MapRunStarted _,
          HistoryDetails.MapRunRedriven _ ->
          0;
    };
  }

  private static long length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }
}
