package io.stepstream.testkit;

import io.stepstream.asl.engine.Execution;
import io.stepstream.asl.history.HistoryDetails;
import io.stepstream.asl.history.HistoryEvent;
import io.stepstream.asl.history.HistoryJson;
import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import io.stepstream.asl.simulation.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an execution did. The methods that expect something throw an {@link AssertionError} which
 * shows the history; the others give the facts to any assertion library.
 */
public final class TestRun {

  private final Instant start;
  private final Outcome outcome;

  TestRun(Instant start, Outcome outcome) {
    this.start = start;
    this.outcome = outcome;
  }

  // ------------------------------------------------------------------ facts

  /** SUCCEEDED, FAILED, TIMED_OUT, ABORTED; or RUNNING where nothing more can happen. */
  public String status() {
    return outcome.status().name();
  }

  /** JSON; null unless it succeeded. */
  public @Nullable String output() {
    byte[] output = outcome.output();
    return output == null ? null : new String(output, StandardCharsets.UTF_8);
  }

  public @Nullable String error() {
    return outcome.error();
  }

  public @Nullable String cause() {
    return outcome.cause();
  }

  /** Simulated time from the start to the end. */
  public Duration duration() {
    return Duration.between(start, outcome.at());
  }

  /** Names of the states in the order in which they were entered; once for each visit. */
  public List<String> visitedStates() {
    return outcome.history().stream()
        .map(HistoryEvent::details)
        .filter(HistoryDetails.StateEntered.class::isInstance)
        .map(details -> ((HistoryDetails.StateEntered) details).name())
        .toList();
  }

  /** The events as GetExecutionHistory gives them: trees of maps, lists, strings and numbers. */
  public List<Map<String, Object>> history() {
    return outcome.history().stream().map(HistoryJson::of).toList();
  }

  // ------------------------------------------------------------------ expectations

  public TestRun succeeded() {
    return expect(
        outcome.status() == Execution.Status.SUCCEEDED, "the execution to succeed", ended());
  }

  /** Fails with that error, whatever the cause. */
  public TestRun failed(String error) {
    return expect(
        outcome.status() == Execution.Status.FAILED && error.equals(outcome.error()),
        "the execution to fail with " + error,
        ended());
  }

  /** Succeeds with that output; key order and number format don't matter. */
  public TestRun succeededWith(String json) {
    succeeded();
    return expect(
        Json.equal(tree(json), tree(String.valueOf(output()))), "the output " + json, output());
  }

  /** Visits exactly those states in that order. */
  public TestRun visited(String... states) {
    return expect(
        visitedStates().equals(List.of(states)),
        "the states " + List.of(states),
        visitedStates().toString());
  }

  /** Takes exactly so much simulated time: the sum of waits, retries and task delays. */
  public TestRun took(Duration duration) {
    return expect(duration().equals(duration), "it to take " + duration, duration().toString());
  }

  private TestRun expect(boolean holds, String expected, @Nullable String actual) {
    if (!holds) {
      throw new AssertionError(
          "expected %s, but: %s%nhistory:%n%s".formatted(expected, actual, this));
    }
    return this;
  }

  private String ended() {
    return switch (outcome.status()) {
      case SUCCEEDED -> "it succeeded with " + output();
      case RUNNING -> "it is still running: " + String.join("; ", outcome.waitsFor());
      case FAILED, TIMED_OUT, ABORTED ->
          "it ended %s with %s: %s".formatted(status(), error(), cause());
    };
  }

  private static Object tree(String json) {
    return switch (Json.decode(json)) {
      case Decoded.Tree(Object value) -> value;
      case Decoded.Malformed malformed ->
          throw new IllegalArgumentException("not JSON: " + malformed.message());
    };
  }

  /** The history, one event a line. */
  @Override
  public String toString() {
    return history().stream().map(Json::encode).collect(Collectors.joining("\n"));
  }
}
