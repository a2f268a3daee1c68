package io.stepstream.coordinator.api.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.stepstream.coordinator.bulk.BulkOperations;
import io.stepstream.coordinator.bulk.BulkStatus;
import io.stepstream.schemas.BulkFilter;
import io.stepstream.schemas.BulkOperation;
import io.stepstream.schemas.BulkProgress;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A bulk operation. Times are in ISO 8601, UTC.
 *
 * @param filter null: it names executions
 * @param named how many executions it names; null: it has a filter
 * @param state running, completed, cancelled or failed
 * @param cancelled whether somebody wants it to end
 * @param changed executions that were stopped or redriven
 * @param unchanged those that had ended, or had been redriven
 * @param failures the first of those that failed; null in lists
 * @param reason why it failed or ended early; null: it didn't
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BulkAnswer(
    String id,
    String kind,
    @Nullable Filter filter,
    @Nullable Integer named,
    @Nullable String error,
    @Nullable String cause,
    String creationDate,
    String state,
    boolean cancelled,
    long changed,
    long unchanged,
    long failed,
    @Nullable List<Failure> failures,
    @Nullable String reason,
    String updateDate) {

  /** The conditions as they were given. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Filter(
      @Nullable String q,
      @Nullable String machine,
      @Nullable String namePrefix,
      @Nullable String error,
      List<String> status,
      @Nullable String startedAfter,
      @Nullable String startedBefore,
      @Nullable String stoppedAfter,
      @Nullable String stoppedBefore) {

    private static Filter of(BulkFilter filter) {
      return new Filter(
          filter.getText(),
          filter.getMachine(),
          filter.getNamePrefix(),
          filter.getError(),
          filter.getStatuses().stream().map(Enum::name).toList(),
          text(filter.getStartedFrom()),
          text(filter.getStartedBefore()),
          text(filter.getStoppedFrom()),
          text(filter.getStoppedBefore()));
    }

    private static @Nullable String text(@Nullable Instant moment) {
      return moment == null ? null : moment.toString();
    }
  }

  /** An execution to which it couldn't be done, and why. */
  public record Failure(String executionArn, String reason) {}

  /** Operations, the latest first. There are never many. */
  public record All(List<BulkAnswer> bulkOperations) {

    static All of(List<BulkStatus> all) {
      return new All(all.stream().map(status -> BulkAnswer.of(status, false)).toList());
    }
  }

  static BulkAnswer of(BulkStatus status) {
    return of(status, true);
  }

  private static BulkAnswer of(BulkStatus status, boolean failures) {
    BulkOperation operation = status.operation();
    BulkProgress progress = status.progress();
    return new BulkAnswer(
        operation.getOperationId(),
        operation.getKind().name().toLowerCase(Locale.ROOT),
        operation.getFilter() == null ? null : Filter.of(operation.getFilter()),
        operation.getFilter() == null ? (Integer) operation.getExecutionArns().size() : null,
        operation.getError(),
        operation.getCause(),
        operation.getCreationDate().toString(),
        progress.getState().name().toLowerCase(Locale.ROOT),
        status.cancelled(),
        progress.getChanged(),
        progress.getUnchanged(),
        progress.getFailed(),
        failures
            ? progress.getFailures().stream()
                .map(one -> new Failure(one.getExecutionArn(), one.getReason()))
                .toList()
            : null,
        progress.getReason(),
        progress.getUpdateDate().toString());
  }

  static Response response(int status, Object entity) {
    return Response.status(status)
        .type(MediaType.APPLICATION_JSON)
        .entity(entity)
        .header("Cache-Control", "no-store")
        .build();
  }

  static Problem tooMany() {
    return Problem.conflict(
        "%d bulk operations are open, and they are carried out one after the other"
            .formatted(BulkOperations.MOST_OPEN),
        "Wait for one to end, or cancel one");
  }
}
