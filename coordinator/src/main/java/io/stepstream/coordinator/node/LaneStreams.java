package io.stepstream.coordinator.node;

import io.stepstream.coordinator.ops.Readiness;
import io.stepstream.schemas.registry.SchemaRegistryException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One Kafka Streams application of the node, with its answer to failures. */
final class LaneStreams implements Readiness, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LaneStreams.class);

  /** A bug that comes back this often won't go away by itself. */
  private static final int BUGS_AT_MOST = 3;

  private final String name;
  private final KafkaStreams streams;
  private final AtomicInteger bugs = new AtomicInteger();

  LaneStreams(String name, Topology topology, Properties config, KafkaClientSupplier clients) {
    this.name = name;
    this.streams = new KafkaStreams(topology, config, clients);
    streams.setUncaughtExceptionHandler(this::failed);
  }

  private StreamThreadExceptionResponse failed(Throwable failure) {
    if (failure.getCause() instanceof SchemaRegistryException) {
      // Says nothing about the record, which is read again when the registry answers. Not counted
      // as a bug, or an outage would stop the lane.
      LOG.warn("A stream thread of {} needs the schema registry and is replaced", name, failure);
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    if (failure instanceof KafkaException
        && !(failure.getCause() instanceof RuntimeException bug
            && !(bug instanceof KafkaException))) {
      LOG.warn("A stream thread of {} failed with Kafka and is replaced", name, failure);
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    if (bugs.incrementAndGet() <= BUGS_AT_MOST) {
      LOG.error("A stream thread of {} failed and is replaced", name, failure);
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    LOG.error("{} failed {} times and stops; the node is not ready any more", name, bugs, failure);
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  KafkaStreams streams() {
    return streams;
  }

  void start() {
    streams.start();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean isReady() {
    return streams.state() == KafkaStreams.State.RUNNING;
  }

  @Override
  public Map<String, String> details() {
    return Map.of("state", streams.state().name());
  }

  @Override
  public void close() {
    streams.close(Duration.ofSeconds(5));
  }
}
