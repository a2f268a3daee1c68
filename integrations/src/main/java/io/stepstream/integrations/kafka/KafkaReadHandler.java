package io.stepstream.integrations.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.worker.handler.JsonText;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskHandler;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * Serves {@code arn:aws:states:::kafka:read}: some records of a topic, and the offsets at which a
 * next call goes on. No consumer group takes part: the state machine itself keeps the offsets.
 */
@Singleton
public final class KafkaReadHandler implements TaskHandler {

  private static final Set<String> ARGUMENTS =
      Stream.of(TopicRange.ARGUMENTS, RecordText.ARGUMENTS, Set.of("MaxRecords", "MaxWaitSeconds"))
          .flatMap(Set::stream)
          .collect(Collectors.toUnmodifiableSet());

  private static final int MOST_RECORDS = 10_000;
  private static final int DEFAULT_RECORDS = 1_000;
  private static final int LONGEST_WAIT_SECONDS = 300;

  /** Of a partition and its offset, at most: {@code "2147483647":9223372036854775807,}. */
  private static final int OFFSET_BYTES = 33;

  private static final int FRAME_BYTES = 128;

  private final KafkaConnections connections;

  @Inject
  public KafkaReadHandler(KafkaConnections connections) {
    this.connections = connections;
  }

  @Override
  public List<String> serves() {
    return List.of("arn:aws:states:::kafka:read");
  }

  @Override
  public byte[] handleBytes(byte[] input, TaskContext context)
      throws IOException, InterruptedException {
    KafkaArguments arguments = KafkaArguments.of(JsonText.read(input), ARGUMENTS, "kafka:read");
    TopicRange range = TopicRange.of(arguments);
    int records = (int) arguments.number("MaxRecords", 1, MOST_RECORDS).orElse(DEFAULT_RECORDS);
    Duration wait =
        Duration.ofSeconds(arguments.number("MaxWaitSeconds", 0, LONGEST_WAIT_SECONDS).orElse(0));
    if (!wait.isZero() && !(range.to() instanceof TopicRange.Bound.Edge)) {
      throw KafkaArguments.refused(
          "'MaxWaitSeconds' waits for what comes, so there can be no end of it.");
    }
    KafkaConnection connection = connections.find(range.connection());
    connection.requireAllowed(range.topic());
    RecordText text = RecordText.of(arguments, connection);
    List<Span> spans = range.spans(connection);
    int room = TaskHandler.MOST_RESULT_BYTES - FRAME_BYTES - spans.size() * OFFSET_BYTES;
    try (Consumer<byte[], byte[]> consumer = connection.consumer(records)) {
      TopicReader reader =
          new TopicReader(consumer, range.topic(), text, records, room, TopicReader.SILENCE);
      List<Span> rest = reader.read(spans);
      if (reader.count() == 0 && !wait.isZero()) {
        rest = reader.await(rest, wait);
      }
      return answer(reader, rest);
    }
  }

  private static byte[] answer(TopicReader reader, List<Span> rest) {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    answer.writeBytes(utf8("{\"Records\":"));
    answer.writeBytes(reader.array());
    answer.writeBytes(
        utf8(
            rest.stream()
                .map(span -> "\"%d\":%d".formatted(span.partition(), span.next()))
                .collect(Collectors.joining(",", ",\"NextOffsets\":{", "}"))));
    answer.writeBytes(utf8(",\"EndReached\":" + !reader.isFull() + "}"));
    return answer.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public JsonNode handle(JsonNode input, TaskContext context)
      throws IOException, InterruptedException {
    return JsonText.read(handleBytes(JsonText.write(input), context));
  }
}
