package io.stepstream.coordinator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogPositionTest {

  @Test
  void shouldBeReadBackFromItsText() {
    long[] next = {0, 1, 127, 128, 1L << 40, Long.MAX_VALUE};

    assertThat(LogPosition.of(new LogPosition(next).toString()).orElseThrow().offsets())
        .containsExactly(next);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "!", "AA", "AYA", "Af___________wE", "42"})
  void shouldRefuseWhatIsNoPosition(String text) {
    assertThat(LogPosition.of(text)).isEmpty();
  }
}
