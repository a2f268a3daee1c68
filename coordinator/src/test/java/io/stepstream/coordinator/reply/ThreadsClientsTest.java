package io.stepstream.coordinator.reply;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** What a lane's pacing knows of the clients of a stream thread. */
class ThreadsClientsTest {

  private final AtomicLong nanos = new AtomicLong(System.nanoTime());
  private final CommitPacing pacing =
      new CommitPacing(CommitPacing.Settings.AT_LEAST_ONCE, nanos::get);

  @Test
  void shouldFlushTheProducerThatTheThreadSendsBy() throws InterruptedException {
    MockProducer<byte[], byte[]> delegate =
        new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    Producer<byte[], byte[]> producer = new CommitObservingProducer(delegate, pacing);
    pacing.awaitSent(); // it has sent nothing yet
    producer.send(new ProducerRecord<>("t", new byte[] {1}), (_, _) -> {});
    assertThat(delegate.flushed()).isFalse();
    // another thread's are not waited for
    Thread other = Thread.ofPlatform().start(pacing::awaitSent);
    other.join();
    assertThat(delegate.flushed()).isFalse();

    pacing.awaitSent();

    assertThat(delegate.flushed()).isTrue();
  }

  @Test
  void shouldKnowForHowLongTheThreadIsAMemberOfItsGroup() {
    assertThat(pacing.mayBeReplaced()).as("it has not begun").isFalse();
    try (PollObservingConsumer consumer =
        new PollObservingConsumer(
            Map.of(
                "bootstrap.servers",
                "127.0.0.1:1",
                "group.id",
                "g",
                "session.timeout.ms",
                "10000",
                "heartbeat.interval.ms",
                3000),
            pacing)) {
      long before = System.nanoTime();
      consumer.subscribe(List.of("t"));
      consumer.poll(Duration.ZERO);
      long after = System.nanoTime();

      nanos.set(before + Duration.ofSeconds(7).toNanos());
      assertThat(pacing.mayBeReplaced()).isFalse();
      nanos.set(after + Duration.ofSeconds(7).toNanos() + 1);
      assertThat(pacing.mayBeReplaced()).isTrue();
    }
  }
}
