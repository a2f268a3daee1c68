package io.stepstream.coordinator.executionlog;

import io.stepstream.schemas.HistoryEventType;

/**
 * AWS's levels of logging; each has what the later ones have.
 *
 * @see <a href="https://docs.aws.amazon.com/step-functions/latest/dg/cloudwatch-log-level.html">Log
 *     levels for Step Functions execution events</a>
 */
public enum LogLevel {
  ALL,
  ERROR,
  FATAL,
  OFF;

  /** Whether events of the type are logged at this level. */
  boolean includes(HistoryEventType type) {
    return this != OFF && compareTo(of(type)) <= 0;
  }

  /** The level with the fewest events that has these. */
  private static LogLevel of(HistoryEventType type) {
    return switch (type) {
      case ExecutionAborted, ExecutionFailed, ExecutionTimedOut -> FATAL;
      case ActivityFailed,
          ActivityScheduleFailed,
          ActivityTimedOut,
          EvaluationFailed,
          FailStateEntered,
          LambdaFunctionFailed,
          LambdaFunctionScheduleFailed,
          LambdaFunctionStartFailed,
          LambdaFunctionTimedOut,
          MapIterationAborted,
          MapIterationFailed,
          MapRunAborted,
          MapRunFailed,
          MapStateAborted,
          MapStateFailed,
          ParallelStateAborted,
          ParallelStateFailed,
          TaskFailed,
          TaskStartFailed,
          TaskStateAborted,
          TaskSubmitFailed,
          TaskTimedOut,
          WaitStateAborted ->
          ERROR;
      case UNKNOWN,
          ActivityScheduled,
          ActivityStarted,
          ActivitySucceeded,
          ChoiceStateEntered,
          ChoiceStateExited,
          ExecutionRedriven,
          ExecutionStarted,
          ExecutionSucceeded,
          LambdaFunctionScheduled,
          LambdaFunctionStarted,
          LambdaFunctionSucceeded,
          MapIterationStarted,
          MapIterationSucceeded,
          MapRunRedriven,
          MapRunStarted,
          MapRunSucceeded,
          MapStateEntered,
          MapStateExited,
          MapStateStarted,
          MapStateSucceeded,
          ParallelStateEntered,
          ParallelStateExited,
          ParallelStateStarted,
          ParallelStateSucceeded,
          PassStateEntered,
          PassStateExited,
          SucceedStateEntered,
          SucceedStateExited,
          TaskScheduled,
          TaskStarted,
          TaskStateEntered,
          TaskStateExited,
          TaskSubmitted,
          TaskSucceeded,
          WaitStateEntered,
          WaitStateExited ->
          ALL;
    };
  }
}
