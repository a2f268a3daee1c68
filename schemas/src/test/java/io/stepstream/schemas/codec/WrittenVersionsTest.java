package io.stepstream.schemas.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.InspectExecution;
import io.stepstream.schemas.JobRuns;
import io.stepstream.schemas.LaunchExecution;
import io.stepstream.schemas.NestedPattern;
import io.stepstream.schemas.ParentTask;
import io.stepstream.schemas.ReplyWhen;
import io.stepstream.schemas.SampleRecords;
import io.stepstream.schemas.registry.RecordVersion;
import io.stepstream.schemas.registry.RecordVersions;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WrittenVersionsTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  private static List<RecordVersion> versions(String record) {
    return RecordVersions.released().of("io.stepstream.schemas." + record);
  }

  static Stream<RecordVersion> samples() {
    return SampleRecords.types()
        .flatMap(type -> RecordVersions.released().of(type.getName()).stream());
  }

  /** Nobody whose release knew the version that a value came in must be unable to read it now. */
  @ParameterizedTest
  @MethodSource("samples")
  void shouldWriteWhatItHasReadInNoLaterVersion(RecordVersion version) throws IOException {
    check(SampleRecords.typeOf(version.schema()), version);
  }

  private static <T extends SpecificRecordBase> void check(Class<T> type, RecordVersion version)
      throws IOException {
    byte[] golden =
        Files.readAllBytes(
            GOLDEN.resolve("%s/%d.bin".formatted(version.schema().getName(), version.number())));
    RowCodec<T> codec = RowCodec.of(type);
    T value = codec.read(golden);

    byte[] again = codec.encode(value);

    RecordVersion written = writtenAs(type.getSimpleName(), again);
    // Before the first releases fields were taken away, too: what has none for them can't be older.
    List<Schema> schemas =
        versions(type.getSimpleName()).stream().map(RecordVersion::schema).toList();
    assertThat(written.number())
        .isLessThanOrEqualTo(Math.max(version.number(), Additions.floor(schemas) + 1));
    assertThat(codec.read(again)).isEqualTo(value);
    // All of it is of that version, by Avro's own account.
    BinaryDecoder rest =
        DecoderFactory.get().binaryDecoder(Arrays.copyOfRange(again, 10, again.length), null);
    new GenericDatumReader<>(written.schema()).read(null, rest);
    assertThat(rest.isEnd()).isTrue();
  }

  private static RecordVersion writtenAs(String record, byte[] row) {
    long fingerprint = ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
    return versions(record).stream()
        .filter(version -> version.fingerprint() == fingerprint)
        .findFirst()
        .orElseThrow();
  }

  private static int writtenAs(Envelope envelope) {
    byte[] record =
        WireCodec.forTopic(Envelope.class, "t", SchemaRegistry.bundled()).encode(envelope);
    int id = ByteBuffer.wrap(record).getInt(1);
    return versions("Envelope").stream()
        .filter(version -> version.id() == id)
        .findFirst()
        .orElseThrow()
        .number();
  }

  private static Envelope envelope(Object body) {
    return new Envelope("arn", 1, 0L, 0, 0L, null, body);
  }

  private static LaunchExecution launch(ParentTask parent) {
    return new LaunchExecution(
        "machine",
        "r1",
        0L,
        "n",
        true,
        Payloads.of("{}"),
        Instant.EPOCH,
        null,
        ReplyWhen.STARTED,
        null,
        parent,
        null);
  }

  @Test
  void shouldWriteAKnownCommandSoThatTheFirstReleaseReadsIt() {
    assertThat(writtenAs(envelope(new InspectExecution(false)))).isEqualTo(1);
    assertThat(writtenAs(envelope(launch(null)))).isEqualTo(1);
  }

  @Test
  void shouldWriteWhatIsNewInTheVersionThatBroughtIt() {
    int jobs =
        versions("Envelope").stream()
            .filter(
                version ->
                    version.schema().getField("body").schema().getTypes().stream()
                        .anyMatch(branch -> branch.getName().equals("JobRuns")))
            .findFirst()
            .orElseThrow()
            .number();

    assertThat(jobs).isGreaterThan(1);
    assertThat(writtenAs(envelope(new JobRuns("job", null, 1_000L, 0, null)))).isEqualTo(jobs);
  }

  @Test
  void shouldLookIntoWhatIsWithin() {
    ParentTask first = new ParentTask("parent", 1L, 1, NestedPattern.SYNC, 1);
    ParentTask second = new ParentTask("parent", 1L, 1, NestedPattern.SYNC, 2);

    assertThat(writtenAs(envelope(launch(first)))).isLessThan(7);
    assertThat(writtenAs(envelope(launch(second)))).isEqualTo(7);
  }

  @Test
  void shouldWriteARowOfTheFirstGenerationAsBefore() throws IOException {
    RowCodec<ExecutionRow> codec = RowCodec.of(ExecutionRow.class);
    ExecutionRow row = codec.read(Files.readAllBytes(GOLDEN.resolve("ExecutionRow/4.bin")));

    assertThat(writtenAs("ExecutionRow", codec.encode(row)).number()).isLessThan(5);
    row.setGeneration(2);
    assertThat(writtenAs("ExecutionRow", codec.encode(row)).number()).isEqualTo(5);
  }

  @Test
  void shouldLetARegistryTellOfTheCurrentVersion() {
    MemoryRegistry registry = new MemoryRegistry();
    WireCodec<Envelope> codec = WireCodec.forTopic(Envelope.class, "t", registry);

    byte[] record = codec.encode(envelope(new InspectExecution(false)));

    assertThat(registry.byId(ByteBuffer.wrap(record).getInt(1)))
        .isEqualTo(
            new io.stepstream.schemas.registry.SchemaLookup.Found(Envelope.getClassSchema()));
  }

  @Test
  void shouldNotWriteAVersionWithAFieldThatIsGone() {
    Schema first = SchemaBuilder.record("R").fields().requiredInt("a").requiredInt("b").endRecord();
    Schema second = SchemaBuilder.record("R").fields().requiredInt("a").endRecord();
    Schema third =
        SchemaBuilder.record("R").fields().requiredInt("a").optionalString("c").endRecord();

    assertThat(Additions.floor(List.of(first, second, third))).isEqualTo(1);
    assertThat(Additions.floor(List.of(second, third))).isZero();
  }

  @Test
  void shouldRefuseARecordThatContainsItself() {
    Schema list =
        SchemaBuilder.record("L").fields().name("next").type().optional().type("L").endRecord();

    assertThatThrownBy(() -> Additions.of(List.of(list, list), SpecificData.get()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("L contains itself");
  }
}
