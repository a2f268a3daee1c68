package io.stepstream.asl.engine;

import io.stepstream.asl.definition.State;
import io.stepstream.asl.history.HistoryEventType;
import org.jspecify.annotations.Nullable;

/** Which history events tell of a state. */
final class StateEvents {

  private StateEvents() {}

  static HistoryEventType entered(State state) {
    return switch (state) {
      case State.Pass _ -> HistoryEventType.PASS_STATE_ENTERED;
      case State.Task _ -> HistoryEventType.TASK_STATE_ENTERED;
      case State.Choice _ -> HistoryEventType.CHOICE_STATE_ENTERED;
      case State.Wait _ -> HistoryEventType.WAIT_STATE_ENTERED;
      case State.Succeed _ -> HistoryEventType.SUCCEED_STATE_ENTERED;
      case State.Fail _ -> HistoryEventType.FAIL_STATE_ENTERED;
      case State.Parallel _ -> HistoryEventType.PARALLEL_STATE_ENTERED;
      case State.MapState _ -> HistoryEventType.MAP_STATE_ENTERED;
    };
  }

  static HistoryEventType exited(State state) {
    return switch (state) {
      case State.Pass _ -> HistoryEventType.PASS_STATE_EXITED;
      case State.Task _ -> HistoryEventType.TASK_STATE_EXITED;
      case State.Choice _ -> HistoryEventType.CHOICE_STATE_EXITED;
      case State.Wait _ -> HistoryEventType.WAIT_STATE_EXITED;
      case State.Succeed _ -> HistoryEventType.SUCCEED_STATE_EXITED;
      case State.Fail _ -> throw new IllegalStateException("a Fail state is never left");
      case State.Parallel _ -> HistoryEventType.PARALLEL_STATE_EXITED;
      case State.MapState _ -> HistoryEventType.MAP_STATE_EXITED;
    };
  }

  /** Null: AWS tells nothing when such a state is aborted. */
  static @Nullable HistoryEventType aborted(State state) {
    return switch (state) {
      case State.Task _ -> HistoryEventType.TASK_STATE_ABORTED;
      case State.Wait _ -> HistoryEventType.WAIT_STATE_ABORTED;
      case State.Parallel _ -> HistoryEventType.PARALLEL_STATE_ABORTED;
      case State.MapState _ -> HistoryEventType.MAP_STATE_ABORTED;
      case State.Pass _, State.Choice _, State.Succeed _, State.Fail _ -> null;
    };
  }

  /** Told when the state's failure is final for it, caught or not; null: nothing is. */
  static @Nullable HistoryEventType failed(State.Retryable state) {
    return switch (state) {
      case State.Task _ -> null;
      case State.Parallel _ -> HistoryEventType.PARALLEL_STATE_FAILED;
      case State.MapState _ -> HistoryEventType.MAP_STATE_FAILED;
    };
  }
}
