package io.stepstream.coordinator.execution;

import io.stepstream.coordinator.definition.MachineRef;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryEventDetails;
import io.stepstream.schemas.HistoryEventType;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.StateMachineRevision;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Executions that run nothing: they stay where they are until a test ends them. Names, idempotency
 * and histories behave as the port promises.
 */
public final class InMemoryExecutions implements Executions {

  private static final class Execution {
    ExecutionDescription description;

    /** A test may add to it while a call reads it. */
    final List<HistoryEvent> events = new CopyOnWriteArrayList<>();

    final Map<String, Instant> redrives = new ConcurrentHashMap<>();
    final CompletableFuture<ExecutionDescription> ended = new CompletableFuture<>();

    Execution(ExecutionDescription description) {
      this.description = description;
    }
  }

  private final Map<String, Execution> executions = new ConcurrentHashMap<>();
  private volatile @Nullable RuntimeException outage;
  private volatile boolean throttled;

  /** From now on every call fails so; null ends that. */
  public void failWith(@Nullable RuntimeException failure) {
    outage = failure;
  }

  /** Whether starts are refused from now on, since too many are on their way. */
  public void throttle(boolean behind) {
    throttled = behind;
  }

  @Override
  public CompletionStage<StartOutcome> start(StartRequest request) {
    if (throttled) {
      return CompletableFuture.completedFuture(new StartOutcome.Throttled());
    }
    return unlessOut(
        () -> {
          String name = request.name() == null ? UUID.randomUUID().toString() : request.name();
          String arn = arn(request.machine(), name);
          Execution started = execution(request, name, arn);
          Execution known = executions.putIfAbsent(arn, started);
          if (known != null
              && (known.description.status() != ExecutionStatus.RUNNING
                  || !Arrays.equals(known.description.input(), request.input()))) {
            return new StartOutcome.AlreadyExists(arn);
          }
          Execution running = known == null ? started : known;
          return new StartOutcome.Started(arn, running.description.startDate());
        });
  }

  @Override
  public CompletionStage<SyncOutcome> startSync(StartRequest request, Duration timeout) {
    if (throttled) {
      return CompletableFuture.completedFuture(new SyncOutcome.Throttled());
    }
    String name = request.name() == null ? UUID.randomUUID().toString() : request.name();
    String arn = arn(request.machine(), name);
    Execution started = execution(request, name, arn);
    executions.put(arn, started);
    return started
        .ended
        .<SyncOutcome>thenApply(SyncOutcome.Ended::new)
        .completeOnTimeout(
            new SyncOutcome.TimedOutWaiting(arn, name, started.description.startDate()),
            timeout.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  @Override
  public CompletionStage<Optional<ExecutionDescription>> describe(String executionArn) {
    return unlessOut(
        () -> Optional.ofNullable(executions.get(executionArn)).map(e -> e.description));
  }

  @Override
  public CompletionStage<Optional<HistoryPage>> history(
      String executionArn, long afterEventId, int maxResults, boolean reverse) {
    return unlessOut(
        () ->
            Optional.ofNullable(executions.get(executionArn))
                .map(execution -> page(execution.events, afterEventId, maxResults, reverse)));
  }

  @Override
  public CompletionStage<StopOutcome> stop(
      String executionArn, @Nullable String error, @Nullable String cause) {
    return unlessOut(
        () -> {
          Execution execution = executions.get(executionArn);
          if (execution == null) {
            return new StopOutcome.NoSuchExecution();
          }
          Instant stopDate = execution.description.stopDate();
          if (stopDate != null) {
            return new StopOutcome.AlreadyEnded(stopDate);
          }
          end(executionArn, ExecutionStatus.ABORTED, null, error, cause);
          return new StopOutcome.Stopped(execution.description.stopDate());
        });
  }

  @Override
  public CompletionStage<RedriveOutcome> redrive(
      String executionArn, @Nullable String clientToken) {
    return unlessOut(
        () -> {
          Execution execution = executions.get(executionArn);
          if (execution == null) {
            return new RedriveOutcome.NoSuchExecution();
          }
          Instant before = clientToken == null ? null : execution.redrives.get(clientToken);
          if (before != null) {
            return new RedriveOutcome.Redriven(before);
          }
          ExecutionDescription was = execution.description;
          switch (was.status()) {
            case RUNNING, SUCCEEDED, UNKNOWN -> {
              return new RedriveOutcome.NotRedrivable(
                  "Execution is " + was.status() + " and cannot be redriven");
            }
            case FAILED, TIMED_OUT, ABORTED -> {
              int count = was.redriveCount() + 1;
              Instant date = was.stopDate().plusSeconds(count);
              if (clientToken != null) {
                execution.redrives.put(clientToken, date);
              }
              execution.description =
                  new ExecutionDescription(
                      was.executionArn(),
                      was.stateMachineArn(),
                      was.revisionId(),
                      was.name(),
                      ExecutionStatus.RUNNING,
                      was.startDate(),
                      null,
                      was.input(),
                      null,
                      null,
                      null,
                      was.traceHeader(),
                      count,
                      date,
                      was.mapRunArn(),
                      was.stateMachineVersionArn(),
                      was.stateMachineAliasArn());
              return new RedriveOutcome.Redriven(date);
            }
          }
          throw new IllegalStateException("no such status");
        });
  }

  /** Ends an execution. */
  public void end(
      String executionArn,
      ExecutionStatus status,
      @Nullable String output,
      @Nullable String error,
      @Nullable String cause) {
    Execution execution = executions.get(executionArn);
    ExecutionDescription was = execution.description;
    execution.description =
        new ExecutionDescription(
            was.executionArn(),
            was.stateMachineArn(),
            was.revisionId(),
            was.name(),
            status,
            was.startDate(),
            was.startDate().plusMillis(120),
            was.input(),
            output == null ? null : output.getBytes(java.nio.charset.StandardCharsets.UTF_8),
            error,
            cause,
            was.traceHeader(),
            was.redriveCount(),
            was.redriveDate(),
            was.mapRunArn(),
            was.stateMachineVersionArn(),
            was.stateMachineAliasArn());
    execution.ended.complete(execution.description);
  }

  /**
   * Adds a child execution of a Map run, and gives its ARN; it is a copy of the run's execution.
   */
  public String child(String executionArn, String mapRunArn, String name) {
    ExecutionDescription of = executions.get(executionArn).description;
    String machine =
        mapRunArn.substring(0, mapRunArn.lastIndexOf(':')).replace(":mapRun:", ":stateMachine:");
    String arn = machine.replace(":stateMachine:", ":execution:") + ':' + name;
    executions.put(
        arn,
        new Execution(
            new ExecutionDescription(
                arn,
                machine,
                of.revisionId(),
                name,
                of.status(),
                of.startDate(),
                of.stopDate(),
                of.input(),
                of.output(),
                of.error(),
                of.cause(),
                of.traceHeader(),
                0,
                null,
                mapRunArn,
                of.stateMachineVersionArn(),
                of.stateMachineAliasArn())));
    return arn;
  }

  /** The ARN of the only execution there is. */
  public Optional<String> only() {
    return executions.keySet().stream().findFirst();
  }

  /** The ARN of an execution of this name. */
  public Optional<String> named(String name) {
    return executions.values().stream()
        .filter(execution -> execution.description.name().equals(name))
        .map(execution -> execution.description.executionArn())
        .findFirst();
  }

  /** Adds events to a history, numbered on. */
  public void record(String executionArn, HistoryEventType type, HistoryEventDetails details) {
    List<HistoryEvent> events = executions.get(executionArn).events;
    long id = events.size() + 1L;
    events.add(
        HistoryEvent.newBuilder()
            .setId(id)
            .setPreviousEventId(id - 1)
            .setTimestamp(Instant.ofEpochMilli(1_700_000_000_000L + id))
            .setType(type)
            .setDetails(details)
            .build());
  }

  private static HistoryPage page(
      List<HistoryEvent> events, long after, int maxResults, boolean reverse) {
    Comparator<HistoryEvent> order = Comparator.comparingLong(HistoryEvent::getId);
    List<HistoryEvent> rest =
        events.stream()
            .sorted(reverse ? order.reversed() : order)
            .filter(e -> after == 0 || (reverse ? e.getId() < after : e.getId() > after))
            .toList();
    return new HistoryPage(
        rest.subList(0, Math.min(maxResults, rest.size())), rest.size() > maxResults);
  }

  private static Execution execution(StartRequest request, String name, String arn) {
    StateMachineRevision machine = request.machine();
    Execution execution =
        new Execution(
            new ExecutionDescription(
                arn,
                machine.getStateMachineArn(),
                machine.getRevisionId(),
                name,
                ExecutionStatus.RUNNING,
                Instant.ofEpochMilli(1_700_000_000_123L),
                null,
                request.input(),
                null,
                null,
                null,
                request.traceHeader(),
                0,
                null,
                null,
                request.startedBy() == null
                    ? null
                    : MachineRef.version(
                        machine.getStateMachineArn(), request.startedBy().getVersion()),
                request.startedBy() == null || request.startedBy().getAlias() == null
                    ? null
                    : MachineRef.alias(
                        machine.getStateMachineArn(), request.startedBy().getAlias())));
    execution.events.add(
        HistoryEvent.newBuilder()
            .setId(1)
            .setPreviousEventId(0)
            .setTimestamp(Instant.ofEpochMilli(1_700_000_000_123L))
            .setType(HistoryEventType.ExecutionStarted)
            .setDetails(
                HistoryEventDetails.newBuilder()
                    .setInput(ByteBuffer.wrap(request.input()))
                    .setRoleArn(machine.getRoleArn())
                    .build())
            .build());
    return execution;
  }

  private static String arn(StateMachineRevision machine, String name) {
    return machine.getLane() == Lane.EXPRESS
        ? machine.getStateMachineArn().replace(":stateMachine:", ":express:")
            + ':'
            + name
            + ':'
            + UUID.randomUUID()
        : machine.getStateMachineArn().replace(":stateMachine:", ":execution:") + ':' + name;
  }

  private <T> CompletionStage<T> unlessOut(java.util.function.Supplier<T> answer) {
    RuntimeException failure = outage;
    return failure == null
        ? CompletableFuture.completedFuture(answer.get())
        : CompletableFuture.failedFuture(failure);
  }
}
