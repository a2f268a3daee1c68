package io.stepstream.integrations.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.items.ReadRefused;
import io.stepstream.asl.items.TopicSpans;
import io.stepstream.asl.items.TopicWrite;
import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import io.stepstream.worker.handler.JsonText;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskFailedException;
import io.stepstream.worker.handler.TaskHandler;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Appends a distributed Map's results to a topic, a record for each. The key names the Map run and
 * the child's number in it, so that it is the same whenever the result is appended again: because a
 * worker died, or because the Map run was redriven. Where several have one key, those of the latest
 * redrive count, and are equal.
 */
@Singleton
public final class PublishResultsHandler implements TaskHandler {

  private static final Set<String> ARGUMENTS = Set.of("Connection", "Topic", "Headers");

  private final KafkaConnections connections;

  @Inject
  public PublishResultsHandler(KafkaConnections connections) {
    this.connections = connections;
  }

  @Override
  public List<String> serves() {
    return List.of(TopicWrite.RESOURCE);
  }

  @Override
  public byte[] handleBytes(byte[] input, TaskContext context)
      throws IOException, InterruptedException {
    try {
      return published(TopicWrite.decode(input)).encode();
    } catch (ReadRefused e) {
      throw new TaskFailedException(TopicWrite.ERROR, e.getMessage());
    } catch (TaskFailedException e) {
      throw new TaskFailedException(TopicWrite.ERROR, "%s: %s".formatted(e.error(), e.causeText()));
    }
  }

  private TopicWrite.Written published(TopicWrite write) throws IOException, InterruptedException {
    KafkaArguments arguments =
        KafkaArguments.of(
            JsonText.read(Json.encodeUtf8(write.arguments())), ARGUMENTS, "A ResultWriter");
    String topic = arguments.topic();
    RecordHeaders headers = GivenHeaders.of(arguments);
    headers.add(GivenHeaders.MAP_RUN, utf8(write.mapRunArn()));
    headers.add(GivenHeaders.REDRIVE, utf8(Integer.toString(write.redrive())));
    KafkaConnection connection = connections.find(arguments.connection());
    connection.requireAllowed(topic);
    // The producer would look for what isn't there until its time is over.
    connection.partitionsLately(topic);
    Producer<byte[], byte[]> producer = connection.producer();
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try {
      for (ProducerRecord<byte[], byte[]> record : records(write, topic, headers)) {
        sent.add(KafkaErrors.of(() -> producer.send(record)));
      }
      TopicSpans spans = TopicSpans.NONE;
      for (Future<RecordMetadata> each : sent) {
        RecordMetadata appended = KafkaErrors.get(each);
        spans = spans.with(appended.partition(), appended.offset());
      }
      return new TopicWrite.Written(write.batch(), spans);
    } catch (TaskFailedException e) {
      connection.forget(topic);
      throw e;
    }
  }

  private static List<ProducerRecord<byte[], byte[]>> records(
      TopicWrite write, String topic, RecordHeaders given) {
    String run = write.mapRunArn().substring(write.mapRunArn().lastIndexOf(':') + 1);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (TopicWrite.Result result : write.results()) {
      String key = run + '/' + result.child();
      RecordHeaders headers = new RecordHeaders(given);
      headers.add(GivenHeaders.RESULT, utf8(result.succeeded() ? "SUCCEEDED" : "FAILED"));
      if (write.flatten()
          && result.succeeded()
          && Json.decode(result.json()) instanceof Decoded.Tree(List<?> elements)) {
        int element = 0;
        for (Object each : elements) {
          records.add(
              new ProducerRecord<>(
                  topic, null, utf8(key + '/' + element++), Json.encodeUtf8(each), headers));
        }
      } else {
        records.add(new ProducerRecord<>(topic, null, utf8(key), result.json(), headers));
      }
    }
    return records;
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
