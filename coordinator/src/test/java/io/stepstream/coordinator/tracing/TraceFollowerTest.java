package io.stepstream.coordinator.tracing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.stepstream.coordinator.shell.HistoryKey;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryEventDetails;
import io.stepstream.schemas.HistoryEventType;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.topic.LaneTopics;
import io.stepstream.schemas.tracing.ExecutionTrace;
import io.stepstream.schemas.tracing.Sampling;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TraceFollowerTest {

  private static final Instant NOW = Instant.parse("2026-09-01T12:00:00Z");
  private static final String ARN = "arn:aws:states:us-east-1:111111111111:execution:m:e";
  private static final String MACHINE = "arn:aws:states:us-east-1:111111111111:stateMachine:m";
  private static final String TOPIC = LaneTopics.of(Lane.STANDARD).history();
  private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);

  private final WireCodec<HistoryRecord> codec =
      WireCodec.forTopic(HistoryRecord.class, TOPIC, SchemaRegistry.bundled());
  private final List<SpanData> exported = new CopyOnWriteArrayList<>();

  /** Says that it has failed, as if a collector were away: nobody is to mind. */
  private final SpanExporter exporter =
      new SpanExporter() {
        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
          exported.addAll(spans);
          return CompletableResultCode.ofFailure();
        }

        @Override
        public CompletableResultCode flush() {
          return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
          return CompletableResultCode.ofSuccess();
        }
      };

  /** One partition, in which the group has come to an offset. */
  private static final class OnePartition extends MockConsumer<byte[], byte[]> {

    private final long back;
    private volatile long sought = -1;

    OnePartition(long committed, long back, List<ConsumerRecord<byte[], byte[]>> records) {
      super("none");
      this.back = back;
      schedulePollTask(
          () -> {
            updateBeginningOffsets(Map.of(PARTITION, 0L));
            updateEndOffsets(Map.of(PARTITION, (long) records.size()));
            rebalance(List.of());
            commitSync(Map.of(PARTITION, new OffsetAndMetadata(committed)));
            rebalance(List.of(PARTITION));
            records.stream().filter(record -> record.offset() >= back).forEach(this::addRecord);
          });
    }

    @Override
    public Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
        Map<TopicPartition, Long> timestamps) {
      assertThat(timestamps)
          .containsOnly(Map.entry(PARTITION, NOW.minus(TraceFollower.LOOK_BACK).toEpochMilli()));
      return Map.of(PARTITION, new OffsetAndTimestamp(back, 0));
    }

    @Override
    public synchronized void seek(TopicPartition partition, long offset) {
      sought = offset;
      super.seek(partition, offset);
    }
  }

  private ConsumerRecord<byte[], byte[]> record(
      long offset,
      String arn,
      HistoryEventType type,
      long id,
      long previous,
      @Nullable String name) {
    HistoryEventDetails details = new HistoryEventDetails();
    details.setName(name);
    HistoryEvent event =
        new HistoryEvent(id, previous, NOW.plusSeconds(id), type, name == null ? null : details);
    HistoryRecord history =
        new HistoryRecord(arn, MACHINE, "r", Lane.STANDARD, List.of(event), null, null, null);
    return new ConsumerRecord<>(TOPIC, 0, offset, HistoryKey.from(arn, id), codec.encode(history));
  }

  private List<ConsumerRecord<byte[], byte[]>> records() {
    return List.of(
        record(0, ARN, HistoryEventType.ExecutionStarted, 1, 0, null),
        record(1, ARN, HistoryEventType.WaitStateEntered, 2, 0, "Told"),
        record(2, ARN, HistoryEventType.WaitStateExited, 3, 2, "Told"),
        record(3, ARN, HistoryEventType.WaitStateEntered, 4, 3, "Open"),
        new ConsumerRecord<>(TOPIC, 0, 4, "nonsense#1".getBytes(UTF_8), new byte[] {1}),
        record(5, ARN, HistoryEventType.WaitStateExited, 5, 4, "Open"),
        record(6, ARN, HistoryEventType.ExecutionAborted, 6, 5, null));
  }

  private TraceFollower follower(OnePartition consumer, double share) {
    return new TraceFollower(
        () -> consumer,
        codec,
        new Sampling(share),
        (machine, _) -> machine.equals(MACHINE),
        new OtlpSpans(exporter),
        InstantSource.fixed(NOW));
  }

  @Test
  void shouldBeginEarlierThanTheGroupHasComeAndTellOnlyWhatIsNew() {
    OnePartition consumer = new OnePartition(5, 0, records());
    try (TraceFollower follower = follower(consumer, 1)) {
      follower.start();
      await().atMost(Duration.ofSeconds(20)).until(() -> exported.size() == 2);
      assertThat(consumer.sought).isZero();
    }
    ExecutionTrace trace = new ExecutionTrace(ARN, null);
    SpanData open = exported.getFirst();
    assertThat(exported).extracting(SpanData::getName).containsExactly("Open", "m");
    assertThat(open.getTraceId()).isEqualTo(trace.visit(4).traceId());
    assertThat(open.getSpanId()).isEqualTo(trace.visit(4).spanId());
    assertThat(open.getParentSpanContext().isValid()).isFalse();
    assertThat(open.getLinks().getFirst().getSpanContext().getSpanId())
        .isEqualTo(trace.execution(0).spanId());
    assertThat(open.getEndEpochNanos() - open.getStartEpochNanos()).isEqualTo(1_000_000_000L);
    assertThat(exported.getLast().getSpanId()).isEqualTo(trace.execution(0).spanId());
    assertThat(exported.getLast().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
  }

  @Test
  void shouldPassOverWhatIsNotInTheShareAndGoOn() {
    OnePartition consumer = new OnePartition(0, 0, records());
    try (TraceFollower follower = follower(consumer, 0)) {
      follower.start();
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                OffsetAndMetadata committed = consumer.committed(Set.of(PARTITION)).get(PARTITION);
                return committed != null && committed.offset() == 7;
              });
    }
    assertThat(exported).isEmpty();
  }
}
