package io.stepstream.coordinator.api.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.stepstream.coordinator.execution.FoundExecution;
import io.stepstream.coordinator.shell.ExecutionArns;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of what was found. Times are in ISO 8601, UTC.
 *
 * @param total of all pages
 * @param totalIsLowerBound whether there may be more than {@code total}
 * @param nextPageToken null: this is the last page
 * @param asOf what was committed before this was searched, within half a second; null: unknown
 * @param partlyIndexed executions here, found or not, whose input or output is not wholly in the
 *     index
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SearchAnswer(
    List<Execution> executions,
    long total,
    boolean totalIsLowerBound,
    @Nullable String nextPageToken,
    @Nullable String asOf,
    long partlyIndexed) {

  /**
   * One that was found.
   *
   * @param cause the beginning of it
   * @param partlyIndexed which of input and output is not wholly in the index
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Execution(
      String executionArn,
      String stateMachineArn,
      String name,
      String status,
      String startDate,
      @Nullable String stopDate,
      @Nullable String mapRunArn,
      @Nullable Integer redriveCount,
      @Nullable String error,
      @Nullable String cause,
      List<String> partlyIndexed) {

    static Execution of(FoundExecution found) {
      var execution = found.execution();
      return new Execution(
          execution.executionArn(),
          execution.stateMachineArn(),
          ExecutionArns.name(execution.executionArn()),
          execution.status().name(),
          execution.startDate().toString(),
          execution.stopDate() == null ? null : execution.stopDate().toString(),
          execution.mapRunArn(),
          execution.redriveCount() == 0 ? null : (Integer) execution.redriveCount(),
          found.error(),
          found.cause(),
          found.partlyIndexed());
    }
  }
}
