package io.stepstream.schemas.sealing;

import static io.stepstream.schemas.sealing.TestKeys.key;
import static io.stepstream.schemas.sealing.TestKeys.version;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryEventDetails;
import io.stepstream.schemas.HistoryEventType;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.ShardOfMapRun;
import io.stepstream.schemas.StartShard;
import io.stepstream.schemas.Stepstream;
import io.stepstream.schemas.TaskFailed;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SealedFieldsTest {

  private static final String ARN = "arn:aws:states:us-east-1:111111111111:execution:m:e";
  private static final String CANARY = "canary-4711";

  /** Bytes that are no payloads, or are clear for a reason that docs/security.md names. */
  private static final Set<String> CLEAR =
      Set.of(
          "StartExecution.input", // anybody has written it in the clear
          "StateMachineRevision.definition",
          "StateMachineRevision.configuration",
          "ActivityDefinition.encryption",
          "TopicTrigger.input", // a template, part of a definition
          "ExecutionRow.inputHash", // sealed by the coordinator, whose hash it is
          "RestingShards.numbers",
          "AwaitsShard.running",
          "AwaitsShard.failed",
          "AwaitsShard.again");

  private PayloadKeys keys;
  private Seal seal;

  @BeforeEach
  void makeKeys(@TempDir Path directory) throws IOException {
    keys = new TestKeys(directory).keys(key("k", "", version(1, 1)));
    seal = keys.seal("machine", SealPolicy.of("k"));
  }

  @Test
  void shouldKnowOfEachFieldOfBytesWhetherItIsAPayload() {
    Set<String> unknown = new TreeSet<>();
    for (Schema record : Stepstream.PROTOCOL.getTypes()) {
      if (record.getType() == Schema.Type.RECORD) {
        Set<String> payloads = SealedFields.payloads().getOrDefault(record.getName(), Set.of());
        for (Schema.Field field : record.getFields()) {
          String name = record.getName() + '.' + field.name();
          if (hasBytes(field.schema())
              && !payloads.contains(field.name())
              && !CLEAR.contains(name)) {
            unknown.add(name);
          }
        }
      }
    }
    assertThat(unknown).isEmpty();
  }

  private static boolean hasBytes(Schema schema) {
    return switch (schema.getType()) {
      case BYTES -> true;
      case UNION -> schema.getTypes().stream().anyMatch(SealedFieldsTest::hasBytes);
      case ARRAY -> hasBytes(schema.getElementType());
      case MAP -> hasBytes(schema.getValueType());
      default -> false;
    };
  }

  @Test
  void shouldNameNoFieldThatIsNotThere() {
    SealedFields.payloads()
        .forEach(
            (record, fields) -> {
              Schema schema = Stepstream.PROTOCOL.getType("io.stepstream.schemas." + record);
              assertThat(schema).as(record).isNotNull();
              assertThat(schema.getFields().stream().map(Schema.Field::name).toList())
                  .as(record)
                  .containsAll(fields);
            });
  }

  private static ByteBuffer json() {
    return Payloads.of("\"" + CANARY + "\"");
  }

  private static Envelope shard() {
    return new Envelope(
        ARN,
        1,
        0L,
        0,
        0L,
        null,
        new StartShard(
            "arn:m",
            "r1",
            "role",
            new ShardOfMapRun(ARN, 1L, 1, "run", "", 0, 0L, false, false, "NONE", null, 0),
            1,
            List.of(json(), json()),
            null));
  }

  private static HistoryRecord history() {
    HistoryEventDetails details = new HistoryEventDetails();
    details.setName("S");
    details.setOutput(json());
    details.setCause(CANARY);
    details.setAssignedVariables(new HashMap<>(Map.of("v", json())));
    return new HistoryRecord(
        ARN,
        "arn:m",
        "r1",
        Lane.STANDARD,
        new ArrayList<>(
            List.of(
                new HistoryEvent(
                    1L, 0L, Instant.EPOCH, HistoryEventType.PassStateExited, details))),
        null,
        null,
        null);
  }

  private static <T extends SpecificRecordBase> byte[] written(Class<T> type, T record) {
    return WireCodec.forTopic(type, "t", SchemaRegistry.bundled()).encode(record);
  }

  private <T extends SpecificRecordBase> void shouldComeBack(Class<T> type, T sealed, T plain) {
    SealedFields.seal(sealed, seal, ARN);

    byte[] bytes = written(type, sealed);
    assertThat(new String(bytes, UTF_8)).doesNotContain(CANARY);
    assertThat(new String(written(type, plain), UTF_8)).contains(CANARY);
    T read =
        WireCodec.forTopic(type, "t", SchemaRegistry.bundled()).decode(bytes)
                instanceof Decoded.Read(T value)
            ? value
            : null;
    assertThat(read).isNotNull();
    assertThat(SealedFields.open(read, keys, ARN)).isNull();
    assertThat(read).isEqualTo(plain);
  }

  @Test
  void shouldSealAndOpenWhateverIsInsideOfARecord() {
    shouldComeBack(Envelope.class, shard(), shard());
    shouldComeBack(HistoryRecord.class, history(), history());
    shouldComeBack(TaskFailed.class, new TaskFailed(CANARY, "c"), new TaskFailed(CANARY, "c"));
  }

  @Test
  void shouldLeaveARecordAloneWhereNothingIsSealed() {
    HistoryRecord record = history();
    ByteBuffer output = record.getEvents().getFirst().getDetails().getOutput();

    SealedFields.seal(record, Seal.NONE, ARN);
    assertThat(SealedFields.open(record, PayloadKeys.NONE, ARN)).isNull();
    assertThat(SealedFields.strip(record)).isFalse();

    assertThat(record.getEvents().getFirst().getDetails().getOutput()).isSameAs(output);
    assertThat(record).isEqualTo(history());
  }

  @Test
  void shouldNotOpenTheFieldOfAnotherExecutionOrRecord() {
    TaskSucceeded sealed = new TaskSucceeded(json());
    SealedFields.seal(sealed, seal, ARN);

    SpecificRecord moved = new io.stepstream.schemas.LaunchExecution();
    moved.put(moved.getSchema().getField("input").pos(), sealed.getOutput());

    assertThat(SealedFields.open(sealed, keys, ARN + "2")).isInstanceOf(SealProblem.Tampered.class);
    assertThat(SealedFields.open(moved, keys, ARN)).isInstanceOf(SealProblem.Tampered.class);
    assertThat(SealedFields.open(sealed, PayloadKeys.NONE, ARN))
        .isInstanceOf(SealProblem.KeyMissing.class);
    assertThat(SealedFields.keyId(sealed.getOutput())).isEqualTo("k");
  }

  @Test
  void shouldTakeOutWhatIsSealed() {
    HistoryRecord record = history();
    SealedFields.seal(record, seal, ARN);

    assertThat(SealedFields.strip(record)).isTrue();

    HistoryEventDetails details = record.getEvents().getFirst().getDetails();
    assertThat(details.getName()).isEqualTo("S");
    assertThat(details.getOutput()).isNull();
    assertThat(details.getCause()).isNull();
    assertThat(details.getAssignedVariables()).isNull();
    TaskSucceeded required = new TaskSucceeded(json());
    SealedFields.seal(required, seal, ARN);
    assertThat(SealedFields.strip(required)).isTrue();
    assertThat(required.getOutput().hasRemaining()).isFalse();
  }

  @Test
  void shouldTakeATextThatOnlyLooksSealedForWhatItIs() {
    TaskFailed failed = new TaskFailed("sealed:v1:", "sealed:v1:AAAA");

    assertThat(SealedFields.open(failed, keys, ARN)).isNull();
    assertThat(failed).isEqualTo(new TaskFailed("sealed:v1:", "sealed:v1:AAAA"));
  }
}
