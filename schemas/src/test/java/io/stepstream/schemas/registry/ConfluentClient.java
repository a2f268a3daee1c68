package io.stepstream.schemas.registry;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.RestService;
import org.apache.flink.avro.shaded.org.apache.avro.Schema;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericDatumReader;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericDatumWriter;
import org.apache.flink.avro.shaded.org.apache.avro.io.BinaryEncoder;
import org.apache.flink.avro.shaded.org.apache.avro.io.DecoderFactory;
import org.apache.flink.avro.shaded.org.apache.avro.io.EncoderFactory;
import org.apache.flink.formats.avro.registry.confluent.ConfluentSchemaRegistryCoder;

/** Reads and writes topics as others do: Confluent's client, Flink's framing, their Avro. */
final class ConfluentClient {

  /** What was read, and the schema it was written in. */
  record Message(Schema schema, Object datum) {}

  private static final int LONGEST_ANSWER_MILLIS = 10_000;

  private final ConfluentSchemaRegistryCoder coder;

  ConfluentClient(String url, String subject) {
    // It waits for ever by default, and an answer has got lost between the two once. An address
    // that is given twice is tried twice.
    RestService rest = new RestService(List.of(url, url));
    rest.setHttpReadTimeoutMs(LONGEST_ANSWER_MILLIS);
    this.coder =
        new ConfluentSchemaRegistryCoder(subject, new CachedSchemaRegistryClient(rest, 1000));
  }

  Message read(byte[] bytes) throws IOException {
    ByteArrayInputStream in = new ByteArrayInputStream(bytes);
    Schema schema = coder.readSchema(in);
    Object datum =
        new GenericDatumReader<>(schema)
            .read(null, DecoderFactory.get().directBinaryDecoder(in, null));
    if (in.available() > 0) {
      throw new IOException(in.available() + " bytes left");
    }
    return new Message(schema, datum);
  }

  /** Registers the schema, as Confluent's serializers do by default. */
  byte[] write(Message message) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    coder.writeSchema(message.schema(), out);
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    new GenericDatumWriter<>(message.schema()).write(message.datum(), encoder);
    encoder.flush();
    return out.toByteArray();
  }
}
