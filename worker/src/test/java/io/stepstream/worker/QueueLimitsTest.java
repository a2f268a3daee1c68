package io.stepstream.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.schemas.QueueControl;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class QueueLimitsTest {

  private final QueueLimits limits = new QueueLimits(List.of("q", "other"), () -> 0);
  private final QueueGate gate = limits.gate("q");

  private static QueueControl control(
      @Nullable Integer most, @Nullable Double rate, boolean paused) {
    return new QueueControl("q", most, rate, paused, Instant.EPOCH);
  }

  private void looks(@Nullable Standing standing, int times) {
    for (int i = 0; i < times; i++) {
      limits.look("q", standing);
    }
  }

  private int enterAll() {
    int count = 0;
    while (count < 100 && gate.tryEnter() != null) {
      count++;
    }
    for (int i = 0; i < count; i++) {
      gate.leave();
    }
    return count;
  }

  @Test
  void shouldDivideTheConcurrencyExactly() {
    for (int workers = 1; workers < 8; workers++) {
      for (int most = 1; most < 20; most++) {
        QueueControl control = control(most, null, false);
        int count = workers;
        List<Integer> shares =
            IntStream.range(0, workers)
                .map(rank -> QueueShare.of(control, new Standing(rank, count)).concurrency())
                .boxed()
                .toList();
        assertThat(shares.stream().mapToInt(Integer::intValue).sum()).isEqualTo(most);
        assertThat(shares.getFirst() - shares.getLast()).isBetween(0, 1);
      }
    }
  }

  @Test
  void shouldDivideTheRateAmongThoseWhoMayRunAnything() {
    QueueControl rateOnly = control(null, 10.0, false);
    QueueControl both = control(2, 10.0, false);

    assertThat(QueueShare.of(rateOnly, new Standing(3, 4)).ratePerSecond()).isEqualTo(2.5);
    assertThat(QueueShare.of(both, new Standing(1, 4)).ratePerSecond()).isEqualTo(5);
    assertThat(QueueShare.of(both, new Standing(2, 4))).isEqualTo(new QueueShare(0, 0, false));
  }

  @Test
  void shouldStartNothingOfLimitsThatMakeNoSense() {
    assertThat(QueueShare.of(control(-3, -1.0, false), new Standing(0, 1)))
        .isEqualTo(new QueueShare(-3, 0, false));
    limits.replace(Map.of("q", control(-3, null, false)));
    looks(new Standing(0, 1), 3);
    assertThat(enterAll()).isZero();
  }

  @Test
  void shouldRankByName() {
    assertThat(Standing.of("b", Set.of("c", "a", "b"))).isEqualTo(new Standing(1, 3));
    assertThat(Standing.of("d", Set.of("c", "a", "b"))).isNull();
  }

  @Test
  void shouldTakeOverLateAndGiveUpAtOnce() {
    limits.change("q", control(8, null, false));
    assertThat(enterAll()).isZero();
    looks(new Standing(0, 2), 2);
    assertThat(enterAll()).isZero();
    looks(new Standing(0, 2), 1);
    assertThat(enterAll()).isEqualTo(4);

    looks(new Standing(0, 4), 1);
    assertThat(enterAll()).isEqualTo(2);
    looks(new Standing(0, 1), 2);
    assertThat(enterAll()).isEqualTo(2);
    looks(new Standing(0, 1), 1);
    assertThat(enterAll()).isEqualTo(8);
    looks(null, 1);
    assertThat(enterAll()).isZero();
  }

  @Test
  void shouldPauseWithoutKnowingTheOthersAndForgetLimitsThatAreRemoved() {
    limits.change("q", control(null, null, true));
    assertThat(enterAll()).isZero();
    limits.change("q", control(null, null, false));
    assertThat(enterAll()).isEqualTo(100);
    limits.change("q", control(1, null, false));
    assertThat(enterAll()).isZero();
    limits.change("q", null);
    assertThat(enterAll()).isEqualTo(100);
    limits.change("q", control(1, null, false));
    limits.replace(Map.of());
    assertThat(enterAll()).isEqualTo(100);
  }

  @Test
  void shouldLeaveOtherQueuesAlone() {
    limits.change("other", control(null, null, true));
    limits.change("nobody's", control(null, null, true));
    limits.look("nobody's", new Standing(0, 1));

    assertThat(enterAll()).isEqualTo(100);
    assertThat(limits.gate("other").tryEnter()).isNull();
    assertThatThrownBy(() -> limits.gate("nobody's")).hasMessageContaining("nobody's");
  }
}
