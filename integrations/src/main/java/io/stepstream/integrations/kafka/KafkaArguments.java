package io.stepstream.integrations.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.worker.handler.TaskFailedException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a state, each of the type that is asked for. Every method throws {@link
 * TaskFailedException} with {@code States.Runtime} for what is not so.
 */
record KafkaArguments(JsonNode given) {

  private static final String AVRO = "AVRO";

  /**
   * @param action for people
   */
  static KafkaArguments of(JsonNode given, Set<String> known, String action) {
    if (!given.isObject()) {
      throw refused("The arguments of %s must be an object.".formatted(action));
    }
    given
        .fieldNames()
        .forEachRemaining(
            field -> {
              if (!known.contains(field)) {
                throw refused(
                    "%s has no argument '%s', but %s."
                        .formatted(action, field, String.join(", ", new TreeSet<>(known))));
              }
            });
    return new KafkaArguments(given);
  }

  static TaskFailedException refused(String message) {
    return new TaskFailedException("States.Runtime", message);
  }

  boolean has(String name) {
    return given.hasNonNull(name);
  }

  @Nullable JsonNode get(String name) {
    return given.get(name);
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(value(name))
        .map(
            value -> {
              if (!value.isTextual()) {
                throw refused("The argument '%s' must be a string.".formatted(name));
              }
              return value.textValue();
            });
  }

  String connection() {
    return text("Connection").orElse(KafkaConnections.DEFAULT);
  }

  String topic() {
    return text("Topic")
        .filter(topic -> !topic.isEmpty())
        .orElseThrow(() -> refused("The argument 'Topic' is missing."));
  }

  OptionalLong number(String name, long least, long most) {
    JsonNode value = value(name);
    return value == null ? OptionalLong.empty() : OptionalLong.of(number(name, value, least, most));
  }

  private static long number(String name, JsonNode value, long least, long most) {
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.longValue() < least
        || value.longValue() > most) {
      throw refused(
          "The argument '%s' must be a whole number from %d to %d.".formatted(name, least, most));
    }
    return value.longValue();
  }

  /** Milliseconds since the epoch, given as such or in ISO 8601. */
  OptionalLong moment(String name) {
    JsonNode value = value(name);
    if (value == null || value.isNumber()) {
      return number(name, 0, Long.MAX_VALUE);
    }
    try {
      Instant moment = OffsetDateTime.parse(value.asText()).toInstant();
      if (moment.isBefore(Instant.EPOCH)) {
        throw refused("The argument '%s' is before 1970.".formatted(name));
      }
      return OptionalLong.of(moment.toEpochMilli());
    } catch (DateTimeParseException | ArithmeticException _) {
      throw refused(
          "The argument '%s' must be a moment, as 2026-11-26T18:00:00Z or in milliseconds."
              .formatted(name));
    }
  }

  /**
   * What {@code KeyFormat} and {@code ValueFormat} name.
   *
   * @param part {@code Key} or {@code Value}
   * @param connection whose registry has the schemas
   */
  Optional<Encoding> encoding(String part, KafkaConnection connection) {
    String name = part + "Format";
    String idName = part + "SchemaId";
    OptionalLong id = number(idName, 0, Integer.MAX_VALUE);
    Optional<String> text = text(name);
    if (text.isPresent() && text.get().equals(AVRO)) {
      return Optional.of(
          new AvroEncoding(
              connection.registry(),
              part.equals("Key")
                  ? SchemaRegistry.keySubject(topic())
                  : SchemaRegistry.valueSubject(topic()),
              id.isPresent() ? OptionalInt.of((int) id.getAsLong()) : OptionalInt.empty()));
    }
    if (id.isPresent()) {
      throw refused("The argument '%s' needs '%s' to be AVRO.".formatted(idName, name));
    }
    return text.map(
        given -> {
          for (Format format : Format.values()) {
            if (format.name().equals(given)) {
              return format;
            }
          }
          throw refused("The argument '%s' must be JSON, TEXT, BASE64 or AVRO.".formatted(name));
        });
  }

  /** Empty: absent. */
  Optional<Set<Integer>> partitions(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isArray() || value.isEmpty()) {
      throw refused("The argument '%s' must be an array of partitions.".formatted(name));
    }
    Set<Integer> partitions = new TreeSet<>();
    value.forEach(each -> partitions.add((int) number(name, each, 0, Integer.MAX_VALUE)));
    return Optional.of(partitions);
  }

  /** Offsets by partition; empty: absent. */
  Optional<Map<Integer, Long>> offsets(String name) {
    JsonNode value = value(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isObject()) {
      throw refused("The argument '%s' must be an object of offsets.".formatted(name));
    }
    Map<Integer, Long> offsets = new TreeMap<>();
    value
        .properties()
        .forEach(
            entry ->
                offsets.put(
                    partition(name, entry.getKey()),
                    number(name, entry.getValue(), 0, Long.MAX_VALUE)));
    return Optional.of(offsets);
  }

  private static int partition(String name, String text) {
    try {
      int partition = Integer.parseInt(text);
      if (partition >= 0) {
        return partition;
      }
    } catch (NumberFormatException _) {
      // as a negative one
    }
    throw refused("In the argument '%s', '%s' is no partition.".formatted(name, text));
  }

  private @Nullable JsonNode value(String name) {
    return has(name) ? given.get(name) : null;
  }
}
