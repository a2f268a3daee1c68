package io.stepstream.loadtests.faults;

import java.util.Arrays;
import java.util.List;

/**
 * How a measured value moves, by the median of the slopes between all pairs of points (Theil and
 * Sen), which single outliers don't move.
 *
 * @param slope per unit of x
 * @param leastSlope below which it is with 2.5 % probability at most, by Kendall's statistic (Sen,
 *     1968), if the points' errors know nothing of one another
 * @param level the median of the values
 */
record Trend(double slope, double leastSlope, double level) {

  /** Of the normal distribution, for both sides of 95 %. */
  private static final double QUANTILE = 1.96;

  static final int LEAST_POINTS = 8;

  /**
   * @param x for instance seconds
   */
  record Point(double x, double y) {}

  /**
   * @throws IllegalArgumentException if there are less than {@link #LEAST_POINTS}, or all have the
   *     same x
   */
  static Trend of(List<Point> points) {
    if (points.size() < LEAST_POINTS) {
      throw new IllegalArgumentException(points.size() + " points tell of no trend");
    }
    double[] slopes = slopes(points);
    if (slopes.length == 0) {
      throw new IllegalArgumentException("all points have the same x");
    }
    double n = points.size();
    double spread = QUANTILE * Math.sqrt(n * (n - 1) * (2 * n + 5) / 18);
    int least = (int) Math.max(0, Math.floor((slopes.length - spread) / 2));
    double[] values = points.stream().mapToDouble(Point::y).sorted().toArray();
    return new Trend(median(slopes), slopes[least], median(values));
  }

  /** Ascending. */
  private static double[] slopes(List<Point> points) {
    double[] slopes = new double[points.size() * (points.size() - 1) / 2];
    int count = 0;
    for (int i = 0; i < points.size(); i++) {
      for (int j = i + 1; j < points.size(); j++) {
        double dx = points.get(j).x() - points.get(i).x();
        if (dx != 0) {
          slopes[count++] = (points.get(j).y() - points.get(i).y()) / dx;
        }
      }
    }
    double[] found = Arrays.copyOf(slopes, count);
    Arrays.sort(found);
    return found;
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
