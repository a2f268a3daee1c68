package io.stepstream.coordinator.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.stepstream.asl.definition.Flow;
import io.stepstream.asl.definition.QueryLanguage;
import io.stepstream.asl.definition.StateMachine;
import io.stepstream.asl.engine.Machine;
import io.stepstream.asl.engine.RedriveRules;
import io.stepstream.asl.engine.TaskTokens;
import io.stepstream.asl.parse.DefinitionReader;
import io.stepstream.asl.parse.DefinitionResult;
import io.stepstream.asl.source.Format;
import io.stepstream.asl.validate.MachineType;
import io.stepstream.coordinator.access.Permissions;
import io.stepstream.coordinator.admission.Admission;
import io.stepstream.coordinator.executionlog.ExecutionLogging;
import io.stepstream.coordinator.executionlog.LogLevel;
import io.stepstream.coordinator.metrics.LaneMeters;
import io.stepstream.coordinator.reply.CommitPacing;
import io.stepstream.coordinator.reply.PendingReplies;
import io.stepstream.coordinator.reply.Reply;
import io.stepstream.coordinator.reply.TestCommits;
import io.stepstream.coordinator.route.TaskRoutes;
import io.stepstream.coordinator.sealing.Seals;
import io.stepstream.coordinator.store.ExecutionRows;
import io.stepstream.coordinator.store.TimerRow;
import io.stepstream.coordinator.store.TimerRows;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.ExecutionCompleted;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.LaunchExecution;
import io.stepstream.schemas.ReplyTo;
import io.stepstream.schemas.ReplyWhen;
import io.stepstream.schemas.StartExecution;
import io.stepstream.schemas.StartedBy;
import io.stepstream.schemas.StateMachineRevision;
import io.stepstream.schemas.TaskFailed;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.topic.Generations;
import io.stepstream.schemas.topic.HistoryHeaders;
import io.stepstream.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** One lane's topology with one partition, a clock of the test's own and definitions in a map. */
final class LaneFixture implements AutoCloseable {

  static final Instant START = Instant.parse("2026-09-01T12:00:00Z");
  static final String ROLE = "arn:aws:iam::111111111111:role/r";
  static final String FUNCTION = "arn:aws:lambda:us-east-1:111111111111:function:";

  /** Kinds of rows: of executions, of Map runs and of where those are. */
  private static final List<Byte> SUMMARIES = List.of((byte) 0, (byte) 5, (byte) 6);

  final LaneSettings lane;
  final LaneCodecs codecs;
  final TopologyTestDriver driver;
  final MeterRegistry meters = new SimpleMeterRegistry();
  final StepCounters counters;
  final TaskRoutes routes = new TaskRoutes();
  final PendingReplies replies = new PendingReplies("node");
  final Admission admission = new Admission(System::nanoTime);
  final MapDefinitions definitions = new MapDefinitions();
  final TaskTokens tokens = new TaskTokens(List.of("a test's secret".getBytes(UTF_8)));
  final Set<String> missingActivities = new HashSet<>();
  private final CommitPacing pacing;
  private final List<HistoryRecord> history = new ArrayList<>();
  private final List<HistoryRecord> childHistory = new ArrayList<>();

  LaneFixture(LaneSettings lane, Path directory) {
    this(lane, directory, Permissions.open());
  }

  LaneFixture(LaneSettings lane, Path directory, Permissions permissions) {
    this(lane, directory, permissions, Seals.none());
  }

  LaneFixture(LaneSettings lane, Path directory, Permissions permissions, Seals seals) {
    this.lane = lane;
    this.counters = new StepCounters(new LaneMeters(meters, lane.topics().lane(), 3));
    TaskWorld world = new TaskWorld(tokens, arn -> !missingActivities.contains(arn), permissions);
    this.pacing = new CommitPacing(lane.pacing());
    SchemaRegistry registry = SchemaRegistry.bundled();
    this.codecs = LaneCodecs.of(lane.topics(), registry, seals);
    codecs.starts().register();
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    config.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
    this.driver =
        new TopologyTestDriver(
            CoordinatorTopology.build(
                lane, codecs, definitions, routes, pacing, replies, admission, counters, world),
            config,
            START);
  }

  static LaneSettings of(Lane lane) {
    return lane == Lane.EXPRESS
        ? LaneSettings.express(Generations.of(1), "us-east-1", true)
        : LaneSettings.standard(Generations.of(1), "us-east-1");
  }

  @Override
  public void close() {
    driver.close();
  }

  // ------------------------------------------------------------------ definitions

  static final class MapDefinitions implements Definitions {

    private final Map<String, Runnable> runnable = new HashMap<>();
    private final Map<String, Startable> startable = new HashMap<>();
    long position = 10;

    /** Called when somebody waits for the topic's end. */
    java.lang.Runnable onCatchUp = () -> {};

    /** False: the topic's end cannot be reached. */
    boolean caughtUp = true;

    @Override
    public @Nullable Runnable find(String stateMachineArn, String revisionId) {
      return runnable.get(stateMachineArn + revisionId);
    }

    @Override
    public Optional<Startable> startable(String arn) {
      return Optional.ofNullable(startable.get(arn));
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    public boolean catchUp(Duration timeout) {
      onCatchUp.run();
      return caughtUp;
    }

    void forget(String stateMachineArn) {
      runnable.keySet().removeIf(key -> key.startsWith(stateMachineArn));
    }
  }

  static String machineArn(String name) {
    return "arn:aws:states:us-east-1:111111111111:stateMachine:" + name;
  }

  /** Defines a machine of this lane; its ARN. */
  String machine(String name, String definition) {
    return machine(name, definition, lane.topics().lane());
  }

  String machine(String name, String definition, Lane of) {
    StateMachineRevision revision =
        new StateMachineRevision(
            machineArn(name),
            "r1",
            name,
            of,
            ROLE,
            Payloads.of(definition.getBytes(UTF_8)),
            START,
            START,
            null,
            true);
    MachineType type = of == Lane.EXPRESS ? MachineType.EXPRESS : MachineType.STANDARD;
    Machine machine =
        switch (DefinitionReader.read(definition, Format.JSON, type)) {
          case DefinitionResult.Parsed parsed -> Machine.of(parsed.machine());
          case DefinitionResult.Rejected rejected -> throw new AssertionError(rejected.message());
        };
    definitions.runnable.put(
        revision.getStateMachineArn() + "r1",
        new Definitions.Runnable(revision, machine, Definitions.Telling.NOTHING));
    definitions.startable.put(
        revision.getStateMachineArn(), new Definitions.Startable(revision, 5, null));
    return revision.getStateMachineArn();
  }

  /** Lets a machine be started by the ARN of an alias of a version. */
  String alias(String machine, String name, int version) {
    Definitions.Startable startable = definitions.startable.get(machine);
    String alias = machine + ':' + name;
    definitions.startable.put(
        alias, new Definitions.Startable(startable.revision(), 5, new StartedBy(version, name)));
    return alias;
  }

  /** A machine's definition loses its states: whatever steps on it finds a bug. */
  void breakMachine(String arn) {
    Definitions.Runnable whole = definitions.runnable.get(arn + "r1");
    definitions.runnable.put(
        arn + "r1",
        new Definitions.Runnable(
            whole.revision(),
            new Machine(
                new StateMachine(null, QueryLanguage.JSON_PATH, null, new Flow("", "S", Map.of())),
                Map.of()),
            whole.telling()));
  }

  /** A machine's executions are logged from now on. */
  void log(String machine, LogLevel level, boolean executionData) {
    tell(machine, new Definitions.Telling(new ExecutionLogging(level, executionData), false));
  }

  /** Its tasks are traced from now on, if tracing is on. */
  void trace(String machine) {
    tell(machine, new Definitions.Telling(ExecutionLogging.OFF, true));
  }

  private void tell(String machine, Definitions.Telling telling) {
    definitions.runnable.computeIfPresent(
        machine + "r1",
        (_, known) -> new Definitions.Runnable(known.revision(), known.machine(), telling));
  }

  static String oneTask(String fields) {
    return """
    {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"%sf",%s"End":true}}}\
    """
        .formatted(FUNCTION, fields);
  }

  // ------------------------------------------------------------------ what goes in

  String arn(String machine, String name) {
    return lane.express()
        ? machine.replace(":stateMachine:", ":express:") + ":" + name + ":u"
        : machine.replace(":stateMachine:", ":execution:") + ":" + name;
  }

  LaunchExecution launchOf(String machine, String name, String input) {
    return new LaunchExecution(
        machine,
        "r1",
        5L,
        name,
        true,
        Payloads.of(input.getBytes(UTF_8)),
        now(),
        "Root=1-trace",
        ReplyWhen.STARTED,
        null,
        null,
        null);
  }

  Instant now() {
    return Instant.ofEpochMilli(nowMillis);
  }

  private long nowMillis = START.toEpochMilli();

  String launch(String machine, String name, String input) {
    String arn = arn(machine, name);
    send(new Envelope(arn, 1, 0L, 0, 0L, null, launchOf(machine, name, input)));
    return arn;
  }

  CompletableFuture<Reply> ask(String arn, Object body) {
    PendingReplies.Call call = replies.open(Duration.ofMinutes(5));
    send(new Envelope(arn, 1, 0L, 0, 0L, call.replyTo(), body));
    return call.reply();
  }

  ReplyTo someCall() {
    return replies.open(Duration.ofMinutes(5)).replyTo();
  }

  void send(Envelope envelope) {
    write(lane.topics().inbox(), envelope.getExecutionArn(), codecs.inbox().encode(envelope));
  }

  void write(String topic, @Nullable String key, byte @Nullable [] value) {
    driver
        .createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput(new TestRecord<>(key == null ? null : key.getBytes(UTF_8), value, now()));
  }

  /** A record of another clock than the test's. */
  void writeAt(String topic, byte[] value, Instant timestamp) {
    driver
        .createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput(new TestRecord<>(null, value, timestamp));
  }

  void start(String machine, @Nullable String name, String input) {
    write(
        Topics.START_EXECUTION,
        null,
        codecs
            .starts()
            .encode(new StartExecution(machine, name, Payloads.of(input.getBytes(UTF_8)), null)));
  }

  void succeeds(TaskOrder order, String output) {
    send(answer(order, new TaskSucceeded(Payloads.of(output.getBytes(UTF_8)))));
  }

  void fails(TaskOrder order, @Nullable String error, @Nullable String cause) {
    send(answer(order, new TaskFailed(error, cause)));
  }

  /** What a worker says of an attempt. */
  static Envelope answer(TaskOrder order, Object body) {
    return new Envelope(
        order.getExecutionArn(), 1, order.getFrameId(), order.getEpoch(), 0L, null, body);
  }

  /** Lets time pass, and some ticks more for what the first ones scheduled. */
  void advance(Duration duration) {
    nowMillis += duration.toMillis();
    driver.advanceWallClockTime(duration);
    for (int tick = 0; tick < 3; tick++) {
      nowMillis += 10;
      driver.advanceWallClockTime(Duration.ofMillis(10));
    }
  }

  /** Commits, as the stream thread would; replies leave. */
  void commit() {
    TestCommits.commit(pacing);
  }

  /** Undoes the transaction, as far as it is not in the test's stores and topics. */
  void abort() {
    TestCommits.abort(pacing);
  }

  // ------------------------------------------------------------------ what comes out

  List<TaskOrder> tasks(String queue) {
    return read(Topics.tasks(queue), codecs.tasks());
  }

  TaskOrder task() {
    List<TaskOrder> orders = tasks(TaskRoutes.DEFAULT_QUEUE);
    assertThat(orders).hasSize(1);
    return orders.getFirst();
  }

  List<ExecutionCompleted> completions() {
    return read(Topics.COMPLETIONS, codecs.completions());
  }

  /** How executions have ended since they were last asked for. */
  List<ExecutionStatus> endings() {
    return completions().stream().map(ExecutionCompleted::getStatus).toList();
  }

  /** How the executions with these ARNs have ended so far, by their histories. */
  Map<String, ExecutionStatus> ended() {
    Map<String, ExecutionStatus> ended = new LinkedHashMap<>();
    List<HistoryRecord> records = new ArrayList<>(history());
    if (lane.express()) {
      records.addAll(childHistory());
    }
    for (HistoryRecord record : records) {
      ExecutionStatus status = HistoryHeaders.statusAfter(record.getEvents().getLast().getType());
      if (status != ExecutionStatus.RUNNING) {
        ended.put(record.getExecutionArn(), status);
      }
    }
    return ended;
  }

  /** All history records so far. */
  List<HistoryRecord> history() {
    history.addAll(read(lane.topics().history(), codecs.history()));
    return history;
  }

  /** All history records of Express children so far. */
  List<HistoryRecord> childHistory() {
    childHistory.addAll(read(lane.topics().childHistory(), codecs.childHistory()));
    return childHistory;
  }

  List<String> eventTypes(String executionArn) {
    return events(executionArn).stream().map(e -> e.getType().name()).toList();
  }

  List<HistoryEvent> events(String executionArn) {
    return history().stream()
        .filter(record -> record.getExecutionArn().equals(executionArn))
        .flatMap(record -> record.getEvents().stream())
        .toList();
  }

  List<TestRecord<byte[], byte[]>> records(String topic) {
    return driver
        .createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
        .readRecordsToList();
  }

  List<TestRecord<byte[], byte[]>> deadLetters() {
    return records(Topics.DLQ);
  }

  private <T extends SpecificRecordBase> List<T> read(String topic, WireCodec<T> codec) {
    return records(topic).stream().map(record -> decoded(codec, record.value())).toList();
  }

  static <T extends SpecificRecordBase> T decoded(WireCodec<T> codec, byte[] value) {
    return switch (codec.decode(value)) {
      case Decoded.Read(T read) -> read;
      case Decoded.Unreadable(String reason) -> throw new AssertionError(reason);
    };
  }

  static Map<String, String> headers(TestRecord<?, ?> record) {
    Map<String, String> headers = new HashMap<>();
    record
        .headers()
        .forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
    return headers;
  }

  KeyValueStore<Bytes, byte[]> executions() {
    return driver.getKeyValueStore(ExecutionRows.STORE);
  }

  /** Keys of the rows in a store, without the timers' low-water mark. */
  List<Bytes> rows(String store) {
    KeyValueStore<Bytes, byte[]> rows = driver.getKeyValueStore(store);
    List<Bytes> keys = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> all = rows.all()) {
      all.forEachRemaining(row -> keys.add(row.key));
    }
    return keys.stream().filter(key -> key.get().length > 8).collect(Collectors.toList());
  }

  List<Integer> timerPurposes() {
    return rows(TimerRows.STORE).stream()
        .map(key -> (int) key.get()[key.get().length - 1])
        .toList();
  }

  /**
   * Of what has ended no timers are left, but for the clean-up; when nothing can be redriven any
   * more, no rows but summaries; and after their retention nothing at all, in neither store.
   */
  void assertNothingIsLeft() {
    // timers of the next minute are not cancelled but void
    for (int seconds = 0; seconds < 70; seconds += 5) {
      advance(Duration.ofSeconds(5));
    }
    if (!lane.express()) {
      assertThat(timerPurposes())
          .contains(TimerRow.RETENTION)
          .isSubsetOf(TimerRow.RETENTION, TimerRow.MAP_RUN_RETENTION, TimerRow.REDRIVE_PERIOD);
      advance(RedriveRules.PERIOD.plusDays(1));
      assertThat(rows(ExecutionRows.STORE))
          .as("summaries")
          .isNotEmpty()
          .allMatch(key -> SUMMARIES.contains(key.get()[16]));
      assertThat(timerPurposes())
          .contains(TimerRow.RETENTION)
          .isSubsetOf(TimerRow.RETENTION, TimerRow.MAP_RUN_RETENTION);
      advance(lane.retention().plusDays(1));
    }
    if (lane.express() && timerPurposes().contains(TimerRow.REDRIVE_PERIOD)) {
      advance(RedriveRules.PERIOD.plusDays(1)); // of a shard, for a Standard execution
    }
    assertThat(rows(ExecutionRows.STORE)).as("rows of executions").isEmpty();
    assertThat(timerPurposes()).as("timers").isEmpty();
  }
}
