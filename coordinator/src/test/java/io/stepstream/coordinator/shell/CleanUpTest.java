package io.stepstream.coordinator.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.items.ItemPage;
import io.stepstream.asl.items.ItemRequest;
import io.stepstream.asl.items.ObjectWrite;
import io.stepstream.asl.items.ReadRefused;
import io.stepstream.coordinator.store.ExecutionRows;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.ExecutionCompleted;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.StopExecution;
import io.stepstream.schemas.TaskHeartbeat;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What executions leave behind: nothing, and how it goes. */
class CleanUpTest {

  private static final String G = "\"Resource\":\"" + LaneFixture.FUNCTION + "g\"";
  private static final String TASK_G = "\"T\":{\"Type\":\"Task\"," + G + ",\"End\":true}";

  @TempDir private Path directory;

  /** A state named S, in the middle of which its execution may end. */
  private enum Kind {
    PASS("\"Type\":\"Pass\",\"Assign\":{\"v\":[1,2,3]},\"End\":true"),
    SUCCEED("\"Type\":\"Succeed\""),
    CHOICE(
        "\"Type\":\"Choice\",\"Choices\":[{\"Variable\":\"$.x\",\"IsPresent\":true,\"Next\":\"Z\"}],\"Default\":\"Z\""),
    WAIT("\"Type\":\"Wait\",\"Seconds\":5000,\"End\":true"),
    TASK(
        "\"Type\":\"Task\","
            + G
            + ",\"TimeoutSeconds\":30000,\"HeartbeatSeconds\":25000,\"End\":true"),
    BEATEN(
        "\"Type\":\"Task\","
            + G
            + ",\"TimeoutSeconds\":30000,\"HeartbeatSeconds\":130,\"End\":true"),
    RETRY(
        "\"Type\":\"Task\","
            + G
            + ",\"Retry\":[{\"ErrorEquals\":[\"States.ALL\"],\"IntervalSeconds\":1000}],\"End\":true"),
    PARALLEL(
        "\"Type\":\"Parallel\",\"Assign\":{\"v\":1},\"Branches\":[{\"StartAt\":\"T\",\"States\":{"
            + TASK_G
            + "}},{\"StartAt\":\"W\",\"States\":{\"W\":{\"Type\":\"Wait\",\"Seconds\":70,\"End\":true}}}],\"End\":true"),
    MAP(map("INLINE", "\"MaxConcurrency\":3,")),
    DISTRIBUTED(map("DISTRIBUTED", "\"MaxConcurrency\":3,")),
    BATCHES(
        map(
            "DISTRIBUTED",
            reader() + "\"ItemBatcher\":{\"MaxItemsPerBatch\":2},\"MaxConcurrency\":1,")),
    WRITTEN(
        map(
            "DISTRIBUTED",
            reader()
                + "\"ResultWriter\":{\"Resource\":\"arn:aws:states:::s3:putObject\",\"Parameters\":{\"Bucket\":\"b\"}},"));

    private final String fields;

    Kind(String fields) {
      this.fields = fields;
    }

    boolean slow() {
      return this == WAIT || this == RETRY || this == BEATEN;
    }

    boolean distributed() {
      return fields.contains("DISTRIBUTED");
    }

    private static String reader() {
      return """
      "ItemReader":{"Resource":"arn:aws:states:::s3:getObject",
        "ReaderConfig":{"InputType":"JSON"},"Parameters":{"Bucket":"b","Key":"k"}},\
      """;
    }

    private static String map(String mode, String fields) {
      return """
      "Type":"Map","End":true,%s"ItemProcessor":{"ProcessorConfig":{"Mode":"%s"%s},
        "StartAt":"T","States":{%s}}\
      """
          .formatted(
              fields + (fields.contains("ItemReader") ? "" : "\"ItemsPath\":\"$.items\","),
              mode,
              mode.equals("INLINE") ? "" : ",\"ExecutionType\":\"STANDARD\"",
              TASK_G);
    }

    /** Beside a task of function f, by which its execution can be made to fail. */
    String machine() {
      return """
      {"TimeoutSeconds":20000,"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
        {"StartAt":"S","States":{"S":{%s}%s}},
        {"StartAt":"F","States":{"F":{"Type":"Task","Resource":"%sf","End":true}}}]}}}\
      """
          .formatted(
              fields,
              this == CHOICE ? ",\"Z\":{\"Type\":\"Pass\",\"End\":true}" : "",
              LaneFixture.FUNCTION);
    }
  }

  private static Stream<Arguments> ends() {
    return Arrays.stream(Kind.values())
        .flatMap(
            kind ->
                Stream.of(Lane.STANDARD, Lane.EXPRESS)
                    .filter(lane -> lane == Lane.STANDARD || !kind.distributed())
                    .flatMap(
                        lane ->
                            Stream.of(
                                    ExecutionStatus.SUCCEEDED,
                                    ExecutionStatus.FAILED,
                                    ExecutionStatus.ABORTED,
                                    ExecutionStatus.TIMED_OUT)
                                // an Express execution times out before some of these states end
                                .filter(
                                    end ->
                                        lane == Lane.STANDARD
                                            || end != ExecutionStatus.SUCCEEDED
                                            || !kind.slow())
                                // a task that falls silent fails before its execution times out
                                .filter(
                                    end -> end != ExecutionStatus.TIMED_OUT || kind != Kind.BEATEN)
                                .map(end -> Arguments.of(kind, lane, end))));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void shouldLeaveNothingBehind(Kind kind, Lane of, ExecutionStatus end) throws ReadRefused {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(of), directory)) {
      String arn =
          lane.launch(lane.machine("m", kind.machine()), "run", "{\"items\":[1,2,3,4,5,6,7]}");
      World world = new World(lane, kind);
      world.goOn(1);
      if (kind == Kind.BEATEN) {
        // its timer is due in between, and then again
        lane.advance(Duration.ofSeconds(100));
        world.beat();
        lane.advance(Duration.ofSeconds(40));
      }

      List<ExecutionCompleted> ends = new ArrayList<>();
      switch (end) {
        case SUCCEEDED -> {
          for (int round = 0; round < 30; round++) {
            world.goOn(100);
            lane.advance(Duration.ofSeconds(kind == Kind.WAIT || kind == Kind.RETRY ? 500 : 5));
          }
          lane.succeeds(Objects.requireNonNull(world.other), "1");
        }
        case FAILED -> lane.fails(Objects.requireNonNull(world.other), "Boom", "on purpose");
        case ABORTED ->
            lane.send(
                new Envelope(arn, 1, 0L, 0, 0L, null, new StopExecution("E", "C", lane.now())));
        default -> lane.advance(Duration.ofSeconds(20_000));
      }
      for (int round = 0; round < 10; round++) {
        lane.advance(Duration.ofMillis(200));
      }
      ends.addAll(lane.completions());

      assertThat(ends)
          .filteredOn(completed -> completed.getExecutionArn().equals(arn))
          .extracting(ExecutionCompleted::getStatus)
          .containsExactly(end);
      lane.assertNothingIsLeft();
      assertThat(lane.deadLetters()).isEmpty();
    }
  }

  /** Does what is asked for, but for the task of function f. */
  private static final class World {

    private final LaneFixture lane;
    private final Kind kind;
    private final List<TaskOrder> unanswered = new ArrayList<>();
    private TaskOrder other;
    private boolean failed;

    World(LaneFixture lane, Kind kind) {
      this.lane = lane;
      this.kind = kind;
    }

    /** Answers so many orders; others stay unanswered. */
    void goOn(int atMost) throws ReadRefused {
      int answered = 0;
      for (int round = 0; round < 10; round++) {
        for (TaskOrder order : lane.tasks(Topics.STORAGE_QUEUE)) {
          lane.succeeds(order, new String(stored(order), UTF_8));
        }
        for (TaskOrder order : lane.tasks("lambda")) {
          if (order.getFunction().equals("f")) {
            other = order;
          } else if (answered++ < atMost && !(atMost == 1 && inTheMiddleOf(kind))) {
            answer(order);
          } else {
            unanswered.add(order);
          }
        }
        lane.advance(Duration.ofMillis(200));
        if (atMost > 1) {
          unanswered.forEach(this::answer);
          unanswered.clear();
        }
      }
    }

    private static boolean inTheMiddleOf(Kind kind) {
      return kind == Kind.TASK || kind == Kind.BEATEN;
    }

    private void answer(TaskOrder order) {
      if (kind == Kind.RETRY && !failed) {
        failed = true;
        lane.fails(order, "Once", "on purpose");
      } else {
        lane.succeeds(order, "1");
      }
    }

    void beat() {
      unanswered.forEach(order -> lane.send(LaneFixture.answer(order, new TaskHeartbeat(null))));
    }

    private static byte[] stored(TaskOrder order) throws ReadRefused {
      byte[] input = Payloads.bytes(order.getInput());
      if (order.getResource().equals(ItemRequest.RESOURCE)) {
        long from = ItemRequest.decode(input).from();
        return new ItemPage(from, "[1,2,3]".getBytes(UTF_8), from >= 3).encode();
      }
      ObjectWrite write = ObjectWrite.decode(input);
      return new ObjectWrite.Written((String) write.arguments().get("Key"), write.body().length)
          .encode();
    }
  }

  @Test
  void shouldRemoveTheSummariesOfADayInSlicesAndBehindTheTimers() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.STANDARD), directory)) {
      String machine =
          lane.machine("m", "{\"StartAt\":\"S\",\"States\":{\"S\":{\"Type\":\"Succeed\"}}}");
      int many = 3 * CleanUp.CLEAN_UPS_PER_TICK;
      for (int i = 0; i < many; i++) {
        lane.launch(machine, "run" + i, "{}");
      }
      lane.launch(
          lane.machine(
              "w",
              "{\"StartAt\":\"S\",\"States\":{\"S\":{\"Type\":\"Wait\",\"Seconds\":%d,\"End\":true}}}"
                  .formatted(Duration.ofDays(91).toSeconds())),
          "late",
          "{}");
      assertThat(lane.completions()).hasSize(many);

      lane.driver.advanceWallClockTime(Duration.ofDays(91));

      assertThat(lane.endings()).as("timers first").containsExactly(ExecutionStatus.SUCCEEDED);
      int left = lane.rows(ExecutionRows.STORE).size();
      assertThat(left)
          .as("not all in one tick, but some")
          .isGreaterThanOrEqualTo(many + 1 - CleanUp.CLEAN_UPS_PER_TICK)
          .isLessThan(many + 1);
      while (left > 1) {
        lane.driver.advanceWallClockTime(Duration.ofMillis(10));
        int now = lane.rows(ExecutionRows.STORE).size();
        assertThat(now).isLessThan(left).isGreaterThanOrEqualTo(left - CleanUp.CLEAN_UPS_PER_TICK);
        left = now;
      }
    }
  }
}
