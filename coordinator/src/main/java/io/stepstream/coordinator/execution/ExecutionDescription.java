package io.stepstream.coordinator.execution;

import io.stepstream.schemas.ExecutionStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An execution at one moment.
 *
 * @param revisionId the revision of the machine that it runs
 * @param stopDate null while it runs
 * @param input JSON
 * @param output JSON; null unless it has succeeded
 * @param redriveDate of the last redrive; null when {@code redriveCount} is 0
 * @param mapRunArn the Map run whose child it is; null: it is none's
 * @param stateMachineVersionArn the version that it was started with; null: with none
 * @param stateMachineAliasArn the alias that it was started by; null: by none
 */
public record ExecutionDescription(
    String executionArn,
    String stateMachineArn,
    String revisionId,
    String name,
    ExecutionStatus status,
    Instant startDate,
    @Nullable Instant stopDate,
    byte[] input,
    byte @Nullable [] output,
    @Nullable String error,
    @Nullable String cause,
    @Nullable String traceHeader,
    int redriveCount,
    @Nullable Instant redriveDate,
    @Nullable String mapRunArn,
    @Nullable String stateMachineVersionArn,
    @Nullable String stateMachineAliasArn) {

  /** The same with other payloads. */
  public ExecutionDescription withPayloads(
      byte[] otherInput,
      byte @Nullable [] otherOutput,
      @Nullable String otherError,
      @Nullable String otherCause) {
    return new ExecutionDescription(
        executionArn,
        stateMachineArn,
        revisionId,
        name,
        status,
        startDate,
        stopDate,
        otherInput,
        otherOutput,
        otherError,
        otherCause,
        traceHeader,
        redriveCount,
        redriveDate,
        mapRunArn,
        stateMachineVersionArn,
        stateMachineAliasArn);
  }
}
