package io.stepstream.coordinator.trigger;

import io.stepstream.asl.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** What is told of a record beside its value, as the context object's {@code Trigger}. */
final class RecordContext {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private RecordContext() {}

  static Map<String, Object> of(String trigger, ConsumerRecord<byte[], byte[]> record) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("Name", trigger);
    told.put("Topic", record.topic());
    told.put("Partition", record.partition());
    told.put("Offset", record.offset());
    told.put("Timestamp", TIME.format(Instant.ofEpochMilli(record.timestamp())));
    told.put("Key", text(record.key()));
    told.put("Headers", headers(record));
    return told;
  }

  /** A name that is there several times has an array. */
  private static Map<String, Object> headers(ConsumerRecord<byte[], byte[]> record) {
    Map<String, List<Object>> all = new LinkedHashMap<>();
    for (Header header : record.headers()) {
      all.computeIfAbsent(header.key(), _ -> new ArrayList<>()).add(text(header.value()));
    }
    Map<String, Object> headers = new LinkedHashMap<>();
    all.forEach(
        (name, values) -> headers.put(name, values.size() == 1 ? values.getFirst() : values));
    return headers;
  }

  /** Text, if it is UTF-8, else base64. */
  static Object text(byte @Nullable [] bytes) {
    if (bytes == null) {
      return Json.NULL;
    }
    String text = utf8(bytes);
    return text == null ? Base64.getEncoder().encodeToString(bytes) : text;
  }

  /** Null: the bytes aren't UTF-8. */
  static @Nullable String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      return null;
    }
  }
}
