package io.stepstream.asl.engine;

import io.stepstream.asl.definition.State;
import io.stepstream.asl.expr.Evaluation;
import io.stepstream.asl.expr.EvaluationError;
import io.stepstream.asl.expr.Scope;
import java.time.DateTimeException;
import java.time.OffsetDateTime;

/** A Wait state: until a moment, or for some seconds. */
final class WaitBehavior {

  private static final long MAX_SECONDS = 99_999_999;

  private WaitBehavior() {}

  static void attempt(Interpreter interpreter, Step step, Strand strand, State.Wait wait) {
    Scope scope = step.scope(strand);
    Object effective;
    switch (interpreter.effectiveInput(wait.data(), scope)) {
      case Evaluation.Failed failed -> {
        interpreter.fail(strand, step.evaluationFailure(strand, failed.error()));
        return;
      }
      case Evaluation.Value(Object input) -> effective = input;
    }
    switch (wait.until().evaluate(scope.withInput(effective))) {
      case Evaluation.Failed failed ->
          interpreter.fail(strand, step.evaluationFailure(strand, failed.error()));
      case Evaluation.Value(Object value) -> {
        EvaluationError error =
            wait.timestamp() ? notATimestamp(wait, value) : notSeconds(wait, value);
        if (error != null) {
          interpreter.fail(strand, step.evaluationFailure(strand, error));
          return;
        }
        long until =
            wait.timestamp()
                ? OffsetDateTime.parse((String) value).toInstant().toEpochMilli()
                : step.now() + ((Number) value).longValue() * 1000;
        if (until <= step.now()) {
          ended(interpreter, strand, wait);
        } else {
          strand.await(new Awaits.Time(until));
          step.schedule(strand, TimerKey.Purpose.WAIT, until);
        }
      }
    }
  }

  static void ended(Interpreter interpreter, Strand strand, State.Wait wait) {
    interpreter.complete(strand, wait.data(), null, null, wait.transition());
  }

  private static @org.jspecify.annotations.Nullable EvaluationError notSeconds(
      State.Wait wait, Object value) {
    if (!TypeErrors.isInteger(value)) {
      return TypeErrors.unexpected(wait.until(), wait.queryLanguage(), "Seconds", "integer", value);
    }
    long seconds = ((Number) value).longValue();
    if (seconds < 0 || seconds > MAX_SECONDS) {
      return TypeErrors.outOfRange(
          wait.until(), wait.queryLanguage(), "Seconds", 0, MAX_SECONDS, value);
    }
    return null;
  }

  /** RFC 3339 with an upper-case T and Z, or an offset. */
  private static @org.jspecify.annotations.Nullable EvaluationError notATimestamp(
      State.Wait wait, Object value) {
    if (value instanceof String text && text.indexOf('T') > 0) {
      try {
        OffsetDateTime.parse(text).toInstant().toEpochMilli();
        return null;
      } catch (DateTimeException | ArithmeticException _) {
        // falls through: the text isn't a timestamp, or one beyond the range of milliseconds
      }
    }
    return TypeErrors.unexpected(
        wait.until(), wait.queryLanguage(), "Timestamp", "timestamp", value);
  }
}
