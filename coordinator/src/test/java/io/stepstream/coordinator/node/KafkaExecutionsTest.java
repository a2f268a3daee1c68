package io.stepstream.coordinator.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.coordinator.admission.Admission;
import io.stepstream.coordinator.execution.StartRequest;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.coordinator.reply.PendingReplies;
import io.stepstream.coordinator.reply.Reply;
import io.stepstream.coordinator.sealing.Seals;
import io.stepstream.coordinator.shell.LaneCodecs;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.StateMachineRevision;
import io.stepstream.schemas.StopExecution;
import io.stepstream.schemas.TriggeredBy;
import io.stepstream.schemas.TriggeredStart;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.topic.ExecutionKey;
import io.stepstream.schemas.topic.Generations;
import io.stepstream.schemas.topic.LaneTopics;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class KafkaExecutionsTest {

  private static final String EXECUTION = "arn:aws:states:us-east-1:111111111111:execution:m:run";
  private static final Generations GROWN = Generations.of(4).grownTo(8);

  private final LaneCodecs codecs =
      LaneCodecs.of(LaneTopics.of(Lane.STANDARD), SchemaRegistry.bundled(), Seals.none());
  private final PendingReplies replies = new PendingReplies("node");

  private static MockProducer<byte[], byte[]> producer(boolean writes) {
    return new MockProducer<>(
        writes, new RoundRobinPartitioner(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  private KafkaExecutions executions(
      MockProducer<byte[], byte[]> producer, Generations generations, Duration longestWrite) {
    return executions(producer, codecs, replies, generations, Clock.systemUTC(), longestWrite);
  }

  /** Both lanes with the same codecs, all that is asked for let in, and no view. */
  static KafkaExecutions executions(
      MockProducer<byte[], byte[]> producer,
      LaneCodecs codecs,
      PendingReplies replies,
      Generations generations,
      Clock clock,
      Duration longestWrite) {
    return new KafkaExecutions(
        producer,
        codecs,
        codecs,
        replies,
        new Admission(System::nanoTime),
        new Admission(System::nanoTime),
        null,
        generations,
        clock,
        longestWrite);
  }

  private static StartRequest start(
      Lane lane, @Nullable String name, @Nullable TriggeredStart triggered) {
    StateMachineRevision machine =
        new StateMachineRevision(
            "arn:aws:states:us-east-1:111111111111:stateMachine:m",
            "r1",
            "m",
            lane,
            "role",
            Payloads.of("{}"),
            Instant.EPOCH,
            Instant.EPOCH,
            null,
            true);
    return new StartRequest(
        machine, 0, null, name, "{}".getBytes(StandardCharsets.UTF_8), null, triggered);
  }

  private Envelope envelope(ProducerRecord<byte[], byte[]> record) {
    return switch (codecs.inbox().decode(record.value())) {
      case Decoded.Read(Envelope envelope) -> envelope;
      case Decoded.Unreadable(String reason) -> throw new AssertionError(reason);
    };
  }

  /** A name that eight partitions place elsewhere than four did. */
  private static String nameThatMoves() {
    return IntStream.range(0, 100)
        .mapToObj(i -> "run" + i)
        .filter(name -> GROWN.apart(key(name)).size() == 2)
        .findFirst()
        .orElseThrow();
  }

  private static ExecutionKey key(String name) {
    return ExecutionKey.of("arn:aws:states:us-east-1:111111111111:execution:m:" + name);
  }

  @Test
  void shouldNotWaitForAProducerThatGivesUpNothing() {
    // given a producer that neither writes nor fails, as without brokers
    KafkaExecutions executions =
        executions(producer(false), Generations.of(8), Duration.ofMillis(50));

    // when somebody asks
    CompletableFuture<?> asked =
        executions.ask(EXECUTION, new StopExecution(null, null, Instant.EPOCH));

    // then it is "not now", long before the answer's own time is up
    assertThatThrownBy(() -> asked.get(5, TimeUnit.SECONDS))
        .hasCauseInstanceOf(Unavailable.class)
        .hasMessageContaining("The command was not written in time");
  }

  @Test
  void shouldAskForANameWhereItWasFirst() {
    MockProducer<byte[], byte[]> producer = producer(true);
    KafkaExecutions executions = executions(producer, GROWN, KafkaExecutions.LONGEST_WRITE);
    String name = nameThatMoves();
    TriggeredStart triggered =
        new TriggeredStart(new TriggeredBy("t", "orders", 0, 1L, Instant.EPOCH), Payloads.of("{}"));

    executions.start(start(Lane.STANDARD, name, null));
    executions.stop(key(name).arn(), null, null);
    executions.start(start(Lane.STANDARD, null, triggered));

    assertThat(producer.history())
        .hasSize(3)
        .allSatisfy(
            record -> {
              Envelope told = envelope(record);
              assertThat(told.getGeneration()).isEqualTo(Generations.UNKNOWN);
              assertThat(record.partition())
                  .isEqualTo(ExecutionKey.of(told.getExecutionArn()).partition(4));
            });
  }

  @Test
  void shouldBeginWithTheLatestWhatNobodyCanHaveHeardOf() {
    MockProducer<byte[], byte[]> producer = producer(true);
    KafkaExecutions executions = executions(producer, GROWN, KafkaExecutions.LONGEST_WRITE);

    for (int i = 0; i < 10; i++) {
      executions.start(start(Lane.STANDARD, null, null));
      executions.start(start(Lane.EXPRESS, "named", null));
      executions.startSync(start(Lane.EXPRESS, "named", null), Duration.ofSeconds(1));
    }

    assertThat(producer.history())
        .hasSize(30)
        .allSatisfy(
            record -> {
              Envelope told = envelope(record);
              assertThat(told.getGeneration()).isEqualTo(2);
              assertThat(record.partition())
                  .isEqualTo(ExecutionKey.of(told.getExecutionArn()).partition(8));
            });
  }

  @Test
  void shouldAskOneGenerationAfterTheOtherWhereAHistoryIs() {
    MockProducer<byte[], byte[]> producer = producer(true);
    KafkaExecutions executions = executions(producer, GROWN, KafkaExecutions.LONGEST_WRITE);
    ExecutionKey key = key(nameThatMoves());

    CompletableFuture<?> described = executions.describe(key.arn()).toCompletableFuture();
    replies.complete(
        envelope(producer.history().getLast()).getReplyTo(), new Reply.NoSuchExecution());
    replies.complete(
        envelope(producer.history().getLast()).getReplyTo(), new Reply.NoSuchExecution());

    assertThat(producer.history())
        .extracting(ProducerRecord::partition)
        .containsExactly(key.partition(8), key.partition(4));
    assertThat(producer.history())
        .extracting(record -> envelope(record).getGeneration())
        .containsExactly(2, 1);
    assertThat(described.join()).isEqualTo(Optional.empty());
  }
}
