package io.stepstream.asl.simulation;

import io.stepstream.asl.engine.Execution;
import io.stepstream.asl.history.HistoryEvent;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came out of a simulated execution.
 *
 * @param status RUNNING: nothing more could happen, or the bounds of the simulation were reached
 * @param output JSON in UTF-8; null unless it succeeded
 * @param waitsFor why it is still running, one line for each thing waited for; empty when it ended
 * @param at the simulated moment of the end
 * @param children executions that distributed Maps have started, those of nested ones too, in the
 *     order of their starts
 */
public record Outcome(
    Execution.Status status,
    byte @Nullable [] output,
    @Nullable String error,
    @Nullable String cause,
    List<HistoryEvent> history,
    List<String> waitsFor,
    Instant at,
    List<Child> children) {

  /**
   * A child execution of a distributed Map.
   *
   * @param input JSON in UTF-8
   * @param output JSON in UTF-8; null unless it succeeded
   */
  public record Child(
      String arn,
      String name,
      byte[] input,
      Execution.Status status,
      byte @Nullable [] output,
      @Nullable String error,
      @Nullable String cause,
      List<HistoryEvent> history) {}
}
