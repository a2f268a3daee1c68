package io.stepstream.coordinator.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.engine.TimerKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimerRowsTest {

  private static final byte[] HASH = new byte[16];

  private final MapStore store = new MapStore();
  private TimerRows timers = new TimerRows(store);

  @AfterEach
  void noScanIsLeftOpen() {
    assertThat(store.openScans).isEmpty();
  }

  private static TimerKey timer(long frame) {
    return new TimerKey(frame, 1, TimerKey.Purpose.WAIT);
  }

  private List<Long> fire(long now, int atMost) {
    return fire(timers, now, atMost).stream().map(TimerRow::frameId).toList();
  }

  private static List<TimerRow> fire(TimerRows timers, long now, int atMost) {
    List<TimerRow> fired = new ArrayList<>();
    assertThat(timers.fire(now, atMost, () -> false, fired::add)).isEqualTo(fired.size());
    return fired;
  }

  @Test
  void shouldFireInTheOrderOfTimeNeitherEarlyNorTwice() {
    timers.schedule(HASH, timer(3), 3000);
    timers.schedule(HASH, timer(1), 1000);
    timers.schedule(HASH, timer(2), 2000);
    assertThat(fire(999, 10)).isEmpty();
    assertThat(fire(2000, 10)).containsExactly(1L, 2L);
    assertThat(fire(2999, 10)).isEmpty();
    assertThat(fire(3000, 10)).containsExactly(3L);
    assertThat(fire(9000, 10)).isEmpty();
  }

  @Test
  void shouldNotLookAtTheStoreWhileNothingCanBeDue() {
    fire(1000, 10);
    timers.schedule(HASH, timer(1), 5000);
    int before = store.scans;
    for (long now = 1000; now < 5000; now += 10) {
      assertThat(fire(now, 10)).isEmpty();
    }
    assertThat(store.scans).isEqualTo(before);
    // an earlier one is noticed
    timers.schedule(HASH, timer(2), 4995);
    assertThat(fire(4995, 10)).containsExactly(2L);
  }

  @Test
  void shouldBeginScansWhereTheLastOneEnded() {
    timers.schedule(HASH, timer(1), 1000);
    timers.schedule(HASH, timer(2), 7000);
    fire(5000, 10);
    assertThat(timers.lowWater()).isEqualTo(5000);
    fire(7000, 10);
    assertThat(store.latestFrom).isEqualTo(RowKeys.dueFrom(5001));
  }

  @Test
  void shouldFireATimerOfThePastAsSoonAsPossible() {
    fire(5000, 10);
    timers.schedule(HASH, timer(1), 4000);
    timers.schedule(HASH, timer(2), -4000);
    assertThat(fire(5000, 10)).containsExactlyInAnyOrder(1L, 2L);
  }

  @Test
  void shouldFireAtMostSoManyAndGoOnWithTheRest() {
    for (long frame = 1; frame <= 25; frame++) {
      timers.schedule(HASH, timer(frame), 1000 + frame);
    }
    assertThat(fire(9000, 10)).hasSize(10).startsWith(1L);
    assertThat(timers.lowWater()).as("not beyond what is left").isLessThanOrEqualTo(1011);
    assertThat(fire(9000, 10)).hasSize(10).startsWith(11L);
    assertThat(fire(9000, 10)).hasSize(5).endsWith(25L);
  }

  @Test
  void shouldKeepTimersDueThatTheTickHadNoTimeFor() {
    for (long frame = 1; frame <= 4; frame++) {
      timers.schedule(HASH, timer(frame), 1000 + frame);
    }
    List<Long> fired = new ArrayList<>();
    timers.fire(
        9000,
        10,
        () -> true,
        timer -> {
          fired.add(timer.frameId());
          timers.schedule(HASH, timer(5), 9000);
        });
    assertThat(fired).as("one in any case").containsExactly(1L);
    assertThat(timers.lowWater()).as("not beyond what is left").isLessThanOrEqualTo(1002);
    assertThat(fire(9000, 10)).containsExactly(2L, 3L, 4L, 5L);
  }

  @Test
  void shouldReadManyTimersOfOneMomentOnceHoweverFewATickFires() {
    for (long frame = 1; frame <= 600; frame++) {
      timers.schedule(HASH, timer(frame), 1000);
    }
    List<Long> fired = new ArrayList<>();
    for (long now = 9000; fired.size() < 600; now += 10) {
      assertThat(timers.fire(now, 500, () -> true, timer -> fired.add(timer.frameId()))).isOne();
    }
    assertThat(fired).isSorted().doesNotHaveDuplicates();
    assertThat(store.scans)
        .as("one for each moment that has come, not for each tick")
        .isLessThan(10);
    assertThat(store.rows).isEmpty();
  }

  @Test
  void shouldFireWhatIsScheduledBeforeThoseThatHaveBeenRead() {
    timers.schedule(HASH, timer(5), 2000);
    timers.schedule(HASH, timer(7), 2000);
    timers.schedule(HASH, timer(9), 2000);
    assertThat(fire(2000, 1)).containsExactly(5L);
    timers.schedule(HASH, timer(8), 2000);
    timers.schedule(HASH, timer(6), 1000);
    timers.cancel(HASH, timer(7), 2000);
    assertThat(fire(2000, 10)).containsExactly(6L, 8L, 9L);
    assertThat(store.rows).isEmpty();
  }

  @Test
  void shouldPutWhatTheWorkSchedulesForThePastBehindWhatHasWaited() {
    timers.schedule(HASH, timer(1), 1000);
    timers.schedule(HASH, timer(2), 5000);
    timers.fire(9000, 1, () -> false, _ -> timers.schedule(HASH, timer(3), 2000));
    assertThat(timers.lowWater()).isEqualTo(5000);
    assertThat(fire(9000, 10)).containsExactly(2L, 3L);
    assertThat(timers.lowWater()).isEqualTo(9000);
  }

  @Test
  void shouldNotFireWhatTheTimerBeforeItHasCancelled() {
    timers.schedule(HASH, timer(1), 1000);
    timers.schedule(HASH, timer(2), 1000);
    List<Long> fired = new ArrayList<>();
    timers.fire(
        1000,
        10,
        () -> false,
        timer -> {
          fired.add(timer.frameId());
          timers.cancel(HASH, timer(2), 1000);
        });
    assertThat(fired).containsExactly(1L);
    assertThat(store.rows).isEmpty();
  }

  @Test
  void shouldLeaveInTheStoreWhatIsMoreThanTheMemoryHolds() {
    fire(5000, 10);
    List<Long> expected = new ArrayList<>();
    for (long frame = 1; frame <= 2500; frame++) {
      // by turns from both ends, so that some are in front of what is in memory and some behind
      long place = frame % 2 == 0 ? frame : 10_000 - frame;
      timers.schedule(HASH, timer(place), 5000);
      expected.add(place);
    }
    List<Long> fired = new ArrayList<>();
    for (List<Long> next = fire(5000, 300); !next.isEmpty(); next = fire(5000, 300)) {
      fired.addAll(next);
    }
    assertThat(fired).isSorted().containsExactlyInAnyOrderElementsOf(expected);
    assertThat(store.rows).isEmpty();
  }

  /** Whatever is scheduled, cancelled, read ahead, put off and read again after a restart. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldFireWhatASortedListWould(long seed) {
    Random random = new Random(seed);
    NavigableMap<Bytes, Long> expected = new TreeMap<>();
    long now = 10_000;
    long frames = 0;
    for (int i = 0; i < 20_000; i++) {
      switch (random.nextInt(12)) {
        case 0, 1, 2, 3, 4 -> {
          long due = now - 30 + random.nextInt(60);
          timers.schedule(HASH, timer(++frames), due);
          long clamped = Math.max(due, timers.lowWater());
          expected.put(RowKeys.timer(clamped, HASH, timer(frames)), clamped);
        }
        case 5 -> {
          Bytes near = RowKeys.dueFrom(now - 30 + random.nextInt(60));
          Map.Entry<Bytes, Long> some = expected.ceilingEntry(near);
          if (some != null) {
            TimerRow row = RowKeys.timerRow(some.getKey().get(), new byte[0], 0);
            timers.cancel(HASH, timer(row.frameId()), some.getValue());
            expected.remove(some.getKey());
          }
        }
        case 6 -> now += random.nextInt(20);
        case 7 -> {
          if (random.nextInt(50) == 0) {
            timers.persistLowWater();
            timers = new TimerRows(store);
          }
        }
        default -> {
          int atMost = 1 + random.nextInt(40);
          int time = 1 + random.nextInt(30);
          List<Long> fired = new ArrayList<>();
          timers.fire(now, atMost, () -> fired.size() >= time, row -> fired.add(row.frameId()));
          List<Long> due = new ArrayList<>();
          for (var next = expected.firstEntry();
              next != null && next.getValue() <= now && due.size() < Math.min(atMost, time);
              next = expected.firstEntry()) {
            due.add(RowKeys.timerRow(next.getKey().get(), new byte[0], 0).frameId());
            expected.remove(next.getKey());
          }
          assertThat(fired).as("seed %d, step %d", seed, i).isEqualTo(due);
          if (!expected.isEmpty()) {
            assertThat(timers.lowWater()).isLessThanOrEqualTo(expected.firstEntry().getValue());
          }
        }
      }
    }
    assertThat(store.rows.keySet().stream().filter(key -> key.get().length > 8))
        .containsExactlyElementsOf(expected.keySet());
  }

  @Test
  void shouldLoseNoTimerWhenTheClockGoesBack() {
    fire(10_000, 10);
    // a clock that is behind schedules for a moment which has passed already
    timers.schedule(HASH, timer(1), 8_500);
    assertThat(fire(9_999, 10)).as("the partition's clock is at 10,000").isEmpty();
    assertThat(fire(Math.max(8_600, timers.lowWater()), 10)).containsExactly(1L);
  }

  @Test
  void shouldRememberTheMarkAcrossARestart() {
    timers.schedule(HASH, timer(1), 1000);
    timers.schedule(HASH, timer(2), 60_000);
    fire(50_000, 10);
    timers.persistLowWater();
    int rows = store.rows.size();
    timers.persistLowWater();
    assertThat(store.rows).as("an unchanged mark is not written again").hasSize(rows);

    timers = new TimerRows(store);
    assertThat(timers.lowWater()).isEqualTo(50_000);
    store.earliestFrom = null;
    assertThat(fire(59_000, 10)).isEmpty();
    assertThat(store.earliestFrom).isEqualTo(RowKeys.dueFrom(50_000));
    assertThat(fire(60_000, 10)).containsExactly(2L);
  }

  @Test
  void shouldFindWhatIsDueAfterARestartWithoutAMark() {
    timers.schedule(HASH, timer(1), 1000);
    timers = new TimerRows(store);
    assertThat(fire(1000, 10)).containsExactly(1L);
  }

  @Test
  void shouldCancel() {
    timers.schedule(HASH, timer(1), 1000);
    timers.cancel(HASH, timer(1), 1000);
    assertThat(fire(1000, 10)).isEmpty();
    assertThat(store.rows).isEmpty();
  }

  @Test
  void shouldKeepTwoCommandsThatAreParkedAtOneMoment() {
    timers.park(HASH, 4, 1, 1000, new byte[] {4});
    timers.park(HASH, 6, 1, 1000, new byte[] {6});
    assertThat(fire(timers, 1000, 10))
        .extracting(row -> row.value()[0])
        .containsExactly((byte) 4, (byte) 6);
  }

  @Test
  void shouldKeepCleanUpsOutOfTheWayOfTimers() {
    TimerRows cleanUps = TimerRows.cleanUps(store);
    for (long id = 1; id <= 20; id++) {
      cleanUps.schedule(HASH, id, TimerRow.RETENTION, 1000, new byte[0]);
    }
    timers.schedule(HASH, timer(99), 2000);

    assertThat(fire(9000, 10)).as("timers only").containsExactly(99L);
    assertThat(fire(cleanUps, 9000, 15)).hasSize(15).allMatch(row -> row.dueMillis() == 1000);

    // each has a mark of its own, and a restart finds the rest
    timers.persistLowWater();
    cleanUps.persistLowWater();
    assertThat(new TimerRows(store).lowWater()).isEqualTo(9000);
    TimerRows again = TimerRows.cleanUps(store);
    assertThat(again.lowWater()).isEqualTo(1000);
    assertThat(fire(again, 9000, 15))
        .extracting(TimerRow::frameId)
        .containsExactly(16L, 17L, 18L, 19L, 20L);
  }
}
