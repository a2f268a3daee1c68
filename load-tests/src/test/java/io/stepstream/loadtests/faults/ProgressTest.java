package io.stepstream.loadtests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ProgressTest {

  private static final long SECOND = 1_000_000_000L;

  private final Progress progress = new Progress(2);

  private void at(int partition, double... seconds) {
    for (double each : seconds) {
      progress.progressed(partition, (long) (each * SECOND));
    }
  }

  private Duration longestGap(double from, double to) {
    return progress.longestGap((long) (from * SECOND), (long) (to * SECOND)).duration();
  }

  @Test
  void shouldFindTheLongestThatTouchesTheSpan() {
    at(0, 1, 1.4, 1.8, 4.8, 5, 7);
    at(1, 1, 1.3, 1.6, 2, 2.4, 2.8, 3.2, 3.6, 4, 4.4, 4.8, 5.2, 5.6, 6, 6.4, 6.8);
    assertThat(longestGap(1, 7)).isEqualTo(Duration.ofSeconds(3));
    assertThat(longestGap(2, 3)).isEqualTo(Duration.ofSeconds(3));
    assertThat(longestGap(5.5, 6)).isEqualTo(Duration.ofSeconds(2));
    assertThat(longestGap(1, 1.5)).isEqualTo(Duration.ZERO);
  }

  @Test
  void shouldCountAPartitionThatStillStands() {
    at(0, 1, 1.2);
    at(1, 1, 9);
    assertThat(longestGap(1, 9.2)).isEqualTo(Duration.ofSeconds(8));
    assertThat(longestGap(9.05, 11.2)).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void shouldNotWaitForAPartitionThatHasNothing() {
    at(0, 1, 1.2);
    assertThat(longestGap(1, 1.4)).isEqualTo(Duration.ZERO);
  }
}
