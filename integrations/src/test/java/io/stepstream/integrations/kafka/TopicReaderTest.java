package io.stepstream.integrations.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.worker.handler.TaskFailedException;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.junit.jupiter.api.Test;

/** What a real broker does not do on demand; the rest is tested against one. */
final class TopicReaderTest {

  @Test
  void shouldFailRatherThanEndWhereBrokersFallSilent() {
    try (MockConsumer<byte[], byte[]> silent = new MockConsumer<>("none")) {
      TopicReader reader =
          new TopicReader(
              silent,
              "orders",
              new RecordText(Format.TEXT, Format.JSON),
              10,
              1_000,
              Duration.ofMillis(1));

      assertThatThrownBy(() -> reader.read(List.of(new Span(0, 2, 5))))
          .isInstanceOfSatisfying(
              TaskFailedException.class,
              failed -> {
                assertThat(failed.error()).isEqualTo("Kafka.Timeout");
                assertThat(failed.causeText()).contains("orders", "next=2", "end=5");
              });
    }
  }
}
