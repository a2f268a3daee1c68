package io.stepstream.coordinator.trigger;

import io.stepstream.schemas.TopicTrigger;
import io.stepstream.schemas.TriggerFormat;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.registry.RegistryUnavailableException;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Records and triggers as tests need them. */
final class Records {

  static final Instant AT = Instant.parse("2026-01-31T08:00:00.000Z");
  static final String MACHINE = "arn:aws:states:us-east-1:111111111111:stateMachine:m";

  private Records() {}

  static ConsumerRecord<byte[], byte[]> record(long offset, @Nullable String value) {
    return record("orders", 3, offset, "key", bytes(value), new RecordHeaders());
  }

  static ConsumerRecord<byte[], byte[]> record(
      String topic,
      int partition,
      long offset,
      @Nullable String key,
      byte @Nullable [] value,
      Headers headers) {
    byte[] keyBytes = bytes(key);
    return new ConsumerRecord<>(
        topic,
        partition,
        offset,
        AT.toEpochMilli(),
        TimestampType.CREATE_TIME,
        keyBytes == null ? -1 : keyBytes.length,
        value == null ? -1 : value.length,
        keyBytes,
        value,
        headers,
        Optional.empty());
  }

  static byte @Nullable [] bytes(@Nullable String text) {
    return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
  }

  /** What a registry that nobody answers for throws. */
  static RegistryUnavailableException registryAway() {
    try (SchemaRegistry nobody = SchemaRegistry.at("http://127.0.0.1:1")) {
      nobody.byId(1);
      throw new AssertionError("somebody has answered");
    } catch (RegistryUnavailableException e) {
      return e;
    }
  }

  static TopicTrigger trigger(
      TriggerFormat format,
      @Nullable String filter,
      @Nullable String input,
      @Nullable String executionName) {
    return new TopicTrigger(
        "t",
        "id",
        "orders",
        MACHINE,
        format,
        filter,
        input == null ? null : Payloads.of(input.getBytes(StandardCharsets.UTF_8)),
        executionName,
        List.of(),
        false,
        AT,
        AT);
  }
}
