package io.stepstream.loadtests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.stepstream.loadtests.faults.Trend.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TrendTest {

  private static List<Point> points(int count, IntToDoubleFunction y) {
    return IntStream.range(0, count).mapToObj(x -> new Point(x, y.applyAsDouble(x))).toList();
  }

  @Test
  void shouldFindALine() {
    Trend trend = Trend.of(points(9, x -> 3 + 2 * x));
    assertThat(trend).isEqualTo(new Trend(2, 2, 11));
  }

  @Test
  void shouldNotBeMovedByOutliers() {
    List<Point> points = new ArrayList<>(points(30, x -> 100 + x));
    points.set(3, new Point(3, 10_000));
    points.set(28, new Point(28, 0));
    assertThat(Trend.of(points).slope()).isCloseTo(1, within(0.1));
  }

  @Test
  void shouldNotBeSureOfNoise() {
    Random random = new Random(1);
    Trend trend = Trend.of(points(40, _ -> random.nextGaussian()));
    assertThat(trend.leastSlope()).isNegative();
  }

  @Test
  void shouldBeSureOfALineInNoise() {
    Random random = new Random(1);
    Trend trend = Trend.of(points(40, x -> x + 5 * random.nextGaussian()));
    assertThat(trend.leastSlope()).isPositive().isLessThan(trend.slope());
  }

  @Test
  void shouldRefuseWhatTellsOfNoTrend() {
    assertThatThrownBy(() -> Trend.of(points(7, x -> x)))
        .isInstanceOf(IllegalArgumentException.class);
    List<Point> atOnce = points(8, x -> x).stream().map(each -> new Point(1, each.y())).toList();
    assertThatThrownBy(() -> Trend.of(atOnce)).isInstanceOf(IllegalArgumentException.class);
  }
}
