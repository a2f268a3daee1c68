package io.stepstream.dev.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.dev.Refusal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedBrokerTest {

  @Test
  void shouldKeepCommittedRecordsOverARestartOnOtherPorts(@TempDir Path directory)
      throws Exception {
    // given a record written in a transaction
    int firstPort;
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.in(directory))) {
      firstPort = broker.port();
      try (Admin admin = Admin.create(client(broker))) {
        admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1))).all().get();
      }
      try (KafkaProducer<String, String> producer =
          new KafkaProducer<>(
              Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "writer"),
              new StringSerializer(),
              new StringSerializer())) {
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("kept", "key", "value"));
        producer.commitTransaction();
      }
    }

    // when the broker starts again on the same directory
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.in(directory))) {

      // then the record is there
      assertThat(broker.port()).isNotEqualTo(firstPort);
      assertThat(readFirst(broker, "kept")).isEqualTo("value");
    }
  }

  @Test
  void shouldRefuseAPortInUseInOneSentenceWithTheRemedy(@TempDir Path directory) throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = other.getLocalPort();
      assertThatThrownBy(() -> EmbeddedBroker.start(BrokerSettings.in(directory).withPort(port)))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("Port " + port)
          .hasMessageContaining("--kafka-port");
    }
  }

  private static Map<String, Object> client(EmbeddedBroker broker) {
    return Map.of("bootstrap.servers", broker.bootstrapServers());
  }

  private static String readFirst(EmbeddedBroker broker, String topic) {
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(new TopicPartition(topic, 0)));
      for (int attempt = 0; attempt < 50; attempt++) {
        for (var consumed : consumer.poll(Duration.ofMillis(200))) {
          return consumed.value();
        }
      }
    }
    throw new AssertionError("no record on " + topic);
  }
}
