package io.stepstream.coordinator.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.coordinator.reply.PendingReplies;
import io.stepstream.coordinator.reply.Reply;
import io.stepstream.coordinator.store.ExecutionRows;
import io.stepstream.coordinator.store.TimerRows;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.InspectExecution;
import io.stepstream.schemas.InspectMapRun;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.LaunchExecution;
import io.stepstream.schemas.NestedPattern;
import io.stepstream.schemas.ParentTask;
import io.stepstream.schemas.StartShard;
import io.stepstream.schemas.StopExecution;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.topic.ExecutionKey;
import io.stepstream.schemas.topic.Generations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The first partition of a lane that had four of them and has eight now. The driver has this one
 * only, and brings it what was meant for the others too, which it refuses.
 */
class GrownLaneTest {

  private static final Generations GROWN = Generations.of(4).grownTo(8);

  /** Placed here by four and elsewhere by eight. */
  private static final Predicate<ExecutionKey> MOVES =
      key -> key.partition(4) == 0 && key.partition(8) == 4;

  /** Placed here by both. */
  private static final Predicate<ExecutionKey> STAYS = key -> key.partition(8) == 0;

  @TempDir Path directory;
  private LaneFixture lane;
  private String machine;

  @BeforeEach
  void open() {
    lane = new LaneFixture(LaneFixture.of(Lane.STANDARD).over(GROWN), directory);
    machine = lane.machine("m", LaneFixture.oneTask(""));
  }

  @AfterEach
  void close() {
    lane.close();
  }

  private String named(Predicate<ExecutionKey> placed) {
    return IntStream.range(0, 1_000)
        .mapToObj(i -> "r" + i)
        .filter(name -> placed.test(ExecutionKey.of(lane.arn(machine, name))))
        .findFirst()
        .orElseThrow();
  }

  /** Copies what a lane of four partitions has of an execution. */
  private void begunBefore(String name) {
    LaneSettings four = LaneFixture.of(Lane.STANDARD).over(Generations.of(4));
    try (LaneFixture before = new LaneFixture(four, directory.resolve("before"))) {
      String same = before.machine("m", LaneFixture.oneTask(""));
      before.launch(same, name, "{}");
      for (String store : List.of(ExecutionRows.STORE, TimerRows.STORE)) {
        KeyValueStore<Bytes, byte[]> rows = lane.driver.getKeyValueStore(store);
        KeyValueStore<Bytes, byte[]> begun = before.driver.getKeyValueStore(store);
        try (KeyValueIterator<Bytes, byte[]> all = begun.all()) {
          all.forEachRemaining(row -> rows.put(row.key, row.value));
        }
      }
    }
  }

  /** Asks whoever has it, in whichever generation. */
  private CompletableFuture<Reply> ask(String arn, int generation, Object body) {
    PendingReplies.Call call = lane.replies.open(Duration.ofMinutes(5));
    lane.send(new Envelope(arn, generation, 0L, 0, 0L, call.replyTo(), body));
    return call.reply();
  }

  private List<TestRecord<byte[], byte[]>> passedOn() {
    return lane.records(lane.lane.topics().peer());
  }

  private Envelope onlyPassedOn() {
    List<TestRecord<byte[], byte[]>> records = passedOn();
    assertThat(records).hasSize(1);
    return LaneFixture.decoded(lane.codecs.peer(), records.getFirst().value());
  }

  @Test
  void shouldPassOnTheStartOfANameThatItDoesNotKnow() {
    String name = named(MOVES);
    String arn = lane.arn(machine, name);
    LaunchExecution launch = lane.launchOf(machine, name, "{}");

    CompletableFuture<Reply> start = ask(arn, Generations.UNKNOWN, launch);
    lane.commit();

    Envelope passed = onlyPassedOn();
    assertThat(passed.getExecutionArn()).isEqualTo(arn);
    // Nobody is left to pass it on to.
    assertThat(passed.getGeneration()).isEqualTo(2);
    assertThat(passed.getReplyTo()).isNotNull();
    assertThat(passed.getBody()).isEqualTo(launch);
    assertThat(lane.history()).isEmpty();
    assertThat(((Reply.Refused) start.join()).reason())
        .isEqualTo("generation 2 has execution '%s' at partition 4, not 0".formatted(arn));
  }

  @Test
  void shouldAnswerForANameThatItHas() {
    String name = named(MOVES);
    String arn = lane.arn(machine, name);
    begunBefore(name);

    CompletableFuture<Reply> same =
        ask(arn, Generations.UNKNOWN, lane.launchOf(machine, name, "{}"));
    CompletableFuture<Reply> other =
        ask(arn, Generations.UNKNOWN, lane.launchOf(machine, name, "{\"other\":1}"));
    CompletableFuture<Reply> stop =
        ask(arn, Generations.UNKNOWN, new StopExecution(null, null, lane.now()));
    lane.commit();

    assertThat(same.join()).isInstanceOf(Reply.Started.class);
    assertThat(other).isCompletedWithValue(new Reply.AlreadyExists());
    assertThat(stop.join()).isInstanceOf(Reply.Stopped.class);
    assertThat(passedOn()).isEmpty();
  }

  @Test
  void shouldPassOnAStartFromBeforeTheGrowthToo() {
    String name = named(MOVES);

    ask(lane.arn(machine, name), 1, lane.launchOf(machine, name, "{}"));
    lane.commit();

    assertThat(onlyPassedOn().getBody()).isInstanceOf(LaunchExecution.class);
    assertThat(lane.history()).isEmpty();
  }

  @Test
  void shouldRefuseAStartByATaskOfAGenerationThatIsNone() {
    String name = named(STAYS);
    for (int generation : new int[] {0, 3}) {
      LaunchExecution launch = lane.launchOf(machine, name, "{}");
      launch.setParent(
          new ParentTask(lane.arn(machine, "parent"), 1L, 1, NestedPattern.SYNC, generation));

      CompletableFuture<Reply> start = ask(lane.arn(machine, name), Generations.UNKNOWN, launch);
      lane.commit();

      assertThat(((Reply.Refused) start.join()).reason())
          .contains("is no execution whose task could have started this one");
    }
    assertThat(lane.deadLetters()).hasSize(2);
  }

  @Test
  void shouldBeginHereWhatBothGenerationsPlaceHere() {
    String name = named(STAYS);
    String arn = lane.arn(machine, name);

    CompletableFuture<Reply> start =
        ask(arn, Generations.UNKNOWN, lane.launchOf(machine, name, "{}"));
    lane.commit();

    assertThat(start.join()).isInstanceOf(Reply.Started.class);
    TaskOrder order = lane.task();
    assertThat(order.getInboxPartition()).isZero();
    // A worker knows of no generations.
    lane.succeeds(order, "{}");
    assertThat(lane.ended()).containsKey(arn);
    assertThat(passedOn()).isEmpty();
  }

  @Test
  void shouldSayThatThereIsNoneOnlyToWhoAsksItAlone() {
    String arn = lane.arn(machine, named(MOVES));

    CompletableFuture<Reply> here = ask(arn, 1, new InspectExecution(false));
    lane.commit();
    assertThat(here).isCompletedWithValue(new Reply.NoSuchExecution());
    assertThat(passedOn()).isEmpty();

    ask(arn, Generations.UNKNOWN, new StopExecution(null, null, lane.now()));
    lane.commit();
    assertThat(onlyPassedOn().getBody()).isInstanceOf(StopExecution.class);
  }

  @Test
  void shouldRefuseWhatNoGenerationPlacesHere() {
    String arn = lane.arn(machine, named(key -> key.partition(4) == 1));

    CompletableFuture<Reply> start = ask(arn, 2, lane.launchOf(machine, "r", "{}"));
    CompletableFuture<Reply> third = ask(arn, 3, new InspectExecution(false));
    lane.commit();

    assertThat(start.join()).isInstanceOf(Reply.Refused.class);
    assertThat(((Reply.Refused) third.join()).reason())
        .contains("generation 3 of the partition layout does not exist here");
    assertThat(lane.deadLetters()).hasSize(2);
  }

  @Test
  void shouldKeepAMapRunInTheGenerationOfItsExecution() {
    String map =
        lane.machine(
            "map",
            """
            {"StartAt":"M","States":{"M":{"Type":"Map","End":true,
             "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
             "StartAt":"W","States":{"W":{"Type":"Wait","Seconds":60,"End":true}}}}}}\
            """);
    String items =
        IntStream.range(0, 4_000)
            .mapToObj(String::valueOf)
            .collect(java.util.stream.Collectors.joining(",", "[", "]"));
    for (int generation : new int[] {1, 2}) {
      String name =
          IntStream.range(0, 1_000)
              .mapToObj(i -> "of" + generation + "-" + i)
              .filter(n -> ExecutionKey.of(lane.arn(map, n)).partition(8) == 0)
              .findFirst()
              .orElseThrow();
      lane.send(
          new Envelope(
              lane.arn(map, name), generation, 0L, 0, 0L, null, lane.launchOf(map, name, items)));
      IntStream.range(0, 50).forEach(_ -> lane.advance(Duration.ofMillis(10)));

      List<Envelope> started =
          passedOn().stream()
              .map(record -> LaneFixture.decoded(lane.codecs.peer(), record.value()))
              .filter(told -> told.getBody() instanceof StartShard)
              .toList();
      assertThat(started).isNotEmpty();
      assertThat(started).allMatch(told -> told.getGeneration() == generation);
      int partitions = generation == 1 ? 4 : 8;
      assertThat(started)
          .noneMatch(told -> ExecutionKey.of(told.getExecutionArn()).partition(partitions) == 0);
    }
  }

  @Test
  void shouldPassOnAQuestionAboutAMapRunThatItDoesNotKnow() {
    String id =
        IntStream.range(0, 1_000)
            .mapToObj(i -> "%08x-0000-4000-8000-000000000000".formatted(i))
            .filter(
                uuid ->
                    MOVES.test(
                        ExecutionKey.of(
                            "arn:aws:states:us-east-1:111111111111:mapRun:m/M:" + uuid)))
            .findFirst()
            .orElseThrow();
    String mapRun = "arn:aws:states:us-east-1:111111111111:mapRun:m/M:" + id;

    CompletableFuture<Reply> asked = ask(mapRun, Generations.UNKNOWN, new InspectMapRun(false));
    lane.commit();

    assertThat(onlyPassedOn().getBody()).isInstanceOf(InspectMapRun.class);
  }
}
