package io.stepstream.coordinator.shell;

import static io.stepstream.coordinator.shell.LaneFixture.machineArn;
import static io.stepstream.coordinator.shell.LaneFixture.oneTask;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.coordinator.access.Permissions;
import io.stepstream.coordinator.route.TaskRoutes;
import io.stepstream.coordinator.sealing.TestSeals;
import io.stepstream.coordinator.store.ExecutionRows;
import io.stepstream.coordinator.store.TimerRows;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.ExecutionCompleted;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.TaskFailed;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.sealing.SealedFields;
import io.stepstream.schemas.topic.DeadLetter;
import io.stepstream.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Machines that name a key, up to the bytes of stores and topics. */
final class SealedLaneTest {

  private static final String CANARY = "canary-4711";
  private static final String INPUT = "{\"card\":\"" + CANARY + "\",\"items\":[1,2,3]}";
  private static final String KEY = "orders";
  private static final String ALL =
      """
      {"QueryLanguage":"JSONata","StartAt":"V","States":{
        "V":{"Type":"Pass","Assign":{"kept":"{% $states.input.card %}"},"Next":"M"},
        "M":{"Type":"Map","Items":"{% $states.input.items %}","ItemSelector":{"card":"{% $kept %}"},
          "ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Wait","Seconds":1,"Next":"J"},
            "J":{"Type":"Pass","End":true}}},"Next":"P"},
        "P":{"Type":"Parallel","Branches":[{"StartAt":"B","States":{"B":{"Type":"Pass","End":true}}}],"Next":"T"},
        "T":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:111111111111:function:f",
          "Arguments":{"card":"{% $kept %}"},
          "Retry":[{"ErrorEquals":["Again"],"IntervalSeconds":1,"MaxAttempts":1}],
          "Catch":[{"ErrorEquals":["States.ALL"],"Output":"{% $states.errorOutput %}","Next":"E"}],"End":true},
        "E":{"Type":"Fail","Error":"{% $states.input.Cause %}","Cause":"{% $kept %}"}}}\
      """;

  @TempDir Path directory;
  private final TestSeals keys = new TestSeals();
  private LaneFixture lane;

  @BeforeEach
  void open() {
    lane = open(Lane.STANDARD);
  }

  private LaneFixture open(Lane of) {
    return new LaneFixture(
        LaneFixture.of(of), directory.resolve(of.name()), Permissions.open(), keys.seals);
  }

  @AfterEach
  void close() {
    lane.close();
  }

  private String machine(String name, String definition) {
    String machine = lane.machine(name, definition);
    keys.names(machine, KEY);
    return machine;
  }

  /** As nodes send. */
  private void send(Envelope envelope) {
    keys.seals.seal(envelope);
    lane.send(envelope);
  }

  private String launch(String machine, String name) {
    String arn = lane.arn(machine, name);
    send(new Envelope(arn, 1, 0L, 0, 0L, null, lane.launchOf(machine, name, INPUT)));
    return arn;
  }

  /** As workers do. */
  private TaskOrder opened(TaskOrder order) {
    assertThat(SealedFields.open(order, keys.keys, order.getExecutionArn())).isNull();
    return order;
  }

  private ExecutionCompleted completed() {
    List<ExecutionCompleted> completions = lane.completions();
    assertThat(completions).hasSize(1);
    ExecutionCompleted end = completions.getFirst();
    assertThat(SealedFields.open(end, keys.keys, end.getExecutionArn())).isNull();
    return end;
  }

  /** All that is at rest: rows, and records since the last call, as text. */
  private List<String> atRest() {
    List<String> all = new ArrayList<>();
    for (String store : List.of(ExecutionRows.STORE, TimerRows.STORE)) {
      KeyValueStore<Bytes, byte[]> rows = lane.driver.getKeyValueStore(store);
      try (KeyValueIterator<Bytes, byte[]> each = rows.all()) {
        each.forEachRemaining(row -> all.add(store + new String(row.value, ISO_8859_1)));
      }
    }
    for (String topic : List.copyOf(lane.driver.producedTopicNames())) {
      lane.records(topic).stream()
          .filter(record -> record.value() != null)
          .forEach(record -> all.add(topic + new String(record.value(), ISO_8859_1)));
    }
    return all;
  }

  /** The only record on a topic, which has not been looked at yet. */
  private <T extends SpecificRecordBase> T only(
      String topic, WireCodec<T> codec, List<String> seen) {
    var records = lane.records(topic);
    assertThat(records).hasSize(1);
    seen.add(topic + new String(records.getFirst().value(), ISO_8859_1));
    return LaneFixture.decoded(codec, records.getFirst().value());
  }

  private TaskOrder taken(List<String> seen) {
    return opened(only(Topics.tasks(TaskRoutes.DEFAULT_QUEUE), lane.codecs.tasks(), seen));
  }

  private void run(String machine, List<String> seen) {
    String arn = launch(machine, "e");
    seen.addAll(atRest());
    lane.advance(Duration.ofSeconds(2));
    TaskOrder order = taken(seen);
    assertThat(Payloads.text(order.getInput())).contains(CANARY);
    seen.addAll(atRest());
    send(LaneFixture.answer(order, new TaskFailed("Again", CANARY)));
    seen.addAll(atRest());
    lane.advance(Duration.ofSeconds(2));
    TaskOrder again = taken(seen);
    send(LaneFixture.answer(again, new TaskFailed("Final", CANARY)));
    lane.advance(Duration.ofSeconds(1));
    ExecutionCompleted end = only(Topics.COMPLETIONS, lane.codecs.completions(), seen);
    assertThat(SealedFields.open(end, keys.keys, arn)).isNull();
    assertThat(end.getExecutionArn()).isEqualTo(arn);
    assertThat(end.getStatus()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(Payloads.text(end.getInput())).isEqualTo(INPUT);
    assertThat(end.getCause()).isEqualTo(CANARY);
    assertThat(end.getError()).isEqualTo(CANARY);
    seen.addAll(atRest());
  }

  @ParameterizedTest
  @EnumSource(
      value = Lane.class,
      names = {"STANDARD", "EXPRESS"})
  void shouldHaveNothingInTheClearAtRest(Lane of) {
    lane.close();
    lane = open(of);
    List<String> seen = new ArrayList<>();
    run(machine("m", ALL), seen);

    assertThat(seen).noneMatch(text -> text.contains(CANARY));

    List<String> plain = new ArrayList<>();
    run(lane.machine("plain", ALL), plain);
    assertThat(plain)
        .as("where payloads are to be found")
        .anyMatch(text -> text.startsWith(lane.lane.topics().history()) && text.contains(CANARY))
        .anyMatch(text -> text.startsWith(ExecutionRows.STORE) && text.contains(CANARY))
        .anyMatch(text -> text.startsWith(Topics.COMPLETIONS) && text.contains(CANARY))
        .anyMatch(text -> text.startsWith(Topics.tasks("lambda")) && text.contains(CANARY));
  }

  @Test
  void shouldWaitForAKeyAndLoseNothing() {
    String machine = machine("m", oneTask(""));
    launch(machine, "e");
    TaskOrder order = opened(lane.task());
    Envelope answer =
        LaneFixture.answer(order, new TaskSucceeded(Payloads.of("\"" + CANARY + "\"")));
    keys.seals.seal(answer);
    keys.take(KEY);

    lane.send(answer);
    lane.advance(Duration.ofSeconds(5));
    assertThat(lane.completions()).isEmpty();
    assertThat(lane.deadLetters()).isEmpty();

    keys.giveBack(KEY);
    lane.advance(Duration.ofSeconds(2));
    ExecutionCompleted end = completed();
    assertThat(end.getStatus()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(Payloads.text(end.getOutput())).isEqualTo("\"" + CANARY + "\"");
  }

  @Test
  void shouldFireTimersWhenTheKeyIsBack() {
    String machine =
        machine(
            "m",
            "{\"StartAt\":\"W\",\"States\":{\"W\":{\"Type\":\"Wait\",\"Seconds\":5,\"End\":true}}}");
    launch(machine, "e");
    keys.take(KEY);

    lane.advance(Duration.ofSeconds(10));
    assertThat(lane.completions()).isEmpty();

    keys.giveBack(KEY);
    lane.advance(Duration.ofSeconds(2));
    assertThat(Payloads.text(completed().getOutput())).isEqualTo(INPUT);
  }

  @Test
  void shouldPutAsideWhatWasTamperedWith() {
    String machine = machine("m", oneTask(""));
    String arn = launch(machine, "e");
    TaskOrder order = opened(lane.task());
    Envelope answer = LaneFixture.answer(order, new TaskSucceeded(Payloads.of("1")));
    keys.seals.seal(answer);
    byte[] output = Payloads.bytes(((TaskSucceeded) answer.getBody()).getOutput());
    output[output.length - 1] ^= 1;

    lane.send(answer);

    var letters = lane.deadLetters();
    assertThat(letters).hasSize(1);
    assertThat(LaneFixture.headers(letters.getFirst()).get(DeadLetter.REASON))
        .contains("was changed or moved", arn);
    assertThat(lane.completions()).isEmpty();
    send(LaneFixture.answer(order, new TaskSucceeded(Payloads.of("2"))));
    assertThat(Payloads.text(completed().getOutput())).isEqualTo("2");
  }

  @Test
  void shouldEndAnExecutionWhoseRowWasTamperedWith() {
    String machine = machine("m", oneTask("\"ResultPath\":\"$.r\","));
    launch(machine, "e");
    TaskOrder order = opened(lane.task());
    KeyValueStore<Bytes, byte[]> rows = lane.executions();
    List<Bytes> payloads =
        lane.rows(ExecutionRows.STORE).stream().filter(key -> key.get()[16] == 2).toList();
    assertThat(payloads).isNotEmpty();
    for (Bytes key : payloads) {
      byte[] row = rows.get(key).clone();
      row[row.length - 1] ^= 1;
      rows.put(key, row);
    }

    send(LaneFixture.answer(order, new TaskSucceeded(Payloads.of("1"))));

    ExecutionCompleted end = completed();
    assertThat(end.getStatus()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(end.getCause()).contains("An internal error ended the execution", "orders");
    assertThat(lane.deadLetters()).hasSize(1);
  }

  @Test
  void shouldNotWaitForAKeyThatTheMachineDoesNotName() {
    keys.names(machineArn("another"), KEY);
    String plain = lane.machine("plain", oneTask(""));
    String arn = lane.arn(plain, "e");
    Envelope foreign = new Envelope(arn, 1, 0L, 0, 0L, null, lane.launchOf(plain, "e", INPUT));
    SealedFields.seal(foreign, keys.seals.ofExecution(lane.arn(machineArn("another"), "x")), arn);
    keys.take(KEY);

    lane.send(foreign);

    assertThat(LaneFixture.headers(lane.deadLetters().getFirst()).get(DeadLetter.REASON))
        .isEqualTo("The key 'orders' is not available: it was taken away");
  }

  @Test
  void shouldTellTheSameStartFromAnotherOne() throws Exception {
    String machine = machine("m", oneTask(""));
    launch(machine, "e");
    String arn = lane.arn(machine, "e");
    for (String input : List.of(INPUT, "{}")) {
      var call = lane.replies.open(Duration.ofMinutes(1));
      send(new Envelope(arn, 1, 0L, 0, 0L, call.replyTo(), lane.launchOf(machine, "e", input)));
      lane.commit();
      assertThat(call.reply().get().getClass().getSimpleName())
          .isEqualTo(input.equals(INPUT) ? "Started" : "AlreadyExists");
    }
  }

  @Test
  void shouldTellAParentThatTheKeyOfItsChildIsMissing() {
    String child = machine("child", oneTask(""));
    String parent =
        lane.machine(
            "parent",
            "{\"StartAt\":\"N\",\"States\":{\"N\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::states:startExecution\",\"Parameters\":{\"StateMachineArn\":\"%s\",\"Input\":{}},\"End\":true}}}"
                .formatted(child));
    keys.take(KEY);

    lane.launch(parent, "e", "{}");
    lane.advance(Duration.ofSeconds(1));

    ExecutionCompleted end = lane.completions().getFirst();
    assertThat(end.getError()).isEqualTo("StepFunctions.KmsInvalidStateException");
    assertThat(end.getCause()).contains("The key 'orders' is not available");
  }

  @Test
  void shouldKeepABrokenExecutionUntilTheKeyOfItsParentIsBack() {
    String child = lane.machine("child", oneTask(""));
    String parent =
        machine(
            "parent",
            "{\"StartAt\":\"N\",\"States\":{\"N\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::states:startExecution.sync:2\",\"Parameters\":{\"StateMachineArn\":\"%s\",\"Input\":{}},\"End\":true}}}"
                .formatted(child));
    launch(parent, "e");
    lane.advance(Duration.ofSeconds(1));
    TaskOrder order = lane.task();
    lane.breakMachine(child);
    keys.take(KEY);

    // Its answer breaks the child, whose parent can't be told.
    lane.succeeds(order, "1");
    List<Bytes> rows = lane.rows(ExecutionRows.STORE);
    lane.advance(Duration.ofSeconds(5));
    assertThat(lane.completions()).isEmpty();
    assertThat(lane.deadLetters()).isEmpty();
    assertThat(lane.rows(ExecutionRows.STORE)).isEqualTo(rows);

    keys.giveBack(KEY);
    lane.advance(Duration.ofSeconds(2));
    assertThat(lane.completions())
        .extracting(ExecutionCompleted::getStatus)
        .containsExactly(ExecutionStatus.FAILED, ExecutionStatus.FAILED);
    assertThat(lane.deadLetters()).hasSize(1);
  }

  @Test
  void shouldPutAsideAStartByTopicWhoseKeyIsMissing() {
    String machine = machine("m", oneTask(""));
    keys.take(KEY);

    lane.start(machine, "e", INPUT);

    assertThat(LaneFixture.headers(lane.deadLetters().getFirst()).get(DeadLetter.REASON))
        .contains("The key 'orders' is not available");
    assertThat(lane.records(Topics.tasks("lambda"))).isEmpty();
  }
}
