package io.stepstream.integrations.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.items.ItemPage;
import io.stepstream.asl.items.ItemRequest;
import io.stepstream.asl.items.ReadRefused;
import io.stepstream.asl.json.Json;
import io.stepstream.worker.handler.JsonText;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskFailedException;
import io.stepstream.worker.handler.TaskHandler;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * Reads a page of a distributed Map's items from a topic. The first page fixes where each partition
 * begins and ends; the cursor of a page says what of that is left, so that any worker reads on,
 * straight from there, and a page that is read again has the same records.
 *
 * <p>Partitions are read one after another: the order of items is the same whenever they are read.
 */
@Singleton
public final class ReadTopicHandler implements TaskHandler {

  private static final Set<String> ARGUMENTS =
      Stream.of(TopicRange.ARGUMENTS, RecordText.ARGUMENTS)
          .flatMap(Set::stream)
          .collect(Collectors.toUnmodifiableSet());

  private static final int CURSOR_FRAME_BYTES = 64;

  private final KafkaConnections connections;

  @Inject
  public ReadTopicHandler(KafkaConnections connections) {
    this.connections = connections;
  }

  @Override
  public List<String> serves() {
    return List.of(ItemRequest.TOPIC_RESOURCE);
  }

  @Override
  public byte[] handleBytes(byte[] input, TaskContext context)
      throws IOException, InterruptedException {
    try {
      return page(ItemRequest.decode(input)).encode();
    } catch (ReadRefused e) {
      throw new TaskFailedException(ItemRequest.ERROR, e.getMessage());
    } catch (TaskFailedException e) {
      throw new TaskFailedException(
          ItemRequest.ERROR, "%s: %s".formatted(e.error(), e.causeText()));
    }
  }

  private ItemPage page(ItemRequest request) throws IOException, InterruptedException {
    KafkaArguments arguments =
        KafkaArguments.of(
            JsonText.read(Json.encodeUtf8(request.source().arguments())), ARGUMENTS, "kafka:read");
    TopicRange range = TopicRange.of(arguments);
    KafkaConnection connection = connections.find(range.connection());
    connection.requireAllowed(range.topic());
    RecordText text = RecordText.of(arguments, connection);
    String cursor = request.cursor();
    if (cursor == null && request.from() > 0) {
      throw new ReadRefused("The request has no cursor, though it is not for the first page.");
    }
    List<Span> spans = cursor == null ? range.spans(connection) : TopicCursor.decode(cursor);
    List<Span> left = new ArrayList<>(spans);
    left.removeIf(Span::isOver);
    int most = most(request);
    int room =
        Math.min(
            request.pageBytes(),
            ItemPage.MOST_BYTES - CURSOR_FRAME_BYTES - TopicCursor.MOST_BYTES * left.size());
    try (Consumer<byte[], byte[]> consumer = connection.consumer(most)) {
      TopicReader reader =
          new TopicReader(consumer, range.topic(), text, most, room, TopicReader.SILENCE);
      while (!left.isEmpty() && !reader.isFull()) {
        Span rest = reader.read(List.of(left.getFirst())).getFirst();
        if (rest.isOver()) {
          left.removeFirst();
        } else {
          left.set(0, rest);
        }
      }
      boolean last = left.isEmpty() || isEnough(request, reader.count());
      return new ItemPage(
          request.from(), reader.array(), last, last ? null : TopicCursor.encode(left));
    }
  }

  private static int most(ItemRequest request) {
    long maxItems = request.source().maxItems();
    return maxItems == 0
        ? request.pageItems()
        : Math.clamp(maxItems - request.from(), 0, request.pageItems());
  }

  private static boolean isEnough(ItemRequest request, int count) {
    long maxItems = request.source().maxItems();
    return maxItems > 0 && request.from() + count >= maxItems;
  }

  @Override
  public JsonNode handle(JsonNode input, TaskContext context)
      throws IOException, InterruptedException {
    return JsonText.read(handleBytes(JsonText.write(input), context));
  }
}
