package io.stepstream.coordinator.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class TickBudgetTest {

  private final AtomicLong clock = new AtomicLong(1);
  private final TickBudget budget = new TickBudget(clock::get);

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  @Test
  void shouldDivideTheBudgetAmongThePartitionsOfAThread() {
    budget.owned();
    budget.owned();
    budget.owned();
    budget.owned();

    assertThat(budget.nanos()).isEqualTo(TickBudget.MOST_NANOS / 4);

    budget.disowned();
    budget.disowned();
    assertThat(budget.nanos()).isEqualTo(TickBudget.MOST_NANOS / 2);
  }

  @Test
  void shouldCountThePartitionsOfEachThreadApart() throws InterruptedException {
    budget.owned();
    budget.owned();
    AtomicLong other = new AtomicLong();
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  budget.owned();
                  other.set(budget.nanos());
                });
    thread.join();

    assertThat(other).hasValue(TickBudget.MOST_NANOS);
  }

  @Test
  void shouldYieldWhenOrdinaryRecordsWaitLongerThanTheyNeed() {
    budget.owned();
    budget.waited(2);
    assertThat(budget.nanos()).isEqualTo(TickBudget.MOST_NANOS);

    budget.waited(40);
    assertThat(budget.nanos()).isEqualTo(TickBudget.MOST_NANOS / 2);
  }

  @Test
  void shouldTakeRecordsOfOneQueueForOneSign() {
    budget.owned();
    budget.waited(2);
    budget.waited(40);
    budget.waited(41);
    budget.waited(42);

    assertThat(budget.nanos()).isEqualTo(TickBudget.MOST_NANOS / 2);
  }

  @Test
  void shouldNeverYieldAltogetherAndGrowBack() {
    budget.owned();
    budget.waited(2);
    for (int i = 0; i < 20; i++) {
      pass(Duration.ofMillis(11));
      budget.waited(100);
    }
    assertThat(budget.nanos()).isEqualTo(TickBudget.LEAST_NANOS);

    for (int tick = 0; tick < 25; tick++) {
      budget.nanos();
    }
    assertThat(budget.nanos()).isEqualTo(TickBudget.MOST_NANOS);
  }

  @Test
  void shouldNotTakeAClockThatIsAheadOrBehindForAQueue() {
    budget.owned();
    budget.waited(5_000);
    budget.waited(5_003);
    assertThat(budget.nanos()).isEqualTo(TickBudget.MOST_NANOS);

    // a clock that is set right: the old base is forgotten after a while
    budget.waited(-20);
    for (int i = 0; i < 3; i++) {
      pass(Duration.ofSeconds(11));
      budget.waited(3);
    }
    for (int tick = 0; tick < 25; tick++) {
      budget.nanos();
    }
    budget.waited(4);
    assertThat(budget.nanos()).isEqualTo(TickBudget.MOST_NANOS);
  }
}
