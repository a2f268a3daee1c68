package io.stepstream.loadtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class WindowsTest {

  private static Windows of(int... perSecond) {
    return new Windows(IntStream.of(perSecond).mapToObj(Figures::throughput).toList());
  }

  @Test
  void shouldTellTheMedianWindow() {
    assertThat(of(7).median().perSecond()).isEqualTo(7);
    assertThat(of(9, 1, 5).median().perSecond()).isEqualTo(5);
    assertThat(of(9, 1, 5, 7).median().perSecond()).isEqualTo(5);
  }

  @Test
  void shouldNotBeEmpty() {
    assertThatThrownBy(() -> new Windows(List.of())).isInstanceOf(IllegalArgumentException.class);
  }
}
