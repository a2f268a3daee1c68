package io.stepstream.loadtests;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Kubernetes' algorithm for a HorizontalPodAutoscaler with an external metric whose target is an
 * average value (KEDA hands its prometheus trigger to one): desired = ceil(metric / target), left
 * alone within the tolerance; the most of the scale-down window counts, and the least of the
 * scale-up window; no more replicas are added or removed in a period than the policies let.
 *
 * <p>See "Algorithm details" and "Configurable scaling behavior" in Kubernetes' documentation. Not
 * thread safe.
 */
final class HorizontalAutoscaler {

  /** Kubernetes' own default. */
  private static final double TOLERANCE = 0.1;

  /**
   * How fast it may go in one direction.
   *
   * @param stabilisation of what was recommended within it the most careful counts
   * @param replicas how many in a period
   * @param percent the same of what there was; the larger of both counts
   * @param period of both
   */
  record Rate(Duration stabilisation, int replicas, int percent, Duration period) {}

  /**
   * The object's settings.
   *
   * @param target of the metric for each replica
   */
  record Settings(int least, int most, double target, Rate up, Rate down) {}

  private record Recommendation(long nanos, int replicas) {}

  private record Change(long nanos, int replicas) {}

  private final Settings settings;
  private final Deque<Recommendation> recommended = new ArrayDeque<>();
  private final Deque<Change> added = new ArrayDeque<>();
  private final Deque<Change> removed = new ArrayDeque<>();

  HorizontalAutoscaler(Settings settings) {
    this.settings = settings;
  }

  /**
   * How many replicas there should be now; the caller sees to it that there are.
   *
   * @param nanos by one clock, never less than before
   * @param current how many there are
   * @param metric of all replicas together
   */
  int desired(long nanos, int current, double metric) {
    recommended.addLast(new Recommendation(nanos, bounded(recommendation(current, metric))));
    int stabilised = stabilised(nanos, current);
    int limited = bounded(limited(nanos, current, stabilised));
    if (limited > current) {
      added.addLast(new Change(nanos, limited - current));
    } else if (limited < current) {
      removed.addLast(new Change(nanos, current - limited));
    }
    return limited;
  }

  private int recommendation(int current, double metric) {
    double ratio = metric / (settings.target() * Math.max(1, current));
    return current > 0 && Math.abs(ratio - 1) <= TOLERANCE
        ? current
        : (int) Math.ceil(metric / settings.target());
  }

  private int bounded(int replicas) {
    return Math.clamp(replicas, settings.least(), settings.most());
  }

  private int stabilised(long nanos, int current) {
    long up = nanos - settings.up().stabilisation().toNanos();
    long down = nanos - settings.down().stabilisation().toNanos();
    int least = Integer.MAX_VALUE;
    int most = 0;
    for (Recommendation each : recommended) {
      if (each.nanos() >= up) {
        least = Math.min(least, each.replicas());
      }
      if (each.nanos() >= down) {
        most = Math.max(most, each.replicas());
      }
    }
    long oldest = Math.min(up, down);
    recommended.removeIf(each -> each.nanos() < oldest);
    if (current < least) {
      return least;
    }
    return Math.min(current, most);
  }

  private int limited(long nanos, int current, int wanted) {
    if (wanted > current) {
      Rate up = settings.up();
      int begin = current - within(added, nanos, up) + within(removed, nanos, up);
      int most =
          Math.max(begin + up.replicas(), (int) Math.ceil(begin * (1 + up.percent() / 100.0)));
      return Math.clamp(wanted, current, Math.max(current, most));
    }
    Rate down = settings.down();
    int begin = current - within(added, nanos, down) + within(removed, nanos, down);
    int least =
        Math.min(begin - down.replicas(), (int) Math.floor(begin * (1 - down.percent() / 100.0)));
    return Math.clamp(wanted, Math.min(current, Math.max(0, least)), current);
  }

  private static int within(Deque<Change> changes, long nanos, Rate rate) {
    long from = nanos - rate.period().toNanos();
    return changes.stream().filter(c -> c.nanos() > from).mapToInt(Change::replicas).sum();
  }
}
