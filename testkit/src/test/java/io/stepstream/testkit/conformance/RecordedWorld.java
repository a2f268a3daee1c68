package io.stepstream.testkit.conformance;

import io.stepstream.asl.json.Json;
import io.stepstream.asl.simulation.SimulatedTasks;
import io.stepstream.asl.simulation.TaskAttempt;
import io.stepstream.asl.simulation.TaskReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The services as a case describes them: its mocks, its functions, and what others answered. */
public final class RecordedWorld implements SimulatedTasks {

  private static final Duration SOON = Duration.ofMillis(20);

  private final RecordedCase recorded;
  private final RecordedServices services;
  private final Map<String, Integer> mockedCalls = new HashMap<>();

  public RecordedWorld(RecordedCase recorded) {
    this.recorded = recorded;
    this.services = new RecordedServices(recorded);
  }

  @Override
  public List<TaskReport> attempt(TaskAttempt attempt) {
    Map<?, ?> mock = mock(attempt.state());
    if (mock != null) {
      List<TaskReport> reports = new ArrayList<>(services.answer(attempt));
      // The mock tells the end; that a request was taken on is told by the recording alone.
      reports.removeIf(r -> !(r instanceof TaskReport.Submitted));
      reports.add(mocked(attempt, mock));
      return reports;
    }
    List<TaskReport> byFunction = LambdaFunctions.answer(recorded, attempt);
    return byFunction != null ? byFunction : services.answer(attempt);
  }

  private @org.jspecify.annotations.Nullable Map<?, ?> mock(String state) {
    Object machine = at(recorded.json().get("mockConfig"), "StateMachines", recorded.machineName());
    Object test = at(machine, "TestCases", String.valueOf(recorded.json().get("mockTestCase")));
    return at(test, state) instanceof String name
            && at(recorded.json().get("mockConfig"), "MockedResponses", name)
                instanceof Map<?, ?> responses
        ? responses
        : null;
  }

  /** Responses have numbers of calls as keys: {@code 0}, or a range {@code 1-2}. */
  private TaskReport mocked(TaskAttempt attempt, Map<?, ?> responses) {
    int call = mockedCalls.merge(attempt.state(), 1, Integer::sum) - 1;
    for (Map.Entry<?, ?> response : responses.entrySet()) {
      String[] range = String.valueOf(response.getKey()).split("-");
      if (Integer.parseInt(range[0]) <= call && call <= Integer.parseInt(range[range.length - 1])) {
        if (at(response.getValue(), "Throw") instanceof Map<?, ?> thrown) {
          return new TaskReport.Failed(
              SOON, String.valueOf(thrown.get("Error")), String.valueOf(thrown.get("Cause")));
        }
        Object returned = ((Map<?, ?>) response.getValue()).get("Return");
        // Without the integration around it a function's payload is the whole answer.
        boolean bare = attempt.function() != null && !attempt.resource().contains(":states:::");
        return new TaskReport.Succeeded(
            SOON,
            Json.encodeUtf8(
                bare && returned instanceof Map<?, ?> object && object.get("Payload") != null
                    ? object.get("Payload")
                    : returned));
      }
    }
    throw new AssertionError("no mock for call %d of %s".formatted(call, attempt.state()));
  }

  private static @org.jspecify.annotations.Nullable Object at(
      @org.jspecify.annotations.Nullable Object json, String... names) {
    Object value = json;
    for (String name : names) {
      value = value instanceof Map<?, ?> object ? object.get(name) : null;
    }
    return value;
  }

  static Map<String, Object> object(Object... members) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < members.length; i += 2) {
      object.put((String) members[i], members[i + 1]);
    }
    return object;
  }
}
