package io.stepstream.coordinator.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.engine.TimerKey;
import io.stepstream.asl.items.ItemPage;
import io.stepstream.asl.items.ItemRequest;
import io.stepstream.asl.items.ObjectWrite;
import io.stepstream.asl.items.ReadRefused;
import io.stepstream.coordinator.store.ExecutionRows;
import io.stepstream.coordinator.store.TimerRow;
import io.stepstream.coordinator.store.TimerRows;
import io.stepstream.schemas.ChildEnded;
import io.stepstream.schemas.ChildOfMapRun;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.ExecutionCompleted;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.LaunchChild;
import io.stepstream.schemas.ProbeShard;
import io.stepstream.schemas.ResumeShard;
import io.stepstream.schemas.SetShardWindow;
import io.stepstream.schemas.StartShard;
import io.stepstream.schemas.StopExecution;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.topic.ExecutionKey;
import io.stepstream.schemas.topic.Generations;
import io.stepstream.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Distributed Maps: what of them crosses partitions, lanes and topics. */
class MapRunTest {

  private static final String PASS = "\"S\":{\"Type\":\"Pass\",\"End\":true}";
  static final String TASK =
      "\"S\":{\"Type\":\"Task\",\"End\":true,\"Resource\":\"" + LaneFixture.FUNCTION + "f\"}";

  @TempDir private Path directory;

  static String map(String type, String state, String fields) {
    return """
    {"StartAt":"M","States":{"M":{"Type":"Map","End":true,%s"ItemProcessor":{
      "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"%s"},
      "StartAt":"S","States":{%s}}}}}\
    """
        .formatted(fields, type, state);
  }

  private LaneFixture standard() {
    return new LaneFixture(LaneFixture.of(Lane.STANDARD), directory.resolve("standard"));
  }

  static String numbers(int count) {
    return IntStream.range(0, count)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(",", "[", "]"));
  }

  /**
   * Long enough for every message that the rows hold, and what they bring about. How many of them a
   * tick takes depends on the machine's speed, so there may be more ticks than usual.
   */
  static void settle(LaneFixture lane) {
    for (int round = 0;
        round < 20 || round < 2_000 && lane.timerPurposes().contains(TimerRow.MESSAGE);
        round++) {
      lane.advance(Duration.ofMillis(200));
    }
  }

  private static ExecutionCompleted end(List<ExecutionCompleted> ends, String arn) {
    return ends.stream()
        .filter(end -> end.getExecutionArn().equals(arn))
        .collect(Collectors.collectingAndThen(Collectors.toList(), List::getFirst));
  }

  @Test
  void shouldRunAChildExecutionForEachItemAndGatherTheirResults() {
    try (LaneFixture lane = standard()) {
      String machine = lane.machine("m", map("STANDARD", PASS, "\"Label\":\"L\","));
      String arn = lane.launch(machine, "run", numbers(600));
      settle(lane);

      List<ExecutionCompleted> ends = lane.completions();
      assertThat(Payloads.text(end(ends, arn).getOutput())).isEqualTo(numbers(600));
      assertThat(ends).hasSize(601);
      assertThat(ends)
          .filteredOn(end -> !end.getExecutionArn().equals(arn))
          .allSatisfy(
              child -> {
                assertThat(child.getStateMachineArn()).isEqualTo(machine + "/L");
                assertThat(child.getStatus()).isEqualTo(ExecutionStatus.SUCCEEDED);
                assertThat(child.getTraceHeader()).isEqualTo("Root=1-trace");
                assertThat(lane.eventTypes(child.getExecutionArn()))
                    .containsExactly(
                        "ExecutionStarted",
                        "PassStateEntered",
                        "PassStateExited",
                        "ExecutionSucceeded");
              });
      assertThat(lane.eventTypes(arn))
          .containsExactly(
              "ExecutionStarted",
              "MapStateEntered",
              "MapStateStarted",
              "MapRunStarted",
              "MapRunSucceeded",
              "MapStateSucceeded",
              "MapStateExited",
              "ExecutionSucceeded");
      // Summaries of the executions and of the Map run, and nothing of the shards.
      assertThat(lane.rows(ExecutionRows.STORE)).hasSize(603);
      assertThat(lane.timerPurposes())
          .hasSize(602)
          .containsOnly(TimerRow.RETENTION, TimerRow.MAP_RUN_RETENTION);
      assertThat(lane.deadLetters()).isEmpty();
    }
  }

  @Test
  void shouldSpreadShardsOverPartitionsAndKeepChildrenBesideTheirShard() {
    LaneSettings four = LaneSettings.standard(Generations.of(4), "us-east-1");
    try (LaneFixture lane = new LaneFixture(four, directory.resolve("spread"))) {
      String machine = lane.machine("m", map("STANDARD", PASS, ""));
      String arn =
          IntStream.range(0, 100)
              .mapToObj(i -> lane.arn(machine, "r" + i))
              .filter(candidate -> ExecutionKey.of(candidate).partition(4) == 0)
              .findFirst()
              .orElseThrow();
      lane.launch(machine, ExecutionArns.name(arn), numbers(4_000));
      settle(lane);

      // The driver has partition 0 only; what belongs elsewhere is on the peer topic.
      List<Envelope> sent =
          lane.records(lane.lane.topics().peer()).stream()
              .map(record -> LaneFixture.decoded(lane.codecs.peer(), record.value()))
              .toList();
      // Nobody answers there, so all of the 1,000 permits are soon with those shards: with four of
      // them, or with more, if the shards here gave theirs back little by little.
      Map<String, Integer> windows = new HashMap<>();
      for (Envelope message : sent) {
        windows.put(
            message.getExecutionArn(),
            switch (message.getBody()) {
              case StartShard start -> start.getWindow();
              case SetShardWindow set -> set.getWindow();
              default -> throw new AssertionError("nobody is told " + message.getBody());
            });
      }
      assertThat(windows).hasSizeGreaterThanOrEqualTo(4);
      assertThat(windows.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(1_000);
      assertThat(
              sent.stream().map(e -> ExecutionKey.of(e.getExecutionArn()).partition(4)).distinct())
          .doesNotContain(0)
          .hasSizeGreaterThan(1);
      assertThat(lane.completions())
          .isNotEmpty()
          .allMatch(child -> ExecutionKey.of(child.getExecutionArn()).partition(4) == 0);
    }
  }

  @Test
  void shouldKeepExpressChildrenBesideTheirShardToo() {
    LaneSettings four = LaneSettings.standard(Generations.of(4), "us-east-1");
    LaneSettings fourOfExpress = LaneSettings.express(Generations.of(4), "us-east-1", true);
    try (LaneFixture standard = new LaneFixture(four, directory.resolve("starts"));
        LaneFixture express = new LaneFixture(fourOfExpress, directory.resolve("runs"))) {
      String definition = map("EXPRESS", PASS, "");
      String machine = standard.machine("m", definition);
      express.machine("m", definition, Lane.STANDARD);
      IntStream.range(0, 100)
          .mapToObj(i -> "r" + i)
          .filter(name -> ExecutionKey.of(standard.arn(machine, name)).partition(4) == 0)
          .limit(5)
          .forEach(name -> standard.launch(machine, name, numbers(1_000)));
      settle(standard);
      String topic = express.lane.topics().peer();
      List<String> here =
          standard.records(topic).stream()
              .filter(record -> ExecutionKey.of(new String(record.key(), UTF_8)).partition(4) == 0)
              .map(
                  record -> {
                    express.write(topic, new String(record.key(), UTF_8), record.value());
                    return new String(record.key(), UTF_8);
                  })
              .toList();
      settle(express);

      assertThat(here).isNotEmpty();
      assertThat(express.ended()).hasSize(250 * here.size());
      // Shard and child told each other everything within the partition.
      assertThat(express.records(topic)).isEmpty();
    }
  }

  @Test
  void shouldRunExpressChildrenInTheExpressLane() {
    try (LaneFixture standard = standard();
        LaneFixture express =
            new LaneFixture(LaneFixture.of(Lane.EXPRESS), directory.resolve("express"))) {
      String definition = map("EXPRESS", PASS, "");
      String machine = standard.machine("m", definition);
      express.machine("m", definition, Lane.STANDARD);
      String arn = standard.launch(machine, "run", "[1,2,3]");
      for (int round = 0; round < 10; round++) {
        carry(standard, express);
        settle(express);
        carry(express, standard);
        settle(standard);
      }

      ExecutionCompleted end = standard.completions().getFirst();
      assertThat(end.getExecutionArn()).isEqualTo(arn);
      assertThat(Payloads.text(end.getOutput())).isEqualTo("[1,2,3]");
      assertThat(express.ended().keySet())
          .hasSize(3)
          .allMatch(child -> ExecutionArns.isExecution(child, true));
      // Their ends are the Map's to tell.
      assertThat(express.completions()).isEmpty();
      assertThat(express.rows(ExecutionRows.STORE)).isEmpty();
      // Their histories are where lists are made from, and nowhere else.
      assertThat(express.history()).isEmpty();
      assertThat(express.childHistory())
          .hasSize(3)
          .allMatch(record -> record.getMapRunArn().contains(":mapRun:m/"));
    }
  }

  @Test
  void shouldLeaveNothingOfExpressChildrenThatAreStoppedInTheMiddle() {
    try (LaneFixture standard = standard();
        LaneFixture express =
            new LaneFixture(LaneFixture.of(Lane.EXPRESS), directory.resolve("express"))) {
      String definition = map("EXPRESS", TASK, "\"MaxConcurrency\":2,");
      String machine = standard.machine("m", definition);
      express.machine("m", definition, Lane.STANDARD);
      String arn = standard.launch(machine, "run", "[1,2,3]");
      settle(standard);
      carry(standard, express);
      settle(express);
      assertThat(express.tasks("lambda")).hasSize(2);

      express.definitions.forget(machine); // what is to be stopped waits for it
      standard.send(
          new Envelope(arn, 1, 0L, 0, 0L, null, new StopExecution("E", "C", standard.now())));
      settle(standard);
      carry(standard, express);
      settle(express);
      assertThat(express.rows(ExecutionRows.STORE)).as("parked").isNotEmpty();
      assertThat(express.timerPurposes()).contains(TimerRow.PARKED);
      express.machine("m", definition, Lane.STANDARD);
      settle(express);

      assertThat(express.ended().values()).hasSize(2).containsOnly(ExecutionStatus.ABORTED);
      express.assertNothingIsLeft();
      standard.assertNothingIsLeft();
      assertThat(express.deadLetters()).isEmpty();
      assertThat(standard.deadLetters()).isEmpty();
    }
  }

  /** What one lane has told the other. */
  static void carry(LaneFixture from, LaneFixture to) {
    String topic = to.lane.topics().peer();
    from.records(topic)
        .forEach(record -> to.write(topic, new String(record.key(), UTF_8), record.value()));
  }

  @Test
  void shouldAskTheStorageQueueForItemsAndWriteResultsThere() throws ReadRefused {
    String fields =
        """
        "ItemReader":{"Resource":"arn:aws:states:::s3:getObject",
          "ReaderConfig":{"InputType":"JSONL"},"Parameters":{"Bucket":"b","Key":"k"}},
        "ResultWriter":{"Resource":"arn:aws:states:::s3:putObject",
          "Parameters":{"Bucket":"out","Prefix":"p"}},\
        """;
    try (LaneFixture lane = standard()) {
      String arn = lane.launch(lane.machine("m", map("STANDARD", PASS, fields)), "run", "{}");

      TaskOrder read = lane.tasks(Topics.STORAGE_QUEUE).getFirst();
      assertThat(read.getResource()).isEqualTo(ItemRequest.RESOURCE);
      ItemRequest asked = ItemRequest.decode(Payloads.bytes(read.getInput()));
      assertThat(asked.source().arguments()).containsEntry("Bucket", "b").containsEntry("Key", "k");
      assertThat(asked.from()).isZero();
      lane.succeeds(read, page(0, "[1,2]", false));
      TaskOrder next = lane.tasks(Topics.STORAGE_QUEUE).getFirst();
      assertThat(ItemRequest.decode(Payloads.bytes(next.getInput())).from()).isEqualTo(2);
      lane.succeeds(read, page(0, "[1,2]", false)); // delivered twice
      lane.succeeds(next, page(2, "[3]", true));
      settle(lane);

      List<String> keys = writeAll(lane);
      assertThat(keys).hasSize(3).allMatch(key -> key.startsWith("p/"));
      assertThat(keys.getLast()).endsWith("/manifest.json");
      ExecutionCompleted end = end(lane.completions(), arn);
      assertThat(Payloads.text(end.getOutput()))
          .contains("\"MapRunArn\"")
          .contains("\"Bucket\":\"out\"")
          .contains(keys.getLast());
    }
  }

  @Test
  void shouldReadATopicOnWhereThePageBeforeHasEnded() throws ReadRefused {
    String fields =
        """
        "ItemReader":{"Resource":"arn:aws:states:::kafka:read",
          "Parameters":{"Topic":"orders","FromOffsets":{"0":7}}},
        "ItemSelector":{"of.$":"$$.Map.Item.Source","v.$":"$$.Map.Item.Value"},\
        """;
    try (LaneFixture lane = standard()) {
      String arn = lane.launch(lane.machine("m", map("STANDARD", PASS, fields)), "run", "{}");

      TaskOrder first = lane.tasks(Topics.STORAGE_QUEUE).getFirst();
      assertThat(first.getResource()).isEqualTo(ItemRequest.TOPIC_RESOURCE);
      assertThat(ItemRequest.decode(Payloads.bytes(first.getInput())).cursor()).isNull();
      lane.succeeds(first, page(0, "[7,8]", "0:9-10"));
      ItemRequest next =
          ItemRequest.decode(
              Payloads.bytes(lane.tasks(Topics.STORAGE_QUEUE).getFirst().getInput()));
      assertThat(next.from()).isEqualTo(2);
      assertThat(next.cursor()).isEqualTo("0:9-10");
      // what a second delivery of the first order found comes too late
      lane.succeeds(first, page(0, "[7,8,9]", "0:10-99"));
      assertThat(lane.tasks(Topics.STORAGE_QUEUE)).isEmpty();
      settle(lane);
      assertThat(lane.completions()).noneMatch(end -> end.getExecutionArn().equals(arn));
    }
  }

  private static String page(long from, String items, String cursor) {
    return new String(new ItemPage(from, items.getBytes(UTF_8), false, cursor).encode(), UTF_8);
  }

  /** Answers every order for a written object, and those that come of it; their keys. */
  static List<String> writeAll(LaneFixture lane) throws ReadRefused {
    List<String> keys = new ArrayList<>();
    for (List<TaskOrder> orders = lane.tasks(Topics.STORAGE_QUEUE);
        !orders.isEmpty();
        orders = lane.tasks(Topics.STORAGE_QUEUE)) {
      for (TaskOrder order : orders) {
        assertThat(order.getResource()).isEqualTo(ObjectWrite.RESOURCE);
        ObjectWrite write = ObjectWrite.decode(Payloads.bytes(order.getInput()));
        String key = (String) write.arguments().get("Key");
        keys.add(key);
        lane.succeeds(
            order, new String(new ObjectWrite.Written(key, write.body().length).encode(), UTF_8));
      }
      settle(lane);
    }
    return keys;
  }

  static String page(long from, String items, boolean last) {
    return new String(new ItemPage(from, items.getBytes(UTF_8), last).encode(), UTF_8);
  }

  @Test
  void shouldFailWhenItemsCannotBeRead() {
    String reader =
        """
        "ItemReader":{"Resource":"arn:aws:states:::s3:getObject",
          "ReaderConfig":{"InputType":"JSON"},"Parameters":{"Bucket":"b","Key":"k"}},\
        """;
    try (LaneFixture lane = standard()) {
      String machine = lane.machine("m", map("STANDARD", PASS, reader));
      lane.launch(machine, "refused", "{}");
      lane.fails(
          lane.tasks(Topics.STORAGE_QUEUE).getFirst(), "States.ItemReaderFailed", "No such key");
      ExecutionCompleted refused = lane.completions().getFirst();
      assertThat(refused.getError()).isEqualTo("States.ItemReaderFailed");
      assertThat(refused.getCause()).isEqualTo("No such key");

      lane.launch(machine, "garbage", "{}");
      lane.succeeds(lane.tasks(Topics.STORAGE_QUEUE).getFirst(), "{\"from\":\"x\"}");
      ExecutionCompleted garbage = lane.completions().getFirst();
      assertThat(garbage.getError()).isEqualTo("States.ItemReaderFailed");
      assertThat(garbage.getCause()).contains("no page of items");
    }
  }

  @Test
  void shouldAbortTheChildrenOfAStoppedExecution() {
    try (LaneFixture lane = standard()) {
      String arn = lane.launch(lane.machine("m", map("STANDARD", TASK, "")), "run", "[1,2,3]");
      settle(lane);
      assertThat(lane.tasks("lambda")).hasSize(3);

      lane.send(new Envelope(arn, 1, 0L, 0, 0L, null, new StopExecution("E", "C", lane.now())));
      settle(lane);

      assertThat(lane.endings()).hasSize(4).containsOnly(ExecutionStatus.ABORTED);
      assertThat(lane.timerPurposes())
          .containsOnly(TimerRow.RETENTION, TimerRow.MAP_RUN_RETENTION, TimerRow.REDRIVE_PERIOD);
      lane.assertNothingIsLeft();
    }
  }

  @Test
  void shouldLetAChildWaitForItsDefinition() {
    try (LaneFixture lane = standard()) {
      String definition = map("STANDARD", PASS, "");
      String machine = lane.machine("m", definition);
      String arn = lane.launch(machine, "run", "[1]");
      lane.definitions.forget(machine);
      lane.advance(Duration.ofMinutes(2)); // longer than a launch of a user's would be parked
      assertThat(lane.completions()).isEmpty();

      lane.machine("m", definition);
      settle(lane);

      assertThat(end(lane.completions(), arn).getStatus()).isEqualTo(ExecutionStatus.SUCCEEDED);
      assertThat(lane.deadLetters()).isEmpty();
    }
  }

  @Test
  void shouldFailTheMapStateWhenAShardBreaks() {
    try (LaneFixture lane = standard()) {
      String arn = lane.launch(lane.machine("m", map("STANDARD", TASK, "")), "run", "[1,2]");
      settle(lane);
      // What it keeps goes missing behind its back: every further step of it is a bug.
      lane.rows(ExecutionRows.STORE).stream()
          .filter(key -> key.get().length == 16 + 1 + 12 && key.get()[16] == 3)
          .forEach(key -> lane.executions().delete(key));

      lane.tasks("lambda").forEach(order -> lane.succeeds(order, "1"));
      settle(lane);

      ExecutionCompleted end = end(lane.completions(), arn);
      assertThat(end.getStatus()).isEqualTo(ExecutionStatus.FAILED);
      assertThat(end.getError()).isEqualTo("States.Runtime");
      assertThat(end.getCause()).contains("internal error");
      assertThat(lane.deadLetters()).isNotEmpty();
    }
  }

  @Test
  void shouldFailTheMapStateWhenAShardIsLost() {
    try (LaneFixture lane = standard()) {
      String arn = lane.launch(lane.machine("m", map("STANDARD", TASK, "")), "run", "[1,2]");
      settle(lane);
      List<TaskOrder> orders = lane.tasks("lambda");
      List<Bytes> others = new ArrayList<>();
      others.add(Bytes.wrap(ExecutionKey.of(arn).hash16()));
      orders.forEach(o -> others.add(Bytes.wrap(ExecutionKey.of(o.getExecutionArn()).hash16())));
      lane.rows(ExecutionRows.STORE).stream()
          .filter(key -> !others.contains(Bytes.wrap(Arrays.copyOf(key.get(), 16))))
          .filter(key -> key.get()[16] != 6) // where the Map run's row is
          .forEach(key -> lane.executions().delete(key));
      orders.forEach(order -> lane.succeeds(order, "1"));
      settle(lane);
      assertThat(lane.endings()).as("the children; nobody hears of them").hasSize(2);

      lane.advance(Duration.ofSeconds(30));
      settle(lane);

      ExecutionCompleted end = end(lane.completions(), arn);
      assertThat(end.getStatus()).isEqualTo(ExecutionStatus.FAILED);
      assertThat(end.getError()).isEqualTo("States.Runtime");
      assertThat(end.getCause()).startsWith("Shard 0 of the Map run is lost");
      lane.assertNothingIsLeft();
      assertThat(lane.deadLetters()).isEmpty();
    }
  }

  @Test
  void shouldTakeNoSilentShardForALostOne() {
    try (LaneFixture lane = standard()) {
      lane.launch(lane.machine("m", map("STANDARD", TASK, "")), "run", "[1,2]");
      for (int minute = 0; minute < 10; minute++) {
        lane.advance(Duration.ofMinutes(1));
      }
      assertThat(lane.completions()).isEmpty();
      assertThat(lane.timerPurposes())
          .as("one watch per Map run")
          .containsExactlyInAnyOrder(TimerKey.Purpose.WATCH.code(), TimerRow.MAP_RUN_RETENTION);

      lane.tasks("lambda").forEach(order -> lane.succeeds(order, "1"));
      settle(lane);

      assertThat(lane.endings()).hasSize(3).containsOnly(ExecutionStatus.SUCCEEDED);
      assertThat(lane.timerPurposes()).containsOnly(TimerRow.RETENTION, TimerRow.MAP_RUN_RETENTION);
    }
  }

  @Test
  void shouldPutImpossiblePartsOfMapRunsAside() {
    try (LaneFixture lane = standard()) {
      String machine = lane.machine("m", map("STANDARD", PASS, ""));
      String child = lane.arn(machine + "/L", "0badcafe-0000-3000-8000-000000000000");
      ChildOfMapRun part = new ChildOfMapRun("/M", "arn:shard", 0, 0);
      List<Envelope> impossible =
          List.of(
              to(lane.arn(machine, "plain"), launch(machine, "plain", part, "{}")),
              to(child, launch(machine + "/other", "0badcafe", part, "{}")),
              to(
                  child,
                  launch(
                      machine + "/L",
                      ExecutionArns.name(child),
                      part,
                      '"' + "x".repeat(262_144) + '"')),
              to(
                  child,
                  new ChildEnded(
                      0, ExecutionStatus.RUNNING, null, null, null, lane.now(), lane.now(), 0, 0)),
              to(child, new ProbeShard(lane.arn(machine, "plain"), 1L, 1, 0)),
              to(child, new ResumeShard(lane.arn(machine, "plain"), 1L, 1, 0, 1, 5)));
      impossible.forEach(lane::send);

      assertThat(lane.deadLetters())
          .hasSize(6)
          .extracting(letter -> LaneFixture.headers(letter).get("stepstream.dlq.reason"))
          .satisfiesExactly(
              reason -> assertThat(reason).contains("not that of a child execution"),
              reason -> assertThat(reason).contains("not that of a child execution"),
              reason -> assertThat(reason).contains("has 262146 bytes"),
              reason -> assertThat(reason).contains("does not end as RUNNING"),
              reason -> assertThat(reason).contains("is no shard that"),
              reason -> assertThat(reason).contains("can resume"));
      assertThat(lane.rows(ExecutionRows.STORE)).isEmpty();
      assertThat(lane.rows(TimerRows.STORE)).isEmpty();
    }
  }

  private static Envelope to(String arn, Object body) {
    return new Envelope(arn, 1, 0L, 0, 0L, null, body);
  }

  private static LaunchChild launch(String machine, String name, ChildOfMapRun part, String input) {
    return new LaunchChild(
        machine, "r1", name, "role", Payloads.of(input), LaneFixture.START, part, null);
  }
}
