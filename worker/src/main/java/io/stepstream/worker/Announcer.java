package io.stepstream.worker;

import io.stepstream.schemas.WorkerAnnouncement;
import io.stepstream.schemas.codec.RecordCodec;
import io.stepstream.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells on {@link Topics#WORKERS} which handlers this worker serves on which queue, at its start
 * and from time to time. Nothing is taken back at the end: routes outlive workers, and orders wait
 * in the queue.
 */
final class Announcer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

  static final Duration EVERY = Duration.ofSeconds(30);

  private final Producer<byte[], byte[]> producer;
  private final RecordCodec<WorkerAnnouncement> codec;
  private final WorkerSettings settings;
  private final List<String> handlers;
  private final String version;
  private final InstantSource clock;
  private final Thread thread =
      Thread.ofVirtual().name("stepstream-worker-announcer").unstarted(this::announceForEver);

  Announcer(
      Producer<byte[], byte[]> producer,
      RecordCodec<WorkerAnnouncement> codec,
      WorkerSettings settings,
      List<String> handlers,
      String version,
      InstantSource clock) {
    this.producer = producer;
    this.codec = codec;
    this.settings = settings;
    this.handlers = handlers;
    this.version = version;
    this.clock = clock;
  }

  void start() {
    thread.start();
  }

  private void announceForEver() {
    try {
      while (true) {
        announce();
        Thread.sleep(EVERY);
      }
    } catch (InterruptedException _) {
      // close
    }
  }

  void announce() {
    for (String queue : settings.queues()) {
      var announcement =
          new WorkerAnnouncement(settings.pool(), queue, handlers, version, clock.instant());
      String key = settings.pool() + "/" + queue;
      try {
        producer.send(
            new ProducerRecord<>(
                Topics.WORKERS, key.getBytes(StandardCharsets.UTF_8), codec.encode(announcement)),
            (_, problem) -> {
              if (problem != null) {
                LOG.warn("The announcement of {} was lost; the next one follows.", key, problem);
              }
            });
      } catch (RuntimeException e) {
        LOG.warn("The announcement of {} could not be sent; the next one follows.", key, e);
      }
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
