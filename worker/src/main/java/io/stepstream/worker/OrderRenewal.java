package io.stepstream.worker;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes orders anew whose records the broker would soon drop. The old record is accepted only
 * when the new one is durable, so an order may be there twice for a moment, and is never lost; both
 * are the same attempt, of which one result counts.
 */
final class OrderRenewal {

  private static final Logger LOG = LoggerFactory.getLogger(OrderRenewal.class);

  /** What can't be done now is seldom possible at once. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Producer<byte[], byte[]> producer;
  private final CountDownLatch draining = new CountDownLatch(1);

  OrderRenewal(Producer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  /** From now on the first attempts don't wait. */
  void drain() {
    draining.countDown();
  }

  /**
   * Tries until the order is published, while its delivery stays locked.
   *
   * @param earlier deliveries that count against it
   * @param atOnce false: after a pause, so that what fails each time doesn't spin
   * @param done ACCEPT, or RELEASE if the producer has been closed; on any thread
   */
  void publish(
      ConsumerRecord<byte[], byte[]> order,
      int earlier,
      boolean atOnce,
      Consumer<Settlement> done) {
    Headers headers = new RecordHeaders(order.headers().toArray());
    headers.remove(Deliveries.EARLIER);
    headers.add(Deliveries.EARLIER, Integer.toString(earlier).getBytes(StandardCharsets.UTF_8));
    var anew = new ProducerRecord<>(order.topic(), null, null, order.key(), order.value(), headers);
    // Never on the producer's own thread, which must not wait for room in its own buffer.
    Thread.ofVirtual()
        .name("stepstream-order-renewal")
        .start(
            () -> {
              if (!atOnce) {
                pauseUnlessDraining();
              }
              send(order, anew, done);
            });
  }

  private void send(
      ConsumerRecord<byte[], byte[]> order,
      ProducerRecord<byte[], byte[]> anew,
      Consumer<Settlement> done) {
    try {
      producer.send(
          anew,
          (_, problem) -> {
            if (problem == null) {
              done.accept(Settlement.ACCEPT);
            } else {
              again(order, anew, done, problem);
            }
          });
    } catch (IllegalStateException e) {
      LOG.warn("The worker has ended before the order at {} was published anew.", place(order), e);
      done.accept(Settlement.RELEASE);
    } catch (RuntimeException e) {
      again(order, anew, done, e);
    }
  }

  private void again(
      ConsumerRecord<byte[], byte[]> order,
      ProducerRecord<byte[], byte[]> anew,
      Consumer<Settlement> done,
      Exception problem) {
    LOG.warn(
        "The order at {} could not be published anew; it is kept and tried again.",
        place(order),
        problem);
    Thread.ofVirtual()
        .name("stepstream-order-renewal")
        .start(
            () -> {
              try {
                Thread.sleep(PAUSE);
              } catch (InterruptedException _) {
                // Nobody interrupts it; then it is tried at once.
              }
              send(order, anew, done);
            });
  }

  private void pauseUnlessDraining() {
    try {
      boolean _ = draining.await(PAUSE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      // Nobody interrupts it; then it is tried at once.
    }
  }

  private static String place(ConsumerRecord<byte[], byte[]> order) {
    return "%s-%d@%d".formatted(order.topic(), order.partition(), order.offset());
  }
}
