package io.stepstream.coordinator.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.stepstream.asl.engine.Event;
import io.stepstream.asl.engine.Execution;
import io.stepstream.asl.engine.Frame;
import io.stepstream.asl.engine.Limits;
import io.stepstream.asl.engine.Machine;
import io.stepstream.asl.engine.RedriveRules;
import io.stepstream.asl.engine.TaskTokens;
import io.stepstream.asl.parse.DefinitionReader;
import io.stepstream.asl.parse.DefinitionResult;
import io.stepstream.asl.simulation.Outcome;
import io.stepstream.asl.simulation.Simulation;
import io.stepstream.asl.simulation.TaskReport;
import io.stepstream.asl.source.Format;
import io.stepstream.asl.validate.MachineType;
import io.stepstream.coordinator.access.Permissions;
import io.stepstream.coordinator.metrics.LaneMeters;
import io.stepstream.coordinator.reply.PendingReplies;
import io.stepstream.coordinator.reply.Reply;
import io.stepstream.coordinator.reply.SimulatedReplies;
import io.stepstream.coordinator.sealing.Seals;
import io.stepstream.coordinator.shell.Definitions;
import io.stepstream.coordinator.shell.LaneCodecs;
import io.stepstream.coordinator.shell.LaneSettings;
import io.stepstream.coordinator.shell.SimulatedShell.Routed;
import io.stepstream.coordinator.shell.StepCounters;
import io.stepstream.coordinator.shell.TaskWorld;
import io.stepstream.coordinator.store.ExecutionRows;
import io.stepstream.coordinator.store.SimulatedRows;
import io.stepstream.coordinator.store.TimerRows;
import io.stepstream.schemas.CommandReply;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.LaunchExecution;
import io.stepstream.schemas.RedriveExecution;
import io.stepstream.schemas.ReplyWhen;
import io.stepstream.schemas.StateMachineRevision;
import io.stepstream.schemas.StopExecution;
import io.stepstream.schemas.TaskFailed;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.sealing.PayloadKeys;
import io.stepstream.schemas.topic.ExecutionKey;
import io.stepstream.schemas.topic.Generations;
import io.stepstream.schemas.topic.LaneTopics;
import io.stepstream.schemas.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * One lane, all of it in one thread: partitions, nodes that die, hang and come back, workers and
 * callers, and a clock that goes where it is told. Everything that happens follows from a seed. The
 * step processor, its effects, rows, timers and buffers are the real ones.
 */
final class SimulatedWorld {

  private static final long START = Instant.parse("2026-09-01T12:00:00Z").toEpochMilli();

  /** After which a node that says nothing is taken its partitions. */
  private static final Duration SESSION = Duration.ofSeconds(10);

  /** How far the clock of a node is ahead at most. */
  private static final int SKEW_MILLIS = 1_500;

  private static final Limits LIMITS =
      new Limits(12, 150, 20_000, 5, new Limits.MapRun(12, 3, 5, 400, 200, 100));

  /** Of poison that is meant: one line each would fill the build's log. */
  private static final Logger DEAD_LETTERS =
      Logger.getLogger("io.stepstream.coordinator.shell.DeadLetters");

  static {
    DEAD_LETTERS.setLevel(Level.SEVERE);
  }

  private static final String TASKS = Topics.tasks("x").replace("x", "");

  /** More events than any such run needs, or it is stuck. */
  private static final int MOST_ROUNDS = 200_000;

  private static final Map<Lane, LaneCodecs> CODECS =
      Map.of(
          Lane.STANDARD,
              LaneCodecs.of(LaneTopics.of(Lane.STANDARD), SchemaRegistry.bundled(), Seals.none()),
          Lane.EXPRESS,
              LaneCodecs.of(LaneTopics.of(Lane.EXPRESS), SchemaRegistry.bundled(), Seals.none()));

  /** A start that somebody has asked for. */
  private static final class Start {
    private final String arn;
    private final String machine;
    private final String name;
    private final byte[] input;
    private final long requestedAt;
    private final int generation;
    private @Nullable Instant startDate;

    Start(String arn, String machine, String name, byte[] input, long requestedAt, int generation) {
      this.arn = arn;
      this.machine = machine;
      this.name = name;
      this.input = input;
      this.requestedAt = requestedAt;
      this.generation = generation;
    }
  }

  private final Defects defects;
  private final Random random;
  private LaneSettings lane;
  private final LaneCodecs codecs;
  private final boolean exactlyOnce;
  private final boolean distributed;
  private final long outcomes;
  private final SimulatedBroker broker;
  private final SimulatedWorkers workers;
  private final HistoryChecks checks;
  private final StepCounters counters =
      new StepCounters(new LaneMeters(new SimpleMeterRegistry(), Lane.STANDARD, 200));
  private final TaskWorld tasks =
      new TaskWorld(TaskTokens.unprotected(), _ -> true, Permissions.open());
  private final Map<String, Definitions.Runnable> machines = new LinkedHashMap<>();
  private final List<SimulatedNode> nodes = new ArrayList<>();
  private final List<SimulatedNode> hanging = new ArrayList<>();
  private final List<SimulatedBroker.Transaction> leftOpen = new ArrayList<>();
  private final Set<Routed> ofZombies = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Integer> growsAt = new HashSet<>();
  private final long[] skews;
  private final List<Start> starts = new ArrayList<>();
  private int poison;
  private int deadLetters;
  private int kills;
  private int fenced;
  private long now = START;
  private long nanos;
  private long nanosPerLook;

  SimulatedWorld(long seed, Lane of, Defects defects) {
    this.defects = defects;
    // Of neighbouring seeds the first numbers are alike.
    this.random = new Random(seed * 0x9E3779B97F4A7C15L);
    this.exactlyOnce = of == Lane.STANDARD;
    this.distributed = exactlyOnce && random.nextInt(4) == 0;
    this.outcomes = random.nextLong();
    int partitions = 1 + random.nextInt(3);
    LaneSettings usual =
        exactlyOnce
            ? LaneSettings.standard(Generations.of(partitions), "us-east-1")
            : LaneSettings.express(Generations.of(partitions), "us-east-1", true);
    this.lane =
        new LaneSettings(
            usual.topics(),
            usual.generations(),
            usual.region(),
            LIMITS,
            usual.pacing(),
            usual.retention(),
            true,
            false,
            usual.tracing());
    this.codecs = CODECS.get(of);
    this.checks = new HistoryChecks(exactlyOnce);
    this.broker = new SimulatedBroker(defects, this::committed);
    this.workers = new SimulatedWorkers(this, random, outcomes);
    int count = 1 + random.nextInt(3);
    this.skews = new long[count];
    for (int i = 0; i < count; i++) {
      skews[i] = random.nextBoolean() ? 0 : random.nextInt(SKEW_MILLIS);
      nodes.add(new SimulatedNode(this, i));
    }
    IntStream.range(0, partitions).forEach(p -> someNode().open(p));
    // The others are as they were before there were growths, those that are kept for what they
    // found.
    for (int every = 3; every <= 9 && seed % every == 0; every *= 3) {
      growsAt.add(50 + random.nextInt(250));
    }
    RandomDefinitions definitions = new RandomDefinitions(random, exactlyOnce);
    for (int i = 0; i < 2; i++) {
      define(i, distributed ? definitions.distributed() : definitions.anything());
    }
  }

  // ------------------------------------------------------------------ what its parts ask for

  Defects defects() {
    return defects;
  }

  Random random() {
    return random;
  }

  LaneSettings lane() {
    return lane;
  }

  LaneCodecs codecs() {
    return codecs;
  }

  SimulatedBroker broker() {
    return broker;
  }

  StepCounters counters() {
    return counters;
  }

  TaskWorld tasks() {
    return tasks;
  }

  long now() {
    return now;
  }

  long clock(int node) {
    return now + skews[node];
  }

  /** Time passes with each look, at a pace that changes from tick to tick. */
  long nanos() {
    nanos += nanosPerLook;
    return nanos;
  }

  /** Whether it matters which of two outcomes comes first. */
  boolean racy() {
    return !distributed;
  }

  /** The topics that a partition reads. */
  String source(int source) {
    return source == 0 ? lane.topics().inbox() : lane.topics().peer();
  }

  Routed anyPartition(Routed record) {
    return new Routed(
        record.topic(), 0, record.key(), record.value(), record.headers(), record.timestamp());
  }

  Definitions definitions() {
    return new Definitions() {
      @Override
      public @Nullable Runnable find(String stateMachineArn, String revisionId) {
        return machines.get(stateMachineArn);
      }

      @Override
      public Optional<Startable> startable(String arn) {
        return Optional.ofNullable(machines.get(arn))
            .map(m -> new Startable(m.revision(), 0, null));
      }

      @Override
      public long position() {
        return 1;
      }

      @Override
      public boolean catchUp(Duration timeout) {
        return true;
      }
    };
  }

  private void define(int number, String definition) {
    String name = "m" + number;
    String arn = "arn:aws:states:us-east-1:111111111111:stateMachine:" + name;
    MachineType type = exactlyOnce ? MachineType.STANDARD : MachineType.EXPRESS;
    Machine machine =
        switch (DefinitionReader.read(definition, Format.JSON, type)) {
          case DefinitionResult.Parsed parsed -> Machine.of(parsed.machine());
          case DefinitionResult.Rejected rejected ->
              throw new IllegalStateException(rejected.message() + ": " + definition);
        };
    StateMachineRevision revision =
        new StateMachineRevision(
            arn,
            "r1",
            name,
            lane.topics().lane(),
            "arn:aws:iam::111111111111:role/r",
            Payloads.of(definition.getBytes(UTF_8)),
            Instant.ofEpochMilli(START),
            Instant.ofEpochMilli(START),
            null,
            true);
    machines.put(arn, new Definitions.Runnable(revision, machine, Definitions.Telling.NOTHING));
  }

  <T extends SpecificRecordBase> T decoded(WireCodec<T> codec, byte[] value) {
    return switch (codec.decode(value)) {
      case Decoded.Read(T read) -> read;
      case Decoded.Unreadable(String reason) -> throw new IllegalStateException(reason);
    };
  }

  /** A record of nobody's transaction for an inbox. */
  void send(int partition, Envelope envelope) {
    append(partition, codecs.inbox().encode(envelope));
  }

  /** The same for who has to find out which. */
  private void send(Envelope envelope) {
    ExecutionKey key = ExecutionKey.of(envelope.getExecutionArn());
    send(lane.generations().partition(key, envelope.getGeneration()), envelope);
  }

  private void append(int partition, byte[] value) {
    broker.append(
        new Routed(lane.topics().inbox(), partition, null, value, new RecordHeaders(), now));
  }

  /** What the defect does that lets results count for whatever attempt waits. */
  byte[] ofTheAttemptThatWaits(KeyValueStore<Bytes, byte[]> store, byte[] value) {
    if (!(codecs.inbox().decode(value) instanceof Decoded.Read(Envelope envelope))
        || !(envelope.getBody() instanceof TaskSucceeded
            || envelope.getBody() instanceof TaskFailed)) {
      return value;
    }
    ExecutionRows rows = new ExecutionRows(store, !exactlyOnce, PayloadKeys.NONE);
    byte[] hash = ExecutionKey.of(envelope.getExecutionArn()).hash16();
    ExecutionRow header = rows.header(hash);
    Frame frame = header == null ? null : rows.view(hash, header).frame(envelope.getFrameId());
    if (frame != null) {
      envelope.setEpoch(frame.epoch());
    }
    return codecs.inbox().encode(envelope);
  }

  // ------------------------------------------------------------------ what comes out

  /** What a zombie tells of executions says nothing of what they have come to since. */
  void sends(SimulatedNode node, Routed record) {
    if (hanging.contains(node)) {
      ofZombies.add(record);
    }
  }

  private void committed(Routed record) {
    String topic = record.topic();
    boolean ofZombie = ofZombies.remove(record);
    if (topic.equals(lane.topics().history())) {
      checks.history(decoded(codecs.history(), record.value()), now + SKEW_MILLIS, ofZombie);
    } else if (topic.equals(Topics.COMPLETIONS) && !ofZombie) {
      checks.completed(decoded(codecs.completions(), record.value()));
    } else if (topic.equals(Topics.DLQ)) {
      deadLetters++;
    } else if (topic.equals(lane.topics().replies())) {
      CommandReply answer = decoded(codecs.replies(), record.value());
      nodes.stream()
          .filter(SimulatedNode::alive)
          .forEach(node -> SimulatedReplies.take(node.replies(), answer));
    } else if (topic.startsWith(TASKS)) {
      checks.ordered(decoded(codecs.tasks(), record.value()));
      workers.take(record);
    }
  }

  // ------------------------------------------------------------------ callers

  private void start() {
    int number = starts.size();
    String machine = List.copyOf(machines.keySet()).get(random.nextInt(machines.size()));
    String name = "e" + number;
    String arn =
        exactlyOnce
            ? machine.replace(":stateMachine:", ":execution:") + ":" + name
            : machine.replace(":stateMachine:", ":express:") + ":" + name + ":u";
    String items = random.nextInt(6) == 0 ? "[]" : "[1,2,3,4,5,6,7,8,9,10,11,12,13,14]";
    byte[] input =
        "{\"items\":%s,\"n\":%d}"
            .formatted(distributed ? items : "[1,2,3]", random.nextInt(10))
            .getBytes(UTF_8);
    Start start =
        new Start(arn, machine, name, input, now, lane.generationOfLaunch(lane.topics().lane()));
    starts.add(start);
    launch(start, input);
  }

  private void launch(Start start, byte[] input) {
    boolean same = Arrays.equals(input, start.input);
    // What begins an Express execution is one record, which may be read again; names are asked for.
    int generation =
        !exactlyOnce
            ? start.generation
            : defects.has(Defects.Defect.NAMES_NOT_ASKED_FOR)
                ? lane.generations().latest()
                : lane.generations().unknown();
    call(
        start.arn,
        generation,
        new LaunchExecution(
            start.machine,
            "r1",
            0L,
            start.name,
            true,
            Payloads.of(input),
            Instant.ofEpochMilli(start.requestedAt),
            null,
            ReplyWhen.STARTED,
            null,
            null,
            null),
        reply -> acknowledged(start, same, reply));
  }

  private void call(
      String arn, int generation, Object body, java.util.function.Consumer<Reply> told) {
    SimulatedNode api = nodes.get(random.nextInt(nodes.size()));
    PendingReplies.Call call = api.replies().open(Duration.ofMinutes(10));
    call.reply().thenAccept(told).exceptionally(this::failed);
    send(new Envelope(arn, generation, 0L, 0, 0L, call.replyTo(), body));
  }

  /** What a caller's check has found must not be lost in a future. */
  private @Nullable Throwable found;

  private Void failed(Throwable cause) {
    found = cause.getCause() == null ? cause : cause.getCause();
    return null;
  }

  private void acknowledged(Start start, boolean same, Reply reply) {
    switch (reply) {
      case Reply.Started(Instant startDate) -> {
        if (!same) {
          throw new Violation("I5", start.arn + " was started with two inputs");
        }
        if (start.startDate != null && !start.startDate.equals(startDate)) {
          throw new Violation("I5", start.arn + " has two start dates");
        }
        start.startDate = startDate;
        if (exactlyOnce && !checks.executions().containsKey(start.arn)) {
          throw new Violation("I1", start.arn + " is acknowledged and not committed");
        }
      }
      case Reply.AlreadyExists _ -> {
        if (exactlyOnce && !checks.executions().containsKey(start.arn)) {
          throw new Violation("I5", start.arn + " exists and has no history");
        }
      }
      default -> throw new Violation("I1", "a start is answered by " + reply);
    }
  }

  private void callSomething() {
    if (starts.isEmpty()) {
      return;
    }
    Start some = starts.get(random.nextInt(starts.size()));
    switch (random.nextInt(8)) {
      case 0, 1 -> launch(some, some.input);
      case 2 -> {
        if (exactlyOnce) {
          launch(some, "{\"other\":1}".getBytes(UTF_8));
        }
      }
      case 3 -> {
        if (racy() && random.nextInt(4) == 0) {
          send(
              new Envelope(
                  some.arn,
                  lane.generations().unknown(),
                  0L,
                  0,
                  0L,
                  null,
                  new StopExecution("Stopped", "by chance", Instant.ofEpochMilli(now))));
        }
      }
      case 4 -> {
        poison++;
        append(random.nextInt(lane.generations().partitions()), new byte[] {9, 9, 9});
      }
      case 5 -> {
        if (exactlyOnce) {
          send(
              new Envelope(
                  some.arn,
                  lane.generations().unknown(),
                  0L,
                  0,
                  0L,
                  null,
                  new RedriveExecution(null, Instant.ofEpochMilli(now))));
        }
      }
      default -> workers.repeat();
    }
  }

  // ------------------------------------------------------------------ nodes

  private SimulatedNode someNode() {
    List<SimulatedNode> running = running();
    return running.get(random.nextInt(running.size()));
  }

  private List<SimulatedNode> running() {
    return nodes.stream().filter(n -> n.alive() && !hanging.contains(n)).toList();
  }

  /** Does something on a node; it may die of it, or find out that it was replaced. */
  private void on(SimulatedNode node, Runnable work) {
    try {
      if (!hanging.contains(node)) {
        node.polls();
      }
      work.run();
    } catch (SimulatedNode.Killed _) {
      died(node);
    } catch (SimulatedNode.Fenced | TaskMigratedException _) {
      fenced++;
      node.giveUp();
      hanging.remove(node);
    }
  }

  private void died(SimulatedNode node) {
    kills++;
    List<Integer> lost = List.copyOf(node.partitions());
    SimulatedBroker.Transaction open = node.die();
    hanging.remove(node);
    if (open != null && open.state() == SimulatedBroker.State.OPEN) {
      leftOpen.add(open);
    }
    lost.stream()
        .filter(p -> nodes.stream().noneMatch(other -> other.partitions().contains(p)))
        .forEach(broker::reassign);
  }

  /** A hanging node is taken its partitions, of which it knows nothing. */
  private void hang(SimulatedNode node) {
    if (!hanging.contains(node) && running().size() > 1) {
      hanging.add(node);
      if (!exactlyOnce) {
        node.hang();
        now += SESSION.toMillis();
      }
      node.partitions().forEach(broker::reassign);
    }
  }

  /** Transactions of the dead are aborted in time, or were just committed when they died. */
  private void resolve() {
    if (!leftOpen.isEmpty()) {
      broker.abort(leftOpen.removeFirst());
    }
  }

  private void rebalance() {
    nodes.stream().filter(node -> !node.alive()).forEach(SimulatedNode::restart);
    for (int partition = 0; partition < lane.generations().partitions(); partition++) {
      int p = partition;
      List<SimulatedBroker.Transaction> open = new ArrayList<>(leftOpen);
      nodes.stream()
          .map(SimulatedNode::transaction)
          .filter(java.util.Objects::nonNull)
          .forEach(open::add);
      boolean owned = running().stream().anyMatch(node -> node.partitions().contains(p));
      if (!owned && !broker.isUnstable(p, open)) {
        SimulatedNode next = someNode();
        on(next, () -> next.open(p));
      }
    }
  }

  /**
   * All nodes die, and there are more partitions when they come back. No zombie is left: it is
   * missed before anybody may add partitions.
   */
  private void grow() {
    List.copyOf(hanging).forEach(this::awaken);
    nodes.stream().filter(SimulatedNode::alive).forEach(this::died);
    Generations grown =
        lane.generations().grownTo(lane.generations().partitions() * (2 + random.nextInt(2)));
    lane = lane.over(grown);
    nodes.forEach(SimulatedNode::restart);
  }

  // ------------------------------------------------------------------ the run

  /**
   * Runs so many executions among faults, then to their ends without any.
   *
   * @return how many came of it, with the children of Map runs
   */
  int run(int executions) {
    for (int round = 0; starts.size() < executions || round < executions * 40; round++) {
      if (growsAt.contains(round)) {
        grow();
      }
      happening(executions);
      checkFound();
    }
    drain();
    redriveSome();
    drain();
    checkEnds();
    forgetAll();
    nodes.forEach(SimulatedNode::forget);
    return checks.executions().size();
  }

  private void checkFound() {
    if (found instanceof Error error) {
      throw error;
    } else if (found != null) {
      throw new IllegalStateException(found);
    }
  }

  private void happening(int executions) {
    now += random.nextInt(4);
    switch (random.nextInt(40)) {
      case 0, 1 -> {
        if (starts.size() < executions) {
          start();
        }
      }
      case 2 -> callSomething();
      case 3 -> {
        if (random.nextInt(3) == 0) {
          someNode().dieAfter(random.nextInt(12));
        }
      }
      case 4 -> {
        if (random.nextInt(5) == 0) {
          hang(someNode());
        }
      }
      case 5 -> {
        if (!hanging.isEmpty()) {
          SimulatedNode zombie = hanging.get(random.nextInt(hanging.size()));
          if (random.nextInt(4) == 0 && zombie.transaction() != null) {
            broker.abort(zombie.transaction()); // it has timed out
          }
          awaken(zombie);
        }
      }
      case 6 -> resolve();
      case 7, 8 -> rebalance();
      case 9 -> now += random.nextInt(3) == 0 ? random.nextInt(60_000) : random.nextInt(2_000);
      case 10, 11, 12, 13, 14 -> {
        workers.late();
        workers.work(false);
      }
      case 15, 16, 17, 18, 19, 20, 21 -> {
        SimulatedNode node = someNode();
        on(node, node::commit);
      }
      case 22, 23, 24, 25, 26, 27, 28 -> tick(someNode());
      default -> read(someNode());
    }
    if (running().isEmpty()) {
      nodes.stream().filter(node -> !node.alive()).forEach(SimulatedNode::restart);
    }
  }

  /** A zombie goes on where it was, some steps, and commits. */
  private void awaken(SimulatedNode zombie) {
    for (int i = random.nextInt(4); i > 0 && hanging.contains(zombie); i--) {
      if (random.nextBoolean()) {
        read(zombie);
      } else {
        tick(zombie);
      }
    }
    if (hanging.contains(zombie)) {
      on(zombie, zombie::commit);
      hanging.remove(zombie);
    }
  }

  private boolean read(SimulatedNode node) {
    if (node.partitions().isEmpty()) {
      return false;
    }
    List<Integer> all = List.copyOf(node.partitions());
    int partition = all.get(random.nextInt(all.size()));
    int first = random.nextInt(2);
    boolean[] read = new boolean[1];
    on(node, () -> read[0] = node.read(partition, first) || node.read(partition, 1 - first));
    return read[0];
  }

  private void tick(SimulatedNode node) {
    nanosPerLook = random.nextInt(3) == 0 ? 700_000 : 0;
    for (int partition : List.copyOf(node.partitions())) {
      if (node.partitions().contains(partition)) {
        on(node, () -> node.tick(partition));
      }
    }
  }

  // ------------------------------------------------------------------ the end

  /** No more faults: everything goes on until nothing is left to do. */
  private void drain() {
    List.copyOf(hanging).forEach(this::awaken);
    while (!leftOpen.isEmpty()) {
      resolve();
    }
    nodes.forEach(node -> node.dieAfter(-1));
    for (int round = 0; ; round++) {
      if (round > MOST_ROUNDS) {
        throw new Violation("I10", "executions never come to an end");
      }
      rebalance();
      boolean busy = false;
      for (SimulatedNode node : running()) {
        for (int partition : List.copyOf(node.partitions())) {
          for (int source = 0; source < 2; source++) {
            while (node.read(partition, source)) {
              busy = true;
            }
          }
        }
        nanosPerLook = 0;
        now += 10;
        tick(node);
        on(node, node::commit);
      }
      workers.late();
      while (!workers.idle()) {
        busy = true;
        workers.work(true);
      }
      checkFound();
      if (!busy) {
        Long next = nextDue();
        if (next == null) {
          return;
        }
        now = Math.max(now, next - SKEW_MILLIS);
      }
    }
  }

  /** The next thing to wait for; null: there is none. */
  private @Nullable Long nextDue() {
    Long next = workers.nextLate();
    for (SimulatedNode node : nodes) {
      for (int partition : node.partitions()) {
        for (Bytes key : node.rows(partition, TimerRows.STORE).keySet()) {
          Long due = SimulatedRows.engineDue(key);
          if (due != null && (next == null || due < next)) {
            next = due;
          }
        }
      }
    }
    return next == null ? null : Math.max(next, now - SKEW_MILLIS) + SKEW_MILLIS;
  }

  private void redriveSome() {
    if (!exactlyOnce) {
      return;
    }
    for (Start start : starts) {
      HistoryChecks.Told told = checks.executions().get(start.arn);
      if (told != null && told.ended() != ExecutionStatus.SUCCEEDED && random.nextBoolean()) {
        send(
            new Envelope(
                start.arn,
                lane.generations().unknown(),
                0L,
                0,
                0L,
                null,
                new RedriveExecution(null, Instant.ofEpochMilli(now))));
      }
    }
  }

  private void checkEnds() {
    if (counters.bugs() > 0) {
      throw new Violation("I11", counters.bugs() + " bugs of the core were met");
    }
    if (exactlyOnce ? deadLetters != poison : deadLetters < poison) {
      throw new Violation(
          "I11", "%d poisonous records made %d dead letters".formatted(poison, deadLetters));
    }
    for (Start start : starts) {
      HistoryChecks.Told told = checks.executions().get(start.arn);
      if (told == null || told.ended() == null || told.completions.isEmpty()) {
        throw new Violation("I1", start.arn + " has not come to an end");
      }
    }
    checks.executions().forEach(this::checkEnd);
    for (Start start : starts) {
      checkOutcome(start, checks.executions().get(start.arn));
    }
  }

  private void checkEnd(String arn, HistoryChecks.Told told) {
    if (told.ended() == null) {
      throw new Violation("I1", arn + " has not come to an end");
    }
    if (exactlyOnce && told.completions.size() != told.endings) {
      throw new Violation(
          "I2",
          "%s has ended %d times and told so %d times"
              .formatted(arn, told.endings, told.completions.size()));
    }
  }

  private void checkOutcome(Start start, HistoryChecks.Told told) {
    if (!exactlyOnce) {
      return;
    }
    Machine machine = machines.get(start.machine).machine();
    Event.Started started =
        new Event.Started(
            start.arn,
            start.name,
            start.machine,
            "arn:aws:iam::111111111111:role/r",
            false,
            start.requestedAt,
            start.input,
            null);
    if (!distributed) {
      ReferenceRun.check(machine, started, LIMITS, told.events);
    } else {
      Outcome expected = Simulation.of(machine, this::report).withLimits(LIMITS).run(started);
      ExecutionStatus status = ExecutionStatus.valueOf(expected.status().name());
      byte[] output =
          told.completions.getLast().getOutput() == null
              ? null
              : Payloads.bytes(told.completions.getLast().getOutput());
      if (expected.status() == Execution.Status.RUNNING
          || status != told.ended()
          || !timeless(output).equals(timeless(expected.output()))) {
        throw new Violation(
            "I8",
            "%s is %s %s in place of %s %s"
                .formatted(start.arn, told.ended(), text(output), status, text(expected.output())));
      }
    }
  }

  /** What a failed child execution is told by has dates in it. */
  private static String timeless(byte @Nullable [] json) {
    return text(json).replaceAll("\"St(art|op)Date\":[^,}]*", "");
  }

  private static String text(byte @Nullable [] json) {
    return json == null ? "" : new String(json, UTF_8);
  }

  private List<TaskReport> report(io.stepstream.asl.simulation.TaskAttempt attempt) {
    Duration soon = Duration.ofMillis(1);
    return switch (SimulatedWorkers.outcome(
        outcomes, attempt.state(), attempt.input(), attempt.retryCount(), false)) {
      case SimulatedWorkers.Outcome.Success(String output) ->
          List.of(new TaskReport.Succeeded(soon, output.getBytes(UTF_8)));
      case SimulatedWorkers.Outcome.Failure(String error) ->
          List.of(new TaskReport.Failed(soon, error, "by chance"));
      case SimulatedWorkers.Outcome.Silence _ -> List.of();
    };
  }

  /** When nothing can be asked of executions any more, nothing is left of them. */
  private void forgetAll() {
    for (Duration pause :
        List.of(
            Duration.ofMinutes(10),
            RedriveRules.PERIOD.plusDays(2),
            lane.retention().plusDays(2),
            Duration.ofDays(3))) {
      now += pause.toMillis();
      for (int i = 0; i < 6; i++) {
        now += 6_000;
        for (SimulatedNode node : running()) {
          tick(node);
          on(node, node::commit);
        }
      }
    }
    Map<String, Integer> left = new HashMap<>();
    for (SimulatedNode node : running()) {
      for (int partition : node.partitions()) {
        for (String store : List.of(ExecutionRows.STORE, TimerRows.STORE)) {
          int rows =
              (int)
                  node.rows(partition, store).keySet().stream()
                      .filter(key -> key.get().length > 8)
                      .count();
          left.merge(store, rows, Integer::sum);
        }
      }
    }
    if (left.values().stream().anyMatch(rows -> rows > 0)) {
      throw new Violation("I1", "rows are left of what is over: " + left);
    }
  }

  // ------------------------------------------------------------------ figures

  int kills() {
    return kills;
  }

  int fenced() {
    return fenced;
  }

  long steps() {
    return counters.steps();
  }

  Map<String, Integer> seen() {
    return checks.seen();
  }

  String described() {
    return machines.values().stream()
        .map(m -> new String(Payloads.bytes(m.revision().getDefinition()), UTF_8))
        .toList()
        .toString();
  }
}
