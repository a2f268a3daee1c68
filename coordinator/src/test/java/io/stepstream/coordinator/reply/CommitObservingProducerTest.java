package io.stepstream.coordinator.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
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
  void shouldSendWithoutWaitingInATransaction() throws Exception {
    HeldProducer held = new HeldProducer();
    Producer<byte[], byte[]> producer =
        new CommitObservingProducer(held, new CommitPacing(CommitPacing.Settings.EXACTLY_ONCE));
    producer.initTransactions();
    producer.beginTransaction();
    send(producer);

    // Each would wait for ever, were it waited for.
    producer.flush();
    producer.flush();
    held.begun.await();
    assertThat(held.flushed()).isFalse();

    held.answered.countDown();
    held.ended.await();
    assertThat(held.flushed()).as("no commit was needed for it").isTrue();
    assertThat(held.flushes.get()).as("one at a time").isOne();
  }

  @Test
  void shouldSendAgainWhenTheLastFlushIsThrough() throws Exception {
    HeldProducer held = new HeldProducer();
    held.answered.countDown();
    Producer<byte[], byte[]> producer =
        new CommitObservingProducer(held, new CommitPacing(CommitPacing.Settings.EXACTLY_ONCE));
    producer.initTransactions();
    producer.beginTransaction();

    await()
        .until(
            () -> {
              producer.flush();
              return held.flushes.get() > 1;
            });
  }

  @Test
  void shouldLetRepliesLeaveWithTheCommit() {
    CommitPacing pacing = new CommitPacing(CommitPacing.Settings.EXACTLY_ONCE);
    Producer<byte[], byte[]> producer = inTransaction(pacing);
    producer.flush();
    assertThat(left).isEmpty();

    producer.commitTransaction();

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

  /** Its brokers answer when they are let. */
  private static final class HeldProducer extends MockProducer<byte[], byte[]> {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch answered = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicInteger flushes = new AtomicInteger();

    private HeldProducer() {
      super(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public void flush() {
      flushes.incrementAndGet();
      begun.countDown();
      try {
        answered.await();
      } catch (InterruptedException e) {
        throw new InterruptException(e);
      }
      super.flush();
      ended.countDown();
    }
  }
}
