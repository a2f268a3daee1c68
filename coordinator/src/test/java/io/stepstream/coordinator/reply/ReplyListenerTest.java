package io.stepstream.coordinator.reply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.CommandReply;
import io.stepstream.schemas.ReplyTo;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.sealing.PayloadKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplyListenerTest {

  private static final String TOPIC = "replies";
  private static final int PARTITIONS = 4;
  private static final TopicPartition OWN =
      new TopicPartition(TOPIC, ReplyListener.partition("node", PARTITIONS));
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final WireCodec<CommandReply> codec =
      WireCodec.forTopic(CommandReply.class, TOPIC, SchemaRegistry.bundled());
  private final PendingReplies calls = new PendingReplies("node");
  private final ConcurrentLinkedQueue<MockConsumer<byte[], byte[]>> opened =
      new ConcurrentLinkedQueue<>();
  private final ReplyListener listener =
      new ReplyListener(List.of(TOPIC), "node", this::open, codec, PayloadKeys.NONE, calls);

  /** A consumer of a topic that ends at offset 5. */
  private Consumer<byte[], byte[]> open() {
    MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    List<PartitionInfo> partitions = new ArrayList<>();
    for (int i = 0; i < PARTITIONS; i++) {
      partitions.add(new PartitionInfo(TOPIC, i, null, null, null));
    }
    consumer.updatePartitions(TOPIC, partitions);
    consumer.updateBeginningOffsets(Map.of(OWN, 0L));
    consumer.updateEndOffsets(Map.of(OWN, 5L));
    opened.add(consumer);
    return consumer;
  }

  @AfterEach
  void close() {
    listener.close();
  }

  private MockConsumer<byte[], byte[]> listening() throws InterruptedException {
    listener.start();
    assertThat(listener.awaitListening(PATIENCE)).isTrue();
    return opened.element();
  }

  private static void add(MockConsumer<byte[], byte[]> consumer, long offset, byte[] value) {
    consumer.schedulePollTask(
        () ->
            consumer.addRecord(
                new ConsumerRecord<>(
                    TOPIC, OWN.partition(), offset, "node".getBytes(UTF_8), value)));
  }

  private byte[] answer(ReplyTo call, Reply reply) {
    return codec.encode(ReplyRecords.record(call, reply));
  }

  @Test
  void shouldAnswerTheCallOfThisNodeThatAnAnswerIsFor() throws Exception {
    PendingReplies.Call call = calls.open(PATIENCE);
    MockConsumer<byte[], byte[]> consumer = listening();
    add(
        consumer,
        5,
        answer(
            new ReplyTo("other", call.replyTo().getCorrelationId()), new Reply.NoSuchExecution()));
    add(consumer, 6, answer(call.replyTo(), new Reply.Exists()));

    assertThat(call.reply().get(10, TimeUnit.SECONDS)).isEqualTo(new Reply.Exists());
  }

  @Test
  void shouldPassOverWhatCannotBeRead() throws Exception {
    PendingReplies.Call call = calls.open(PATIENCE);
    MockConsumer<byte[], byte[]> consumer = listening();
    add(consumer, 5, new byte[] {1, 2, 3});
    add(consumer, 6, answer(call.replyTo(), new Reply.AlreadyExists()));

    assertThat(call.reply().get(10, TimeUnit.SECONDS)).isEqualTo(new Reply.AlreadyExists());
  }

  @Test
  void shouldGoOnAfterAFailureWhereItWas() throws Exception {
    PendingReplies.Call first = calls.open(PATIENCE);
    PendingReplies.Call second = calls.open(PATIENCE);
    MockConsumer<byte[], byte[]> consumer = listening();
    add(consumer, 5, answer(first.replyTo(), new Reply.Exists()));
    first.reply().get(10, TimeUnit.SECONDS);

    consumer.setPollException(new KafkaException("the broker is away"));

    Awaitility.await().atMost(PATIENCE).until(() -> opened.size() == 2);
    MockConsumer<byte[], byte[]> again = opened.stream().skip(1).findFirst().orElseThrow();
    Awaitility.await().atMost(PATIENCE).until(() -> again.assignment().contains(OWN));
    add(again, 6, answer(second.replyTo(), new Reply.Exists()));
    assertThat(second.reply().get(10, TimeUnit.SECONDS)).isEqualTo(new Reply.Exists());
    assertThat(again.position(OWN)).isEqualTo(7);
  }
}
