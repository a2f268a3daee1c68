package io.stepstream.coordinator.api.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.stepstream.asl.history.HistoryEvent;
import io.stepstream.asl.history.HistoryJson;
import io.stepstream.asl.simulation.Outcome;
import io.stepstream.asl.simulation.TaskAttempt;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a simulated execution did.
 *
 * @param status RUNNING: it was left as it is, for the reasons in waitsFor
 * @param output JSON; null unless it succeeded
 * @param waitsFor what it would need to go on; empty when it ended
 * @param unmocked the first task without a mock, which ended the simulation; null: there was none
 * @param unusedMocks states whose mocks were never asked
 * @param simulatedSeconds how long it would have taken
 * @param events as GetExecutionHistory gives them
 * @param children executions that distributed Maps have started
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SimulationAnswer(
    String status,
    @JsonRawValue @Nullable String output,
    @Nullable String error,
    @Nullable String cause,
    List<String> waitsFor,
    @Nullable Unmocked unmocked,
    List<String> unusedMocks,
    double simulatedSeconds,
    List<Map<String, Object>> events,
    List<Child> children) {

  /** A task that nobody answers. */
  public record Unmocked(String state, String resource, @JsonRawValue String input) {

    static Unmocked of(TaskAttempt attempt) {
      return new Unmocked(attempt.state(), attempt.resource(), text(attempt.input()));
    }
  }

  /** A child execution. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Child(
      String name,
      String status,
      @JsonRawValue String input,
      @JsonRawValue @Nullable String output,
      @Nullable String error,
      @Nullable String cause,
      List<Map<String, Object>> events) {

    static Child of(Outcome.Child child) {
      return new Child(
          child.name(),
          child.status().name(),
          text(child.input()),
          optional(child.output()),
          child.error(),
          child.cause(),
          history(child.history()));
    }
  }

  static SimulationAnswer of(
      Outcome outcome, Instant start, @Nullable TaskAttempt unmocked, List<String> unusedMocks) {
    return new SimulationAnswer(
        outcome.status().name(),
        optional(outcome.output()),
        outcome.error(),
        outcome.cause(),
        outcome.waitsFor(),
        unmocked == null ? null : Unmocked.of(unmocked),
        unusedMocks,
        Duration.between(start, outcome.at()).toMillis() / 1000.0,
        history(outcome.history()),
        outcome.children().stream().map(Child::of).toList());
  }

  private static List<Map<String, Object>> history(List<HistoryEvent> events) {
    return events.stream().map(HistoryJson::of).toList();
  }

  private static @Nullable String optional(byte @Nullable [] json) {
    return json == null ? null : text(json);
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }
}
