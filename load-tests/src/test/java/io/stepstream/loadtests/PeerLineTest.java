package io.stepstream.loadtests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PeerLineTest {

  @Test
  void shouldReadARate() {
    assertThat(PeerLine.read("{\"work\":\"for-each\",\"per_s\":306.5,\"items\":1000}"))
        .contains(new PeerLine(Work.FOR_EACH, new WorkFigure.Rate(306.5)));
  }

  @Test
  void shouldReadALatency() {
    assertThat(PeerLine.read("{\"work\":\"latency\",\"p50_ms\":8.3,\"p99_ms\":18.6}"))
        .contains(new PeerLine(Work.LATENCY, new WorkFigure.Latency(8.3, 18.6)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "starting",
        "[1]",
        "{\"work\":\"one-task\"",
        "{\"work\":\"one-task\"}",
        "{\"work\":\"one-task\",\"per_s\":0}",
        "{\"work\":\"one-task\",\"per_s\":\"fast\"}",
        "{\"work\":\"two-tasks\",\"per_s\":5}",
        "{\"work\":\"latency\",\"p50_ms\":8.3}"
      })
  void shouldTakeNothingElseForAFigure(String line) {
    assertThat(PeerLine.read(line)).isEmpty();
  }
}
