package io.stepstream.testkit.conformance;

import io.stepstream.asl.json.Json;
import io.stepstream.asl.simulation.TaskAttempt;
import io.stepstream.asl.simulation.TaskReport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Services that aren't ours answer what they answered when the case was recorded: what is compared
 * is the language around them. Attempts of a state are answered in the order of the recording.
 */
final class RecordedServices {

  private static final Duration SOON = Duration.ofMillis(20);

  /** By the name of the state, the answers of its attempts. */
  private final Map<String, Deque<List<TaskReport>>> answers = new HashMap<>();

  private final boolean recordedHistory;

  RecordedServices(RecordedCase recorded) {
    recordedHistory = !recorded.history().isEmpty();
    Map<Object, String> stateOfEvent = new HashMap<>();
    Map<Object, List<TaskReport>> attemptOfEvent = new HashMap<>();
    String latestState = "";
    List<TaskReport> latestAttempt = new ArrayList<>();
    for (Object each : recorded.history()) {
      Map<?, ?> event = (Map<?, ?>) each;
      Object id = event.get("id");
      Object previous = event.get("previousEventId");
      String type = String.valueOf(event.get("type"));
      String state = stateOfEvent.getOrDefault(previous, latestState);
      List<TaskReport> attempt = attemptOfEvent.getOrDefault(previous, latestAttempt);
      if (type.equals("TaskStateEntered")) {
        state = String.valueOf(details(event).get("name"));
        latestState = state;
      } else if (type.endsWith("Scheduled")) {
        attempt = new ArrayList<>();
        latestAttempt = attempt;
        answers.computeIfAbsent(state, _ -> new ArrayDeque<>()).add(attempt);
      } else {
        TaskReport report = report(type, details(event));
        if (report != null) {
          attempt.add(report);
        }
      }
      stateOfEvent.put(id, state);
      attemptOfEvent.put(id, attempt);
    }
  }

  /** What is left open in the recording stays open; where it has no history, all succeeds. */
  List<TaskReport> answer(TaskAttempt attempt) {
    if (!recordedHistory) {
      return List.of(new TaskReport.Succeeded(SOON, "{}".getBytes(StandardCharsets.UTF_8)));
    }
    Deque<List<TaskReport>> left = answers.get(attempt.state());
    List<TaskReport> answer = left == null ? null : left.poll();
    return answer == null ? List.of() : List.copyOf(answer);
  }

  private static Map<?, ?> details(Map<?, ?> event) {
    for (Map.Entry<?, ?> member : event.entrySet()) {
      if (String.valueOf(member.getKey()).endsWith("EventDetails")
          && member.getValue() instanceof Map<?, ?> details) {
        return details;
      }
    }
    return Map.of();
  }

  private static @Nullable TaskReport report(String type, Map<?, ?> details) {
    return switch (type) {
      case "ActivityStarted" -> new TaskReport.Started(SOON, text(details.get("workerName")));
      case "TaskSubmitted" -> new TaskReport.Submitted(SOON, payload(details.get("output")));
      case "TaskSucceeded", "LambdaFunctionSucceeded", "ActivitySucceeded" ->
          new TaskReport.Succeeded(SOON, payload(details.get("output")));
      case "TaskFailed", "LambdaFunctionFailed", "ActivityFailed" ->
          new TaskReport.Failed(SOON, text(details.get("error")), text(details.get("cause")));
      default -> null;
    };
  }

  /** The recorder has parsed objects; anything else is the raw text. */
  private static byte[] payload(@Nullable Object recorded) {
    return recorded instanceof String raw
        ? raw.getBytes(StandardCharsets.UTF_8)
        : Json.encodeUtf8(recorded == null ? Json.NULL : recorded);
  }

  private static @Nullable String text(@Nullable Object recorded) {
    return recorded == null || recorded instanceof String
        ? (String) recorded
        : Json.encode(recorded);
  }
}
