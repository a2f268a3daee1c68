package io.stepstream.coordinator.index;

import io.stepstream.coordinator.execution.MeasuredExecutions;
import io.stepstream.coordinator.execution.MetricsQuery;
import io.stepstream.schemas.ExecutionStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.search.CollectionTerminatedException;
import org.apache.lucene.search.CollectorManager;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.jspecify.annotations.Nullable;

/**
 * Counts executions by when they began and ended, one pass over numbers that lie side by side. O(1)
 * for each execution, and the percentiles are exact. Not thread safe.
 */
final class Measurement extends SimpleCollector
    implements CollectorManager<Measurement, Measurement> {

  private static final ExecutionStatus[] STATUSES = ExecutionStatus.values();

  private final long fromMillis;
  private final long beforeMillis;
  private final long bucketMillis;
  private final Counts[] buckets;
  private int left;
  private boolean isWhole = true;

  private NumericDocValues starts = DocValues.emptyNumeric();
  private NumericDocValues stops = DocValues.emptyNumeric();
  private NumericDocValues statuses = DocValues.emptyNumeric();

  /** Of one stretch of time. */
  private static final class Counts {
    private long started;
    private final long[] ended = new long[STATUSES.length];
    private long[] durations = new long[8];
    private int known;

    void end(int status, long duration) {
      ended[status]++;
      if (known == durations.length) {
        durations = Arrays.copyOf(durations, 2 * known);
      }
      durations[known++] = duration;
    }

    private long count(ExecutionStatus status) {
      return ended[status.ordinal()];
    }

    MeasuredExecutions.Bucket bucket() {
      Arrays.sort(durations, 0, known);
      return new MeasuredExecutions.Bucket(
          started,
          count(ExecutionStatus.SUCCEEDED),
          count(ExecutionStatus.FAILED),
          count(ExecutionStatus.TIMED_OUT),
          count(ExecutionStatus.ABORTED),
          percentile(50),
          percentile(99));
    }

    /** The least value that as many percent don't exceed. */
    private @Nullable Long percentile(int percent) {
      return known == 0 ? null : durations[(int) Math.ceilDiv((long) known * percent, 100L) - 1];
    }
  }

  /**
   * @param most how many executions are counted
   */
  Measurement(MetricsQuery query, int most) {
    this.fromMillis = query.from().toEpochMilli();
    this.beforeMillis = query.before().toEpochMilli();
    this.bucketMillis = query.bucketMillis();
    this.buckets = new Counts[query.buckets()];
    Arrays.setAll(buckets, _ -> new Counts());
    this.left = most;
  }

  @Override
  protected void doSetNextReader(LeafReaderContext context) throws IOException {
    starts = DocValues.getNumeric(context.reader(), Fields.START);
    stops = DocValues.getNumeric(context.reader(), Fields.STOP);
    statuses = DocValues.getNumeric(context.reader(), Fields.STATUS_ORDINAL);
  }

  @Override
  public void collect(int doc) throws IOException {
    if (left == 0) {
      isWhole = false;
      throw new CollectionTerminatedException();
    }
    left--;
    if (!starts.advanceExact(doc) || !statuses.advanceExact(doc)) {
      throw new IllegalStateException("an execution in the index has no start or no status");
    }
    long start = starts.longValue();
    if (isWithin(start)) {
      at(start).started++;
    }
    if (stops.advanceExact(doc) && isWithin(stops.longValue())) {
      long stop = stops.longValue();
      at(stop).end((int) statuses.longValue(), Math.max(0, stop - start));
    }
  }

  private boolean isWithin(long millis) {
    return millis >= fromMillis && millis < beforeMillis;
  }

  private Counts at(long millis) {
    return buckets[(int) ((millis - fromMillis) / bucketMillis)];
  }

  /** Itself each time: without an executor a search goes through one part after the other. */
  @Override
  public Measurement newCollector() {
    return this;
  }

  @Override
  public Measurement reduce(Collection<Measurement> collectors) {
    return this;
  }

  @Override
  public ScoreMode scoreMode() {
    return ScoreMode.COMPLETE_NO_SCORES;
  }

  /**
   * What was counted.
   *
   * @param searched whether the search has come to its end
   */
  MeasuredExecutions result(boolean searched, @Nullable Instant asOf) {
    List<MeasuredExecutions.Bucket> measured = new ArrayList<>();
    for (Counts counts : buckets) {
      measured.add(counts.bucket());
    }
    return new MeasuredExecutions(measured, isWhole && searched, asOf);
  }
}
