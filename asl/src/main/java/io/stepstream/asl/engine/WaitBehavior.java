package io.stepstream.asl.engine;

import io.stepstream.asl.definition.QueryLanguage;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.expr.Evaluation;
import io.stepstream.asl.expr.EvaluationError;
import io.stepstream.asl.expr.Scope;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** A Wait state: until a moment, or for some seconds. */
final class WaitBehavior {

  private static final long MAX_SECONDS = 99_999_999;

  /** How far away a timestamp may be: AWS counts the seconds in 32 bits. */
  private static final long LONGEST_SECONDS = Integer.MAX_VALUE;

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
        Instant moment = wait.timestamp() ? moment(value) : null;
        EvaluationError error =
            !wait.timestamp()
                ? notSeconds(wait, value)
                : moment == null ? notATimestamp(wait, value) : null;
        if (error != null) {
          interpreter.fail(strand, step.failureAfterEntry(strand, error));
          return;
        }
        if (moment != null && moment.getEpochSecond() - step.now() / 1000 > LONGEST_SECONDS) {
          interpreter.fail(
              strand, step.failureAfterEntry(strand, error(wait, "Wait state delay is too long.")));
          return;
        }
        long until =
            moment != null
                ? moment.toEpochMilli()
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

  private static @Nullable EvaluationError notSeconds(State.Wait wait, Object value) {
    String source = wait.until().source();
    boolean path = wait.queryLanguage() == QueryLanguage.JSON_PATH;
    if (!TypeErrors.isInteger(value)) {
      return path
          ? error(
              wait,
              "The SecondsPath parameter cannot be parsed as a long value: %s == %s"
                  .formatted(source, TypeErrors.plain(value)))
          : TypeErrors.unexpected(wait.until(), wait.queryLanguage(), "Seconds", "integer", value);
    }
    long seconds = ((Number) value).longValue();
    if (path && seconds < 0) {
      return error(
          wait,
          "The SecondsPath parameter references a negative value: %s == %d"
              .formatted(source, seconds));
    }
    if (seconds < 0 || seconds > MAX_SECONDS) {
      return TypeErrors.outOfRange(
          wait.until(), wait.queryLanguage(), "Seconds", 0, MAX_SECONDS, value);
    }
    return null;
  }

  /** RFC 3339 with an upper-case T and Z, or an offset; null: it is none. */
  private static @Nullable Instant moment(Object value) {
    if (value instanceof String text && text.indexOf('T') > 0 && !text.endsWith("z")) {
      try {
        Instant moment = OffsetDateTime.parse(text).toInstant();
        moment.toEpochMilli();
        return moment;
      } catch (DateTimeException | ArithmeticException _) {
        // falls through: the text isn't a timestamp, or one beyond the range of milliseconds
      }
    }
    return null;
  }

  private static EvaluationError notATimestamp(State.Wait wait, Object value) {
    if (wait.queryLanguage() == QueryLanguage.JSON_PATH) {
      return error(
          wait,
          "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: %s == %s"
              .formatted(wait.until().source(), TypeErrors.plain(value)));
    }
    return value instanceof String text
        ? error(
            wait,
            "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format"
                + " string: "
                + text)
        : TypeErrors.unexpected(wait.until(), wait.queryLanguage(), "Timestamp", "string", value);
  }

  private static EvaluationError error(State.Wait wait, String cause) {
    return switch (wait.queryLanguage()) {
      case JSON_PATH ->
          new EvaluationError(
              Failure.RUNTIME, cause, wait.timestamp() ? "TimestampPath" : "SecondsPath");
      case JSONATA ->
          new EvaluationError(
              "States.QueryEvaluationError", cause, wait.timestamp() ? "Timestamp" : "Seconds");
    };
  }
}
