package io.stepstream.coordinator.simulation;

import io.stepstream.coordinator.shell.SimulatedShell.Routed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Logs, transactions, changelogs and a consumer group, as far as the coordinator can tell them from
 * Kafka's. A reader of committed records stops at the first open transaction and passes over
 * aborted ones; a transaction's offsets count when it is committed, and only if its writer still
 * owns the partition.
 */
final class SimulatedBroker {

  enum State {
    OPEN,
    COMMITTED,
    ABORTED
  }

  /** A row of a changelog that is on its way. */
  private record Change(Map<Bytes, byte[]> changelog, Bytes key, byte @Nullable [] value) {
    void apply() {
      if (value == null) {
        changelog.remove(key);
      } else {
        changelog.put(key, value);
      }
    }
  }

  static final class Transaction {
    private State state = State.OPEN;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private final Map<Integer, long[]> offsets = new HashMap<>();

    State state() {
      return state;
    }
  }

  /**
   * @param transaction null: not part of any
   */
  record Entry(Routed record, @Nullable Transaction transaction) {}

  /** Called with each record that readers of committed records will see. */
  interface Observer {
    void committed(Routed record);
  }

  private final Defects defects;
  private final Observer observer;
  private final Map<String, List<Entry>> logs = new HashMap<>();
  private final Map<String, Map<Bytes, byte[]>> changelogs = new HashMap<>();
  private final Map<Integer, long[]> offsets = new HashMap<>();
  private final Map<Integer, Integer> generations = new HashMap<>();

  SimulatedBroker(Defects defects, Observer observer) {
    this.defects = defects;
    this.observer = observer;
  }

  List<Entry> log(String topic, int partition) {
    return logs.computeIfAbsent(topic + '-' + partition, _ -> new ArrayList<>());
  }

  /** What a store is restored from: the latest committed row of each key. */
  Map<Bytes, byte[]> changelog(String store, int partition) {
    return changelogs.computeIfAbsent(store + '-' + partition, _ -> new HashMap<>());
  }

  // ------------------------------------------------------------------ readers

  /** The offset of the next record that may be read, -1: there is none, or not yet. */
  int readable(String topic, int partition, long from) {
    List<Entry> log = log(topic, partition);
    for (int offset = (int) from; offset < log.size(); offset++) {
      Transaction transaction = log.get(offset).transaction();
      if (transaction == null || transaction.state == State.COMMITTED) {
        return offset;
      }
      if (transaction.state == State.OPEN) {
        return -1;
      }
    }
    return -1;
  }

  long[] committedOffsets(int partition) {
    return offsets.getOrDefault(partition, new long[2]).clone();
  }

  // ------------------------------------------------------------------ the group

  int generation(int partition) {
    return generations.getOrDefault(partition, 0);
  }

  /** The partition has a new owner: who had it before may not commit for it any more. */
  int reassign(int partition) {
    return generations.merge(partition, 1, Integer::sum);
  }

  // ------------------------------------------------------------------ writers

  /** A record of no transaction, from outside. */
  void append(Routed record) {
    append(record, null);
  }

  private void append(Routed record, @Nullable Transaction transaction) {
    log(record.topic(), record.partition()).add(new Entry(record, transaction));
    if (transaction == null) {
      observer.committed(record);
    }
  }

  /**
   * @return false: the transaction was aborted meanwhile, the writer is fenced
   */
  boolean append(Transaction transaction, Routed record) {
    if (transaction.state != State.OPEN) {
      return false;
    }
    Entry entry = new Entry(record, transaction);
    log(record.topic(), record.partition()).add(entry);
    transaction.entries.add(entry);
    return true;
  }

  boolean change(
      Transaction transaction, Map<Bytes, byte[]> changelog, Bytes key, byte @Nullable [] value) {
    if (transaction.state != State.OPEN) {
      return false;
    }
    Change change = new Change(changelog, key, value);
    if (defects.has(Defects.Defect.STORE_OUTSIDE_TRANSACTION)) {
      change.apply();
    } else {
      transaction.changes.add(change);
    }
    return true;
  }

  /**
   * Makes a partition's offsets part of the transaction.
   *
   * @return false: the writer does not own the partition any more
   */
  boolean sendOffsets(Transaction transaction, int partition, int generation, long[] positions) {
    if (transaction.state != State.OPEN
        || generation != generation(partition) && !defects.has(Defects.Defect.NO_FENCING)) {
      return false;
    }
    transaction.offsets.put(partition, positions.clone());
    return true;
  }

  /** Offsets without a transaction; true: the writer owns the partition. */
  boolean commitOffsets(int partition, int generation, long[] positions) {
    if (generation != generation(partition)) {
      return false;
    }
    offsets.put(partition, positions.clone());
    return true;
  }

  /** A partition's next owner has to wait while it is not known whether its offsets stand. */
  boolean isUnstable(int partition, List<Transaction> open) {
    return open.stream().anyMatch(t -> t.state == State.OPEN && t.offsets.containsKey(partition));
  }

  void commit(Transaction transaction) {
    transaction.state = State.COMMITTED;
    transaction.changes.forEach(Change::apply);
    offsets.putAll(transaction.offsets);
    transaction.entries.forEach(entry -> observer.committed(entry.record()));
  }

  void abort(Transaction transaction) {
    transaction.state = State.ABORTED;
  }

  // ------------------------------------------------------------------ without transactions

  /**
   * What a producer without transactions has not got through yet, records and rows, in order for
   * each destination. A crash loses the rest of each.
   */
  final class Unsent {

    private final Map<String, Deque<Runnable>> queues = new LinkedHashMap<>();

    void record(Routed record) {
      queue(record.topic() + '-' + record.partition()).add(() -> append(record, null));
    }

    void change(Map<Bytes, byte[]> changelog, String name, Bytes key, byte @Nullable [] value) {
      queue(name).add(new Change(changelog, key, value)::apply);
    }

    private Deque<Runnable> queue(String destination) {
      return queues.computeIfAbsent(destination, _ -> new ArrayDeque<>());
    }

    void flush() {
      queues.values().forEach(queue -> queue.forEach(Runnable::run));
      lose();
    }

    /** Some of it gets through, of each destination the first. */
    void some(Random random) {
      for (Deque<Runnable> queue : queues.values()) {
        for (int i = random.nextInt(queue.size() + 1); i > 0; i--) {
          queue.remove().run();
        }
      }
      queues.values().removeIf(Deque::isEmpty);
    }

    void lose() {
      queues.clear();
    }
  }
}
