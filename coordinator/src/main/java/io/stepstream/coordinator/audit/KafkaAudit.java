package io.stepstream.coordinator.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stepstream.schemas.AuditEvent;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.topic.Topics;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes events to the topic, from a bounded queue by a thread of its own, since a producer blocks
 * when the brokers are away. What finds no room or no broker is written to the log {@code
 * stepstream.audit} instead: a call is not refused for it, and its trace is not lost (ADR 0054).
 */
public final class KafkaAudit implements Audit, AutoCloseable {

  /** Of some hundred bytes each. */
  static final int MOST_WAITING = 10_000;

  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(2);
  private static final Logger LOG = LoggerFactory.getLogger("stepstream.audit");

  private final Producer<byte[], byte[]> producer;
  private final WireCodec<AuditEvent> codec;
  private final BiConsumer<AuditEvent, String> otherwise;
  private final BlockingQueue<AuditEvent> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Thread writer = Thread.ofPlatform().name("stepstream-audit").unstarted(this::run);
  private volatile boolean closed;

  /**
   * @param producer is closed with this
   */
  public KafkaAudit(Producer<byte[], byte[]> producer, WireCodec<AuditEvent> codec) {
    this(producer, codec, KafkaAudit::toLog);
  }

  /**
   * @param otherwise gets the events that the topic doesn't, and why
   */
  KafkaAudit(
      Producer<byte[], byte[]> producer,
      WireCodec<AuditEvent> codec,
      BiConsumer<AuditEvent, String> otherwise) {
    this.producer = producer;
    this.codec = codec;
    this.otherwise = otherwise;
  }

  public void start() {
    writer.start();
  }

  @Override
  public void record(AuditEvent event) {
    if (closed || !waiting.offer(event)) {
      otherwise.accept(event, closed ? "the node stops" : "the queue is full");
    }
  }

  private void run() {
    try {
      while (!closed || !waiting.isEmpty()) {
        AuditEvent event = waiting.poll(100, TimeUnit.MILLISECONDS);
        if (event != null) {
          write(event);
        }
      }
    } catch (InterruptedException _) {
      // The end of the process; what is left goes to the log.
    }
    for (AuditEvent left = waiting.poll(); left != null; left = waiting.poll()) {
      otherwise.accept(left, "the node stops");
    }
  }

  private void write(AuditEvent event) {
    try {
      producer.send(
          new ProducerRecord<>(
              Topics.AUDIT, event.getEventID().getBytes(UTF_8), codec.encode(event)),
          (_, failure) -> {
            if (failure != null) {
              otherwise.accept(event, failure.toString());
            }
          });
    } catch (RuntimeException e) {
      otherwise.accept(event, e.toString());
    }
  }

  /** Avro's text of the record is JSON. */
  private static void toLog(AuditEvent event, String why) {
    LOG.error("An event can't be written to {} ({}): {}", Topics.AUDIT, why, event);
  }

  @Override
  public void close() {
    closed = true;
    try {
      if (!writer.join(LONGEST_CLOSE)) {
        writer.interrupt();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    producer.close(LONGEST_CLOSE);
  }
}
