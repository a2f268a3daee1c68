package io.stepstream.integrations.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.schemas.registry.RegistryUnavailableException;
import io.stepstream.schemas.registry.SchemaLookup;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.registry.SubjectLookup;
import io.stepstream.worker.handler.TaskFailedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Avro in Confluent's wire format: a zero byte, four bytes of a schema's id, the value. It is read
 * by the schema that it names, whatever that is, and written by the one that the state names or by
 * the latest of the subject.
 *
 * @param subject of the records that are written, such as {@code orders-value}
 * @param schemaId by which they are written; empty: the subject's latest
 */
record AvroEncoding(SchemaRegistry registry, String subject, OptionalInt schemaId)
    implements Encoding {

  private static final int PREFIX_LENGTH = 5;

  private record Named(int id, Schema schema) {}

  @Override
  public JsonNode decode(byte @Nullable [] bytes) throws Unreadable {
    if (bytes == null) {
      return JsonNodeFactory.instance.nullNode();
    }
    if (bytes.length < PREFIX_LENGTH || bytes[0] != 0) {
      throw new Unreadable(
          "not Avro in Confluent's wire format, a zero byte and a schema's id before it");
    }
    int id = ByteBuffer.wrap(bytes).getInt(1);
    return switch (ask(() -> registry.byId(id))) {
      case SchemaLookup.Missing(String reason) ->
          throw new Unreadable("not of a known schema (%s)".formatted(reason));
      case SchemaLookup.Found(Schema schema) -> {
        try {
          BinaryDecoder in =
              DecoderFactory.get()
                  .binaryDecoder(bytes, PREFIX_LENGTH, bytes.length - PREFIX_LENGTH, null);
          yield AvroJson.json(new GenericDatumReader<>(schema).read(null, in));
        } catch (IOException | RuntimeException | StackOverflowError e) {
          // Avro reports malformed input by a dozen of exceptions, and recursion by depth.
          throw new Unreadable("not of its schema, id %d: %s".formatted(id, e));
        }
      }
    };
  }

  @Override
  public byte @Nullable [] encode(JsonNode given) {
    if (given.isNull()) {
      return null;
    }
    Named named = named();
    try {
      Object datum = AvroJson.datum(given, named.schema());
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.writeBytes(ByteBuffer.allocate(PREFIX_LENGTH).put((byte) 0).putInt(named.id()).array());
      BinaryEncoder out = EncoderFactory.get().binaryEncoder(bytes, null);
      new GenericDatumWriter<>(named.schema()).write(datum, out);
      out.flush();
      return bytes.toByteArray();
    } catch (AvroJson.Mismatch e) {
      throw failure(
          "The record for '%s' is not of the schema with id %d: %s"
              .formatted(subject, named.id(), e.getMessage()));
    } catch (IOException e) {
      throw new IllegalStateException("a datum in memory can't be written", e);
    }
  }

  private Named named() {
    if (schemaId.isPresent()) {
      int id = schemaId.getAsInt();
      return switch (ask(() -> registry.byId(id))) {
        case SchemaLookup.Found(Schema schema) -> new Named(id, schema);
        case SchemaLookup.Missing(String reason) -> throw failure(reason);
      };
    }
    return switch (ask(() -> registry.latest(subject))) {
      case SubjectLookup.Found(int id, Schema schema) -> new Named(id, schema);
      case SubjectLookup.Missing(String reason) -> throw failure(reason);
    };
  }

  private static TaskFailedException failure(String message) {
    return new TaskFailedException("Kafka.Serialization", message);
  }

  private static <T> T ask(Supplier<T> question) {
    try {
      return question.get();
    } catch (RegistryUnavailableException e) {
      throw new TaskFailedException("Kafka.SchemaRegistry", e.getMessage());
    }
  }
}
