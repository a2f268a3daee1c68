package io.stepstream.schemas.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.ExecutionCompleted;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.SampleRecords;
import io.stepstream.schemas.TaskFailed;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.codec.Decoded.Read;
import io.stepstream.schemas.codec.Decoded.Unreadable;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.registry.SubjectLookup;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WireCodecTest {

  private final MemoryRegistry registry = new MemoryRegistry();

  @ParameterizedTest
  @MethodSource("io.stepstream.schemas.SampleRecords#types")
  void shouldReadWhatItWrote(Class<? extends SpecificRecordBase> type) {
    roundTrip(type, SchemaRegistry.bundled());
  }

  private static <T extends SpecificRecordBase> void roundTrip(
      Class<T> type, SchemaRegistry registry) {
    WireCodec<T> codec = WireCodec.forTopic(type, "topic", registry);
    for (int seed = 0; seed < 50; seed++) {
      T original = SampleRecords.random(type, seed);

      assertThat(codec.decode(codec.encode(original)))
          .as("seed %d", seed)
          .isEqualTo(new Read<>(original));
    }
  }

  @Test
  void shouldReadOnlyTheFirstFields() {
    WireCodec<ExecutionCompleted> codec =
        WireCodec.forTopic(ExecutionCompleted.class, "topic", registry);
    WireCodec<ExecutionCompleted> arns = codec.ofFirstFields(1);
    for (int seed = 0; seed < 50; seed++) {
      ExecutionCompleted original = SampleRecords.random(ExecutionCompleted.class, seed);
      byte[] bytes = codec.encode(original);

      assertThat(arns.decode(bytes))
          .as("seed %d", seed)
          .isInstanceOfSatisfying(
              Read.class,
              read -> {
                var record = (ExecutionCompleted) read.value();
                assertThat(record.getExecutionArn()).isEqualTo(original.getExecutionArn());
                assertThat(record.getInput()).isNull();
              });
      assertThat(arns.decode(Arrays.copyOf(bytes, bytes.length - 1)))
          .as("without its last byte, seed %d", seed)
          .isInstanceOf(Unreadable.class);
      assertThat(arns.decode(Arrays.copyOf(bytes, bytes.length + 1)))
          .as("with a byte too many, seed %d", seed)
          .isInstanceOf(Unreadable.class);
    }
  }

  @Test
  void shouldWriteConfluentsPrefix() {
    WireCodec<TaskSucceeded> codec = WireCodec.forTopic(TaskSucceeded.class, "orders", registry);

    byte[] bytes = codec.encode(new TaskSucceeded(Payloads.of("{}")));

    assertThat(bytes).containsExactly(0, 0, 0, 0, 1, 4, '{', '}');
    assertThat(registry.subjects).containsExactly("orders-value");
  }

  @Test
  void shouldRegisterOnceAndAskOncePerId() {
    WireCodec<TaskSucceeded> codec = WireCodec.forTopic(TaskSucceeded.class, "orders", registry);
    codec.register();

    for (int i = 0; i < 3; i++) {
      codec.decode(codec.encode(new TaskSucceeded(Payloads.of("1"))));
    }

    assertThat(registry.subjects).hasSize(1);
    assertThat(registry.lookups).hasValue(1);
  }

  @Test
  void shouldNotMoveTheBuffersItWrites() {
    WireCodec<TaskSucceeded> codec = WireCodec.forTopic(TaskSucceeded.class, "orders", registry);
    ByteBuffer middle = ByteBuffer.wrap("__{}__".getBytes()).position(2).limit(4);
    TaskSucceeded result = new TaskSucceeded(middle);

    assertThat(codec.encode(result)).isEqualTo(codec.encode(result));
    assertThat(middle.position()).isEqualTo(2);
    assertThat(Payloads.text(middle)).isEqualTo("{}");
  }

  @Test
  void shouldKeepDecodedPayloadsApart() {
    WireCodec<TaskSucceeded> codec = WireCodec.forTopic(TaskSucceeded.class, "orders", registry);
    Decoded<TaskSucceeded> first =
        codec.decode(codec.encode(new TaskSucceeded(Payloads.of("1111"))));
    codec.decode(codec.encode(new TaskSucceeded(Payloads.of("2222"))));

    assertThat(first).isEqualTo(new Read<>(new TaskSucceeded(Payloads.of("1111"))));
  }

  @Test
  void shouldExplainWhyBytesAreUnreadable() {
    WireCodec<TaskSucceeded> codec = WireCodec.forTopic(TaskSucceeded.class, "orders", registry);
    byte[] good = codec.encode(new TaskSucceeded(Payloads.of("{}")));
    int foreign = registry.register("x", TaskFailed.getClassSchema());
    int primitive = registry.register("y", Schema.create(Schema.Type.STRING));

    assertUnreadable(codec, null, "No value");
    assertUnreadable(codec, new byte[0], "0 bytes are too few");
    assertUnreadable(codec, new byte[] {0, 0, 0, 1}, "4 bytes are too few");
    assertUnreadable(codec, "{\"a\":1}".getBytes(), "0x7b");
    assertUnreadable(codec, new byte[] {0, 0, 0, 0, 77, 0}, "no id 77");
    assertUnreadable(
        codec,
        new byte[] {0, 0, 0, 0, (byte) foreign, 0, 0},
        "not a io.stepstream.schemas.TaskSucceeded");
    assertUnreadable(codec, new byte[] {0, 0, 0, 0, (byte) primitive, 0}, "is a string");
    assertUnreadable(codec, java.util.Arrays.copyOf(good, good.length - 1), "EOF");
    assertUnreadable(codec, java.util.Arrays.copyOf(good, good.length + 3), "3 bytes follow");
    assertThat(codec.decode(good)).isInstanceOf(Read.class);
  }

  private static void assertUnreadable(WireCodec<?> codec, byte[] bytes, String reason) {
    assertThat(codec.decode(bytes))
        .isInstanceOfSatisfying(Unreadable.class, u -> assertThat(u.reason()).contains(reason));
  }

  @Test
  void shouldFillInDefaultsForOlderWriters() throws IOException {
    Schema older =
        schema(
            """
            {"type":"record","name":"TaskFailed","namespace":"io.stepstream.schemas",
             "fields":[{"name":"error","type":["null","string"],"default":null}]}\
            """);
    GenericRecord written = new GenericData.Record(older);
    written.put("error", "Oops");

    assertThat(taskFailed().decode(wire(written)))
        .isEqualTo(new Read<>(new TaskFailed("Oops", null)));
  }

  @Test
  void shouldSkipFieldsOfNewerWriters() throws IOException {
    Schema newer =
        schema(
            """
            {"type":"record","name":"TaskFailed","namespace":"io.stepstream.schemas","fields":[
              {"name":"stack","type":{"type":"array","items":"string"},"default":[]},
              {"name":"error","type":["null","string"],"default":null},
              {"name":"cause","type":["null","string"],"default":null}]}\
            """);
    GenericRecord written = new GenericData.Record(newer);
    written.put("stack", List.of("at A", "at B"));
    written.put("cause", "Because");

    assertThat(taskFailed().decode(wire(written)))
        .isEqualTo(new Read<>(new TaskFailed(null, "Because")));
  }

  @Test
  void shouldReadNewEnumSymbolsAsUnknown() throws IOException {
    String text =
        ExecutionCompleted.getClassSchema()
            .toString()
            .replace("\"ABORTED\"", "\"ABORTED\",\"PAUSED\"");
    GenericRecord written = new GenericData.Record(schema(text));
    ExecutionCompleted sample = SampleRecords.complete(ExecutionCompleted.class, 3);
    for (Schema.Field field : written.getSchema().getFields()) {
      Object value = sample.get(field.pos());
      written.put(
          field.pos(), value instanceof java.time.Instant instant ? instant.toEpochMilli() : value);
    }
    written.put("lane", symbol(written, "lane", "EXPRESS"));
    written.put("status", symbol(written, "status", "PAUSED"));

    Decoded<ExecutionCompleted> decoded =
        WireCodec.forTopic(ExecutionCompleted.class, "topic", registry).decode(wire(written));

    assertThat(decoded)
        .isInstanceOfSatisfying(
            Read.class,
            read ->
                assertThat(((ExecutionCompleted) read.value()).getStatus())
                    .isEqualTo(ExecutionStatus.UNKNOWN));
  }

  private static GenericData.EnumSymbol symbol(GenericRecord record, String field, String symbol) {
    return new GenericData.EnumSymbol(record.getSchema().getField(field).schema(), symbol);
  }

  @Test
  void shouldReadNewerEnvelopesUnlessTheirBodyIsUnknown() throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode newer = (ObjectNode) json.readTree(Envelope.getClassSchema().toString());
    for (var field : newer.withArray("fields")) {
      if (field.get("name").asText().equals("body")) {
        ((ArrayNode) field.get("type"))
            .insert(0, json.readTree("{\"type\":\"record\",\"name\":\"Novel\",\"fields\":[]}"));
      }
    }
    Schema schema = schema(newer.toString());
    WireCodec<Envelope> codec = WireCodec.forTopic(Envelope.class, "topic", registry);

    GenericRecord known = envelope(schema, "TaskFailed");
    GenericRecord unknown = envelope(schema, "Novel");

    assertThat(codec.decode(wire(unknown))).isInstanceOf(Unreadable.class);
    assertThat(codec.decode(wire(known)))
        .isInstanceOfSatisfying(
            Read.class,
            read ->
                assertThat(((Envelope) read.value()).getBody())
                    .isEqualTo(new TaskFailed(null, null)));
  }

  private static GenericRecord envelope(Schema schema, String bodyType) {
    GenericRecord envelope = new GenericData.Record(schema);
    envelope.put("executionArn", "arn");
    envelope.put("generation", 1);
    envelope.put("frameId", 0L);
    envelope.put("epoch", 0);
    envelope.put("seq", 0L);
    Schema body =
        schema.getField("body").schema().getTypes().stream()
            .filter(branch -> branch.getName().equals(bodyType))
            .findFirst()
            .orElseThrow();
    envelope.put("body", new GenericData.Record(body));
    return envelope;
  }

  @Test
  void shouldThrowWhenTheRegistryCannotBeAskedAndReadLater() {
    WireCodec<TaskSucceeded> writer = WireCodec.forTopic(TaskSucceeded.class, "orders", registry);
    byte[] bytes = writer.encode(new TaskSucceeded(Payloads.of("{}")));
    boolean[] down = {true};
    SchemaRegistry flaky =
        new SchemaRegistry() {
          @Override
          public int register(String subject, Schema schema) {
            return registry.register(subject, schema);
          }

          @Override
          public io.stepstream.schemas.registry.SchemaLookup byId(int id) {
            if (down[0]) {
              throw new IllegalStateException("down");
            }
            return registry.byId(id);
          }

          @Override
          public SubjectLookup latest(String subject) {
            return registry.latest(subject);
          }

          @Override
          public void close() {}
        };
    WireCodec<TaskSucceeded> reader = WireCodec.forTopic(TaskSucceeded.class, "orders", flaky);

    assertThatThrownBy(() -> reader.decode(bytes)).hasMessage("down");
    down[0] = false;
    assertThat(reader.decode(bytes)).isInstanceOf(Read.class);
  }

  @Test
  void shouldServeManyThreads() throws Exception {
    WireCodec<Envelope> codec = WireCodec.forTopic(Envelope.class, "topic", registry);
    Callable<Boolean> work =
        () -> {
          for (int seed = 0; seed < 500; seed++) {
            Envelope original = SampleRecords.random(Envelope.class, seed);
            if (!codec.decode(codec.encode(original)).equals(new Read<>(original))) {
              return false;
            }
          }
          return true;
        };
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<Boolean> future :
          threads.invokeAll(IntStream.range(0, 8).mapToObj(_ -> work).toList())) {
        assertThat(future.get()).isTrue();
      }
    }
  }

  private WireCodec<TaskFailed> taskFailed() {
    return WireCodec.forTopic(TaskFailed.class, "topic", registry);
  }

  private static Schema schema(String json) {
    return new Schema.Parser().parse(json);
  }

  private byte[] wire(GenericRecord record) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int id = registry.register("newer", record.getSchema());
    out.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }
}
