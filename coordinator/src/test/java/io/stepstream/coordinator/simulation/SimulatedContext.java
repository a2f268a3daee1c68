package io.stepstream.coordinator.simulation;

import java.io.File;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.StreamsMetrics;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What a processor sees of Kafka Streams; its owner moves the clock and calls the punctuators.
 *
 * @param <F> what is forwarded
 */
final class SimulatedContext<F> implements ProcessorContext<Object, F> {

  /** Where a record came from. */
  record Source(String topic, int partition, long offset) implements RecordMetadata {}

  private static final class Schedule {
    private final long everyMillis;
    private final Punctuator punctuator;
    private long next;

    Schedule(long everyMillis, Punctuator punctuator, long next) {
      this.everyMillis = everyMillis;
      this.punctuator = punctuator;
      this.next = next;
    }
  }

  private final int partition;
  private final Map<String, StateStore> stores = new HashMap<>();
  private final LongSupplier clock;
  private final BiConsumer<Record<?, ?>, String> sinks;
  private final List<Schedule> schedules = new ArrayList<>();
  private @Nullable RecordMetadata metadata;

  SimulatedContext(int partition, LongSupplier clock, BiConsumer<Record<?, ?>, String> sinks) {
    this.partition = partition;
    this.clock = clock;
    this.sinks = sinks;
  }

  void store(String name, StateStore store) {
    stores.put(name, store);
  }

  void at(@Nullable RecordMetadata source) {
    metadata = source;
  }

  /** Calls the punctuators that are due; those of a gap are called once, as Kafka Streams does. */
  void punctuate() {
    long now = clock.getAsLong();
    for (Schedule schedule : schedules) {
      if (now >= schedule.next) {
        schedule.next = now + schedule.everyMillis;
        schedule.punctuator.punctuate(now);
      }
    }
  }

  @Override
  public TaskId taskId() {
    return new TaskId(0, partition);
  }

  @Override
  public Optional<RecordMetadata> recordMetadata() {
    return Optional.ofNullable(metadata);
  }

  @Override
  @SuppressWarnings("unchecked")
  public <S extends StateStore> S getStateStore(String name) {
    return (S) stores.get(name);
  }

  @Override
  public Cancellable schedule(Duration interval, PunctuationType type, Punctuator callback) {
    schedules.add(
        new Schedule(interval.toMillis(), callback, clock.getAsLong() + interval.toMillis()));
    return () -> {};
  }

  @Override
  public <K, V extends F> void forward(Record<K, V> record, String sink) {
    sinks.accept(record, sink);
  }

  /** Whoever drives the simulation decides when that is; it may be any time. */
  @Override
  public void commit() {}

  @Override
  public long currentSystemTimeMs() {
    return clock.getAsLong();
  }

  @Override
  public long currentStreamTimeMs() {
    return clock.getAsLong();
  }

  @Override
  public String applicationId() {
    return "simulation";
  }

  @Override
  public <K, V extends F> void forward(Record<K, V> record) {
    throw new UnsupportedOperationException("every record goes to a sink by name");
  }

  @Override
  public Cancellable schedule(
      Instant start, Duration interval, PunctuationType type, Punctuator callback) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Serde<?> keySerde() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Serde<?> valueSerde() {
    throw new UnsupportedOperationException();
  }

  @Override
  public File stateDir() {
    throw new UnsupportedOperationException();
  }

  @Override
  public StreamsMetrics metrics() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Map<String, Object> appConfigs() {
    return Map.of();
  }

  @Override
  public Map<String, Object> appConfigsWithPrefix(String prefix) {
    return Map.of();
  }
}
