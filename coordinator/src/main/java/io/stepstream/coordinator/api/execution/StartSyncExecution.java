package io.stepstream.coordinator.api.execution;

import io.stepstream.coordinator.api.protocol.Action;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Call;
import io.stepstream.coordinator.api.protocol.JsonMembers;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.execution.ExecutionDescription;
import io.stepstream.coordinator.execution.Executions;
import io.stepstream.coordinator.execution.StartRequest;
import io.stepstream.coordinator.execution.SyncOutcome;
import io.stepstream.schemas.Lane;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Starts an Express execution and answers when it has ended. How it ended is data: a failed
 * execution is HTTP 200 too.
 */
final class StartSyncExecution implements Action {

  /** AWS's bound of an Express execution. */
  private static final Duration LONGEST = Duration.ofMinutes(5);

  /** AWS bills durations in steps of 100 ms, and memory in steps of 64 MB. */
  private static final long BILLED_MILLIS = 100;

  private static final long BILLED_MEGABYTES = 64;

  private final Starts starts;
  private final Executions executions;
  private final Clock clock;

  StartSyncExecution(Starts starts, Executions executions, Clock clock) {
    this.starts = starts;
    this.executions = executions;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "StartSyncExecution";
  }

  @Override
  public Duration patience() {
    return LONGEST.plusSeconds(30);
  }

  @Override
  public CompletionStage<Answer> answer(Call call) {
    return starts.check(call, request -> start(request, !call.metadataOnly()));
  }

  private CompletionStage<Answer> start(StartRequest request, boolean payloads) {
    if (request.machine().getLane() != Lane.EXPRESS) {
      return Refusals.stateMachineTypeNotSupported().now();
    }
    return executions
        .startSync(request, LONGEST)
        .thenApply(
            outcome ->
                switch (outcome) {
                  case SyncOutcome.Ended(ExecutionDescription execution) ->
                      Answer.success(json -> ended(json, execution, payloads));
                  case SyncOutcome.Throttled _ -> Refusals.throttled();
                  case SyncOutcome.TimedOutWaiting timedOut -> {
                    Instant now = clock.instant();
                    yield Answer.success(json -> timedOut(json, timedOut, request, now, payloads));
                  }
                });
  }

  private static void ended(JsonMembers json, ExecutionDescription execution, boolean payloads) {
    // An execution that has ended has a date of its end.
    Instant stop = Objects.requireNonNull(execution.stopDate());
    json.text("executionArn", execution.executionArn())
        .text("stateMachineArn", execution.stateMachineArn())
        .text("name", execution.name())
        .time("startDate", execution.startDate())
        .time("stopDate", stop)
        .text("status", execution.status().name())
        .text("error", execution.error())
        .text("cause", execution.cause())
        .text("traceHeader", execution.traceHeader());
    payloads(json, execution.input(), execution.output(), payloads);
    billing(json, Duration.between(execution.startDate(), stop));
  }

  private static void timedOut(
      JsonMembers json,
      SyncOutcome.TimedOutWaiting timedOut,
      StartRequest request,
      Instant now,
      boolean payloads) {
    json.text("executionArn", timedOut.executionArn())
        .text("stateMachineArn", request.machine().getStateMachineArn())
        .text("name", timedOut.name())
        .time("startDate", timedOut.startDate())
        .time("stopDate", now)
        .text("status", "TIMED_OUT")
        .text("error", "States.Timeout")
        .text("traceHeader", request.traceHeader());
    payloads(json, request.input(), null, payloads);
    billing(json, Duration.between(timedOut.startDate(), now));
  }

  /** AWS tells of a failed execution, too, that its output is included. */
  private static void payloads(
      JsonMembers json, byte[] input, byte @Nullable [] output, boolean included) {
    if (included) {
      json.payload("input", input).payload("output", output);
    }
    json.object("inputDetails", details -> details.flag("included", included))
        .object("outputDetails", details -> details.flag("included", included));
  }

  private static void billing(JsonMembers json, Duration duration) {
    long millis = Math.max(1, duration.toMillis());
    long billed = Math.ceilDiv(millis, BILLED_MILLIS) * BILLED_MILLIS;
    json.object(
        "billingDetails",
        details ->
            details
                .number("billedMemoryUsedInMB", BILLED_MEGABYTES)
                .number("billedDurationInMilliseconds", billed));
  }
}
