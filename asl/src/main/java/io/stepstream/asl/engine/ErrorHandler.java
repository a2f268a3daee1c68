package io.stepstream.asl.engine;

import io.stepstream.asl.definition.ErrorHandling;
import io.stepstream.asl.definition.ErrorHandling.Catcher;
import io.stepstream.asl.definition.ErrorHandling.Retrier;
import io.stepstream.asl.definition.QueryLanguage;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.definition.Transition;
import io.stepstream.asl.expr.Evaluation;
import io.stepstream.asl.expr.Scope;
import io.stepstream.asl.history.HistoryDetails;
import io.stepstream.asl.history.HistoryEventType;
import io.stepstream.asl.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Retry, then Catch, then failure of the flow. */
final class ErrorHandler {

  private ErrorHandler() {}

  static void handle(
      Interpreter interpreter, Step step, Strand strand, State.Retryable state, Failure failure) {
    Inspection inspection = step.inspection;
    if (inspection != null) {
      inspection.failure = failure;
    }
    ErrorHandling handling = state.errorHandling();
    List<Retrier> retriers = handling.retriers();
    for (int i = 0; i < retriers.size(); i++) {
      Retrier retrier = retriers.get(i);
      if (failure.isOneOf(retrier.errorEquals())) {
        if (inspection != null) {
          inspection.retrier = i;
        }
        if (strand.retries(i) < retrier.maxAttempts()) {
          int earlier = strand.countRetry(i, retriers.size());
          long until = step.now() + delayMillis(retrier, earlier, step.entropy.nextLong());
          if (inspection != null) {
            inspection.retryDelayMillis = until - step.now();
          }
          strand.await(new Awaits.Retry(until));
          step.schedule(strand, TimerKey.Purpose.RETRY, until);
          return;
        }
        break; // the first retrier that matches decides, used up or not
      }
    }
    HistoryEventType failed = StateEvents.failed(state);
    if (failed != null) {
      step.emit(strand, failed, HistoryDetails.None.INSTANCE);
    }
    List<Catcher> catchers = handling.catchers();
    for (int i = 0; i < catchers.size(); i++) {
      if (failure.isOneOf(catchers.get(i).errorEquals())) {
        if (caught(interpreter, step, strand, state, catchers.get(i), failure)
            && inspection != null) {
          inspection.catcher = i;
        }
        return;
      }
    }
    interpreter.flowFailed(strand, failure);
  }

  /**
   * Interval · backoff^earlier, at most the maximum delay; with full jitter a uniform share of it.
   */
  static long delayMillis(Retrier retrier, int earlier, long random) {
    double seconds = retrier.intervalSeconds() * Math.pow(retrier.backoffRate(), earlier);
    if (retrier.maxDelaySeconds() != null) {
      seconds = Math.min(seconds, retrier.maxDelaySeconds());
    }
    // A year of years: beyond it the number would overflow a timestamp.
    double millis = Math.min(seconds * 1000, 99_999_999_000L);
    if (retrier.fullJitter()) {
      millis *= (random >>> 11) * 0x1.0p-53;
    }
    return (long) millis;
  }

  /** False: the catcher itself failed. */
  private static boolean caught(
      Interpreter interpreter,
      Step step,
      Strand strand,
      State.Retryable state,
      Catcher catcher,
      Failure failure) {
    Map<String, Object> errorOutput = new LinkedHashMap<>();
    errorOutput.put("Error", orNull(failure.error()));
    // A timeout has no cause in the history, and an empty one for its catcher.
    errorOutput.put(
        "Cause",
        failure.cause() == null && Failure.TIMEOUT.equals(failure.error())
            ? ""
            : orNull(failure.cause()));
    Scope scope = step.scope(strand);
    Evaluation output;
    Scope assignScope;
    if (state.queryLanguage() == QueryLanguage.JSONATA) {
      assignScope = scope.withErrorOutput(errorOutput);
      output =
          catcher.output() == null
              ? Evaluation.of(errorOutput)
              : catcher.output().evaluate(assignScope);
    } else {
      assignScope = scope.withInput(errorOutput);
      output = catcher.resultPath().put(scope.input(), errorOutput);
    }
    Failure failed =
        interpreter.leave(
            strand, output, catcher.assign(), assignScope, new Transition.Next(catcher.next()));
    if (failed != null) {
      // An error in a catcher is not caught again: the same catcher would fail for ever.
      interpreter.flowFailed(strand, failed);
    }
    return failed == null;
  }

  private static Object orNull(@Nullable String text) {
    return text == null ? Json.NULL : text;
  }
}
