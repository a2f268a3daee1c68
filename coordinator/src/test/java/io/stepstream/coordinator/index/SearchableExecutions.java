package io.stepstream.coordinator.index;

import io.stepstream.coordinator.execution.ExecutionMetrics;
import io.stepstream.coordinator.execution.ExecutionSearch;
import io.stepstream.coordinator.execution.ListedExecution;
import io.stepstream.coordinator.execution.MeasuredExecutions;
import io.stepstream.coordinator.execution.MetricsQuery;
import io.stepstream.coordinator.execution.SearchOutcome;
import io.stepstream.coordinator.execution.SearchQuery;
import io.stepstream.schemas.ExecutionStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The index itself, of what a test puts in. */
public final class SearchableExecutions
    implements ExecutionSearch, ExecutionMetrics, AutoCloseable {

  public static final Instant START = Instant.parse("2026-09-01T12:00:00Z");
  public static final Instant AS_OF = Instant.parse("2026-09-02T00:00:00Z");
  public static final String MACHINE = "arn:aws:states:us-east-1:111111111111:stateMachine:m";

  private final ExecutionIndex index;
  private long position;
  private volatile @Nullable RuntimeException outage;

  public SearchableExecutions(Path directory) throws IOException {
    this(directory, SearchLimits.DEFAULT);
  }

  SearchableExecutions(Path directory, SearchLimits limits) throws IOException {
    index = ExecutionIndex.open(directory, limits);
  }

  /** From now on every search fails so; null ends that. */
  public void failWith(@Nullable RuntimeException failure) {
    outage = failure;
  }

  public static String arn(String name) {
    return "arn:aws:states:us-east-1:111111111111:execution:m:" + name;
  }

  /** Each begins a second after the one before; the answer is when. */
  public synchronized Instant run(String name, String input) {
    position++;
    put(
        IndexedExecution.begun(
            new ListedExecution(
                position,
                arn(name),
                MACHINE,
                ExecutionStatus.RUNNING,
                START.plusSeconds(position),
                null,
                0,
                null,
                null,
                null,
                null),
            Leaves.of(input.getBytes(StandardCharsets.UTF_8)),
            null));
    return START.plusSeconds(position);
  }

  /** A minute after it began. */
  public synchronized void end(
      String name,
      ExecutionStatus status,
      @Nullable String output,
      @Nullable String error,
      @Nullable String cause) {
    IndexedExecution running = index.find(arn(name));
    put(
        running.ended(
            status,
            running.listed().startDate().plusSeconds(60),
            ++position,
            Leaves.of(output == null ? null : output.getBytes(StandardCharsets.UTF_8)),
            error,
            cause,
            position));
  }

  /** It goes on. */
  public synchronized void redrive(String name, Instant when) {
    IndexedExecution ended = index.find(arn(name));
    put(ended.redriven(ended.listed().redriveCount() + 1, when, ++position));
  }

  private void put(IndexedExecution execution) {
    index.put(List.of(execution));
  }

  @Override
  public CompletionStage<SearchOutcome> search(
      SearchQuery query, @Nullable Long beyond, int limit) {
    index.refresh();
    return outage == null
        ? CompletableFuture.completedFuture(index.search(query, beyond, limit, AS_OF))
        : CompletableFuture.failedFuture(outage);
  }

  @Override
  public CompletionStage<MeasuredExecutions> measure(MetricsQuery query) {
    index.refresh();
    return outage == null
        ? CompletableFuture.completedFuture(index.measure(query, AS_OF))
        : CompletableFuture.failedFuture(outage);
  }

  @Override
  public void close() throws IOException {
    index.close();
  }
}
