package io.stepstream.loadtests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.stepstream.loadtests.faults.Soak.Sized;
import io.stepstream.loadtests.faults.Trend.Point;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What grows is noticed, and what doesn't is not. A sample every 20 s, for 20 minutes. */
final class SoakTest {

  private static final int SAMPLES = 60;
  private static final double MEGABYTE = 1 << 20;

  private final Random random = new Random(1);

  private static Series.Growth growth(Measure measure, IntToDoubleFunction value) {
    return new Series(
            "node-1",
            measure,
            IntStream.range(0, SAMPLES)
                .mapToObj(i -> new Point(20 * i, value.applyAsDouble(i)))
                .toList())
        .growth();
  }

  private double noise(double size) {
    return size * random.nextGaussian();
  }

  @ParameterizedTest
  @EnumSource(Measure.class)
  void shouldNoticeWhatGrowsByATenthInTheSecondHalf(Measure measure) {
    double level = 300 * MEGABYTE;
    assertThat(growth(measure, i -> level * (1 + i / 300.0) + noise(level / 100)).grows()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Measure.class)
  void shouldNotNoticeNoise(Measure measure) {
    double level = 300 * MEGABYTE;
    assertThat(growth(measure, _ -> level + noise(level / 20)).grows()).isFalse();
  }

  @Test
  void shouldNoticeAThreadThatIsLeftBehindEveryMinute() {
    assertThat(growth(Measure.THREADS, i -> 40 + i / 3 + noise(1)).grows()).isTrue();
    assertThat(growth(Measure.THREADS, i -> 40 + i % 3).grows()).isFalse();
  }

  @Test
  void shouldNotMindWhatGrowsAtFirst() {
    assertThat(growth(Measure.HEAP, i -> MEGABYTE * Math.min(100, 20 + 4 * i)).grows()).isFalse();
  }

  @Test
  void shouldNotMindWhatShrinks() {
    assertThat(growth(Measure.OPEN, i -> 1_000 - 10 * i).grows()).isFalse();
  }

  @Test
  void shouldSayByHowMuch() {
    Series.Growth growth = growth(Measure.HEAP, i -> MEGABYTE * (100 + i));
    assertThat(growth.level()).isCloseTo(144.5 * MEGABYTE, within(MEGABYTE));
    assertThat(growth.growth()).isCloseTo(29 * MEGABYTE, within(1.0));
    assertThat(growth)
        .hasToString("heap after a collection of node-1: 144.5 MB, and 180.0 MB more each hour");
  }

  @Test
  void shouldNoticeRecordsThatNoExecutionExplains() {
    // 10 executions and 100 kB between two samples, and from the half on 4 MB more.
    assertThat(records(i -> 100_000 * i).grows()).isFalse();
    assertThat(records(i -> 100_000 * i + Math.max(0, i - 30) * 4e6).grows()).isTrue();
  }

  private static Series.Growth records(IntToDoubleFunction bytes) {
    List<Sized> sized =
        IntStream.range(0, SAMPLES)
            .mapToObj(i -> new Sized(20 * i, 10 * i, bytes.applyAsDouble(i)))
            .toList();
    return new Series("the cluster", Measure.RECORDS, Soak.beyond(sized)).growth();
  }
}
