package io.stepstream.testkit.conformance;

import io.stepstream.asl.engine.Limits;
import io.stepstream.asl.engine.StateVisit;
import io.stepstream.asl.json.Json;
import io.stepstream.asl.simulation.TaskAttempt;
import io.stepstream.asl.simulation.TaskReport;
import io.stepstream.asl.teststate.StateTest;
import io.stepstream.asl.teststate.StateTestResult;
import io.stepstream.asl.teststate.StateTester;
import io.stepstream.asl.teststate.TaskCaller;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A recorded call of TestState; the intermediate values are compared as details. */
final class StateTestCheck {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final StateTester.Moment MOMENT =
      new StateTester.Moment("tested-machine", "tested-execution", NOW.toEpochMilli());

  private StateTestCheck() {}

  /** Null: AWS was never called, since its client refused the call. */
  static @Nullable Verdict of(RecordedCase recorded) {
    if (recorded.expect().get("apiError") instanceof Map<?, ?> error
        && Boolean.TRUE.equals(error.get("clientSide"))) {
      return null;
    }
    StateTester tester =
        new StateTester(
            "us-east-1", "111111111111", Limits.DEFAULT, (task, _) -> call(recorded, task));
    StateTestResult result = tester.test(test(recorded), MOMENT);
    return recorded.expect().get("apiError") instanceof Map<?, ?> error
        ? refused(recorded, error, result)
        : tested(recorded, (Map<?, ?>) recorded.expect().get("response"), result);
  }

  private static Verdict refused(RecordedCase recorded, Map<?, ?> error, StateTestResult result) {
    Set<Level> levels = EnumSet.of(Level.L1, Level.L2);
    if (!(result instanceof StateTestResult.Refused(String code, String message))) {
      return Verdict.failed(recorded, levels, Level.L1, "the test was made: " + result);
    }
    Matcher matcher = new Matcher(recorded);
    String difference = matcher.difference("code", error.get("code"), code);
    if (difference != null) {
      return Verdict.failed(recorded, levels, Level.L1, difference + ": " + message);
    }
    difference = matcher.difference("message", error.get("message"), message);
    return difference == null
        ? Verdict.all(recorded, levels)
        : Verdict.failed(recorded, levels, Level.L2, difference);
  }

  private static Verdict tested(RecordedCase recorded, Map<?, ?> expected, StateTestResult result) {
    Set<Level> levels = EnumSet.of(Level.L1);
    if (expected.containsKey("cause")) {
      levels.add(Level.L2);
    }
    if (expected.containsKey("inspectionData")) {
      levels.add(Level.L4);
    }
    if (!(result instanceof StateTestResult.Tested tested)) {
      return Verdict.failed(recorded, levels, Level.L1, "refused: " + result);
    }
    Map<String, @Nullable Object> actual = new LinkedHashMap<>();
    actual.put("status", tested.status().name());
    actual.put("output", tested.output());
    actual.put("error", tested.error());
    actual.put("nextState", tested.nextState());
    Matcher matcher = new Matcher(recorded);
    for (Map.Entry<String, @Nullable Object> field : actual.entrySet()) {
      String difference =
          matcher.difference(field.getKey(), expected.get(field.getKey()), field.getValue());
      if (difference != null) {
        return Verdict.failed(recorded, levels, Level.L1, difference);
      }
    }
    String cause = matcher.difference("cause", expected.get("cause"), tested.cause());
    if (cause != null) {
      return Verdict.failed(recorded, levels, Level.L2, cause);
    }
    String inspection =
        matcher.difference("inspectionData", expected.get("inspectionData"), tested.inspection());
    return inspection == null
        ? Verdict.all(recorded, levels)
        : Verdict.failed(recorded, levels, Level.L4, inspection);
  }

  private static StateVisit.Answer call(
      RecordedCase recorded, io.stepstream.asl.engine.Effect.Dispatch task)
      throws TaskCaller.Refusal {
    List<TaskReport> reports =
        LambdaFunctions.answer(
            recorded,
            new TaskAttempt(
                task.state(),
                task.resource(),
                task.function(),
                task.retryCount(),
                task.input(),
                NOW));
    if (reports == null) {
      throw new TaskCaller.Refusal("the recording has no function for " + task.resource());
    }
    return switch (reports.getFirst()) {
      case TaskReport.Succeeded succeeded -> new StateVisit.Answer.Succeeded(succeeded.output());
      case TaskReport.Failed failed -> new StateVisit.Answer.Failed(failed.error(), failed.cause());
      default -> throw new AssertionError(reports);
    };
  }

  private static StateTest test(RecordedCase recorded) {
    Map<?, ?> request = recorded.object("request");
    return new StateTest(
        recorded.definition(),
        text(request, "stateName"),
        text(request, "roleArn"),
        Boolean.TRUE.equals(recorded.json().get("inputGiven")) ? spaced(recorded.input()) : null,
        StateTest.InspectionLevel.valueOf(String.valueOf(request.get("inspectionLevel"))),
        Boolean.TRUE.equals(request.get("revealSecrets")),
        text(request, "variables"),
        mock(request.get("mock")),
        text(request, "context"),
        configuration(request.get("stateConfiguration")));
  }

  private static StateTest.@Nullable Mock mock(@Nullable Object json) {
    if (!(json instanceof Map<?, ?> mock)) {
      return null;
    }
    String mode = text(mock, "fieldValidationMode");
    return new StateTest.Mock(
        text(mock, "result"),
        mock.get("errorOutput") instanceof Map<?, ?> error
            ? new StateTest.MockedError(text(error, "error"), text(error, "cause"))
            : null,
        StateTest.FieldValidation.valueOf(mode == null ? "STRICT" : mode));
  }

  private static StateTest.Configuration configuration(@Nullable Object json) {
    return json instanceof Map<?, ?> configuration
        ? new StateTest.Configuration(
            number(configuration, "retrierRetryCount"),
            text(configuration, "errorCausedByState"),
            number(configuration, "mapIterationFailureCount"),
            text(configuration, "mapItemReaderData"))
        : StateTest.Configuration.NONE;
  }

  /** The recorder parsed the input; it was written as Python writes JSON. */
  private static String spaced(@Nullable Object json) {
    return switch (json) {
      case null -> "{}";
      case Map<?, ?> object -> {
        StringBuilder text = new StringBuilder("{");
        object.forEach(
            (name, value) ->
                text.append(text.length() > 1 ? ", " : "")
                    .append(Json.encode(name))
                    .append(": ")
                    .append(spaced(value)));
        yield text.append('}').toString();
      }
      case List<?> array ->
          array.stream()
              .map(StateTestCheck::spaced)
              .collect(java.util.stream.Collectors.joining(", ", "[", "]"));
      default -> Json.encode(json);
    };
  }

  private static @Nullable String text(Map<?, ?> json, String field) {
    return json.get(field) instanceof String text ? text : null;
  }

  private static int number(Map<?, ?> json, String field) {
    return json.get(field) instanceof Number number ? number.intValue() : 0;
  }
}
