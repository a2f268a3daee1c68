package io.stepstream.schemas.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.schemas.FrameRow;
import io.stepstream.schemas.SampleRecords;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.codec.Decoded.Read;
import io.stepstream.schemas.codec.Decoded.Unreadable;
import io.stepstream.schemas.registry.RecordVersions;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RowCodecTest {

  @ParameterizedTest
  @MethodSource("io.stepstream.schemas.SampleRecords#types")
  void shouldSpeakTheSameFormatAsAvrosOwnCoders(Class<? extends SpecificRecordBase> type)
      throws IOException {
    compareWithAvro(type);
  }

  private static <T extends SpecificRecordBase> void compareWithAvro(Class<T> type)
      throws IOException {
    RowCodec<T> codec = RowCodec.of(type);
    SpecificData model = SpecificData.getForClass(type);
    var encoder = new BinaryMessageEncoder<T>(model, model.getSchema(type));
    var decoder = new BinaryMessageDecoder<T>(model, model.getSchema(type));
    RecordVersions.released()
        .of(type.getName())
        .forEach(version -> decoder.addSchema(version.schema()));
    for (int seed = 0; seed < 50; seed++) {
      T original = SampleRecords.random(type, seed);

      assertThat(decoder.decode(codec.encode(original))).as("seed %d", seed).isEqualTo(original);
      byte[] theirs = Payloads.bytes(encoder.encode(original));
      assertThat(codec.read(theirs)).as("seed %d", seed).isEqualTo(original);
    }
  }

  @Test
  void shouldExplainWhyRowsAreUnreadable() {
    RowCodec<TaskSucceeded> codec = RowCodec.of(TaskSucceeded.class);
    byte[] good = codec.encode(new TaskSucceeded(Payloads.of("{}")));
    byte[] wrongMagic = good.clone();
    wrongMagic[1] = 2;
    byte[] newer = good.clone();
    newer[5]++;

    assertUnreadable(codec, null, "No row");
    assertUnreadable(codec, new byte[9], "9 bytes are too few");
    assertUnreadable(codec, wrongMagic, "0xc302");
    assertUnreadable(codec, newer, "newer release");
    assertUnreadable(
        codec,
        RowCodec.of(FrameRow.class).encode(SampleRecords.random(FrameRow.class, 1)),
        "is no released version of io.stepstream.schemas.TaskSucceeded");
    assertUnreadable(codec, java.util.Arrays.copyOf(good, good.length - 1), "EOF");
    assertUnreadable(codec, java.util.Arrays.copyOf(good, good.length + 1), "1 bytes follow");
    assertThat(codec.decode(good)).isEqualTo(new Read<>(new TaskSucceeded(Payloads.of("{}"))));
  }

  private static void assertUnreadable(RowCodec<?> codec, byte[] bytes, String reason) {
    assertThat(codec.decode(bytes))
        .isInstanceOfSatisfying(Unreadable.class, u -> assertThat(u.reason()).contains(reason));
  }

  @Test
  void shouldRefuseToGoOnWithACorruptRow() {
    RowCodec<FrameRow> codec = RowCodec.of(FrameRow.class);
    byte[] row = codec.encode(SampleRecords.random(FrameRow.class, 1));

    assertThatThrownBy(() -> codec.read(java.util.Arrays.copyOf(row, row.length / 2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Corrupt row of io.stepstream.schemas.FrameRow");
  }

  @Test
  void shouldShareArraysOnlyWhenTheBufferCoversThem() {
    byte[] array = {1, 2, 3, 4};
    ByteBuffer slice = ByteBuffer.wrap(array).position(1).slice();

    assertThat(Payloads.bytes(Payloads.of(array))).isSameAs(array);
    assertThat(Payloads.bytes(slice)).containsExactly(2, 3, 4);
    assertThat(Payloads.bytes(slice)).containsExactly(2, 3, 4);
    assertThat(Payloads.bytes(ByteBuffer.wrap(array).asReadOnlyBuffer())).isEqualTo(array);
  }
}
