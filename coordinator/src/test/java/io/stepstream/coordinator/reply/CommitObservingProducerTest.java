package io.stepstream.coordinator.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class CommitObservingProducerTest {

  private final MockProducer<byte[], byte[]> delegate =
      new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final List<String> left = new ArrayList<>();

  private Producer<byte[], byte[]> producer(CommitPacing pacing) {
    return new CommitObservingProducer(delegate, pacing);
  }

  /** Has sent a record, and a reply waits for the commit. */
  private Producer<byte[], byte[]> inTransaction(CommitPacing pacing) {
    Producer<byte[], byte[]> producer = producer(pacing);
    producer.initTransactions();
    producer.beginTransaction();
    send(producer);
    pacing.reply(() -> left.add("reply"));
    return producer;
  }

  private static void send(Producer<byte[], byte[]> producer) {
    producer.send(new ProducerRecord<>("t", new byte[] {1}), (_, _) -> {});
  }

  @Test
  void shouldLeaveTheWaitToTheCommitInATransaction() {
    CommitPacing pacing = new CommitPacing(CommitPacing.Settings.EXACTLY_ONCE);
    Producer<byte[], byte[]> producer = inTransaction(pacing);

    producer.flush();
    assertThat(delegate.flushed()).as("sent and not waited for").isFalse();

    producer.commitTransaction();
    assertThat(delegate.flushed()).isTrue();
    assertThat(left).containsExactly("reply");
  }

  @Test
  void shouldWaitWithoutTransactionsSinceOffsetsAreCommittedApart() {
    Producer<byte[], byte[]> producer =
        producer(new CommitPacing(CommitPacing.Settings.AT_LEAST_ONCE));
    send(producer);

    producer.flush();

    assertThat(delegate.flushed()).isTrue();
  }

  @Test
  void shouldLetNoReplyLeaveWhenARecordCouldNotBeSent() {
    CommitPacing pacing = new CommitPacing(CommitPacing.Settings.EXACTLY_ONCE);
    Producer<byte[], byte[]> producer = inTransaction(pacing);
    producer.flush();
    delegate.commitTransactionException = new KafkaException(new TimeoutException("not sent"));

    assertThatThrownBy(producer::commitTransaction).isInstanceOf(KafkaException.class);
    producer.abortTransaction();

    assertThat(left).isEmpty();
    assertThat(pacing.transactions().failures()).isOne();
  }
}
