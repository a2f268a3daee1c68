package io.stepstream.integrations.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.worker.handler.TaskFailedException;
import org.jspecify.annotations.Nullable;

/** How the bytes of a key or value are written in JSON. Safe for use by several threads. */
sealed interface Encoding permits Format, AvroEncoding {

  /** The bytes are not of that format; the message says what they are not. */
  final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(String message) {
      super(message);
    }
  }

  /**
   * What bytes say; none at all are JSON null.
   *
   * @throws TaskFailedException {@code Kafka.SchemaRegistry}: whether they are of that format can't
   *     be told now
   */
  JsonNode decode(byte @Nullable [] bytes) throws Unreadable;

  /**
   * The bytes of what a state gives; JSON null has none.
   *
   * @throws TaskFailedException {@code Kafka.SchemaRegistry}, {@code Kafka.Serialization}: it can't
   *     be written by its schema
   */
  byte @Nullable [] encode(JsonNode given) throws Unreadable;
}
