package io.stepstream.coordinator.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.coordinator.execution.ListedExecution;
import io.stepstream.coordinator.execution.MeasuredExecutions;
import io.stepstream.coordinator.execution.MeasuredExecutions.Bucket;
import io.stepstream.coordinator.execution.MetricsQuery;
import io.stepstream.schemas.ExecutionStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counts of a real index, against counting one by one. */
class ExecutionMetricsTest {

  private static final Instant FROM = Instant.parse("2026-09-01T00:00:00Z");
  private static final List<ExecutionStatus> ENDS =
      List.of(
          ExecutionStatus.SUCCEEDED,
          ExecutionStatus.FAILED,
          ExecutionStatus.TIMED_OUT,
          ExecutionStatus.ABORTED);

  @TempDir Path directory;

  private final List<ListedExecution> all = new ArrayList<>();
  private ExecutionIndex index;

  @BeforeEach
  void fill() throws Exception {
    index = ExecutionIndex.open(directory, SearchLimits.DEFAULT);
    Random random = new Random(7);
    for (int i = 0; i < 3000; i++) {
      Instant start = FROM.minusSeconds(600).plusMillis(random.nextInt(4_800_000));
      boolean ended = random.nextInt(5) > 0;
      all.add(
          new ListedExecution(
              i,
              "arn:aws:states:us-east-1:1:execution:m%d:e%d".formatted(i % 3, i),
              "arn:aws:states:us-east-1:1:stateMachine:m" + i % 3,
              ended ? ENDS.get(random.nextInt(ENDS.size())) : ExecutionStatus.RUNNING,
              start,
              ended ? start.plusMillis(random.nextInt(900_000)) : null,
              0,
              null,
              null,
              null,
              null));
      if (i % 500 == 0) {
        index.refresh(); // several segments
      }
      index.put(
          List.of(new IndexedExecution(all.getLast(), Leaves.NONE, Leaves.NONE, null, null, null)));
    }
    index.refresh();
  }

  @AfterEach
  void close() throws Exception {
    index.close();
  }

  private static MetricsQuery query(@Nullable String machine, int buckets) {
    return new MetricsQuery(machine, FROM, FROM.plus(Duration.ofHours(1)), buckets);
  }

  @Test
  void shouldCountAsIfOneByOne() {
    for (String machine :
        new String[] {null, "m1", "arn:aws:states:us-east-1:1:stateMachine:m2", "none"}) {
      for (int buckets : new int[] {1, 7, 60}) {
        MetricsQuery query = query(machine, buckets);
        MeasuredExecutions measured = index.measure(query, FROM);

        assertThat(measured.whole()).isTrue();
        assertThat(measured.asOf()).isEqualTo(FROM);
        assertThat(measured.buckets()).isEqualTo(oneByOne(query));
      }
    }
  }

  private List<Bucket> oneByOne(MetricsQuery query) {
    List<Bucket> buckets = new ArrayList<>();
    for (int i = 0; i < query.buckets(); i++) {
      Instant from = query.from().plusMillis(i * query.bucketMillis());
      Instant next = from.plusMillis(query.bucketMillis());
      Instant before = next.isBefore(query.before()) ? next : query.before();
      Predicate<@Nullable Instant> within =
          moment -> moment != null && !moment.isBefore(from) && moment.isBefore(before);
      List<ListedExecution> ofMachine =
          all.stream()
              .filter(
                  e ->
                      query.machine() == null
                          || e.stateMachineArn().equals(query.machine())
                          || e.stateMachineArn().endsWith(":" + query.machine()))
              .toList();
      List<ListedExecution> ended =
          ofMachine.stream().filter(e -> within.test(e.stopDate())).toList();
      List<Long> durations =
          ended.stream()
              .map(e -> Duration.between(e.startDate(), e.stopDate()).toMillis())
              .sorted()
              .toList();
      long[] counts =
          ENDS.stream()
              .mapToLong(status -> ended.stream().filter(e -> e.status() == status).count())
              .toArray();
      buckets.add(
          new Bucket(
              ofMachine.stream().filter(e -> within.test(e.startDate())).count(),
              counts[0],
              counts[1],
              counts[2],
              counts[3],
              durations.isEmpty() ? null : durations.get((durations.size() + 1) / 2 - 1),
              durations.isEmpty()
                  ? null
                  : durations.get((int) Math.ceil(durations.size() * 0.99) - 1)));
    }
    return buckets;
  }

  @Test
  void shouldSayThatItHasCountedTooLittle() throws Exception {
    index.commit(Map.of());
    index.close();
    index =
        ExecutionIndex.open(directory, new SearchLimits(SearchLimits.DEFAULT.time(), 10_000, 100));

    MeasuredExecutions measured = index.measure(query(null, 1), null);

    assertThat(measured.whole()).isFalse();
    assertThat(measured.asOf()).isNull();
    Bucket bucket = measured.buckets().getFirst();
    assertThat(bucket.started()).isBetween(1L, 100L);
    assertThat(index.measure(query("none", 1), null).whole()).isTrue();
  }

  @Test
  void shouldSayThatTimeIsUp() throws Exception {
    index.commit(Map.of());
    index.close();
    index = ExecutionIndex.open(directory, new SearchLimits(Duration.ZERO, 10_000, 1_000_000));

    assertThat(index.measure(query(null, 1), null).whole()).isFalse();
  }

  @Test
  void shouldRefuseBucketsOfNoLength() {
    assertThatThrownBy(() -> new MetricsQuery(null, FROM, FROM.plusMillis(1), 2))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
