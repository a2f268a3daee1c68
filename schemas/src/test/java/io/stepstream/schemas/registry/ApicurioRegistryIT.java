package io.stepstream.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.schemas.SampleRecords;
import io.stepstream.schemas.StartExecution;
import io.stepstream.schemas.TaskFailed;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.Decoded.Read;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.codec.WireCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.avro.shaded.org.apache.avro.Schema;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericData;
import org.apache.flink.avro.shaded.org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our client and Confluent's client against a registry that neither of us wrote. */
class ApicurioRegistryIT {

  private static ApicurioServer server;
  private static SchemaRegistry registry;

  @BeforeAll
  static void start() throws IOException {
    server = ApicurioServer.start();
    // Tried twice, as Confluent's client is told to: this server loses an answer now and then.
    registry = SchemaRegistry.at(server.url() + "," + server.url());
  }

  @AfterAll
  static void stop() {
    if (registry != null) {
      registry.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @ParameterizedTest
  @MethodSource("io.stepstream.schemas.SampleRecords#types")
  void shouldBeReadByConfluentsClientAndReadWhatItWrites(Class<? extends SpecificRecordBase> type)
      throws IOException {
    exchange(type);
  }

  private static <T extends SpecificRecordBase> void exchange(Class<T> type) throws IOException {
    String topic = "exchange." + type.getSimpleName();
    WireCodec<T> ours = WireCodec.forTopic(type, topic, registry);
    ConfluentClient theirs = new ConfluentClient(server.url(), SchemaRegistry.valueSubject(topic));
    for (int seed = 0; seed < 5; seed++) {
      T original = SampleRecords.complete(type, seed);
      byte[] written = ours.encode(original);

      ConfluentClient.Message read = theirs.read(written);
      byte[] writtenAgain = theirs.write(read);

      assertThat(read.schema().getFullName()).isEqualTo(type.getName());
      assertThat(writtenAgain).as("seed %d", seed).isEqualTo(written);
      assertThat(ours.decode(writtenAgain)).isEqualTo(new Read<>(original));
    }
  }

  @Test
  void shouldReadStartCommandsOfProducersThatKnowNothingOfJava() throws IOException {
    // As a Python producer would register it: without hints for Java and without optional fields.
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type":"record","name":"StartExecution","namespace":"io.stepstream.schemas",
                 "fields":[{"name":"stateMachineArn","type":"string"},
                           {"name":"input","type":"bytes"}]}\
                """);
    GenericRecord command = new GenericData.Record(schema);
    command.put("stateMachineArn", "arn:größer");
    command.put("input", ByteBuffer.wrap("{\"a\":1}".getBytes(StandardCharsets.UTF_8)));
    byte[] bytes =
        new ConfluentClient(server.url(), "python-value")
            .write(new ConfluentClient.Message(schema, command));

    Decoded<StartExecution> decoded =
        WireCodec.forTopic(StartExecution.class, "python", registry).decode(bytes);

    assertThat(decoded)
        .isEqualTo(
            new Read<>(
                StartExecution.newBuilder()
                    .setStateMachineArn("arn:größer")
                    .setInput(Payloads.of("{\"a\":1}"))
                    .build()));
  }

  @Test
  void shouldRegisterOnceAndFindAgain() {
    int id = registry.register("again-value", TaskFailed.getClassSchema());
    try (SchemaRegistry other = SchemaRegistry.at(server.url());
        SchemaRegistry reader = SchemaRegistry.at(RegistrySettings.at(server.url()).lookupOnly())) {
      assertThat(other.register("again-value", TaskFailed.getClassSchema())).isEqualTo(id);
      assertThat(reader.register("again-value", TaskFailed.getClassSchema())).isEqualTo(id);
      assertThat(other.byId(id)).isEqualTo(new SchemaLookup.Found(TaskFailed.getClassSchema()));
      assertThat(other.latest("again-value"))
          .isEqualTo(new SubjectLookup.Found(id, TaskFailed.getClassSchema()));
      assertThat(other.latest("none-value")).isInstanceOf(SubjectLookup.Missing.class);
    }
  }

  @Test
  void shouldNotRegisterWhenToldNotTo() {
    try (SchemaRegistry reader =
        SchemaRegistry.at(RegistrySettings.at(server.url()).lookupOnly())) {
      assertThatThrownBy(() -> reader.register("never-value", TaskFailed.getClassSchema()))
          .isInstanceOf(SchemaRejectedException.class)
          .hasMessageContaining("never-value")
          .hasMessageContaining("not registered");
    }
  }

  @Test
  void shouldSayThatAnIdIsUnknown() {
    assertThat(registry.byId(999_999))
        .isInstanceOfSatisfying(
            SchemaLookup.Missing.class,
            missing -> assertThat(missing.reason()).contains("999999", "no such id", server.url()));
  }

  @Test
  void shouldExplainAnIncompatibleSubject() throws IOException {
    registry.register("orders-value", TaskFailed.getClassSchema());
    server.requireCompatibility("orders-value", "BACKWARD");

    assertThatThrownBy(() -> registry.register("orders-value", TaskSucceeded.getClassSchema()))
        .isInstanceOf(SchemaRejectedException.class)
        .hasMessageContaining("io.stepstream.schemas.TaskSucceeded under subject orders-value")
        .hasMessageContaining("incompatible")
        .hasMessageContaining(server.url());
  }

  @Test
  void shouldStillReadWhatWasWrittenBeforeThereWasARegistry() {
    byte[] earlier =
        WireCodec.forTopic(TaskSucceeded.class, "topic", SchemaRegistry.bundled())
            .encode(new TaskSucceeded(Payloads.of("{}")));

    assertThat(WireCodec.forTopic(TaskSucceeded.class, "topic", registry).decode(earlier))
        .isEqualTo(new Read<>(new TaskSucceeded(Payloads.of("{}"))));
  }
}
