package io.stepstream.coordinator.node;

import io.stepstream.coordinator.definition.StateMachines;
import io.stepstream.coordinator.execution.ExecutionLists;
import io.stepstream.coordinator.execution.ExecutionPage;
import io.stepstream.coordinator.execution.ExecutionQuery;
import io.stepstream.coordinator.execution.Executions;
import io.stepstream.coordinator.execution.ListedExecution;
import io.stepstream.coordinator.execution.StopOutcome;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.StateMachineDeletion;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings deletions of state machines to their end: stops the executions that still run, as AWS
 * does, and forgets a machine's revisions when no execution can need them any more.
 *
 * <p>Every node does it; what one has stopped or forgotten, another finds stopped and forgotten.
 */
final class DeletionSweep implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DeletionSweep.class);

  static final String ERROR = "StateMachineDeleted";

  private static final Duration EVERY = Duration.ofSeconds(2);

  /** A start that was accepted before the deletion was known has been listed by then. */
  static final Duration SETTLED = Duration.ofSeconds(5);

  /** The longest an Express execution runs, and what its start may be late. */
  static final Duration EXPRESS_OVER = Duration.ofMinutes(6);

  private static final int STOPPED_AT_ONCE = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final StateMachines machines;
  private final ExecutionLists lists;
  private final Executions executions;
  private final Clock clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofVirtual().name("stepstream-deletions").factory());

  DeletionSweep(StateMachines machines, ExecutionLists lists, Executions executions, Clock clock) {
    this.machines = machines;
    this.lists = lists;
    this.executions = executions;
    this.clock = clock;
  }

  void start() {
    timer.scheduleWithFixedDelay(
        this::sweep, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** One round, over all deletions that are not over. */
  void sweep() {
    for (StateMachineDeletion deletion : machines.deletions()) {
      try {
        advance(deletion).orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
      } catch (CompletionException e) {
        // Lists are being built, or a partition moves: the next round tries again.
        LOG.debug("The deletion of {} waits", deletion.getLast().getStateMachineArn(), e);
      }
    }
  }

  private CompletableFuture<Void> advance(StateMachineDeletion deletion) {
    Instant now = clock.instant();
    if (deletion.getLast().getLane() == Lane.EXPRESS) {
      return isOver(deletion, EXPRESS_OVER, now) ? forget(deletion) : done();
    }
    ExecutionQuery running = ExecutionQuery.running(deletion.getLast().getStateMachineArn());
    return lists
        .list(running, Long.MAX_VALUE, STOPPED_AT_ONCE)
        .toCompletableFuture()
        .thenCompose(
            page ->
                !page.executions().isEmpty()
                    ? stop(page)
                    : isOver(deletion, SETTLED, now) ? forget(deletion) : done());
  }

  private static boolean isOver(StateMachineDeletion deletion, Duration after, Instant now) {
    return now.isAfter(deletion.getDeletionDate().plus(after));
  }

  private CompletableFuture<Void> stop(ExecutionPage running) {
    List<CompletableFuture<StopOutcome>> stops = new ArrayList<>();
    for (ListedExecution execution : running.executions()) {
      stops.add(
          executions
              .stop(execution.executionArn(), ERROR, "The state machine has been deleted")
              .toCompletableFuture());
    }
    return CompletableFuture.allOf(stops.toArray(CompletableFuture[]::new));
  }

  private CompletableFuture<Void> forget(StateMachineDeletion deletion) {
    return machines.forget(deletion).toCompletableFuture();
  }

  private static CompletableFuture<Void> done() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
