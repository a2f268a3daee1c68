package io.stepstream.loadtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.loadtests.HorizontalAutoscaler.Rate;
import io.stepstream.loadtests.HorizontalAutoscaler.Settings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HorizontalAutoscalerTest {

  private static final Rate AT_ONCE = new Rate(Duration.ZERO, 100, 1_000, Duration.ofSeconds(1));

  private static long seconds(long count) {
    return Duration.ofSeconds(count).toNanos();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, 1", // never less than the least
    "1, 10, 1",
    "1, 10.9, 1", // within the tolerance
    "1, 12, 2",
    "2, 18, 2",
    "2, 17, 2",
    "3, 17, 2",
    "3, 500, 8", // never more than the most
  })
  void shouldDivideTheMetricByTheTarget(int current, double metric, int desired) {
    HorizontalAutoscaler scaler =
        new HorizontalAutoscaler(new Settings(1, 8, 10, AT_ONCE, AT_ONCE));

    assertThat(scaler.desired(0, current, metric)).isEqualTo(desired);
  }

  @Test
  void shouldScaleFromNothing() {
    HorizontalAutoscaler scaler =
        new HorizontalAutoscaler(new Settings(0, 8, 10, AT_ONCE, AT_ONCE));

    assertThat(scaler.desired(0, 0, 1)).isEqualTo(1);
    assertThat(scaler.desired(seconds(60), 1, 0)).isZero();
  }

  @Test
  void shouldNotGoDownBeforeTheWholeWindowSaysSo() {
    Rate slow = new Rate(Duration.ofSeconds(20), 100, 100, Duration.ofSeconds(1));
    HorizontalAutoscaler scaler = new HorizontalAutoscaler(new Settings(1, 8, 10, AT_ONCE, slow));

    assertThat(scaler.desired(0, 5, 50)).isEqualTo(5);
    assertThat(scaler.desired(seconds(5), 5, 30)).isEqualTo(5);
    assertThat(scaler.desired(seconds(19), 5, 0)).isEqualTo(5);
    // five is forgotten, three is not
    assertThat(scaler.desired(seconds(21), 5, 0)).isEqualTo(3);
    assertThat(scaler.desired(seconds(26), 3, 0)).isEqualTo(1);
  }

  @Test
  void shouldNotGoUpForAMoment() {
    Rate slow = new Rate(Duration.ofSeconds(10), 100, 1_000, Duration.ofSeconds(1));
    HorizontalAutoscaler scaler = new HorizontalAutoscaler(new Settings(1, 8, 10, slow, AT_ONCE));

    assertThat(scaler.desired(0, 1, 5)).isEqualTo(1);
    assertThat(scaler.desired(seconds(5), 1, 80)).isEqualTo(1);
    assertThat(scaler.desired(seconds(11), 1, 80)).isEqualTo(8);
  }

  @Test
  void shouldGoNoFasterThanThePoliciesLet() {
    Rate up = new Rate(Duration.ZERO, 2, 100, Duration.ofSeconds(10));
    Rate down = new Rate(Duration.ZERO, 1, 50, Duration.ofSeconds(10));
    HorizontalAutoscaler scaler = new HorizontalAutoscaler(new Settings(1, 20, 10, up, down));

    // from one by two, the larger of two replicas and all of what there is
    assertThat(scaler.desired(0, 1, 200)).isEqualTo(3);
    assertThat(scaler.desired(seconds(5), 3, 200)).isEqualTo(3);
    assertThat(scaler.desired(seconds(10), 3, 200)).isEqualTo(6);
    assertThat(scaler.desired(seconds(20), 6, 200)).isEqualTo(12);
    // and by half of them down, once in the period
    assertThat(scaler.desired(seconds(40), 12, 0)).isEqualTo(6);
    assertThat(scaler.desired(seconds(45), 6, 0)).isEqualTo(6);
    assertThat(scaler.desired(seconds(50), 6, 0)).isEqualTo(3);
    assertThat(scaler.desired(seconds(60), 3, 0)).isEqualTo(1);
  }
}
