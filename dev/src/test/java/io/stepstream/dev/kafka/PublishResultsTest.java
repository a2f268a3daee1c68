package io.stepstream.dev.kafka;

import static io.stepstream.dev.kafka.KafkaTasks.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.asl.items.TopicSpans;
import io.stepstream.asl.items.TopicWrite;
import io.stepstream.dev.testkit.CommittedRecords;
import io.stepstream.dev.testkit.KafkaExtension;
import io.stepstream.dev.testkit.KafkaFixture;
import io.stepstream.integrations.kafka.PublishResultsHandler;
import io.stepstream.worker.handler.TaskFailedException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A topic as ResultWriter. */
@ExtendWith(KafkaExtension.class)
final class PublishResultsTest {

  private static final String RUN = "arn:aws:states:us-east-1:1:mapRun:m/L:7f";

  private final KafkaFixture kafka;
  private final KafkaTasks tasks;

  PublishResultsTest(KafkaFixture kafka) {
    this.kafka = kafka;
    this.tasks = new KafkaTasks(kafka, Map.of(), PublishResultsHandler::new);
  }

  @AfterEach
  void close() {
    tasks.close();
  }

  private static TopicWrite write(
      Map<String, Object> arguments, boolean flatten, TopicWrite.Result... results) {
    return new TopicWrite("0", arguments, RUN, 3, flatten, List.of(results));
  }

  private static TopicWrite.Result result(long child, boolean succeeded, String json) {
    return new TopicWrite.Result(child, succeeded, utf8(json));
  }

  private TopicSpans publish(TopicWrite write) throws Exception {
    TopicWrite.Written written = TopicWrite.Written.decode(tasks.answer(write.encode()));
    assertThat(written.batch()).isEqualTo("0");
    return written.spans();
  }

  private List<String> texts(String topic) {
    return CommittedRecords.all(kafka.bootstrapServers(), topic).stream()
        .map(
            record ->
                "%s %s %s"
                    .formatted(
                        new String(record.key(), StandardCharsets.UTF_8),
                        header(record, "stepstream.result"),
                        new String(record.value(), StandardCharsets.UTF_8)))
        .toList();
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  @Test
  void shouldAppendARecordForEachResultAndTellWhere() throws Exception {
    String topic = kafka.createTopic("results", 1);
    tasks.append(topic, 0, "somebody else's");

    TopicSpans spans =
        publish(
            write(
                Map.of("Topic", topic, "Headers", Map.of("tenant", "7")),
                false,
                result(10, true, "[1.50,2]"),
                result(11, false, "{\"Error\":\"E\"}")));

    assertThat(spans).isEqualTo(TopicSpans.NONE.with(0, 1).with(0, 2));
    List<ConsumerRecord<byte[], byte[]>> records =
        CommittedRecords.all(kafka.bootstrapServers(), topic).subList(1, 3);
    assertThat(records).extracting(record -> header(record, "tenant")).containsOnly("7");
    assertThat(records)
        .extracting(record -> header(record, "stepstream.redrive-count"))
        .containsOnly("3");
    assertThat(records)
        .extracting(record -> header(record, "stepstream.map-run-arn"))
        .containsOnly(RUN);
    assertThat(records)
        .extracting(record -> new String(record.key(), StandardCharsets.UTF_8))
        .containsExactly("7f/10", "7f/11");
    assertThat(records)
        .extracting(record -> header(record, "stepstream.result"))
        .containsExactly("SUCCEEDED", "FAILED");
    assertThat(records)
        .extracting(record -> new String(record.value(), StandardCharsets.UTF_8))
        .containsExactly("[1.50,2]", "{\"Error\":\"E\"}");
  }

  @Test
  void shouldGiveARecordToEachElementOfWhatIsFlattened() throws Exception {
    String topic = kafka.createTopic("flat", 1);

    publish(
        write(
            Map.of("Topic", topic),
            true,
            result(0, true, "[\"a\",{\"b\":1}]"),
            result(1, true, "[]"),
            result(2, true, "{\"c\":2}"),
            result(3, false, "{\"Error\":\"E\"}")));

    assertThat(texts(topic))
        .containsExactly(
            "7f/0/0 SUCCEEDED \"a\"",
            "7f/0/1 SUCCEEDED {\"b\":1}",
            "7f/2 SUCCEEDED {\"c\":2}",
            "7f/3 FAILED {\"Error\":\"E\"}");
  }

  @Test
  void shouldAppendAgainUnderTheSameKeysAndTellOfTheLatest() throws Exception {
    String topic = kafka.createTopic("again", 1);
    TopicWrite write = write(Map.of("Topic", topic), false, result(0, true, "1"));
    publish(write);

    TopicSpans second = publish(write);

    assertThat(second).isEqualTo(TopicSpans.NONE.with(0, 1));
    assertThat(texts(topic)).containsExactly("7f/0 SUCCEEDED 1", "7f/0 SUCCEEDED 1");
  }

  @Test
  void shouldSayWhyResultsCantBePublished() {
    String small = kafka.createTopic("small", 1, Map.of("max.message.bytes", "1000"));
    fails("Kafka.UnknownTopicOrPartition: ", Map.of("Topic", "no-such-topic"), "1");
    fails("Kafka.RecordTooLarge: ", Map.of("Topic", small), '"' + "x".repeat(2_000) + '"');
    fails("States.Permissions: ", Map.of("Topic", "stepstream.std.inbox"), "1");
    fails("Kafka.ConnectionNotFound: ", Map.of("Topic", small, "Connection", "none"), "1");
    fails("States.Runtime: The argument 'Topic' is missing.", Map.of(), "1");
    fails(
        "States.Runtime: A ResultWriter has no argument 'Key', but",
        Map.of("Topic", small, "Key", "k"),
        "1");
    fails(
        "States.Runtime: The header 'stepstream.result' can't be set",
        Map.of("Topic", small, "Headers", Map.of("stepstream.result", "x")),
        "1");
  }

  private void fails(String cause, Map<String, Object> arguments, String json) {
    assertThatThrownBy(() -> publish(write(arguments, false, result(0, true, json))))
        .isInstanceOfSatisfying(
            TaskFailedException.class,
            failed -> {
              assertThat(failed.error()).isEqualTo("States.ResultWriterFailed");
              assertThat(failed.causeText()).startsWith(cause);
            });
  }
}
