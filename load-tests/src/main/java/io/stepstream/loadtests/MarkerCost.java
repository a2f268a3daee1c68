package io.stepstream.loadtests;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.DoubleSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What a transaction's marker costs the broker: rounds of one small record per partition in a
 * transaction each, against the same rounds without one.
 */
final class MarkerCost {

  private static final String TOPIC = "bench-markers";
  private static final byte[] VALUE = new byte[100];

  private final String bootstrapServers;
  private final int partitions;
  private final DoubleSupplier brokerCpuSeconds;

  MarkerCost(String bootstrapServers, int partitions, DoubleSupplier brokerCpuSeconds) {
    this.bootstrapServers = bootstrapServers;
    this.partitions = partitions;
    this.brokerCpuSeconds = brokerCpuSeconds;
  }

  /**
   * CPU-seconds per marker, the transaction's own requests among them.
   *
   * @param each how long each of the two kinds is repeated
   */
  double measure(Duration each) throws InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      admin.createTopics(List.of(new NewTopic(TOPIC, partitions, (short) 1))).all().get();
    } catch (ExecutionException e) {
      throw new BenchFailure(
          "The topic for markers can't be made: " + e.getCause().getMessage(), e);
    }
    double without;
    try (Producer<byte[], byte[]> producer = producer(Map.of())) {
      without =
          perRound(
              each,
              () -> {
                send(producer);
                producer.flush();
              });
    }
    double with;
    try (Producer<byte[], byte[]> producer = producer(Map.of("transactional.id", TOPIC))) {
      producer.initTransactions();
      with =
          perRound(
              each,
              () -> {
                producer.beginTransaction();
                send(producer);
                producer.commitTransaction();
              });
    }
    return Math.max(0, (with - without) / partitions);
  }

  private Producer<byte[], byte[]> producer(Map<String, Object> more) {
    Map<String, Object> config = new HashMap<>(more);
    config.put("bootstrap.servers", bootstrapServers);
    config.put("acks", "all");
    config.put("enable.metrics.push", "false");
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private void send(Producer<byte[], byte[]> producer) {
    for (int partition = 0; partition < partitions; partition++) {
      producer.send(new ProducerRecord<>(TOPIC, partition, null, VALUE));
    }
  }

  private double perRound(Duration time, Runnable round) {
    // The first rounds open connections and ask where partitions are.
    round.run();
    double before = brokerCpuSeconds.getAsDouble();
    long end = System.nanoTime() + time.toNanos();
    long rounds = 0;
    while (System.nanoTime() < end) {
      round.run();
      rounds++;
    }
    return (brokerCpuSeconds.getAsDouble() - before) / rounds;
  }
}
