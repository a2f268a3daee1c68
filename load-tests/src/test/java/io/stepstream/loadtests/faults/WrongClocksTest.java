package io.stepstream.loadtests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class WrongClocksTest {

  private final WrongClocks clocks = new WrongClocks();

  @Test
  void shouldAllowNothingWhileAllAreRight() {
    assertThat(clocks.allowance(0, Long.MAX_VALUE / 4)).isZero();
    clocks.add(100_000, 200_000, Duration.ofSeconds(20));
    assertThat(clocks.allowance(0, 79_999)).isZero();
    assertThat(clocks.allowance(220_001, 300_000)).isZero();
  }

  @Test
  void shouldAllowForBothClocks() {
    clocks.add(100_000, 200_000, Duration.ofSeconds(20));
    clocks.add(100_000, 110_000, Duration.ofSeconds(1));
    assertThat(clocks.allowance(0, 80_000)).isEqualTo(40_000);
    assertThat(clocks.allowance(150_000, 151_000)).isEqualTo(40_000);
    assertThat(clocks.allowance(220_000, 300_000)).isEqualTo(40_000);
  }
}
