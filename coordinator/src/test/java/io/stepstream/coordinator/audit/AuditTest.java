package io.stepstream.coordinator.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.coordinator.access.Origin;
import io.stepstream.coordinator.access.TestPermissions;
import io.stepstream.schemas.AuditEvent;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.topic.Topics;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditTest {

  private static final Instant NOW = Instant.parse("2026-03-04T05:06:07.890Z");

  private final ObjectMapper json = new ObjectMapper();
  private final InMemoryAudit memory = new InMemoryAudit();
  private final AuditTrail trail = new AuditTrail(memory, "us-east-1", "111111111111", () -> NOW);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"stateMachineArn\":\"arn\",\"input\":\"{}\",\"name\":\"n\"} |"
            + " {\"stateMachineArn\":\"arn\",\"input\":\"HIDDEN_DUE_TO_SECURITY_REASONS\",\"name\":\"n\"}",
        "{\"tags\":[{\"key\":\"k\",\"value\":\"v\"}]} |"
            + " {\"tags\":[{\"key\":\"k\",\"value\":\"HIDDEN_DUE_TO_SECURITY_REASONS\"}]}",
        "{\"tagKeys\":[\"a\",\"b\"]} | {\"tagKeys\":[\"a\",\"b\"]}",
        "{\"unknown\":{\"name\":\"shown\",\"other\":1}} |"
            + " {\"unknown\":{\"name\":\"shown\",\"other\":\"HIDDEN_DUE_TO_SECURITY_REASONS\"}}",
        "[[[[[[[1]]]]]]] | [[[[[\"HIDDEN_DUE_TO_SECURITY_REASONS\"]]]]]",
      })
  void shouldShowWhatNamesThingsAndHideTheRest(String given, String shown) throws Exception {
    assertThat(Redaction.text(json.readTree(given))).isEqualTo(shown);
  }

  @Test
  void shouldHideWhatIsTooLongForAName() throws Exception {
    assertThat(Redaction.text(json.createObjectNode().put("name", "n".repeat(513))))
        .isEqualTo("{\"name\":\"HIDDEN_DUE_TO_SECURITY_REASONS\"}");
    assertThat(Redaction.text(json.createObjectNode())).isNull();
    assertThat(Redaction.text(null)).isNull();
  }

  @Test
  void shouldBoundWhatStrangersWrite() {
    for (int i = 0; i < 5_000; i++) {
      trail.recordStranger(
          "192.0.2.1",
          "u".repeat(5_000),
          AuditTrail.Call.ofAction("a".repeat(500), null, "r"),
          AuditTrail.End.error("E", "m"));
    }

    List<AuditEvent> events = memory.drain();
    assertThat(events).hasSizeBetween(1_000, 2_000);
    assertThat(events.getFirst().getUserAgent()).hasSize(1024);
    assertThat(events.getFirst().getEventName()).hasSize(64);
    assertThat(events.getFirst().getUserIdentity().getType()).isEqualTo("Unknown");
  }

  @Test
  void shouldWriteEventsToTheTopicAndTheOthersToTheLog() {
    WireCodec<AuditEvent> codec =
        WireCodec.forTopic(AuditEvent.class, Topics.AUDIT, SchemaRegistry.bundled());
    MockProducer<byte[], byte[]> producer =
        new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    List<String> logged = new CopyOnWriteArrayList<>();
    KafkaAudit audit =
        new KafkaAudit(
            producer, codec, (event, why) -> logged.add(event.getEventName() + ": " + why));
    audit.start();
    AuditEvent written = event("Written");
    audit.record(written);
    audit.record(event("Failed"));
    await().until(() -> producer.history().size() == 2);

    producer.completeNext();
    producer.errorNext(new TimeoutException("no broker"));
    audit.close();
    audit.record(event("Late"));

    assertThat(codec.decode(producer.history().getFirst().value()))
        .isEqualTo(new Decoded.Read<>(written));
    assertThat(producer.history().getFirst().topic()).isEqualTo("stepstream.audit");
    assertThat(producer.closed()).isTrue();
    assertThat(logged)
        .containsExactly(
            "Failed: org.apache.kafka.common.errors.TimeoutException: no broker",
            "Late: the node stops");
  }

  @Test
  void shouldHoldUpNobodyWhenTheQueueIsFull() {
    MockProducer<byte[], byte[]> producer =
        new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    List<String> logged = new CopyOnWriteArrayList<>();
    KafkaAudit audit =
        new KafkaAudit(
            producer,
            WireCodec.forTopic(AuditEvent.class, Topics.AUDIT, SchemaRegistry.bundled()),
            (_, why) -> logged.add(why));
    AuditEvent event = event("Many");
    // Nobody writes yet, as when the producer waits for brokers.
    for (int i = 0; i <= KafkaAudit.MOST_WAITING; i++) {
      audit.record(event);
    }

    assertThat(logged).containsExactly("the queue is full");
    audit.start();
    await().until(() -> producer.history().size() == KafkaAudit.MOST_WAITING);
    audit.close();
  }

  private AuditEvent event(String name) {
    trail.record(
        new Origin(TestPermissions.user("ada"), false, null, null),
        AuditTrail.Call.ofAction(name, null, "r"),
        AuditTrail.End.success(null));
    return memory.drain().getFirst();
  }
}
