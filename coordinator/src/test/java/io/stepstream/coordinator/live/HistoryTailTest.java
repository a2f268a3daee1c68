package io.stepstream.coordinator.live;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.stepstream.coordinator.execution.LiveEvents;
import io.stepstream.coordinator.execution.LogPosition;
import io.stepstream.coordinator.execution.StatusChange;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryEventType;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.topic.HistoryHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HistoryTailTest {

  private static final String TOPIC = "history";
  private static final int PARTITIONS = 2;

  private final WireCodec<HistoryRecord> codec =
      WireCodec.forTopic(HistoryRecord.class, TOPIC, SchemaRegistry.bundled());
  private final List<ConsumerRecord<byte[], byte[]>> log =
      Collections.synchronizedList(new ArrayList<>());
  private final ConcurrentLinkedQueue<MockConsumer<byte[], byte[]>> opened =
      new ConcurrentLinkedQueue<>();
  private final HistoryTail tail = new HistoryTail(TOPIC, this::open, codec);
  private volatile long beginning;

  /** Gives what is on the log at a poll, as a broker does. */
  private Consumer<byte[], byte[]> open() {
    MockConsumer<byte[], byte[]> consumer =
        new MockConsumer<>("none") {
          @Override
          public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            for (ConsumerRecord<byte[], byte[]> record : List.copyOf(log)) {
              if (record.offset()
                  >= position(new TopicPartition(record.topic(), record.partition()))) {
                addRecord(record);
              }
            }
            return super.poll(timeout);
          }
        };
    List<PartitionInfo> infos = new ArrayList<>();
    for (int i = 0; i < PARTITIONS; i++) {
      TopicPartition partition = new TopicPartition(TOPIC, i);
      infos.add(new PartitionInfo(TOPIC, i, null, null, null));
      consumer.updateBeginningOffsets(Map.of(partition, beginning));
      consumer.updateEndOffsets(Map.of(partition, 1000L));
    }
    consumer.updatePartitions(TOPIC, infos);
    opened.add(consumer);
    return consumer;
  }

  @AfterEach
  void close() {
    tail.close();
  }

  /** What a listener hears. */
  private static final class Heard implements LiveEvents.Changes {
    private final List<String> what = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean room = true;
    private volatile @Nullable LogPosition next;

    @Override
    public void changed(StatusChange change, LogPosition position) {
      String arn = change.executionArn();
      what.add(arn.substring(arn.lastIndexOf(':') + 1) + ' ' + change.status());
      next = position;
    }

    @Override
    public void lost() {
      what.add("lost");
    }

    @Override
    public boolean hasRoom() {
      return room;
    }

    @Override
    public void interrupted() {
      what.add("interrupted");
    }
  }

  private static String arn(String name) {
    return "arn:aws:states:us-east-1:111111111111:execution:m:" + name;
  }

  private ConsumerRecord<byte[], byte[]> write(
      int partition, String name, long eventId, @Nullable ExecutionStatus status) {
    HistoryRecord record =
        new HistoryRecord(
            arn(name),
            "machine",
            "r1",
            Lane.STANDARD,
            List.of(
                HistoryEvent.newBuilder()
                    .setId(eventId)
                    .setPreviousEventId(0)
                    .setTimestamp(Instant.EPOCH)
                    .setType(HistoryEventType.ExecutionStarted)
                    .setDetails(null)
                    .build()),
            null,
            null,
            null);
    RecordHeaders headers = new RecordHeaders();
    if (status != null) {
      headers.add(HistoryHeaders.STATUS, status.name().getBytes(US_ASCII));
    }
    byte[] value = codec.encode(record);
    ConsumerRecord<byte[], byte[]> written =
        new ConsumerRecord<>(
            TOPIC,
            partition,
            next()[partition],
            0L,
            TimestampType.CREATE_TIME,
            0,
            value.length,
            "%s#%012d".formatted(arn(name), eventId).getBytes(UTF_8),
            value,
            headers,
            Optional.empty());
    log.add(written);
    return written;
  }

  private ConsumerRecord<byte[], byte[]> write(int partition, String name) {
    return write(partition, name, 1, ExecutionStatus.RUNNING);
  }

  private long[] next() {
    long[] next = new long[PARTITIONS];
    List.copyOf(log).forEach(record -> next[record.partition()] = record.offset() + 1);
    return next;
  }

  private void readLive(List<ConsumerRecord<byte[], byte[]>> records) {
    tail.read(records, next());
  }

  @Test
  void shouldTellWhatHappensFromNowOn() {
    tail.start();
    write(0, "before");
    tail.read(List.of(), next());
    Heard heard = new Heard();
    LiveEvents.Following following = tail.follow(null, heard);

    readLive(
        List.of(write(0, "a"), write(1, "b", 7, null), write(1, "b", 8, ExecutionStatus.FAILED)));
    following.close();
    readLive(List.of(write(0, "c")));

    assertThat(heard.what).containsExactly("a RUNNING", "b FAILED");
    assertThat(heard.next.offsets()).containsExactly(2, 2);
  }

  @Test
  void shouldTellThatAnExecutionHasMoreEvents() {
    tail.start();
    tail.read(List.of(), next());
    List<Long> grown = new ArrayList<>();
    LiveEvents.Following following = tail.follow(arn("a"), grown::add, () -> grown.add(-1L));

    readLive(List.of(write(0, "a", 3, null), write(0, "ab", 4, null), write(1, "b", 5, null)));
    following.close();
    readLive(List.of(write(0, "a", 6, null)));

    assertThat(grown).containsExactly(3L);
  }

  @Test
  void shouldTellEachChangeOnceToWhoComesBack() {
    for (int i = 0; i < 20; i++) {
      write(i % 2, "e" + i);
    }
    tail.read(List.of(), next());
    tail.start();
    Heard heard = new Heard();

    tail.follow(new LogPosition(new long[] {3, 5}), heard);
    await().until(() -> heard.what.size() == 12);
    readLive(List.of(write(0, "now"), write(1, "too")));

    await().untilAsserted(() -> assertThat(heard.what).hasSize(14));
    assertThat(heard.what).doesNotHaveDuplicates().contains("e6 RUNNING", "e11 RUNNING");
    assertThat(heard.what).doesNotContain("e4 RUNNING", "e9 RUNNING").endsWith("too RUNNING");
    assertThat(heard.next.offsets()).containsExactly(11, 11);
  }

  @Test
  void shouldTellAllOfPartitionsThatWereAddedSince() {
    for (int i = 0; i < 6; i++) {
      write(i % 2, "e" + i);
    }
    tail.read(List.of(), next());
    tail.start();
    Heard heard = new Heard();

    tail.follow(new LogPosition(new long[] {2}), heard);

    await()
        .untilAsserted(
            () ->
                assertThat(heard.what)
                    .containsExactlyInAnyOrder(
                        "e4 RUNNING", "e1 RUNNING", "e3 RUNNING", "e5 RUNNING"));
    assertThat(heard.next.offsets()).containsExactly(3, 3);
  }

  @Test
  void shouldWaitWithThePastForAClientThatHasNoRoom() {
    write(0, "a");
    tail.read(List.of(), next());
    tail.start();
    Heard full = new Heard();
    full.room = false;
    LiveEvents.Following following = tail.follow(new LogPosition(new long[] {0, 0}), full);
    Heard other = new Heard();
    tail.follow(new LogPosition(new long[] {0, 0}), other);

    // The other is not held up.
    await().until(() -> other.what.contains("a RUNNING"));
    readLive(List.of(write(0, "b")));
    assertThat(full.what).isEmpty();

    full.room = true;
    following.goOn();

    await().until(() -> full.what.size() == 2);
    assertThat(full.what).containsExactly("a RUNNING", "b RUNNING");
  }

  @Test
  void shouldSayThatSomethingIsNoLongerKept() {
    write(0, "gone");
    write(0, "kept");
    write(1, "gone too");
    beginning = 1;
    tail.read(List.of(), next());
    tail.start();
    Heard heard = new Heard();

    tail.follow(new LogPosition(new long[] {0, 1}), heard);

    await().until(() -> heard.what.size() == 2);
    assertThat(heard.what).containsExactly("lost", "kept RUNNING");
  }

  @Test
  void shouldGoOnReadingThePastAfterAFailure() {
    write(0, "a");
    tail.read(List.of(), next());
    tail.start();
    await().until(() -> !opened.isEmpty());
    opened.element().setPollException(new KafkaException("the broker is away"));
    Heard heard = new Heard();

    tail.follow(new LogPosition(new long[] {0, 0}), heard);

    await().until(() -> heard.what.equals(List.of("a RUNNING")));
    assertThat(opened).hasSize(2);
  }

  @Test
  void shouldTellAllThatItReadsNoLonger() {
    tail.start();
    tail.read(List.of(), next());
    Heard present = new Heard();
    Heard behind = new Heard();
    List<String> ofExecution = new ArrayList<>();
    tail.follow(null, present);
    tail.follow(new LogPosition(new long[] {0, 0}), behind);
    tail.follow(arn("a"), _ -> {}, () -> ofExecution.add("interrupted"));

    tail.interrupted();

    assertThat(present.what).containsExactly("interrupted");
    assertThat(behind.what).containsExactly("interrupted");
    assertThat(ofExecution).containsExactly("interrupted");
    assertThatThrownBy(() -> tail.follow(null, new Heard())).isInstanceOf(Unavailable.class);
    assertThatThrownBy(tail::now).isInstanceOf(Unavailable.class);
  }

  @Test
  void shouldRefuseAPositionOfAnotherLog() {
    tail.start();
    tail.read(List.of(), next());

    long[] more = new long[next().length + 1];
    assertThatThrownBy(() -> tail.follow(new LogPosition(more), new Heard()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldPassOverWhatCannotBeRead() {
    tail.start();
    tail.read(List.of(), next());
    Heard heard = new Heard();
    tail.follow(null, heard);
    tail.follow(arn("a"), _ -> {}, () -> {});
    ConsumerRecord<byte[], byte[]> broken = write(0, "a");
    broken.value()[0] = 1;

    readLive(List.of(broken, write(0, "b")));

    assertThat(heard.what).containsExactly("b RUNNING");
  }
}
