package io.stepstream.coordinator.simulation;

import io.stepstream.coordinator.reply.CommitPacing;
import io.stepstream.coordinator.reply.PendingReplies;
import io.stepstream.coordinator.reply.TestCommits;
import io.stepstream.coordinator.shell.SimulatedShell;
import io.stepstream.coordinator.shell.SimulatedShell.Routed;
import io.stepstream.coordinator.store.ExecutionRows;
import io.stepstream.coordinator.store.RowJournals;
import io.stepstream.coordinator.store.SimulatedRows;
import io.stepstream.coordinator.store.TimerRows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * One stream thread: the partitions that it has, and one transaction or producer for all of them.
 * It can be killed between any two of its effects.
 */
final class SimulatedNode {

  /** The process is gone. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    Killed() {
      super("killed", null, false, false);
    }
  }

  /** Another has the partition, or the transaction was aborted from outside. */
  static final class Fenced extends Error {
    private static final long serialVersionUID = 1L;

    Fenced() {
      super("fenced", null, false, false);
    }
  }

  /** A partition of this node, with what it keeps in memory of it. */
  final class Task {
    private final int partition;
    private final int generation;
    private final long[] positions;
    private final SimulatedContext<byte[]> context;
    private final SimulatedStore executions;
    private final SimulatedStore timers;
    private final KeyValueStore<Bytes, byte[]> executionBuffer;
    private final KeyValueStore<Bytes, byte[]> timerBuffer;
    private final Processor<byte[], byte[], Object, byte[]> processor;

    private Task(int partition) {
      this.partition = partition;
      this.generation = world.broker().generation(partition);
      this.positions = world.broker().committedOffsets(partition);
      this.executions = store(ExecutionRows.STORE);
      this.timers = store(TimerRows.STORE);
      this.executionBuffer = SimulatedRows.buffered(executions, false);
      this.timerBuffer = SimulatedRows.buffered(timers, true);
      this.context = new SimulatedContext<>(partition, SimulatedNode.this::clock, this::forward);
      context.store(ExecutionRows.STORE, executionBuffer);
      context.store(TimerRows.STORE, timerBuffer);
      this.processor =
          SimulatedShell.processor(
              world.lane(),
              world.codecs(),
              world.definitions(),
              pacing,
              replies,
              world.counters(),
              journals,
              world.tasks(),
              world::nanos);
      processor.init(context);
    }

    private SimulatedStore store(String name) {
      Map<Bytes, byte[]> changelog = world.broker().changelog(name, partition);
      return new SimulatedStore(
          changelog, (key, value) -> changed(changelog, name + '-' + partition, key, value));
    }

    private void forward(Record<?, ?> record, String sink) {
      send(SimulatedShell.route(world.lane().topics(), record, sink));
    }

    /** False: nothing can be read. */
    private boolean read(int source) {
      String topic = world.source(source);
      int offset = world.broker().readable(topic, partition, positions[source]);
      if (offset < 0) {
        return false;
      }
      Routed record = world.broker().log(topic, partition).get(offset).record();
      positions[source] = offset + 1L;
      if (world.defects().has(Defects.Defect.OFFSETS_FIRST)) {
        world.broker().commitOffsets(partition, generation, positions);
      }
      context.at(new SimulatedContext.Source(topic, partition, offset));
      byte[] value =
          world.defects().has(Defects.Defect.NO_EPOCHS)
              ? world.ofTheAttemptThatWaits(executionBuffer, record.value())
              : record.value();
      processor.process(new Record<>(record.key(), value, record.timestamp(), new RecordHeaders()));
      return true;
    }

    private void tick() {
      context.at(null);
      context.punctuate();
    }

    private void flush() {
      if (world.defects().has(Defects.Defect.NO_JOURNAL)) {
        SimulatedRows.flushAlone(executionBuffer);
        SimulatedRows.flushAlone(timerBuffer);
        return;
      }
      SimulatedRows.flush(executionBuffer);
      if (!world.defects().has(Defects.Defect.TIMERS_NOT_FLUSHED)) {
        SimulatedRows.flush(timerBuffer);
      }
    }

    private void checkChangelog() {
      check(executions, ExecutionRows.STORE);
      check(timers, TimerRows.STORE);
    }

    private void check(SimulatedStore store, String name) {
      if (!sameRows(store.rows(), world.broker().changelog(name, partition))) {
        throw new Violation(
            "I12", "the changelog of %s-%d does not make its store".formatted(name, partition));
      }
    }
  }

  /** How long after it has asked for records a node is a member of the group. */
  private static final Duration MEMBER = Duration.ofSeconds(7);

  private final SimulatedWorld world;
  private final int id;
  private final boolean exactlyOnce;
  private final Map<Integer, Task> tasks = new TreeMap<>();
  private CommitPacing pacing;
  private PendingReplies replies;
  private RowJournals journals;
  private SimulatedBroker.@Nullable Transaction transaction;
  private final SimulatedBroker.Unsent unsent;
  private boolean alive = true;
  private int effectsToLive = -1;

  SimulatedNode(SimulatedWorld world, int id) {
    this.world = world;
    this.id = id;
    this.exactlyOnce = world.lane().pacing().exactlyOnce();
    this.unsent = world.broker().new Unsent();
    reborn();
  }

  private void reborn() {
    pacing =
        TestCommits.pacing(
            world.defects().has(Defects.Defect.REPLIES_FIRST)
                ? CommitPacing.Settings.AT_LEAST_ONCE
                : world.lane().pacing(),
            this::nanos);
    if (!world.defects().has(Defects.Defect.ROWS_FIRST)) {
      TestCommits.sendsBy(pacing, this::awaitSent);
    }
    replies = new PendingReplies(name());
    journals = new RowJournals(pacing::awaitSent, pacing::mayBeReplaced);
  }

  private long nanos() {
    return Duration.ofMillis(world.now()).toNanos();
  }

  /** All of it gets through, or some, and the node dies. */
  private void awaitSent() {
    effect();
    unsent.flush();
    effect();
  }

  /** Asks its consumer for records. */
  void polls() {
    if (!world.defects().has(Defects.Defect.ZOMBIES_WRITE)) {
      TestCommits.polls(pacing, nanos() + MEMBER.toNanos());
    }
  }

  /** Nothing is on its way when the process stands still. */
  void hang() {
    unsent.flush();
  }

  String name() {
    return "node-" + id;
  }

  PendingReplies replies() {
    return replies;
  }

  boolean alive() {
    return alive;
  }

  private long clock() {
    return world.clock(id);
  }

  Collection<Integer> partitions() {
    return tasks.keySet();
  }

  SimulatedBroker.@Nullable Transaction transaction() {
    return transaction;
  }

  /** The rows that a partition has in its store and the buffer before it; commit first. */
  Map<Bytes, byte[]> rows(int partition, String store) {
    Task task = tasks.get(partition);
    return (store.equals(TimerRows.STORE) ? task.timers : task.executions).rows();
  }

  // ------------------------------------------------------------------ life

  /** Dies after so many effects of whatever it does next. */
  void dieAfter(int effects) {
    effectsToLive = effects;
  }

  /** What is not in a transaction, or not sent, is gone; a transaction stays open for a while. */
  SimulatedBroker.@Nullable Transaction die() {
    if (world.random().nextBoolean()) {
      unsent.some(world.random());
    }
    unsent.lose();
    leave();
    alive = false;
    effectsToLive = -1;
    TestCommits.abort(pacing);
    SimulatedBroker.Transaction open = transaction;
    transaction = null;
    return open;
  }

  void restart() {
    alive = true;
    TestCommits.forget(pacing);
    reborn();
  }

  void open(int partition) {
    polls(); // partitions are assigned in it
    tasks.put(partition, new Task(partition));
  }

  private void effect() {
    if (effectsToLive >= 0 && effectsToLive-- == 0) {
      throw new Killed();
    }
  }

  // ------------------------------------------------------------------ effects

  private SimulatedBroker.Transaction begun() {
    if (transaction == null) {
      transaction = new SimulatedBroker.Transaction();
    }
    return transaction;
  }

  private void send(Routed record) {
    effect();
    Routed placed = record.partition() < 0 ? world.anyPartition(record) : record;
    if (!exactlyOnce) {
      world.sends(this, placed);
      unsent.record(placed);
      if (world.random().nextInt(3) > 0) {
        unsent.some(world.random());
      }
    } else if (!world.broker().append(begun(), placed)) {
      throw new Fenced();
    }
  }

  private void changed(
      Map<Bytes, byte[]> changelog, String name, Bytes key, byte @Nullable [] value) {
    effect();
    if (!exactlyOnce) {
      unsent.change(changelog, name, key, value);
      if (world.random().nextInt(3) > 0) {
        unsent.some(world.random());
      }
    } else if (!world.broker().change(begun(), changelog, key, value)) {
      throw new Fenced();
    }
  }

  // ------------------------------------------------------------------ what it does

  /** False: there is nothing to read. */
  boolean read(int partition, int source) {
    return tasks.get(partition).read(source);
  }

  void tick(int partition) {
    tasks.get(partition).tick();
  }

  void commit() {
    List<Task> all = new ArrayList<>(tasks.values());
    all.forEach(Task::flush);
    if (exactlyOnce) {
      SimulatedBroker.Transaction committed = begun();
      for (Task task : all) {
        if (!world
            .broker()
            .sendOffsets(committed, task.partition, task.generation, task.positions)) {
          throw new Fenced();
        }
      }
      effect();
      if (committed.state() != SimulatedBroker.State.OPEN) {
        throw new Fenced();
      }
      world.broker().commit(committed);
      transaction = null;
      effect();
    } else {
      unsent.flush();
      effect();
      for (Task task : all) {
        if (!world.broker().commitOffsets(task.partition, task.generation, task.positions)) {
          throw new Fenced();
        }
      }
    }
    if (!world.defects().has(Defects.Defect.TIMERS_NOT_FLUSHED)) {
      all.stream()
          .filter(task -> task.generation == world.broker().generation(task.partition))
          .forEach(Task::checkChangelog);
    }
    TestCommits.commit(pacing);
  }

  /** What a stream thread does that was fenced: it gives up all that it has, and joins again. */
  void giveUp() {
    if (transaction != null) {
      world.broker().abort(transaction);
      transaction = null;
    }
    unsent.flush();
    leave();
    TestCommits.abort(pacing);
  }

  private void leave() {
    tasks.values().forEach(task -> task.processor.close());
    tasks.clear();
  }

  /** The run is over, and its thread goes on with the next. */
  void forget() {
    leave();
    TestCommits.forget(pacing);
  }

  static boolean sameRows(Map<Bytes, byte[]> one, Map<Bytes, byte[]> other) {
    return one.size() == other.size()
        && one.entrySet().stream()
            .allMatch(
                row -> {
                  byte[] value = other.get(row.getKey());
                  return value == row.getValue()
                      || value != null && java.util.Arrays.equals(value, row.getValue());
                });
  }
}
