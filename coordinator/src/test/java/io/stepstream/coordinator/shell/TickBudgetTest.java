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

  /** How long the next tick may take, in steps of 10 µs. */
  private long tick() {
    AtomicLong took = new AtomicLong();
    budget.within(
        timeIsUp -> {
          long since = clock.get();
          while (!timeIsUp.getAsBoolean()) {
            clock.addAndGet(10_000);
          }
          took.set(clock.get() - since - 10_000);
        });
    return took.get();
  }

  @Test
  void shouldDivideTheBudgetAmongThePartitionsOfAThread() {
    budget.owned();
    budget.owned();
    budget.owned();
    budget.owned();

    assertThat(tick()).isEqualTo(TickBudget.MOST_NANOS / 4);

    budget.disowned();
    budget.disowned();
    assertThat(tick()).isEqualTo(TickBudget.MOST_NANOS / 2);
  }

  @Test
  void shouldLeaveToOthersWhatAPartitionDoesNotNeed() {
    for (int partition = 0; partition < 4; partition++) {
      budget.owned();
    }
    // Three have nothing to do.
    for (int partition = 0; partition < 3; partition++) {
      budget.within(timeIsUp -> assertThat(timeIsUp.getAsBoolean()).isFalse());
    }
    assertThat(tick()).isEqualTo(TickBudget.MOST_NANOS);
    assertThat(tick()).as("nothing is left").isEqualTo(TickBudget.MOST_NANOS / 4);

    // However long nobody has anything to do, there is no more than one budget.
    for (int tick = 0; tick < 100; tick++) {
      budget.within(timeIsUp -> assertThat(timeIsUp.getAsBoolean()).isFalse());
    }
    assertThat(tick()).isEqualTo(TickBudget.MOST_NANOS);
  }

  @Test
  void shouldNotGiveBackWhatALongStepHasTakenTooMuch() {
    budget.owned();
    budget.owned();
    budget.within(_ -> pass(Duration.ofSeconds(1)));
    assertThat(tick()).isEqualTo(TickBudget.MOST_NANOS / 2);
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
                  other.set(tick());
                });
    thread.join();

    assertThat(other).hasValue(TickBudget.MOST_NANOS);
  }

  @Test
  void shouldYieldWhenOrdinaryRecordsWaitLongerThanTheyNeed() {
    budget.owned();
    budget.waited(2);
    assertThat(tick()).isEqualTo(TickBudget.MOST_NANOS);

    budget.waited(40);
    assertThat(tick()).isEqualTo(TickBudget.MOST_NANOS / 2);
  }

  @Test
  void shouldTakeRecordsOfOneQueueForOneSign() {
    budget.owned();
    budget.waited(2);
    budget.waited(40);
    budget.waited(41);
    budget.waited(42);

    assertThat(tick()).isEqualTo(TickBudget.MOST_NANOS / 2);
  }

  @Test
  void shouldNeverYieldAltogetherAndGrowBack() {
    budget.owned();
    budget.waited(2);
    for (int i = 0; i < 20; i++) {
      pass(Duration.ofMillis(11));
      budget.waited(100);
    }
    assertThat(tick()).isEqualTo(TickBudget.LEAST_NANOS);

    for (int tick = 0; tick < 25; tick++) {
      tick();
    }
    assertThat(tick()).isEqualTo(TickBudget.MOST_NANOS);
  }

  @Test
  void shouldNotTakeAClockThatIsAheadOrBehindForAQueue() {
    budget.owned();
    budget.waited(5_000);
    budget.waited(5_003);
    assertThat(tick()).isEqualTo(TickBudget.MOST_NANOS);

    // a clock that is set right: the old base is forgotten after a while
    budget.waited(-20);
    for (int i = 0; i < 3; i++) {
      pass(Duration.ofSeconds(11));
      budget.waited(3);
    }
    for (int tick = 0; tick < 25; tick++) {
      tick();
    }
    budget.waited(4);
    assertThat(tick()).isEqualTo(TickBudget.MOST_NANOS);
  }
}
