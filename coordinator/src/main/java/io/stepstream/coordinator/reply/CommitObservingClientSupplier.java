package io.stepstream.coordinator.reply;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * Gives Kafka Streams clients that tell {@link CommitPacing} of commits and polls.
 *
 * <p>Streams has no hook after a commit, and a store's flush comes before it, so this is the one
 * place to learn that a transaction is through: under exactly-once v2 a stream thread commits
 * through its one producer, on its own thread.
 */
public final class CommitObservingClientSupplier implements KafkaClientSupplier {

  private final CommitPacing pacing;

  public CommitObservingClientSupplier(CommitPacing pacing) {
    this.pacing = pacing;
  }

  @Override
  public Admin getAdmin(Map<String, Object> config) {
    return Admin.create(config);
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    return new CommitObservingProducer(
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()), pacing);
  }

  @Override
  public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
    return new PollObservingConsumer(config, pacing);
  }

  @Override
  public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
    return consumer(config);
  }

  @Override
  public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
    return consumer(config);
  }

  private static Consumer<byte[], byte[]> consumer(Map<String, Object> config) {
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
