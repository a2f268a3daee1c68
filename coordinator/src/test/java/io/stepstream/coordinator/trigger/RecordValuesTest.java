package io.stepstream.coordinator.trigger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.asl.json.Json;
import io.stepstream.schemas.ExecutionCompleted;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.TriggerFormat;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.RegistryUnavailableException;
import io.stepstream.schemas.registry.SchemaLookup;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.registry.SubjectLookup;
import io.stepstream.schemas.sealing.PayloadKeys;
import io.stepstream.schemas.topic.Topics;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

class RecordValuesTest {

  private static final Schema ORDER =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Order", "fields": [
                {"name": "id", "type": "long"},
                {"name": "price", "type": "double"},
                {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["A", "B"]}},
                {"name": "blob", "type": "bytes"},
                {"name": "note", "type": ["null", "string"]},
                {"name": "lines", "type": {"type": "array", "items": {"type": "map", "values": "int"}}}]}
              """);

  /** One schema, or out of reach. */
  private static final class OneSchema implements SchemaRegistry {
    boolean away;

    @Override
    public int register(String subject, Schema schema) {
      throw new AssertionError("nothing is registered");
    }

    @Override
    public SchemaLookup byId(int id) {
      if (away) {
        throw Records.registryAway();
      }
      return id == 7 ? new SchemaLookup.Found(ORDER) : new SchemaLookup.Missing("no id " + id);
    }

    @Override
    public SubjectLookup latest(String subject) {
      throw new AssertionError("nothing is written");
    }

    @Override
    public void close() {}
  }

  private final OneSchema registry = new OneSchema();
  private final RecordValues values = new RecordValues(registry, PayloadKeys.NONE);

  private static Object tree(RecordValues.Value value) {
    return ((RecordValues.Value.Tree) value).json();
  }

  private static String reason(RecordValues.Value value) {
    return ((RecordValues.Value.Malformed) value).reason();
  }

  private static byte[] order(double price) throws Exception {
    GenericRecord order = new GenericData.Record(ORDER);
    order.put("id", 5L);
    order.put("price", price);
    order.put("kind", new GenericData.EnumSymbol(ORDER.getField("kind").schema(), "B"));
    order.put("blob", ByteBuffer.wrap(new byte[] {1, 2}));
    order.put("note", null);
    order.put("lines", List.of(Map.of("n", 2)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(new byte[] {0, 0, 0, 0, 7});
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    new GenericDatumWriter<>(ORDER).write(order, encoder);
    return out.toByteArray();
  }

  @Test
  void shouldReadTextsAndBytes() {
    byte[] text = "größer".getBytes(UTF_8);
    byte[] noText = {(byte) 0xff};

    assertThat(tree(values.read(TriggerFormat.STRING, text))).isEqualTo("größer");
    assertThat(reason(values.read(TriggerFormat.STRING, noText))).contains("UTF-8");
    assertThat(tree(values.read(TriggerFormat.BYTES, noText))).isEqualTo("/w==");
    assertThat(tree(values.read(TriggerFormat.JSON, "[1]".getBytes(UTF_8)))).isEqualTo(List.of(1));
    assertThat(tree(values.read(TriggerFormat.JSON, null))).isSameAs(Json.NULL);
  }

  @Test
  void shouldReadAvroOfTheRegistry() throws Exception {
    assertThat(Json.encode(tree(values.read(TriggerFormat.AVRO, order(1.5)))))
        .isEqualTo(
            "{\"id\":5,\"price\":1.5,\"kind\":\"B\",\"blob\":\"AQI=\",\"note\":null,"
                + "\"lines\":[{\"n\":2}]}");
  }

  @Test
  void shouldTellWhatIsWrongWithAvro() throws Exception {
    byte[] unknown = order(1);
    unknown[4] = 8;
    byte[] cut = Arrays.copyOf(order(1), 12);

    assertThat(reason(values.read(TriggerFormat.AVRO, "{}".getBytes(UTF_8)))).contains("Confluent");
    assertThat(reason(values.read(TriggerFormat.AVRO, unknown))).isEqualTo("no id 8");
    assertThat(reason(values.read(TriggerFormat.AVRO, cut))).contains("id 7");
    assertThat(reason(values.read(TriggerFormat.AVRO, order(Double.NaN)))).contains("NaN");
  }

  @Test
  void shouldNotBlameAValueForARegistryThatIsAway() throws Exception {
    registry.away = true;
    byte[] order = order(1);

    assertThatThrownBy(() -> values.read(TriggerFormat.AVRO, order))
        .isInstanceOf(RegistryUnavailableException.class);
  }

  @Test
  void shouldReadCompletionsWithTheirPayloads() {
    RecordValues ours = new RecordValues(SchemaRegistry.bundled(), PayloadKeys.NONE);
    ExecutionCompleted end =
        ExecutionCompleted.newBuilder()
            .setExecutionArn("arn:e")
            .setStateMachineArn("arn:m")
            .setName("e")
            .setLane(Lane.STANDARD)
            .setStatus(ExecutionStatus.SUCCEEDED)
            .setStartDate(Instant.EPOCH)
            .setStopDate(Instant.EPOCH.plusSeconds(1))
            .setInput(Payloads.of("{\"n\":1}".getBytes(UTF_8)))
            .setOutput(Payloads.of("[2]".getBytes(UTF_8)))
            .build();
    byte[] value =
        WireCodec.forTopic(ExecutionCompleted.class, Topics.COMPLETIONS, SchemaRegistry.bundled())
            .encode(end);

    assertThat(Json.encode(tree(ours.read(TriggerFormat.COMPLETION, value))))
        .isEqualTo(
            "{\"executionArn\":\"arn:e\",\"stateMachineArn\":\"arn:m\",\"name\":\"e\","
                + "\"lane\":\"STANDARD\",\"status\":\"SUCCEEDED\","
                + "\"startDate\":\"1970-01-01T00:00:00Z\",\"stopDate\":\"1970-01-01T00:00:01Z\","
                + "\"input\":{\"n\":1},\"output\":[2]}");
    assertThat(ours.read(TriggerFormat.COMPLETION, new byte[] {9}))
        .isInstanceOf(RecordValues.Value.Malformed.class);
  }
}
