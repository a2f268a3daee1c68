package io.stepstream.coordinator.bulk;

import io.stepstream.coordinator.execution.ExecutionSearch;
import io.stepstream.coordinator.execution.Executions;
import io.stepstream.coordinator.execution.RedriveOutcome;
import io.stepstream.coordinator.execution.StopOutcome;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.schemas.BulkFailure;
import io.stepstream.schemas.BulkKind;
import io.stepstream.schemas.BulkOperation;
import io.stepstream.schemas.BulkProgress;
import io.stepstream.schemas.BulkState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries operations out while this node leads, the oldest first. Progress is written after each
 * page; a page that is done again changes nothing. One thread runs it.
 */
final class BulkRunner implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BulkRunner.class);

  /** As many commands are under way at once, and as many are done again after a crash. */
  static final int PAGE = 100;

  /** Of what failed, as many are told one by one. */
  static final int MOST_FAILURES = 100;

  private static final int LONGEST_REASON = 300;

  /** How long ended operations are told of. */
  static final Duration KEPT = Duration.ofDays(14);

  private final OperationLog log;
  private final Executions executions;
  private final ExecutionSearch search;
  private final BooleanSupplier leads;
  private final InstantSource clock;
  private final Duration pause;
  private final int attempts;
  private final ExecutorService commands = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * @param leads whether this node carries operations out
   * @param pause before something is tried again
   * @param attempts at a command that can't be answered, before it has failed
   */
  BulkRunner(
      OperationLog log,
      Executions executions,
      ExecutionSearch search,
      BooleanSupplier leads,
      InstantSource clock,
      Duration pause,
      int attempts) {
    this.log = log;
    this.executions = executions;
    this.search = search;
    this.leads = leads;
    this.clock = clock;
    this.pause = pause;
    this.attempts = attempts;
  }

  /** What became of one execution; the reason of what failed. */
  private record Outcome(Kind kind, @Nullable String reason) {
    enum Kind {
      CHANGED,
      UNCHANGED,
      FAILED
    }

    private static Outcome failed(String reason) {
      return new Outcome(
          Kind.FAILED, reason.substring(0, Math.min(LONGEST_REASON, reason.length())));
    }
  }

  /** Carries out what is open, to its end, and forgets what ended long ago. */
  void round() throws InterruptedException {
    while (leads.getAsBoolean()) {
      Optional<BulkStatus> open = log.all().stream().filter(BulkStatus::isOpen).findFirst();
      if (open.isEmpty()) {
        forgetOld();
        return;
      }
      if (!advance(open.get())) {
        Thread.sleep(pause);
      }
    }
  }

  /** False: it can't go on now. */
  private boolean advance(BulkStatus status) throws InterruptedException {
    BulkOperation operation = status.operation();
    BulkProgress before = status.progress();
    if (status.cancelled()) {
      end(before, BulkState.CANCELLED, null);
      return true;
    }
    long left =
        BulkOperations.MOST_EXECUTIONS
            - before.getChanged()
            - before.getUnchanged()
            - before.getFailed();
    if (left <= 0) {
      end(
          before,
          BulkState.COMPLETED,
          "It has looked at %d executions, and no operation looks at more. Make another one"
              .formatted(BulkOperations.MOST_EXECUTIONS));
      return true;
    }
    switch (next(operation, before, (int) Math.min(PAGE, left))) {
      case BulkTargets.Page.Later(String reason) -> {
        LOG.debug("Operation {} waits: {}", operation.getOperationId(), reason);
        return false;
      }
      case BulkTargets.Page.Impossible(String reason) -> end(before, BulkState.FAILED, reason);
      case BulkTargets.Page.Of(List<BulkTargets.Target> targets) when targets.isEmpty() ->
          end(before, BulkState.COMPLETED, null);
      case BulkTargets.Page.Of(List<BulkTargets.Target> targets) ->
          log.write(after(before, targets, outcomes(operation, targets)));
    }
    return true;
  }

  private BulkTargets.Page next(BulkOperation operation, BulkProgress progress, int most) {
    try {
      return BulkTargets.next(operation, progress.getPosition(), most, search);
    } catch (CompletionException e) {
      if (e.getCause() instanceof Unavailable unavailable) {
        return new BulkTargets.Page.Later(String.valueOf(unavailable.getMessage()));
      }
      throw e;
    }
  }

  private List<Outcome> outcomes(BulkOperation operation, List<BulkTargets.Target> targets)
      throws InterruptedException {
    List<Future<Outcome>> asked = new ArrayList<>();
    for (BulkTargets.Target target : targets) {
      asked.add(commands.submit(() -> outcome(operation, target)));
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (Future<Outcome> one : asked) {
      try {
        outcomes.add(one.get());
      } catch (ExecutionException e) {
        LOG.error("A command of operation {} failed", operation.getOperationId(), e.getCause());
        outcomes.add(Outcome.failed("Internal error; the log has the details"));
      }
    }
    return outcomes;
  }

  /** Tries again what can't be answered now: a partition may be on its way to another node. */
  private Outcome outcome(BulkOperation operation, BulkTargets.Target target)
      throws InterruptedException {
    if (target.redriven()) {
      return new Outcome(Outcome.Kind.UNCHANGED, null);
    }
    for (int attempt = 1; ; attempt++) {
      try {
        return operation.getKind() == BulkKind.STOP
            ? stop(operation, target.executionArn())
            : redrive(operation, target.executionArn());
      } catch (CompletionException e) {
        if (!(e.getCause() instanceof Unavailable unavailable)) {
          throw e;
        }
        if (attempt >= attempts) {
          return Outcome.failed(String.valueOf(unavailable.getMessage()));
        }
        Thread.sleep(pause);
      }
    }
  }

  private Outcome stop(BulkOperation operation, String arn) {
    return switch (executions
        .stop(arn, operation.getError(), operation.getCause())
        .toCompletableFuture()
        .join()) {
      case StopOutcome.Stopped _ -> new Outcome(Outcome.Kind.CHANGED, null);
      case StopOutcome.AlreadyEnded _ -> new Outcome(Outcome.Kind.UNCHANGED, null);
      case StopOutcome.NoSuchExecution() -> Outcome.failed("There is no such execution");
    };
  }

  private Outcome redrive(BulkOperation operation, String arn) {
    return switch (executions
        .redrive(arn, operation.getOperationId())
        .toCompletableFuture()
        .join()) {
      case RedriveOutcome.Redriven _ -> new Outcome(Outcome.Kind.CHANGED, null);
      case RedriveOutcome.NotRedrivable(String reason) -> Outcome.failed(reason);
      case RedriveOutcome.NoSuchExecution() -> Outcome.failed("There is no such execution");
    };
  }

  private BulkProgress after(
      BulkProgress before, List<BulkTargets.Target> targets, List<Outcome> outcomes) {
    long changed = before.getChanged();
    long unchanged = before.getUnchanged();
    long failed = before.getFailed();
    List<BulkFailure> failures = new ArrayList<>(before.getFailures());
    for (int i = 0; i < outcomes.size(); i++) {
      Outcome outcome = outcomes.get(i);
      switch (outcome.kind()) {
        case CHANGED -> changed++;
        case UNCHANGED -> unchanged++;
        case FAILED -> {
          failed++;
          if (failures.size() < MOST_FAILURES) {
            failures.add(
                new BulkFailure(targets.get(i).executionArn(), String.valueOf(outcome.reason())));
          }
        }
      }
    }
    return new BulkProgress(
        before.getOperationId(),
        BulkState.RUNNING,
        targets.getLast().position(),
        changed,
        unchanged,
        failed,
        failures,
        null,
        clock.instant());
  }

  private void end(BulkProgress before, BulkState state, @Nullable String reason) {
    log.write(
        new BulkProgress(
            before.getOperationId(),
            state,
            before.getPosition(),
            before.getChanged(),
            before.getUnchanged(),
            before.getFailed(),
            before.getFailures(),
            reason,
            clock.instant()));
  }

  private void forgetOld() {
    for (BulkStatus status : log.all()) {
      if (status.progress().getUpdateDate().plus(KEPT).isBefore(clock.instant())) {
        log.forget(status.operation().getOperationId());
      }
    }
  }

  @Override
  public void close() {
    commands.shutdownNow();
  }
}
