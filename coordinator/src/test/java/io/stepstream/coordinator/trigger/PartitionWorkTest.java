package io.stepstream.coordinator.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

class PartitionWorkTest {

  private static final StartResult STARTED = new StartResult.Started();
  private static final StartResult NOT_NOW = new StartResult.NotNow("throttled");

  /** Starts and burials that end when the test says so. */
  private static final class Desk implements Treatment {
    final Map<Long, CompletableFuture<StartResult>> starts = new LinkedHashMap<>();
    final Map<Long, CompletableFuture<Void>> burials = new LinkedHashMap<>();
    final List<String> reasons = new ArrayList<>();
    boolean room = true;
    Function<ConsumerRecord<byte[], byte[]>, RecordVerdict> judge =
        record -> named("n" + record.offset());

    static RecordVerdict named(String name) {
      return new RecordVerdict.Start(name, new byte[0], new byte[0]);
    }

    @Override
    public RecordVerdict judge(ConsumerRecord<byte[], byte[]> record) {
      return judge.apply(record);
    }

    @Override
    public Optional<CompletableFuture<StartResult>> start(
        ConsumerRecord<byte[], byte[]> record, RecordVerdict.Start start) {
      if (!room) {
        return Optional.empty();
      }
      CompletableFuture<StartResult> begun = new CompletableFuture<>();
      starts.put(record.offset(), begun);
      return Optional.of(begun);
    }

    @Override
    public CompletableFuture<Void> bury(ConsumerRecord<byte[], byte[]> record, String reason) {
      reasons.add(reason);
      CompletableFuture<Void> begun = new CompletableFuture<>();
      burials.put(record.offset(), begun);
      return begun;
    }
  }

  private final Desk desk = new Desk();
  private final PartitionWork work =
      new PartitionWork(desk, Clock.fixed(Records.AT, ZoneOffset.UTC), 10, Progress.none("id"));
  private long nanos;

  private void read(long... offsets) {
    for (long offset : offsets) {
      work.add(Records.record(offset, "{}"));
    }
    work.advance(nanos);
  }

  private void advance(Duration time) {
    nanos += time.toNanos();
    work.advance(nanos);
  }

  private long committable() {
    OffsetAndMetadata offset = work.toCommit();
    work.committed(offset);
    return offset.offset();
  }

  @Test
  void shouldCommitUpToTheFirstStartThatIsNotDone() {
    read(10, 11, 12);
    desk.starts.get(11L).complete(STARTED);
    desk.starts.get(12L).complete(STARTED);
    advance(Duration.ZERO);
    assertThat(committable()).isEqualTo(10);
    assertThat(work.progress().started()).isZero();

    desk.starts.get(10L).complete(STARTED);
    advance(Duration.ZERO);
    assertThat(committable()).isEqualTo(13);
    assertThat(work.progress().started()).isEqualTo(3);
    assertThat(work.toCommit()).as("nothing has changed").isNull();
    assertThat(work.isIdle()).isTrue();
    assertThat(work.bytes()).isZero();
  }

  @Test
  void shouldPassOverWhatIsNoRecordOnceAllIsDone() {
    read(10);
    work.reached(15);
    assertThat(committable()).isEqualTo(10);
    desk.starts.get(10L).complete(STARTED);
    advance(Duration.ZERO);
    work.reached(15);
    assertThat(committable()).isEqualTo(15);
  }

  @Test
  void shouldCountWhatTheFilterLeavesOut() {
    desk.judge = _ -> new RecordVerdict.Filtered();
    read(10, 11);

    assertThat(committable()).isEqualTo(12);
    assertThat(work.progress().filtered()).isEqualTo(2);
    assertThat(desk.starts).isEmpty();
  }

  @Test
  void shouldPauseLongerEachTimeWhileNothingCanBeStarted() {
    read(10, 11);
    List<Duration> pauses = new ArrayList<>();
    for (int round = 0; round < 9; round++) {
      desk.starts.values().forEach(start -> start.complete(NOT_NOW));
      desk.starts.clear();
      Duration pause = Duration.ZERO;
      advance(Duration.ZERO);
      while (desk.starts.isEmpty()) {
        pause = pause.plusMillis(50);
        advance(Duration.ofMillis(50));
      }
      pauses.add(pause);
      assertThat(desk.starts.keySet()).as("in their order").containsExactly(10L, 11L);
      assertThat(work.progress().waiting()).isTrue();
      assertThat(work.progress().failure())
          .isEqualTo(new Progress.Failure(Records.AT, "throttled"));
    }
    assertThat(pauses.getFirst()).isEqualTo(PartitionWork.SHORTEST_PAUSE);
    assertThat(pauses).isSorted();
    assertThat(pauses.getLast()).isEqualTo(PartitionWork.LONGEST_PAUSE);

    desk.starts.values().forEach(start -> start.complete(STARTED));
    advance(Duration.ZERO);
    assertThat(committable()).isEqualTo(12);
    assertThat(work.progress().waiting()).isFalse();
    assertThat(work.progress().failure()).as("is still told").isNotNull();
  }

  @Test
  void shouldPutAsideWhatCannotBeStartedAndGoOn() {
    desk.judge =
        record -> record.offset() == 10 ? new RecordVerdict.Poison("broken") : Desk.named("n");
    read(10, 11);
    desk.starts.get(11L).complete(new StartResult.NameTaken("arn:other"));
    advance(Duration.ZERO);

    assertThat(desk.reasons)
        .containsExactly("broken", "the name is taken by another execution: arn:other");
    assertThat(committable()).as("not before they are durable").isEqualTo(10);
    desk.burials.get(10L).complete(null);
    desk.burials.get(11L).complete(null);
    advance(Duration.ZERO);
    assertThat(committable()).isEqualTo(12);
    assertThat(work.progress().deadLettered()).isEqualTo(2);
    assertThat(work.progress().failure().detail()).contains("offset 11", "arn:other");
  }

  @Test
  void shouldPutAsideAgainWhatTheDeadLettersDidNotTake() {
    desk.judge = _ -> new RecordVerdict.Poison("broken");
    read(10);
    desk.burials.remove(10L).completeExceptionally(new IllegalStateException("away"));
    advance(Duration.ZERO);
    assertThat(work.progress().failure().detail()).contains("away");
    assertThat(work.progress().deadLettered()).isZero();

    advance(PartitionWork.SHORTEST_PAUSE);
    desk.burials.get(10L).complete(null);
    advance(Duration.ZERO);
    assertThat(committable()).isEqualTo(11);
    assertThat(work.progress().deadLettered()).isEqualTo(1);
  }

  @Test
  void shouldStartRecordsOfOneNameOneAfterTheOther() {
    desk.judge = record -> Desk.named("n" + record.offset() % 2);
    read(10, 11, 12);
    assertThat(desk.starts.keySet()).containsExactly(10L, 11L);

    desk.starts.get(10L).complete(NOT_NOW);
    advance(Duration.ZERO);
    advance(PartitionWork.SHORTEST_PAUSE);
    assertThat(desk.starts.keySet()).as("the first one is first").doesNotContain(12L);
    desk.starts.get(10L).complete(STARTED);
    advance(Duration.ZERO);
    advance(Duration.ZERO);
    assertThat(desk.starts.keySet()).contains(12L);
  }

  @Test
  void shouldWaitForTheSchemaRegistryAndNotBlameTheRecord() {
    desk.judge =
        _ -> {
          throw Records.registryAway();
        };
    read(10);
    assertThat(work.progress().waiting()).isTrue();
    assertThat(desk.burials).isEmpty();

    desk.judge = _ -> new RecordVerdict.Filtered();
    advance(PartitionWork.SHORTEST_PAUSE);
    assertThat(committable()).isEqualTo(11);
  }

  @Test
  void shouldPutAsideARecordThatBreaksItsTrigger() {
    desk.judge =
        _ -> {
          throw new IllegalStateException("a bug");
        };
    read(10);

    assertThat(desk.reasons).singleElement().asString().contains("internal error", "a bug");
  }

  @Test
  void shouldBoundWhatIsUnderWayAndBuffered() {
    for (long offset = 10; offset < 10 + PartitionWork.MOST_BUFFERED; offset++) {
      work.add(Records.record(offset, "{}"));
    }
    work.advance(nanos);

    assertThat(desk.starts).hasSize(PartitionWork.MOST_UNDER_WAY);
    assertThat(work.isFull()).isTrue();
    assertThat(work.bytes()).isEqualTo(PartitionWork.MOST_BUFFERED * 5L);
  }

  @Test
  void shouldWaitWhileTheNodeHasNoRoom() {
    desk.room = false;
    read(10);
    assertThat(work.isUnderWay()).isFalse();
    desk.room = true;
    advance(Duration.ZERO);
    assertThat(work.isUnderWay()).isTrue();
  }

  @Test
  void shouldBeginNothingNewWhenThePartitionGoes() {
    read(10, 11);
    desk.starts.get(10L).complete(STARTED);
    desk.starts.get(11L).complete(NOT_NOW);
    desk.starts.clear();
    work.conclude(nanos + PartitionWork.LONGEST_PAUSE.toNanos());

    assertThat(desk.starts).isEmpty();
    assertThat(committable()).isEqualTo(11);
  }

  @Test
  void shouldTellWhatWasDeletedBeforeItWasRead() {
    work.missed(5, "gone");
    assertThat(work.progress().missed()).isEqualTo(5);
    assertThat(work.progress().failure().detail()).isEqualTo("gone");
  }
}
