package io.stepstream.schemas.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.SampleRecords;
import io.stepstream.schemas.registry.RecordVersion;
import io.stepstream.schemas.registry.RecordVersions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rows as each released version wrote them, next to the same content in Avro's JSON encoding. They
 * are written once, by {@code RecordVersionsTest}, and never again.
 */
class GoldenFilesTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  static Stream<RecordVersion> versions() {
    return SampleRecords.types()
        .flatMap(type -> RecordVersions.released().of(type.getName()).stream());
  }

  @ParameterizedTest
  @MethodSource("versions")
  void shouldReadRowsOfEveryReleasedVersion(RecordVersion version) throws IOException {
    check(SampleRecords.typeOf(version.schema()), version);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void shouldHaveWrittenWhatTheJsonSays(RecordVersion version) throws IOException {
    byte[] row = Files.readAllBytes(file(version, "bin"));
    byte[] body = Arrays.copyOfRange(row, 10, row.length);
    GenericDatumReader<Object> reader = new GenericDatumReader<>(version.schema());

    Object fromRow = reader.read(null, DecoderFactory.get().binaryDecoder(body, null));
    Object fromJson =
        reader.read(
            null,
            DecoderFactory.get()
                .jsonDecoder(version.schema(), Files.readString(file(version, "json"))));

    assertThat(fromRow).isEqualTo(fromJson);
  }

  private static <T extends SpecificRecordBase> void check(Class<T> type, RecordVersion version)
      throws IOException {
    Schema current = SpecificData.get().getSchema(type);
    T expected =
        new SpecificDatumReader<T>(version.schema(), current, SpecificData.getForClass(type))
            .read(
                null,
                DecoderFactory.get()
                    .jsonDecoder(version.schema(), Files.readString(file(version, "json"))));

    T actual = RowCodec.of(type).read(Files.readAllBytes(file(version, "bin")));

    assertThat(actual).isEqualTo(expected);
  }

  private static Path file(RecordVersion version, String extension) {
    return GOLDEN.resolve(
        "%s/%d.%s".formatted(version.schema().getName(), version.number(), extension));
  }
}
