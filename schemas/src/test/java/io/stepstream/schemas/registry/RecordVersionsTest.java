package io.stepstream.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.stepstream.schemas.SampleRecords;
import io.stepstream.schemas.Stepstream;
import io.stepstream.schemas.codec.RowCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
 * Guards the versions, and writes them when asked to by {@code -Dstepstream.schemas.accept}:
 *
 * <pre>mvn -pl schemas -am test -Dtest=RecordVersionsTest -Dstepstream.schemas.accept=add \
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
  void shouldHaveTheCurrentVersionOfEveryRecord(Schema schema) throws IOException {
    List<RecordVersion> versions = RecordVersions.released().of(schema.getFullName());
    long fingerprint = SchemaNormalization.parsingFingerprint64(schema);
    boolean known = versions.stream().anyMatch(v -> v.fingerprint() == fingerprint);
    if (!known) {
      switch (System.getProperty("stepstream.schemas.accept", "")) {
        case "add" -> write(schema, versions.size() + 1);
        case "replace" -> write(schema, Math.max(1, versions.size()));
        default -> fail(instructions(schema, versions.size()));
      }
    }
  }

  private static String instructions(Schema schema, int versions) {
    return """
    %1$s differs from all of its %2$d versions, so it has no bundled id.
    If that isn't what you wanted, undo the change in stepstream.avdl. If it is, run
      mvn -pl schemas -am test -Dtest=RecordVersionsTest \
        -Dsurefire.failIfNoSpecifiedTests=false -Dstepstream.schemas.accept=ACCEPT
    where ACCEPT is
      replace  as long as version %2$d has never been in a release: it is written anew;
      add      otherwise: a new version and its golden files are added. Then only fields with
               defaults, enum symbols and union branches may be new, and nothing may be missing.
    Run the tests again and commit what was written.\
    """
        .formatted(schema.getFullName(), versions);
  }

  @ParameterizedTest
  @MethodSource("records")
  void shouldReadWhatEveryVersionWrote(Schema schema) {
    assumeThat(System.getProperty("stepstream.schemas.accept"))
        .as("versions are being written, those that were loaded are outdated")
        .isNull();
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

  private static void write(Schema schema, int number) throws IOException {
    Path versions = Files.createDirectories(RESOURCES.resolve("versions/" + schema.getName()));
    Files.writeString(versions.resolve(number + ".avsc"), schema.toString(true) + "\n");
    writeId(
        schema.getName() + "/" + number + "=", SchemaNormalization.parsingFingerprint64(schema));
    Path golden = Files.createDirectories(GOLDEN.resolve(schema.getName()));
    writeGolden(SampleRecords.typeOf(schema), golden, number);
  }

  /** A version that is replaced keeps its id. */
  private static void writeId(String key, long fingerprint) throws IOException {
    Path file = RESOURCES.resolve("bundled-ids.properties");
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    int highest = RecordVersions.FIRST_ID - 1;
    int at = lines.size();
    int id = 0;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (!line.startsWith("#")) {
        int lineId = Integer.parseInt(line.split("[= ]")[1]);
        highest = Math.max(highest, lineId);
        if (line.startsWith(key)) {
          at = i;
          id = lineId;
        }
      }
    }
    String line = "%s%d %016x".formatted(key, id == 0 ? highest + 1 : id, fingerprint);
    if (at < lines.size()) {
      lines.set(at, line);
    } else {
      lines.add(line);
    }
    Files.write(file, lines);
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
