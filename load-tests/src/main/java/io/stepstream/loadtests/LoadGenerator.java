package io.stepstream.loadtests;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Starts executions and measures. Not thread safe. */
final class LoadGenerator implements AutoCloseable {

  private final Pipeline pipeline;
  private final Completions completions;
  private final CpuTime cpu;
  private final Producer<byte[], byte[]> bulk;
  private final Producer<byte[], byte[]> prompt;
  private long next;

  LoadGenerator(String bootstrapServers, Pipeline pipeline, Completions completions, CpuTime cpu) {
    this.pipeline = pipeline;
    this.completions = completions;
    this.cpu = cpu;
    this.bulk = producer(bootstrapServers, 5);
    this.prompt = producer(bootstrapServers, 0);
  }

  private static Producer<byte[], byte[]> producer(String bootstrapServers, int lingerMillis) {
    return new KafkaProducer<>(
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "acks",
            "all",
            "linger.ms",
            lingerMillis,
            "enable.metrics.push",
            "false"),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  /** A moment of a run. */
  private record Reading(long nanos, long ended, double cpuSeconds) {}

  private Reading read() {
    return new Reading(System.nanoTime(), completions.ended(), cpu.seconds());
  }

  /** One execution, so that what only happens once, such as a group's first assignment, is over. */
  void first() {
    send(prompt, System.nanoTime());
    completions.awaitAll();
    completions.latencies();
  }

  /**
   * Closed loop: as fast as executions end, with as many under way as {@link Completions} allows.
   * Waits for the last one, which no longer counts.
   */
  Throughput saturate(Duration warmUp, Duration window) throws InterruptedException {
    long begun = System.nanoTime();
    long measuredFrom = begun + warmUp.toNanos();
    long end = measuredFrom + window.toNanos();
    Reading from = null;
    while (true) {
      completions.awaitRoom();
      long now = System.nanoTime();
      if (from == null && now >= measuredFrom) {
        from = read();
      }
      if (now >= end) {
        break;
      }
      send(bulk, now);
    }
    Reading to = read();
    completions.awaitAll();
    completions.latencies();
    Reading first = java.util.Objects.requireNonNull(from);
    long ended = to.ended() - first.ended();
    if (ended == 0) {
      throw new BenchFailure(
          "%s: no execution ended within the measured %d s"
              .formatted(pipeline.name(), window.toSeconds()));
    }
    return new Throughput(
        ended,
        ended * 1e9 / (to.nanos() - first.nanos()),
        (to.cpuSeconds() - first.cpuSeconds()) * 1_000 / ended);
  }

  /**
   * Open loop: starts are due at even distances, whatever has become of the earlier ones, and
   * latency counts from when a start was due.
   *
   * @return the latencies in microseconds
   */
  Histogram pace(int perSecond, Duration window) {
    completions.latencies();
    long interval = 1_000_000_000L / perSecond;
    long count = window.toNanos() / interval;
    long first = System.nanoTime();
    for (long i = 0; i < count; i++) {
      long due = first + i * interval;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      completions.check();
      send(prompt, due);
    }
    completions.awaitAll();
    return completions.latencies();
  }

  private void send(Producer<byte[], byte[]> producer, long dueNanos) {
    long sequence = next++;
    completions.begins(sequence, dueNanos);
    producer.send(
        pipeline.start(sequence),
        (_, failure) -> {
          if (failure != null) {
            completions.fail(
                new BenchFailure("A start could not be sent: " + failure.getMessage(), failure));
          }
        });
  }

  @Override
  public void close() {
    bulk.close(Duration.ofSeconds(5));
    prompt.close(Duration.ofSeconds(5));
  }
}
