package io.stepstream.schemas.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.ExecutionCompleted;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.FrameRow;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.StartExecution;
import io.stepstream.schemas.StateMachineRevision;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.WorkerAnnouncement;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against Avro's own writer, for every record of a topic or store, with random contents. */
final class FieldWriterTest {

  static Stream<Class<? extends SpecificRecordBase>> records() {
    return Stream.of(
        Envelope.class,
        ExecutionCompleted.class,
        ExecutionRow.class,
        FrameRow.class,
        HistoryRecord.class,
        StartExecution.class,
        StateMachineRevision.class,
        TaskOrder.class,
        WorkerAnnouncement.class);
  }

  @ParameterizedTest
  @MethodSource("records")
  <T extends SpecificRecordBase> void shouldWriteTheBytesOfAvrosOwnWriter(Class<T> type)
      throws IOException {
    SpecificData model = SpecificData.getForClass(type);
    Schema schema = model.getSchema(type);
    var theirs = new SpecificDatumWriter<T>(schema, model);
    FieldWriter ours = FieldWriter.of(schema);
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      T record = type.cast(random(schema, model, random));

      assertThat(bytes(out -> ours.write(record, out)))
          .isEqualTo(bytes(out -> theirs.write(record, out)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"float\"", "[\"null\",\"string\",\"int\"]"})
  void shouldRefuseWhatNoRecordOfOursHas(String field) {
    Schema schema =
        new Schema.Parser()
            .parse(
                "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"f\",\"type\":%s}]}"
                    .formatted(field));

    assertThatThrownBy(() -> FieldWriter.of(schema))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("No record of ours has a field of type");
  }

  @Test
  void shouldRefuseALogicalTypeThatNoRecordOfOursHas() {
    Schema date = LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));

    assertThatThrownBy(() -> FieldWriter.of(date)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldFailOnARecordThatIsNoBranch() {
    FieldWriter writer = FieldWriter.of(Envelope.getClassSchema().getField("body").schema());
    StartExecution alien = new StartExecution("arn", null, ByteBuffer.allocate(0), null);

    assertThatThrownBy(() -> bytes(out -> writer.write(alien, out)))
        .isInstanceOf(ClassCastException.class);
    assertThatThrownBy(() -> bytes(out -> writer.write(null, out)))
        .isInstanceOf(ClassCastException.class);
  }

  @Test
  void shouldWriteABufferFromItsPosition() throws IOException {
    FieldWriter writer = FieldWriter.of(Schema.create(Schema.Type.BYTES));
    ByteBuffer part = ByteBuffer.wrap(new byte[] {1, 2, 3, 4}, 1, 2);

    assertThat(bytes(out -> writer.write(part, out))).containsExactly(4, 2, 3);
    assertThat(bytes(out -> writer.write(part.asReadOnlyBuffer(), out))).containsExactly(4, 2, 3);
  }

  private interface Writing {
    void to(BinaryEncoder out) throws IOException;
  }

  private static byte[] bytes(Writing writing) throws IOException {
    var bytes = new ByteArrayOutputStream();
    BinaryEncoder out = EncoderFactory.get().binaryEncoder(bytes, null);
    writing.to(out);
    out.flush();
    return bytes.toByteArray();
  }

  private static Object random(Schema schema, SpecificData model, Random random) {
    if (schema.getLogicalType() != null) {
      return Instant.ofEpochMilli(random.nextLong(1L << 42));
    }
    return switch (schema.getType()) {
      case RECORD -> {
        var record = (SpecificRecordBase) model.newRecord(null, schema);
        for (Schema.Field field : schema.getFields()) {
          record.put(field.pos(), random(field.schema(), model, random));
        }
        yield record;
      }
      case UNION ->
          random(schema.getTypes().get(random.nextInt(schema.getTypes().size())), model, random);
      case ARRAY ->
          IntStream.range(0, random.nextInt(4))
              .mapToObj(_ -> random(schema.getElementType(), model, random))
              .toList();
      case MAP -> {
        Map<String, Object> map = new HashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          map.put("key" + i, random(schema.getValueType(), model, random));
        }
        yield map;
      }
      case ENUM -> {
        List<String> symbols = schema.getEnumSymbols();
        yield model.createEnum(symbols.get(random.nextInt(symbols.size())), schema);
      }
      case STRING -> "Grüße, " + random.nextInt();
      case BYTES -> {
        byte[] bytes = new byte[random.nextInt(3000)];
        random.nextBytes(bytes);
        yield ByteBuffer.wrap(bytes);
      }
      case INT -> random.nextInt();
      case LONG -> random.nextLong();
      case BOOLEAN -> random.nextBoolean();
      case DOUBLE -> random.nextDouble();
      case NULL -> null;
      case FLOAT, FIXED -> throw new AssertionError(schema);
    };
  }
}
