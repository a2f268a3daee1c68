package io.stepstream.dev.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.stepstream.dev.testkit.KafkaFixture;
import io.stepstream.integrations.Visit;
import io.stepstream.integrations.kafka.KafkaConnections;
import io.stepstream.worker.handler.TaskFailedException;
import io.stepstream.worker.handler.TaskHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/** A handler of records as a worker would have it, and a producer beside it. */
final class KafkaTasks implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  final KafkaProducer<byte[], byte[]> producer;
  private final Admin admin;
  private final KafkaConnections connections;
  private final TaskHandler handler;

  /**
   * @param settings the worker's, besides where Stepstream's brokers are
   */
  KafkaTasks(
      KafkaFixture kafka,
      Map<String, String> settings,
      Function<KafkaConnections, TaskHandler> handler) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("stepstream.kafka.bootstrap.servers", kafka.bootstrapServers());
    this.connections =
        new KafkaConnections(
            new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(all, "test", 100))
                .build());
    this.admin = kafka.admin();
    this.handler = handler.apply(connections);
    this.producer = producer(kafka, Map.of());
  }

  static KafkaProducer<byte[], byte[]> producer(KafkaFixture kafka, Map<String, Object> more) {
    Map<String, Object> config = new HashMap<>(more);
    config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static JsonNode json(String singleQuoted) {
    try {
      return JSON.readTree(singleQuoted.replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Appends values to a partition, one after another. */
  void append(String topic, int partition, String... values) throws Exception {
    for (String value : values) {
      producer.send(new ProducerRecord<>(topic, partition, null, utf8(value))).get();
    }
  }

  /**
   * Waits until the topic's one partition has so many offsets that no transaction holds back: the
   * markers are written after a transaction has been committed.
   */
  void awaitStable(String topic, long offsets) {
    TopicPartition partition = new TopicPartition(topic, 0);
    Awaitility.await("markers")
        .untilAsserted(
            () ->
                assertThat(
                        admin
                            .listOffsets(
                                Map.of(partition, OffsetSpec.latest()),
                                new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                            .partitionResult(partition)
                            .get()
                            .offset())
                    .isEqualTo(offsets));
  }

  byte[] answer(byte[] input) throws Exception {
    return handler.handleBytes(input, Visit.of(handler.serves().getFirst()));
  }

  JsonNode call(String arguments) throws Exception {
    byte[] answer = answer(JSON.writeValueAsBytes(json(arguments)));
    assertThat(answer).hasSizeLessThanOrEqualTo(TaskHandler.MOST_RESULT_BYTES);
    return JSON.readTree(answer);
  }

  void fails(String error, String cause, String arguments) {
    assertThatThrownBy(() -> call(arguments))
        .as(arguments)
        .isInstanceOfSatisfying(
            TaskFailedException.class,
            failed -> {
              assertThat(failed.error()).as(failed.toString()).isEqualTo(error);
              assertThat(failed.causeText()).contains(cause);
            });
  }

  @Override
  public void close() {
    producer.close();
    connections.close();
  }
}
