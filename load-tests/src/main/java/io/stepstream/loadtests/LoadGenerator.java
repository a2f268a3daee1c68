package io.stepstream.loadtests;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Starts executions and measures. Not thread safe. */
final class LoadGenerator implements AutoCloseable {

  /** Executions under way at light load. */
  private static final int LIGHT = 32;

  private final Pipeline pipeline;
  private final Completions completions;
  private final Meter meter;
  private final Producer<byte[], byte[]> bulk;
  private final Producer<byte[], byte[]> prompt;
  private long next;

  LoadGenerator(String bootstrapServers, Pipeline pipeline, Completions completions, Meter meter) {
    this.pipeline = pipeline;
    this.completions = completions;
    this.meter = meter;
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
  private record Reading(long nanos, long ended, Usage usage) {}

  private Reading read() {
    return new Reading(System.nanoTime(), completions.ended(), meter.read());
  }

  /**
   * An execution that ran alone.
   *
   * @param took from its start to the reading of its completion
   */
  record Alone(long sequence, Duration took) {}

  /** One execution, so that what only happens once, such as a group's first assignment, is over. */
  void first() throws InterruptedException {
    alone(pipeline::start);
  }

  /**
   * One execution, while nothing else is under way.
   *
   * @param start makes its record
   */
  Alone alone(LongFunction<ProducerRecord<byte[], byte[]>> start) throws InterruptedException {
    completions.allow(1);
    completions.awaitRoom();
    completions.latencies();
    long sequence = next;
    send(prompt, System.nanoTime(), start);
    completions.awaitAll();
    return new Alone(
        sequence, Duration.of(completions.latencies().getMaxValue(), ChronoUnit.MICROS));
  }

  /**
   * Starts so many executions as fast as it can. They end at about the same time, and are late from
   * then on.
   */
  void burst(int count, long dueNanos, LongFunction<ProducerRecord<byte[], byte[]>> start) {
    completions.latencies();
    for (int i = 0; i < count; i++) {
      completions.check();
      send(bulk, dueNanos, start);
    }
    bulk.flush();
  }

  /**
   * Waits for the end of all.
   *
   * @param dueNanos the moment that they wait for
   * @return how late they were, in microseconds
   */
  Histogram awaitBurst(long dueNanos) {
    completions.awaitAll(dueNanos);
    return completions.latencies();
  }

  /**
   * Closed loop: as fast as executions end, with at most so many under way. Waits for the last one,
   * which no longer counts.
   *
   * @param count windows, one after the other at the same load
   */
  Windows saturate(int inFlight, Duration warmUp, Duration window, int count)
      throws InterruptedException {
    load(inFlight, warmUp);
    List<Throughput> windows = new ArrayList<>();
    Reading from = read();
    for (int i = 0; i < count; i++) {
      run(System.nanoTime() + window.toNanos());
      Reading to = read();
      windows.add(between(from, to, window));
      from = to;
    }
    completions.awaitAll();
    completions.latencies();
    return new Windows(windows);
  }

  /**
   * The same without measuring anything.
   *
   * @param inFlight not fewer than ever before
   */
  void warmUp(int inFlight, Duration warmUp) throws InterruptedException {
    load(inFlight, warmUp);
    completions.awaitAll();
    completions.latencies();
  }

  /**
   * Most of the time is at light load: under full load the compilers of both JVMs would get so
   * little of the cores that they'd still be busy minutes later.
   */
  private void load(int inFlight, Duration warmUp) throws InterruptedException {
    completions.allow(Math.min(inFlight, LIGHT));
    run(System.nanoTime() + warmUp.toNanos() * 2 / 3);
    completions.allow(inFlight);
    run(System.nanoTime() + warmUp.toNanos() / 3);
  }

  private Throughput between(Reading from, Reading to, Duration window) {
    long ended = to.ended() - from.ended();
    if (ended == 0) {
      throw new BenchFailure(
          "%s: no execution ended within the measured %d s"
              .formatted(pipeline.name(), window.toSeconds()));
    }
    double seconds = (to.nanos() - from.nanos()) / 1e9;
    Usage used = to.usage().since(from.usage());
    return new Throughput(
        ended,
        ended / seconds,
        used.cpuSeconds() * 1_000 / ended,
        used.cpuSeconds() / (seconds * Runtime.getRuntime().availableProcessors()),
        used.wire().per(ended));
  }

  private void run(long untilNanos) throws InterruptedException {
    while (true) {
      completions.awaitRoom();
      long now = System.nanoTime();
      if (now >= untilNanos) {
        completions.giveRoomBack();
        return;
      }
      send(bulk, now);
    }
  }

  /**
   * Open loop: starts are due at even distances, whatever has become of the earlier ones, and
   * latency counts from when a start was due.
   *
   * @return the latencies in microseconds
   */
  Histogram pace(int perSecond, Duration window) {
    return pace(perSecond, window, System.nanoTime());
  }

  /** The same, the first of which is due at a given moment. */
  Histogram pace(int perSecond, Duration window, long first) {
    completions.latencies();
    long interval = 1_000_000_000L / perSecond;
    long count = window.toNanos() / interval;
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
    send(producer, dueNanos, pipeline::start);
  }

  private void send(
      Producer<byte[], byte[]> producer,
      long dueNanos,
      LongFunction<ProducerRecord<byte[], byte[]>> start) {
    long sequence = next++;
    completions.begins(sequence, dueNanos);
    producer.send(
        start.apply(sequence),
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
