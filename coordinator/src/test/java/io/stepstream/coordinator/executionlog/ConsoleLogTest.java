package io.stepstream.coordinator.executionlog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.topic.Topics;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ConsoleLogTest {

  private static final TopicPartition PARTITION = new TopicPartition(Topics.EXECUTION_LOGS, 0);

  private static MockConsumer<byte[], byte[]> consumer(long from, String... values) {
    MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("latest");
    consumer.schedulePollTask(
        () -> {
          consumer.rebalance(List.of(PARTITION));
          consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
          consumer.updateEndOffsets(Map.of(PARTITION, from));
          for (int i = 0; i < values.length; i++) {
            consumer.addRecord(
                new ConsumerRecord<>(
                    PARTITION.topic(),
                    0,
                    from + i,
                    null,
                    values[i] == null ? null : values[i].getBytes(UTF_8)));
          }
        });
    return consumer;
  }

  @Test
  void shouldTellEachEntryOnALineOfItsOwnAndGoOnAfterAFailure() throws InterruptedException {
    MockConsumer<byte[], byte[]> broken = consumer(0, "{\"id\":\"1\"}");
    MockConsumer<byte[], byte[]> next = consumer(1, null, "{\"id\":\"ö {}\"}");
    Queue<MockConsumer<byte[], byte[]>> consumers =
        new ConcurrentLinkedQueue<>(List.of(broken, next));
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    try (ConsoleLog log = new ConsoleLog(consumers::remove, lines::add)) {
      log.start();
      assertThat(lines.poll(10, TimeUnit.SECONDS)).isEqualTo("{\"id\":\"1\"}");
      broken.setPollException(new KafkaException("a broker is away"));
      assertThat(lines.poll(10, TimeUnit.SECONDS)).isEqualTo("{\"id\":\"ö {}\"}");
    }
    assertThat(broken.closed()).isTrue();
    assertThat(next.closed()).isTrue();
    assertThat(lines).isEmpty();
  }
}
