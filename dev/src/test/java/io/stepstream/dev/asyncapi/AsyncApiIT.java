package io.stepstream.dev.asyncapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.dev.client.StepFunctionsClient;
import io.stepstream.dev.testkit.CommittedRecords;
import io.stepstream.dev.testkit.StepstreamProcess;
import io.stepstream.schemas.ExecutionCompleted;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.StartExecution;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.topic.DeadLetter;
import io.stepstream.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code asyncapi.yaml} says, against the records of a running stack. */
class AsyncApiIT {

  private static final String MACHINE =
      """
      {
        "StartAt": "Quote",
        "States": {
          "Quote": {
            "Type": "Task",
            "Resource": "arn:aws:lambda:us-east-1:000000000000:function:quote-price",
            "End": true
          }
        }
      }
      """;

  private static final byte[] GARBAGE = "no record".getBytes(StandardCharsets.UTF_8);

  @Test
  void shouldBeWhatIsOnTheTopics(@TempDir Path directory) throws Exception {
    AsyncApiDocument document = AsyncApiDocument.read();
    try (StepstreamProcess dev = StepstreamProcess.dev(directory, directory.resolve("data"))) {
      String brokers = dev.bootstrapServers();

      // when an execution of each type and garbage are published
      publish(
          brokers,
          start(create(dev, "standard", "STANDARD")),
          start(create(dev, "express", "EXPRESS")),
          GARBAGE);

      // then the records of each channel are as the document says
      for (ConsumerRecord<byte[], byte[]> end :
          CommittedRecords.atLeast(brokers, Topics.COMPLETIONS, 2)) {
        ExecutionCompleted completed = value(end, ExecutionCompleted.class);
        assertThat(text(end.key())).isEqualTo(completed.getExecutionArn());
        assertHeaders(document.message("completions"), end);
      }
      for (ConsumerRecord<byte[], byte[]> order :
          CommittedRecords.atLeast(brokers, Topics.tasks("lambda"), 2)) {
        assertThat(order.key()).isNull();
        assertThat(value(order, TaskOrder.class).getFunction()).isEqualTo("quote-price");
        assertHeaders(document.message("tasks"), order);
      }
      for (String channel : List.of("history", "expressHistory")) {
        List<ConsumerRecord<byte[], byte[]>> transitions =
            CommittedRecords.atLeast(brokers, document.address(channel), 2);
        List<Long> ids = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> transition : transitions) {
          HistoryRecord record = value(transition, HistoryRecord.class);
          long first = record.getEvents().getFirst().getId();
          assertThat(text(transition.key()))
              .isEqualTo("%s#%012d".formatted(record.getExecutionArn(), first));
          record.getEvents().stream().map(HistoryEvent::getId).forEach(ids::add);
          assertHeaders(document.message(channel), transition);
        }
        assertThat(ids).as(channel).startsWith(1L, 2L, 3L).isSorted().doesNotHaveDuplicates();
      }
      ConsumerRecord<byte[], byte[]> letter =
          CommittedRecords.atLeast(brokers, Topics.DLQ, 1).getFirst();
      assertThat(letter.value()).isEqualTo(GARBAGE);
      assertHeaders(document.message("deadLetters"), letter);
      assertThat(text(letter.headers().lastHeader(DeadLetter.TOPIC).value()))
          .isEqualTo(Topics.START_EXECUTION);
    }
  }

  /** Only headers that the document lists, all that it requires, and their constant values. */
  private static void assertHeaders(
      AsyncApiDocument.Message message, ConsumerRecord<byte[], byte[]> record) {
    assertThat(record.headers())
        .as(message.name())
        .extracting(Header::key)
        .isSubsetOf(message.headers().keySet())
        .containsAll(message.requiredHeaders());
    for (Header header : record.headers()) {
      Object constant = message.headers().get(header.key()).get("const");
      if (constant != null) {
        assertThat(text(header.value())).as(header.key()).isEqualTo(constant);
      }
    }
  }

  private static String create(StepstreamProcess dev, String name, String type) throws Exception {
    try (StepFunctionsClient client = new StepFunctionsClient(dev.endpoint())) {
      return client
          .call(
              "CreateStateMachine",
              StepFunctionsClient.request()
                  .put("name", name)
                  .put("type", type)
                  .put("roleArn", "arn:aws:iam::000000000000:role/any")
                  .put("definition", MACHINE))
          .path("stateMachineArn")
          .asText();
    }
  }

  private static byte[] start(String stateMachineArn) {
    return WireCodec.forTopic(
            StartExecution.class, Topics.START_EXECUTION, SchemaRegistry.bundled())
        .encode(
            StartExecution.newBuilder()
                .setStateMachineArn(stateMachineArn)
                .setInput(Payloads.of("{\"product\":\"p\",\"quantity\":2}"))
                .build());
  }

  private static void publish(String brokers, byte[]... values) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", brokers),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (byte[] value : values) {
        producer.send(new ProducerRecord<>(Topics.START_EXECUTION, value)).get();
      }
    }
  }

  private static <T extends SpecificRecordBase> T value(
      ConsumerRecord<byte[], byte[]> record, Class<T> type) {
    return switch (WireCodec.forTopic(type, record.topic(), SchemaRegistry.bundled())
        .decode(record.value())) {
      case Decoded.Read<T>(T value) -> value;
      case Decoded.Unreadable<T>(String reason) ->
          throw new AssertionError(record.topic() + ": " + reason);
    };
  }

  private static String text(byte @Nullable [] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
  }
}
