package io.stepstream.coordinator.tracing;

import io.stepstream.coordinator.reading.TopicReader;
import io.stepstream.coordinator.shell.HistoryKey;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.RecordCodec;
import io.stepstream.schemas.topic.LaneTopics;
import io.stepstream.schemas.tracing.Sampling;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/**
 * Follows the histories of both lanes, each node its share of the partitions, and has spans
 * exported of what is traced. Records of executions that are not in the sampling's share are not
 * even decoded.
 *
 * <p>Who gets a partition begins some time before where the group has come to, without telling what
 * was told, so that most of what is open is known: a visit that is longer than {@link #LOOK_BACK}
 * when the partition moves has no span.
 */
public final class TraceFollower implements AutoCloseable {

  /** The consumer group in which nodes share the work. */
  public static final String GROUP = "stepstream-tracing";

  static final Duration LOOK_BACK = Duration.ofMinutes(10);

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration COMMITTED_EVERY = Duration.ofSeconds(1);

  private final RecordCodec<HistoryRecord> codec;
  private final Sampling sampling;
  private final BiPredicate<String, String> traced;
  private final OtlpSpans spans;
  private final InstantSource clock;
  private final TopicReader reader;

  /**
   * @param consumers make members of {@link #GROUP} that read committed records and commit nothing
   *     themselves
   * @param codec of any of the topics: the subject matters to writers only
   * @param traced whether a revision of a machine wants its executions to be traced: the machine's
   *     ARN and the revision's id
   * @param endpoint of OTLP over HTTP, with its path
   */
  public TraceFollower(
      Supplier<Consumer<byte[], byte[]>> consumers,
      RecordCodec<HistoryRecord> codec,
      Sampling sampling,
      BiPredicate<String, String> traced,
      String endpoint,
      InstantSource clock) {
    this(consumers, codec, sampling, traced, OtlpSpans.to(endpoint), clock);
  }

  TraceFollower(
      Supplier<Consumer<byte[], byte[]>> consumers,
      RecordCodec<HistoryRecord> codec,
      Sampling sampling,
      BiPredicate<String, String> traced,
      OtlpSpans spans,
      InstantSource clock) {
    this.codec = codec;
    this.sampling = sampling;
    this.traced = traced;
    this.spans = spans;
    this.clock = clock;
    this.reader = new TopicReader("stepstream-tracing", "histories", consumers, this::follow);
  }

  public void start() {
    reader.start();
  }

  @Override
  public void close() {
    reader.close();
    spans.close();
  }

  private void follow(Consumer<byte[], byte[]> consumer) {
    LaneTopics express = LaneTopics.of(Lane.EXPRESS);
    Following following = new Following(consumer);
    consumer.subscribe(
        List.of(LaneTopics.of(Lane.STANDARD).history(), express.history(), express.childHistory()),
        following);
    while (reader.isOpen()) {
      consumer.poll(POLL).forEach(following::take);
      following.commitIfDue();
    }
    following.commit();
  }

  /** A partition that this node follows. */
  private static final class Followed {
    private final SpanMaker maker;

    /** What is before this has been told. */
    private final long from;

    /** Behind what was taken. */
    private long next;

    Followed(SpanMaker maker, long from) {
      this.maker = maker;
      this.from = from;
      this.next = from;
    }
  }

  private final class Following implements ConsumerRebalanceListener {

    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Followed> partitions = new HashMap<>();
    private long committedNanos = System.nanoTime();

    Following(Consumer<byte[], byte[]> consumer) {
      this.consumer = consumer;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
      if (assigned.isEmpty()) {
        return;
      }
      Set<TopicPartition> all = Set.copyOf(assigned);
      Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(all);
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      long since = clock.instant().minus(LOOK_BACK).toEpochMilli();
      Map<TopicPartition, OffsetAndTimestamp> earlier =
          consumer.offsetsForTimes(all.stream().collect(Collectors.toMap(p -> p, _ -> since)));
      for (TopicPartition partition : all) {
        OffsetAndMetadata told = committed.get(partition);
        long from = told == null ? ends.get(partition) : told.offset();
        OffsetAndTimestamp back = earlier.get(partition);
        partitions.put(partition, new Followed(new SpanMaker(traced, spans), from));
        consumer.seek(partition, back == null ? from : Math.min(from, back.offset()));
      }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
      commit();
      revoked.forEach(partitions::remove);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> lost) {
      lost.forEach(partitions::remove);
    }

    void take(ConsumerRecord<byte[], byte[]> record) {
      Followed followed = partitions.get(new TopicPartition(record.topic(), record.partition()));
      if (followed == null) {
        return;
      }
      if (record.key() != null
          && record.value() != null
          && sampling.includes(HistoryKey.executionArn(record.key()))
          && codec.decode(record.value()) instanceof Decoded.Read(HistoryRecord history)) {
        followed.maker.take(history, record.offset() >= followed.from);
      }
      followed.next = Math.max(followed.next, record.offset() + 1);
    }

    void commitIfDue() {
      if (System.nanoTime() - committedNanos >= COMMITTED_EVERY.toNanos()) {
        commit();
      }
    }

    void commit() {
      Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
      partitions.forEach((partition, at) -> next.put(partition, new OffsetAndMetadata(at.next)));
      if (!next.isEmpty()) {
        consumer.commitSync(next);
      }
      committedNanos = System.nanoTime();
    }
  }
}
