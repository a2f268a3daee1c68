package io.stepstream.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.schemas.SampleRecords;
import io.stepstream.schemas.Stepstream;
import io.stepstream.schemas.codec.RowCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.io.JsonEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Guards the released versions, and writes a new one when asked to:
 *
 * <pre>mvn -pl schemas -am test -Dtest=RecordVersionsTest -Dstepstream.schemas.accept=true \
 *     -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
class RecordVersionsTest {

  private static final Path RESOURCES = Path.of("src/main/resources/io/stepstream/schemas");
  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  static List<Schema> records() {
    return Stepstream.PROTOCOL.getTypes().stream()
        .filter(schema -> schema.getType() == Schema.Type.RECORD)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("records")
  void shouldHaveReleasedTheCurrentVersionOfEveryRecord(Schema schema) throws IOException {
    List<RecordVersion> versions = RecordVersions.released().of(schema.getFullName());
    long fingerprint = SchemaNormalization.parsingFingerprint64(schema);
    boolean released = versions.stream().anyMatch(v -> v.fingerprint() == fingerprint);
    if (!released && Boolean.getBoolean("stepstream.schemas.accept")) {
      accept(schema, versions.size() + 1);
      return;
    }
    assertThat(released)
        .withFailMessage(
            """
            %s differs from all of its %d released versions, so it has no bundled id.
            If that isn't what you wanted, undo the change in stepstream.avdl. If it is:
              1. only fields with defaults, enum symbols and union branches may be added;
              2. run  mvn -pl schemas -am test -Dtest=RecordVersionsTest \
            -Dstepstream.schemas.accept=true -Dsurefire.failIfNoSpecifiedTests=false
                 which adds versions/%s/%d.avsc, its id and its golden files;
              3. run the tests again, and commit all of that. Never edit what is there.\
            """,
            schema.getFullName(), versions.size(), schema.getName(), versions.size() + 1)
        .isTrue();
  }

  @ParameterizedTest
  @MethodSource("records")
  void shouldReadEveryReleasedVersion(Schema schema) {
    for (RecordVersion version : RecordVersions.released().of(schema.getFullName())) {
      var compatibility =
          SchemaCompatibility.checkReaderWriterCompatibility(schema, version.schema());
      assertThat(compatibility.getType())
          .as("%s as written by version %d: %s", schema.getName(), version.number(), compatibility)
          .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
    }
  }

  @Test
  void shouldGiveEveryVersionAnIdOfItsOwn() {
    Map<Integer, RecordVersion> ids = RecordVersions.released().byId();

    assertThat(ids).isNotEmpty();
    assertThat(ids.keySet()).allMatch(id -> id >= RecordVersions.FIRST_ID);
  }

  @Test
  void shouldNumberVersionsWithoutGaps() {
    for (Schema schema : records()) {
      List<RecordVersion> versions = RecordVersions.released().of(schema.getFullName());
      for (int i = 0; i < versions.size(); i++) {
        assertThat(versions.get(i).number()).as(schema.getName()).isEqualTo(i + 1);
      }
    }
  }

  @Test
  void shouldRefuseToRegisterWhatIsNotBundled() {
    Schema foreign = Schema.createRecord("Foreign", null, "org.example", false, List.of());
    SchemaRegistry bundled = SchemaRegistry.bundled();

    assertThatThrownBy(() -> bundled.register("x-value", foreign))
        .isInstanceOf(SchemaRejectedException.class)
        .hasMessageContaining("org.example.Foreign");
    assertThat(bundled.byId(7)).isInstanceOf(SchemaLookup.Missing.class);
  }

  private static synchronized void accept(Schema schema, int number) throws IOException {
    int id = nextId();
    Path versions = Files.createDirectories(RESOURCES.resolve("versions/" + schema.getName()));
    Files.writeString(versions.resolve(number + ".avsc"), schema.toString(true) + "\n");
    Files.writeString(
        RESOURCES.resolve("bundled-ids.properties"),
        "%s/%d=%d %016x%n"
            .formatted(
                schema.getName(), number, id, SchemaNormalization.parsingFingerprint64(schema)),
        StandardOpenOption.APPEND);
    Path golden = Files.createDirectories(GOLDEN.resolve(schema.getName()));
    writeGolden(SampleRecords.typeOf(schema), golden, number);
  }

  private static int nextId() throws IOException {
    return Files.readAllLines(RESOURCES.resolve("bundled-ids.properties")).stream()
            .filter(line -> !line.startsWith("#"))
            .mapToInt(line -> Integer.parseInt(line.split("[= ]")[1]))
            .max()
            .orElse(RecordVersions.FIRST_ID - 1)
        + 1;
  }

  private static <T extends SpecificRecordBase> void writeGolden(
      Class<T> type, Path folder, int number) throws IOException {
    T sample = SampleRecords.complete(type, number);
    Files.write(folder.resolve(number + ".bin"), RowCodec.of(type).encode(sample));
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    JsonEncoder encoder = EncoderFactory.get().jsonEncoder(sample.getSchema(), json, true);
    new SpecificDatumWriter<T>(sample.getSchema(), SpecificData.getForClass(type))
        .write(sample, encoder);
    encoder.flush();
    json.write('\n');
    Files.write(folder.resolve(number + ".json"), json.toByteArray());
  }
}
