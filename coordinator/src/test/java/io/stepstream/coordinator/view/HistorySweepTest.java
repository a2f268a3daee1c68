package io.stepstream.coordinator.view;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.coordinator.shell.HistoryKey;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryEventType;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.topic.ExecutionKey;
import io.stepstream.schemas.topic.LaneTopics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistorySweepTest {

  private static final Instant START = Instant.parse("2026-09-01T12:00:00Z");
  private static final Duration RETENTION = Duration.ofDays(90);
  private static final String TOPIC = LaneTopics.of(Lane.STANDARD).history();

  private final WireCodec<HistoryRecord> codec =
      WireCodec.forTopic(HistoryRecord.class, TOPIC, SchemaRegistry.bundled());
  @TempDir private Path directory;
  private TopologyTestDriver driver;
  private TestInputTopic<byte[], byte[]> topic;

  @BeforeEach
  void open() {
    codec.register();
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "view");
    config.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
    driver =
        new TopologyTestDriver(
            HistoryView.topology(
                TOPIC,
                codec,
                RETENTION,
                letter -> {
                  throw new AssertionError("a dead letter: " + letter);
                }),
            config,
            START);
    topic = driver.createInputTopic(TOPIC, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @AfterEach
  void close() {
    driver.close();
  }

  private static String arn(String name) {
    return "arn:aws:states:us-east-1:111111111111:execution:m:" + name;
  }

  private void record(String name, long id, HistoryEventType type, Instant at) {
    HistoryEvent event = new HistoryEvent(id, id - 1, at, type, null);
    topic.pipeInput(
        new HistoryKey(ExecutionKey.of(arn(name)), id, 0).bytes(),
        codec.encode(
            new HistoryRecord(
                arn(name), "machine", "r1", Lane.STANDARD, List.of(event), null, null, null)));
  }

  private void ran(String name, Instant at) {
    record(name, 1, HistoryEventType.ExecutionStarted, at);
    record(name, 2, HistoryEventType.PassStateEntered, at);
    record(name, 3, HistoryEventType.ExecutionSucceeded, at);
  }

  private List<String> rows() {
    KeyValueStore<Bytes, byte[]> store = driver.getKeyValueStore(HistoryView.STORE);
    List<String> keys = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
      all.forEachRemaining(row -> keys.add(new String(row.key.get(), UTF_8)));
    }
    return keys;
  }

  private List<String> names() {
    return rows().stream()
        .map(key -> key.substring(key.lastIndexOf(':') + 1, key.indexOf('#')))
        .distinct()
        .toList();
  }

  /** One slice. */
  private void slice() {
    driver.advanceWallClockTime(HistorySweep.SLICE_EVERY);
  }

  /** A pass of a few slices, and the pause before it. */
  private void pass() {
    driver.advanceWallClockTime(HistorySweep.REST);
    for (int i = 0; i < 20; i++) {
      slice();
    }
  }

  @Test
  void shouldDeleteWhatEndedBeforeTheTopicsRetention() {
    ran("a", START);
    ran("b", START.plus(Duration.ofDays(1)));
    ran("c", START);
    driver.advanceWallClockTime(RETENTION.minusDays(1));
    pass();
    assertThat(names()).containsExactly("a", "b", "c");

    driver.advanceWallClockTime(Duration.ofDays(1));
    pass();
    assertThat(rows()).hasSize(3);
    assertThat(names()).containsExactly("b");

    driver.advanceWallClockTime(Duration.ofDays(1));
    pass();
    assertThat(rows()).isEmpty();
  }

  @Test
  void shouldKeepTheHistoryOfAnExecutionThatHasNotEnded() {
    record("long", 1, HistoryEventType.ExecutionStarted, START);
    record("long", 2, HistoryEventType.WaitStateEntered, START);
    driver.advanceWallClockTime(RETENTION.multipliedBy(3));
    pass();
    assertThat(rows()).hasSize(2);

    record("long", 3, HistoryEventType.ExecutionAborted, START.plus(RETENTION.multipliedBy(3)));
    pass();
    assertThat(rows()).as("ended a moment ago").hasSize(3);
    driver.advanceWallClockTime(RETENTION.plusDays(1));
    pass();
    assertThat(rows()).isEmpty();
  }

  @Test
  void shouldKeepWhatAnExecutionOfTheSameNameHasWrittenSince() {
    ran("again", START);
    Instant later = START.plus(RETENTION).plus(Duration.ofDays(2));
    record("again", 1, HistoryEventType.ExecutionStarted, later);
    driver.advanceWallClockTime(Duration.between(START, later));
    pass();

    assertThat(rows()).containsExactly(arn("again") + "#000000000001");
  }

  @Test
  void shouldGoOnWhereASliceEndedAndKeepTheEndUntilAllElseIsGone() {
    int events = 3 * HistorySweep.ROWS_PER_SLICE;
    ran("a", START);
    record("b", 1, HistoryEventType.ExecutionStarted, START);
    for (int id = 2; id < events; id++) {
      record("b", id, HistoryEventType.PassStateEntered, START);
    }
    record("b", events, HistoryEventType.ExecutionFailed, START);
    String end = rows().getLast();

    driver.advanceWallClockTime(RETENTION.plusDays(1));
    int left = rows().size();
    for (int slices = 0; left > 0; slices++) {
      assertThat(slices).as("a slice deletes something").isLessThan(events + 10);
      assertThat(left)
          .isGreaterThanOrEqualTo(events + 3 - (slices + 1) * HistorySweep.ROWS_PER_SLICE);
      if (rows().stream().anyMatch(key -> key.startsWith(arn("b")))) {
        assertThat(rows()).contains(end);
      }
      slice();
      left = rows().size();
    }
  }
}
