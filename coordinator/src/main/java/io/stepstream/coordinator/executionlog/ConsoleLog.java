package io.stepstream.coordinator.executionlog;

import io.stepstream.coordinator.reading.TopicReader;
import io.stepstream.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats the topic of execution logs on the logger {@code stepstream.execution-logs}, a line per
 * entry. The nodes share the topic's partitions, so each entry is told by one of them; after a
 * crash some may be told again.
 *
 * <p>It reads what is committed, rather than being called by the step: a step that is undone is
 * carried out again, and would be told twice or with another outcome.
 */
public final class ConsoleLog implements AutoCloseable {

  /** The consumer group in which nodes share the work. */
  public static final String GROUP = "stepstream-execution-logs";

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Logger LINES = LoggerFactory.getLogger("stepstream.execution-logs");

  private final Consumer<String> lines;
  private final TopicReader reader;

  /**
   * @param consumers make members of {@link #GROUP} that commit what was read before each poll
   */
  public ConsoleLog(
      Supplier<org.apache.kafka.clients.consumer.Consumer<byte[], byte[]>> consumers) {
    this(consumers, LINES::info);
  }

  ConsoleLog(
      Supplier<org.apache.kafka.clients.consumer.Consumer<byte[], byte[]>> consumers,
      Consumer<String> lines) {
    this.lines = lines;
    this.reader =
        new TopicReader(
            "stepstream-execution-logs", Topics.EXECUTION_LOGS, consumers, this::repeat);
  }

  public void start() {
    reader.start();
  }

  private void repeat(org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer) {
    consumer.subscribe(List.of(Topics.EXECUTION_LOGS));
    while (reader.isOpen()) {
      for (ConsumerRecord<byte[], byte[]> entry : consumer.poll(POLL)) {
        if (entry.value() != null) {
          lines.accept(new String(entry.value(), StandardCharsets.UTF_8));
        }
      }
    }
  }

  @Override
  public void close() {
    reader.close();
  }
}
