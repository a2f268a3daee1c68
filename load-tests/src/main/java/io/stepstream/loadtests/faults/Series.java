package io.stepstream.loadtests.faults;

import io.stepstream.loadtests.faults.Trend.Point;
import java.util.List;

/**
 * One value through a soak.
 *
 * @param subject whose it is: a process, or the cluster
 * @param points by seconds, ascending
 */
record Series(String subject, Measure measure, List<Point> points) {

  Series {
    points = List.copyOf(points);
  }

  /**
   * What became of it. Only the second half is judged: before that, caches fill and files reach
   * their usual size.
   *
   * @throws IllegalArgumentException if that has too few points
   */
  Growth growth() {
    List<Point> half = points.subList(points.size() / 2, points.size());
    Trend trend = Trend.of(half);
    double growth = trend.slope() * (half.getLast().x() - half.getFirst().x());
    return new Growth(
        subject, measure, trend.level(), growth, trend.slope(), measure.isGrowth(trend, growth));
  }

  /**
   * @param level the median of the second half
   * @param growth from its begin to its end, by the trend
   * @param perSecond the trend
   * @param grows more than it may
   */
  record Growth(
      String subject,
      Measure measure,
      double level,
      double growth,
      double perSecond,
      boolean grows) {

    private static final int HOUR_SECONDS = 3_600;

    double perHour() {
      return perSecond * HOUR_SECONDS;
    }

    @Override
    public String toString() {
      return "%s of %s: %s, and %s more each hour"
          .formatted(measure.title(), subject, measure.text(level), measure.text(perHour()));
    }
  }
}
