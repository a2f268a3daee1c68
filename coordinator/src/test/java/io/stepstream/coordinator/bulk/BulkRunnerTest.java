package io.stepstream.coordinator.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.coordinator.bulk.BulkOperations.Wish;
import io.stepstream.coordinator.execution.ExecutionDescription;
import io.stepstream.coordinator.execution.Executions;
import io.stepstream.coordinator.execution.HistoryPage;
import io.stepstream.coordinator.execution.RedriveOutcome;
import io.stepstream.coordinator.execution.StartOutcome;
import io.stepstream.coordinator.execution.StartRequest;
import io.stepstream.coordinator.execution.StopOutcome;
import io.stepstream.coordinator.execution.SyncOutcome;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.coordinator.index.SearchableExecutions;
import io.stepstream.schemas.BulkFilter;
import io.stepstream.schemas.BulkKind;
import io.stepstream.schemas.BulkOperation;
import io.stepstream.schemas.BulkProgress;
import io.stepstream.schemas.BulkState;
import io.stepstream.schemas.ExecutionStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Over a real index, which follows what is done as it would a moment later. */
@Timeout(60)
class BulkRunnerTest {

  /** All executions begin before it, and the index knows all that was committed before it. */
  private static final Instant CREATED = SearchableExecutions.AS_OF.minusSeconds(1);

  private final InMemoryLog log = new InMemoryLog();
  private final Commands commands = new Commands();
  private SearchableExecutions index;
  private Instant now = CREATED;

  @BeforeEach
  void open(@TempDir Path directory) throws Exception {
    index = new SearchableExecutions(directory);
  }

  @AfterEach
  void close() throws Exception {
    index.close();
  }

  /** Executions as their writers answer for them. */
  private final class Commands implements Executions {
    final Map<String, Integer> asked = new ConcurrentHashMap<>();
    final Map<String, String> tokens = new ConcurrentHashMap<>();
    volatile boolean failsAgain;
    final AtomicInteger outages = new AtomicInteger();

    private void answer(String arn) {
      if (outages.getAndDecrement() > 0) {
        throw new Unavailable("a partition moves", Duration.ofSeconds(1));
      }
      asked.merge(arn, 1, Integer::sum);
    }

    @Override
    public CompletionStage<StopOutcome> stop(
        String arn, @Nullable String error, @Nullable String cause) {
      return CompletableFuture.supplyAsync(
          () -> {
            answer(arn);
            if (arn.endsWith(":none")) {
              return new StopOutcome.NoSuchExecution();
            }
            assertThat(cause).isEqualTo("not needed");
            if (asked.get(arn) > 1) {
              return new StopOutcome.AlreadyEnded(CREATED);
            }
            index.end(name(arn), ExecutionStatus.ABORTED, null, error, cause);
            return new StopOutcome.Stopped(CREATED);
          });
    }

    @Override
    public CompletionStage<RedriveOutcome> redrive(String arn, @Nullable String clientToken) {
      return CompletableFuture.supplyAsync(
          () -> {
            answer(arn);
            if (name(arn).startsWith("old")) {
              return new RedriveOutcome.NotRedrivable(
                  "Execution is not redrivable. " + "x".repeat(999));
            }
            tokens.put(arn, String.valueOf(clientToken));
            index.redrive(name(arn), CREATED.plusMillis(1));
            if (failsAgain) {
              index.end(name(arn), ExecutionStatus.FAILED, null, "E", null);
            }
            return new RedriveOutcome.Redriven(CREATED);
          });
    }

    @Override
    public CompletionStage<StartOutcome> start(StartRequest request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<SyncOutcome> startSync(StartRequest request, Duration timeout) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Optional<ExecutionDescription>> describe(String executionArn) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Optional<HistoryPage>> history(
        String executionArn, long afterEventId, int maxResults, boolean reverse) {
      throw new UnsupportedOperationException();
    }
  }

  private static String name(String arn) {
    return arn.substring(arn.lastIndexOf(':') + 1);
  }

  private BulkRunner runner() {
    return new BulkRunner(log, commands, index, () -> true, () -> now, Duration.ofMillis(1), 3);
  }

  private void run() throws InterruptedException {
    try (BulkRunner runner = runner()) {
      runner.round();
    }
  }

  private static BulkFilter filter(String prefix) {
    return new BulkFilter(null, "m", prefix, null, List.of(), null, null, null, null);
  }

  private String create(BulkKind kind, @Nullable BulkFilter filter, List<String> arns) {
    return new LoggedOperations(log, () -> CREATED, Runnable::run)
        .create(new Wish(kind, filter, arns, null, kind == BulkKind.STOP ? "not needed" : null))
        .toCompletableFuture()
        .join()
        .orElseThrow()
        .operation()
        .getOperationId();
  }

  private BulkProgress progress(String id) {
    return log.find(id).orElseThrow().progress();
  }

  private void begin(String prefix, int count) {
    IntStream.range(0, count).forEach(i -> index.run(prefix + i, "{}"));
  }

  @Test
  void shouldStopAllThatTheFilterFindsEachOnce() throws Exception {
    begin("wanted", 250);
    begin("other", 3);
    String id = create(BulkKind.STOP, filter("wanted"), List.of());

    run();

    assertThat(commands.asked).hasSize(250).allSatisfy((_, times) -> assertThat(times).isOne());
    assertThat(commands.asked.keySet()).allMatch(arn -> name(arn).startsWith("wanted"));
    BulkProgress progress = progress(id);
    assertThat(progress.getState()).isEqualTo(BulkState.COMPLETED);
    assertThat(progress.getChanged()).isEqualTo(250);
    assertThat(progress.getUnchanged() + progress.getFailed()).isZero();
    assertThat(progress.getReason()).isNull();
  }

  @Test
  void shouldGoOnBehindTheLastProgressWhereAnotherNodeHasDied() throws Exception {
    begin("wanted", 250);
    String id = create(BulkKind.STOP, filter("wanted"), List.of());
    AtomicInteger looks = new AtomicInteger();
    try (BulkRunner first =
        new BulkRunner(
            log,
            commands,
            index,
            () -> {
              if (looks.incrementAndGet() == 2) {
                // One page is done with; what the next one does is not written any more.
                log.failWith(new Unavailable("dead", Duration.ofSeconds(1)));
              }
              return true;
            },
            () -> now,
            Duration.ofMillis(1),
            3)) {
      assertThatThrownBy(first::round).isInstanceOf(Unavailable.class);
    }
    log.failWith(null);
    assertThat(progress(id).getChanged()).isEqualTo(100);
    assertThat(commands.asked).hasSize(200);

    run();

    assertThat(commands.asked).hasSize(250);
    assertThat(progress(id).getState()).isEqualTo(BulkState.COMPLETED);
    // The page whose progress was lost is not found again: the index knows that it was stopped.
    assertThat(progress(id).getChanged()).isEqualTo(150);
  }

  @Test
  void shouldRedriveEachOnceThoughItFailsAgain() throws Exception {
    begin("failed", 150);
    IntStream.range(0, 150)
        .forEach(i -> index.end("failed" + i, ExecutionStatus.FAILED, null, "E", null));
    begin("running", 2);
    commands.failsAgain = true;
    String id = create(BulkKind.REDRIVE, filter(null), List.of());

    run();

    assertThat(commands.asked).hasSize(150).allSatisfy((_, times) -> assertThat(times).isOne());
    assertThat(commands.tokens.values()).containsOnly(id);
    assertThat(progress(id).getChanged()).isEqualTo(150);
    assertThat(progress(id).getUnchanged()).isEqualTo(150); // met again, behind the others
    assertThat(progress(id).getState()).isEqualTo(BulkState.COMPLETED);
  }

  @Test
  void shouldTellWhatFailedAndOnlyTheFirstOfMany() throws Exception {
    List<String> arns =
        IntStream.range(0, 150).mapToObj(i -> SearchableExecutions.arn("old" + i)).toList();
    String id = create(BulkKind.REDRIVE, null, arns);

    run();

    assertThat(progress(id).getFailed()).isEqualTo(150);
    assertThat(progress(id).getFailures()).hasSize(100);
    assertThat(progress(id).getFailures().getFirst().getExecutionArn()).isEqualTo(arns.getFirst());
    assertThat(progress(id).getFailures().getFirst().getReason())
        .startsWith("Execution is not redrivable.")
        .hasSize(300);
    assertThat(progress(id).getState()).isEqualTo(BulkState.COMPLETED);
  }

  @Test
  void shouldTryAgainWhatCanNotBeAnsweredNow() throws Exception {
    begin("wanted", 1);
    commands.outages.set(2);
    String id = create(BulkKind.STOP, null, List.of(SearchableExecutions.arn("wanted0")));

    run();

    assertThat(progress(id).getChanged()).isOne();

    commands.outages.set(3);
    String lost = create(BulkKind.STOP, null, List.of(SearchableExecutions.arn("none")));
    run();
    assertThat(progress(lost).getFailures())
        .singleElement()
        .satisfies(one -> assertThat(one.getReason()).isEqualTo("a partition moves"));
    String none = create(BulkKind.STOP, null, List.of(SearchableExecutions.arn("none")));
    run();
    assertThat(progress(none).getFailures())
        .singleElement()
        .satisfies(one -> assertThat(one.getReason()).isEqualTo("There is no such execution"));
  }

  @Test
  void shouldEndWhatIsCancelledAndLeaveWhatIsDone() throws Exception {
    begin("wanted", 120);
    String id = create(BulkKind.STOP, filter("wanted"), List.of());
    AtomicInteger looks = new AtomicInteger();
    try (BulkRunner once =
        new BulkRunner(
            log,
            commands,
            index,
            () -> looks.incrementAndGet() == 1,
            () -> now,
            Duration.ofMillis(1),
            3)) {
      once.round();
    }
    LoggedOperations operations = new LoggedOperations(log, () -> now, Runnable::run);

    assertThat(operations.cancel(id).toCompletableFuture().join().orElseThrow().cancelled())
        .isTrue();
    run();

    assertThat(progress(id).getState()).isEqualTo(BulkState.CANCELLED);
    assertThat(progress(id).getChanged()).isEqualTo(100);
    assertThat(commands.asked).hasSize(100);
    // What has ended stays as it ended.
    String done = create(BulkKind.STOP, filter("nothing"), List.of());
    run();
    assertThat(operations.cancel(done).toCompletableFuture().join().orElseThrow().cancelled())
        .isFalse();
    assertThat(operations.cancel("none").toCompletableFuture().join()).isEmpty();
  }

  @Test
  void shouldDoNothingWhileAnotherNodeLeads() throws Exception {
    begin("wanted", 1);
    String id = create(BulkKind.STOP, filter("wanted"), List.of());
    try (BulkRunner idle =
        new BulkRunner(log, commands, index, () -> false, () -> now, Duration.ofMillis(1), 3)) {
      idle.round();
    }

    assertThat(commands.asked).isEmpty();
    assertThat(progress(id).getState()).isEqualTo(BulkState.RUNNING);
  }

  @Test
  void shouldWaitUntilTheIndexHasAllThatBeganBefore() {
    begin("wanted", 1);
    BulkOperation late =
        new BulkOperation(
            "late",
            BulkKind.STOP,
            filter("wanted"),
            List.of(),
            null,
            null,
            SearchableExecutions.AS_OF.plusMillis(1));

    assertThat(BulkTargets.next(late, 0, 10, index)).isInstanceOf(BulkTargets.Page.Later.class);
    late.setCreationDate(SearchableExecutions.AS_OF);
    assertThat(BulkTargets.next(late, 0, 10, index))
        .isInstanceOfSatisfying(
            BulkTargets.Page.Of.class, page -> assertThat(page.targets()).hasSize(1));
    // What begins later is none of its own.
    late.setCreationDate(SearchableExecutions.START);
    assertThat(BulkTargets.next(late, 0, 10, index)).isEqualTo(new BulkTargets.Page.Of(List.of()));
  }

  @Test
  void shouldFindNothingWhereTheStatusesDoNotFitTheKind() throws Exception {
    begin("wanted", 1);
    BulkFilter filter = filter("wanted");
    filter.setStatuses(List.of(ExecutionStatus.SUCCEEDED));
    String id = create(BulkKind.STOP, filter, List.of());

    run();

    assertThat(progress(id).getState()).isEqualTo(BulkState.COMPLETED);
    assertThat(commands.asked).isEmpty();
  }

  @Test
  void shouldFailWithAFilterThatNobodyCanRead() throws Exception {
    BulkFilter filter = filter(null);
    filter.setText("input.(");
    String id = create(BulkKind.STOP, filter, List.of());

    run();

    assertThat(progress(id).getState()).isEqualTo(BulkState.FAILED);
    assertThat(progress(id).getReason()).startsWith("The filter can't be read at ");
  }

  @Test
  void shouldEndWhenItHasLookedAtAsManyAsItMay() throws Exception {
    begin("wanted", 1);
    String id = create(BulkKind.STOP, filter("wanted"), List.of());
    log.write(
        new BulkProgress(id, BulkState.RUNNING, 0L, 99_000L, 900L, 100L, List.of(), null, CREATED));

    run();

    assertThat(progress(id).getState()).isEqualTo(BulkState.COMPLETED);
    assertThat(progress(id).getReason()).contains("100000 executions");
    assertThat(commands.asked).isEmpty();
  }

  @Test
  void shouldForgetWhatEndedLongAgo() throws Exception {
    String old = create(BulkKind.STOP, filter("nothing"), List.of());
    run();
    now = now.plus(BulkRunner.KEPT).plusSeconds(1);
    String young = create(BulkKind.STOP, filter("nothing"), List.of());
    run();

    assertThat(log.find(old)).isEmpty();
    assertThat(log.find(young)).isPresent();
  }

  @Test
  void shouldRefuseMoreThanItCanCarryOut() {
    for (int i = 0; i < BulkOperations.MOST_OPEN; i++) {
      create(BulkKind.STOP, filter("nothing"), List.of());
    }

    assertThat(
            new LoggedOperations(log, () -> CREATED, Runnable::run)
                .create(new Wish(BulkKind.STOP, filter("x"), List.of(), null, null))
                .toCompletableFuture()
                .join())
        .isEmpty();
    assertThatThrownBy(() -> new Wish(BulkKind.STOP, null, List.of(), null, null))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
