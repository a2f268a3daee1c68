package io.stepstream.coordinator.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.engine.Awaits;
import io.stepstream.asl.engine.Execution;
import io.stepstream.asl.engine.Frame;
import io.stepstream.schemas.ChildOfMapRun;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.FrameRow;
import io.stepstream.schemas.ReplyTo;
import io.stepstream.schemas.ShardPart;
import io.stepstream.schemas.TriggeredBy;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.codec.RowCodec;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RowMapperTest {

  private static final long NOW = 1_800_000_000_123L;

  static List<Awaits> everyAwaits() {
    return List.of(
        new Awaits.Task(
            "arn:aws:lambda:r:1:function:f", null, null, NOW, null, null, null, null, null, null),
        new Awaits.Task(
            "arn:aws:states:r:1:activity:a", NOW + 1, 5, NOW, null, NOW, null, null, NOW, null),
        new Awaits.Task(
            "arn:aws:states:r:1:activity:a", NOW + 1, 5, NOW, null, null, null, null, NOW, NOW + 7),
        new Awaits.Task(
            "arn:aws:states:::states:startExecution.sync",
            NOW + 1,
            99_999_999,
            NOW,
            NOW + 2,
            null,
            "arn:aws:states:r:1:execution:m:n",
            null,
            NOW,
            null),
        ofJob(new Awaits.Job("{}", NOW, NOW + 3, 4)),
        ofJob(new Awaits.Job("{\"JobId\":\"j\"}", NOW, null, 0)),
        new Awaits.Time(NOW + 86_400_000L),
        new Awaits.Retry(NOW),
        new Awaits.Continuation(),
        new Awaits.Redrive(),
        new Awaits.Branches(2, 3, 1, List.of(4L, 5L)),
        new Awaits.Items(Long.MAX_VALUE, 10_000, 41, 1, 40, 700, List.of(3L, 4L)),
        mapRun(new Awaits.MapRun.Read(null), Awaits.MapRun.Phase.READING, null, 2.5),
        mapRun(new Awaits.MapRun.Stored(9, 3), Awaits.MapRun.Phase.TAKING, 5L, null),
        mapRun(new Awaits.MapRun.Read("0:7-9"), Awaits.MapRun.Phase.FINISHING, null, null),
        mapRun(new Awaits.MapRun.Read(null), Awaits.MapRun.Phase.WRITING, null, null),
        shard(null),
        shard(new Awaits.Destination.Bucket("{\"Bucket\":\"b\"}", "f/", true)),
        shard(new Awaits.Destination.Topic("{\"Topic\":\"t\"}")));
  }

  private static Awaits ofJob(Awaits.Job job) {
    return new Awaits.Task(
        "arn:aws:states:::batch:submitJob.sync", null, null, NOW, null, null, null, job, NOW, null);
  }

  private static Awaits mapRun(
      Awaits.MapRun.Source source, Awaits.MapRun.Phase phase, Long count, Double percentage) {
    return new Awaits.MapRun(
        2,
        "id",
        source,
        1_000_000,
        3,
        999_000,
        4_000,
        1_000,
        count,
        percentage,
        123,
        progress(1),
        List.of(new Awaits.LiveShard(7, 250, 40, 2, progress(40), 1, 5)),
        restingShards(count == null, 50, 1L << 6 | 1L << 33),
        restingShards(percentage == null, 60, 1L << 2),
        phase,
        NOW,
        percentage == null ? 0 : 3,
        percentage == null ? null : NOW + 1);
  }

  private static Awaits.RestingShards restingShards(boolean any, long from, long bits) {
    return any
        ? new Awaits.RestingShards(BitSet.valueOf(new long[] {bits}), progress(from))
        : Awaits.RestingShards.NONE;
  }

  /** All eight numbers differ. */
  private static Awaits.Progress progress(long from) {
    return new Awaits.Progress(
        new Awaits.Tally(from, from + 1, from + 2, from + 3),
        new Awaits.Tally(from + 4, from + 5, from + 6, from + 7));
  }

  private static Awaits shard(Awaits.Destination destination) {
    return new Awaits.Shard(
        new Awaits.ShardOf(
            "arn:execution",
            1,
            2,
            "arn:mapRun",
            "/M/P",
            3,
            750,
            true,
            true,
            "NONE",
            destination,
            4),
        2,
        250,
        41,
        40,
        BitSet.valueOf(new long[] {1L << 3 | 1L << 40}),
        progress(100),
        9,
        progress(200),
        true,
        17,
        2,
        List.of("f/SUCCEEDED_0.json"),
        List.of("{\"Key\":\"k\",\"Size\":1}"),
        BitSet.valueOf(new long[] {1L << 5}),
        BitSet.valueOf(new long[] {1L << 7 | 1L << 8}),
        destination != null);
  }

  @ParameterizedTest
  @MethodSource("everyAwaits")
  void shouldKeepAFrameThroughItsBytes(Awaits awaits) {
    Frame frame =
        new Frame(
            7,
            1,
            2,
            Integer.MAX_VALUE,
            "/States/P/Branches/0",
            "Größe",
            21,
            20,
            NOW,
            true,
            3,
            List.of(1, 2),
            awaits);
    RowCodec<FrameRow> codec = RowCodec.of(FrameRow.class);
    Frame read = RowMapper.frame(codec.read(codec.encode(RowMapper.row(frame))));
    // Equal, since a frame that did not change must not be written again.
    assertThat(read).isEqualTo(frame);
    assertThat(frame).isEqualTo(read);
  }

  @Test
  void shouldKeepAFrameBelowOneKilobyteHoweverWideItsWindow() {
    List<Long> active = java.util.stream.LongStream.range(1_000_000, 1_000_040).boxed().toList();
    Frame frame =
        new Frame(
            1,
            0,
            0,
            1,
            "",
            "M",
            5,
            2,
            NOW,
            false,
            0,
            List.of(),
            new Awaits.Items(2, 10_000, 40, 0, 40, 700, active));
    assertThat(RowCodec.of(FrameRow.class).encode(RowMapper.row(frame)).length).isLessThan(1024);
  }

  @ParameterizedTest
  @EnumSource(Execution.Status.class)
  void shouldKeepAHeaderThroughItsBytesAndWhatOnlyTheShellKnows(Execution.Status status) {
    ExecutionRow row = header();
    Execution execution =
        new Execution(
            row.getExecutionArn(),
            row.getName(),
            row.getStateMachineArn(),
            row.getRoleArn(),
            true,
            status,
            NOW,
            status == Execution.Status.RUNNING ? null : NOW + 5,
            NOW + 300_000,
            17,
            9,
            4,
            1,
            NOW + 7,
            null,
            true);
    RowCodec<ExecutionRow> codec = RowCodec.of(ExecutionRow.class);
    ExecutionRow read = codec.read(codec.encode(RowMapper.update(row, execution)));
    assertThat(RowMapper.execution(read, true)).isEqualTo(execution);
    assertThat(read.getRevisionId()).isEqualTo("revision");
    assertThat(Payloads.bytes(read.getInputHash())).containsExactly(1, 2, 3);
    assertThat(read.getTraceHeader()).isEqualTo("trace");
    assertThat(read.getCompletionReplyTo()).isEqualTo(new ReplyTo("node", 5L));
    assertThat(read.getTransitionsLogged()).isFalse();
  }

  private static ExecutionRow header() {
    return new ExecutionRow(
        "arn:aws:states:r:1:express:m:n:u",
        "arn:aws:states:r:1:stateMachine:m",
        "revision",
        "n",
        ExecutionStatus.RUNNING,
        Instant.ofEpochMilli(NOW),
        null,
        null,
        1L,
        1L,
        0L,
        Payloads.of(new byte[] {1, 2, 3}),
        "role",
        "trace",
        0,
        new ReplyTo("node", 5L),
        false,
        null,
        null,
        List.of(),
        null,
        List.of(),
        new TriggeredBy("t", "orders", 3, 17L, Instant.ofEpochMilli(NOW)),
        null,
        1);
  }

  @Test
  void shouldKeepWhatAHeaderIsOfAMapRun() {
    ExecutionRow child = header();
    child.setPart(new ChildOfMapRun("/States/M/ItemProcessor", "arn:shard", 7, 2));
    ExecutionRow shard = header();
    shard.setPart(new ShardPart("/States/M/ItemProcessor"));

    assertThat(read(child))
        .isEqualTo(new Execution.Part.Child("/States/M/ItemProcessor", "arn:shard", 7, 2));
    assertThat(read(shard)).isEqualTo(new Execution.Part.Shard("/States/M/ItemProcessor"));
    assertThat(read(header())).isNull();
  }

  private static Execution.Part read(ExecutionRow row) {
    RowCodec<ExecutionRow> codec = RowCodec.of(ExecutionRow.class);
    return RowMapper.execution(codec.read(codec.encode(row)), false).part();
  }
}
