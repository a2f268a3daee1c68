package io.stepstream.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class QueueGateTest {

  private static final double ANY_RATE = Double.POSITIVE_INFINITY;
  private static final int ANY_NUMBER = Integer.MAX_VALUE;

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final QueueGate gate = new QueueGate(nanos::get);

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  /** How many go in at once. */
  private int enterAll() {
    int count = 0;
    while (count < 1_000 && gate.tryEnter() != null) {
      count++;
    }
    return count;
  }

  private Thread enterElsewhere(AtomicInteger entered) {
    return Thread.startVirtualThread(
        () -> {
          try {
            gate.enter();
            entered.incrementAndGet();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
  }

  @Test
  void shouldLetEverythingInWithoutLimits() {
    assertThat(enterAll()).isEqualTo(1_000);
    assertThat(gate.hasRoom()).isTrue();
    assertThat(gate.isFull()).isFalse();
  }

  @Test
  void shouldLetInAsManyAsMayRunAndOneForEachThatLeaves() {
    gate.set(new QueueShare(3, ANY_RATE, false));

    assertThat(enterAll()).isEqualTo(3);
    assertThat(gate.hasRoom()).isFalse();
    assertThat(gate.isFull()).isTrue();
    gate.leave();
    assertThat(gate.hasRoom()).isTrue();
    assertThat(enterAll()).isEqualTo(1);
  }

  @Test
  void shouldCountWhatWentInBeforeTheLimitWasSet() {
    gate.tryEnter();
    gate.tryEnter();
    gate.set(new QueueShare(2, ANY_RATE, false));

    assertThat(gate.tryEnter()).isNull();
    gate.leave();
    assertThat(enterAll()).isEqualTo(1);
  }

  @Test
  void shouldHoldAChangedLimitAtOnce() {
    gate.set(new QueueShare(2, ANY_RATE, false));
    assertThat(enterAll()).isEqualTo(2);
    gate.set(new QueueShare(5, ANY_RATE, false));
    assertThat(enterAll()).isEqualTo(3);
    gate.set(new QueueShare(1, ANY_RATE, false));
    for (int left = 0; left < 4; left++) {
      gate.leave();
      assertThat(gate.tryEnter()).isNull();
    }
    gate.leave();

    assertThat(enterAll()).isEqualTo(1);
  }

  @Test
  void shouldLetNothingInWhilePausedAndGoOnAfterwards() throws Exception {
    gate.set(new QueueShare(ANY_NUMBER, ANY_RATE, true));
    assertThat(gate.tryEnter()).isNull();
    assertThat(gate.isFull()).isFalse();
    assertThat(gate.awaitRoom(Duration.ofMillis(1))).isFalse();

    gate.set(QueueShare.UNLIMITED);

    assertThat(gate.awaitRoom(Duration.ZERO)).isTrue();
    assertThat(enterAll()).isEqualTo(1_000);
  }

  @Test
  void shouldLetInAtTheRate() {
    gate.set(new QueueShare(ANY_NUMBER, 4, false));

    assertThat(enterAll()).isEqualTo(1);
    pass(Duration.ofMillis(249));
    assertThat(enterAll()).isZero();
    pass(Duration.ofMillis(1));
    assertThat(gate.hasRoom()).isTrue();
    assertThat(enterAll()).isEqualTo(1);
    // Idleness isn't saved up.
    pass(Duration.ofMinutes(1));
    assertThat(enterAll()).isEqualTo(1);
  }

  @Test
  void shouldMakeGoodForATenthOfASecondAtMost() {
    gate.set(new QueueShare(ANY_NUMBER, 1_000, false));

    assertThat(enterAll()).isEqualTo(100);
    pass(Duration.ofMillis(30));
    assertThat(enterAll()).isEqualTo(30);
    pass(Duration.ofSeconds(10));
    assertThat(enterAll()).isEqualTo(100);
  }

  @Test
  void shouldHoldAChangedRateAtOnce() {
    gate.set(new QueueShare(ANY_NUMBER, 0.01, false));
    assertThat(enterAll()).isEqualTo(1);
    gate.set(new QueueShare(ANY_NUMBER, 2, false));
    pass(Duration.ofMillis(500));
    assertThat(enterAll()).isEqualTo(1);
    gate.set(new QueueShare(ANY_NUMBER, 0, false));
    pass(Duration.ofDays(1));
    assertThat(enterAll()).isZero();
    gate.set(new QueueShare(ANY_NUMBER, 2, false));

    assertThat(enterAll()).isEqualTo(1);
  }

  @Test
  void shouldHoldBothLimits() {
    gate.set(new QueueShare(1, 10, false));
    assertThat(enterAll()).isEqualTo(1);
    pass(Duration.ofSeconds(1));
    assertThat(enterAll()).isZero();
    gate.leave();
    assertThat(enterAll()).isEqualTo(1);
    gate.leave();

    assertThat(enterAll()).isZero();
  }

  @Test
  void shouldLetInOneByOneWhoWaits() throws Exception {
    AtomicInteger entered = new AtomicInteger();
    gate.set(new QueueShare(1, ANY_RATE, false));
    gate.tryEnter();
    for (int i = 0; i < 3; i++) {
      enterElsewhere(entered);
    }
    gate.leave();
    await().until(() -> entered.get() == 1);
    // Who comes now stands behind those who wait.
    assertThat(gate.tryEnter()).isNull();
    gate.set(new QueueShare(2, ANY_RATE, false));
    await().until(() -> entered.get() == 2);
    gate.set(QueueShare.UNLIMITED);

    await().until(() -> entered.get() == 3);
    assertThat(gate.awaitRoom(Duration.ofSeconds(5))).isTrue();
  }

  @Test
  void shouldWakeWhoWaitsForRoom() throws Exception {
    gate.set(new QueueShare(1, ANY_RATE, false));
    gate.tryEnter();
    Thread leaver = Thread.ofVirtual().unstarted(gate::leave);
    leaver.start();

    assertThat(gate.awaitRoom(Duration.ofSeconds(30))).isTrue();
    leaver.join();
  }

  @Test
  void shouldSendBackWhoWentInUnderOtherLimits() {
    QueueShare under = gate.tryEnter();
    QueueShare second = gate.tryEnter();
    gate.set(new QueueShare(1, ANY_RATE, false));

    assertThat(gate.confirm(under)).isFalse();
    assertThat(gate.confirm(second)).isFalse();
    QueueShare again = gate.tryEnter();
    assertThat(again).isNotNull();
    assertThat(gate.tryEnter()).isNull();
    assertThat(gate.confirm(again)).isTrue();
    gate.set(new QueueShare(2, ANY_RATE, false));
    assertThat(gate.confirm(again)).isTrue();
    gate.set(new QueueShare(2, ANY_RATE, true));
    assertThat(gate.confirm(again)).isFalse();
    gate.set(QueueShare.UNLIMITED);
    assertThat(gate.isFull()).isFalse();
  }

  @Test
  void shouldGiveTheRateBackToWhoIsSentBack() {
    gate.set(new QueueShare(ANY_NUMBER, 1, false));
    QueueShare under = gate.tryEnter();
    gate.set(new QueueShare(ANY_NUMBER, 1, true));
    assertThat(gate.confirm(under)).isFalse();
    gate.set(new QueueShare(ANY_NUMBER, 1, false));

    assertThat(enterAll()).isEqualTo(1);
  }

  @Test
  void shouldKeepNobodyWhenTheWorkerDrains() throws Exception {
    AtomicInteger entered = new AtomicInteger();
    gate.set(new QueueShare(0, 0, true));
    Thread one = enterElsewhere(entered);
    Thread two = enterElsewhere(entered);
    gate.drain();

    assertThat(one.join(Duration.ofSeconds(30))).isTrue();
    assertThat(two.join(Duration.ofSeconds(30))).isTrue();
    assertThat(entered).hasValue(2);
    assertThat(gate.confirm(QueueShare.UNLIMITED)).isTrue();
  }

  @Test
  void shouldBearAClockThatOverflows() {
    nanos.set(Long.MAX_VALUE - TimeUnit.MILLISECONDS.toNanos(100));
    gate.set(new QueueShare(ANY_NUMBER, 1, false));
    assertThat(enterAll()).isEqualTo(1);
    pass(Duration.ofMillis(999));
    assertThat(enterAll()).isZero();
    pass(Duration.ofMillis(1));

    assertThat(enterAll()).isEqualTo(1);
  }
}
