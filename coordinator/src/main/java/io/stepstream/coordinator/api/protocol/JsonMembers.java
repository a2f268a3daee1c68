package io.stepstream.coordinator.api.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes members of a JSON object in AWS JSON 1.0: what is null is left out, times are seconds
 * since the epoch with three decimals, payloads are strings that hold JSON text.
 *
 * <p>Not thread safe. It writes to memory, so an I/O error is a bug.
 */
public final class JsonMembers {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonGenerator generator;

  JsonMembers(JsonGenerator generator) {
    this.generator = generator;
  }

  public JsonMembers text(String name, @Nullable String value) {
    return value == null ? this : write(() -> generator.writeStringField(name, value));
  }

  /** A payload, given in UTF-8. */
  public JsonMembers payload(String name, byte @Nullable [] utf8) {
    return utf8 == null ? this : payload(name, ByteBuffer.wrap(utf8));
  }

  /** A payload, given in UTF-8; the buffer stays as it is. */
  public JsonMembers payload(String name, @Nullable ByteBuffer utf8) {
    if (utf8 == null) {
      return this;
    }
    return write(
        () -> {
          byte[] bytes = new byte[utf8.remaining()];
          utf8.duplicate().get(bytes);
          generator.writeFieldName(name);
          generator.writeUTF8String(bytes, 0, bytes.length);
        });
  }

  public JsonMembers number(String name, @Nullable Long value) {
    return value == null ? this : write(() -> generator.writeNumberField(name, value.longValue()));
  }

  public JsonMembers number(String name, @Nullable Integer value) {
    return value == null ? this : number(name, Long.valueOf(value));
  }

  public JsonMembers decimal(String name, double value) {
    return write(() -> generator.writeNumberField(name, value));
  }

  public JsonMembers flag(String name, boolean value) {
    return write(() -> generator.writeBooleanField(name, value));
  }

  public JsonMembers time(String name, @Nullable Instant value) {
    return value == null
        ? this
        : write(
            () -> generator.writeNumberField(name, BigDecimal.valueOf(value.toEpochMilli(), 3)));
  }

  /** A value in AWS's own shape. */
  public JsonMembers tree(String name, @Nullable JsonNode value) {
    if (value == null) {
      return this;
    }
    return write(
        () -> {
          generator.writeFieldName(name);
          JSON.writeTree(generator, value);
        });
  }

  public JsonMembers object(String name, Consumer<JsonMembers> members) {
    return write(
        () -> {
          generator.writeObjectFieldStart(name);
          members.accept(this);
          generator.writeEndObject();
        });
  }

  /** An array of objects, each written by {@code members}. */
  public <T> JsonMembers objects(String name, Iterable<T> values, Consumer<T> members) {
    return write(
        () -> {
          generator.writeArrayFieldStart(name);
          for (T value : values) {
            generator.writeStartObject();
            members.accept(value);
            generator.writeEndObject();
          }
          generator.writeEndArray();
        });
  }

  /** An array of strings. */
  public JsonMembers texts(String name, Iterable<String> values) {
    return write(
        () -> {
          generator.writeArrayFieldStart(name);
          for (String value : values) {
            generator.writeString(value);
          }
          generator.writeEndArray();
        });
  }

  private JsonMembers write(Writing writing) {
    try {
      writing.write();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Writing {
    void write() throws IOException;
  }
}
