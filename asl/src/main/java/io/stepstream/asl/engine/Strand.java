package io.stepstream.asl.engine;

import io.stepstream.asl.definition.Flow;
import io.stepstream.asl.definition.State;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A frame while a step works on it. Mutable and confined to one step; what outlives the step is the
 * {@link Frame} that it becomes. A chain of states that passes through within one step costs no row
 * at all.
 */
final class Strand {

  final long id;
  final long parentId;
  final int index;

  /** The row as it was read; null for a frame which this step has created. */
  final @Nullable Frame persisted;

  Flow flow;
  State state;
  int epoch;
  long lastEventId;

  /**
   * What {@link #lastEventId} was when the current state was entered; 0 if an earlier step entered
   * it.
   */
  long eventBeforeEntry;

  long enteredEventId;
  long enteredMillis;
  int retryCount;
  int[] retrierCounts = NO_RETRIES;
  @Nullable Awaits awaits;

  /** The current state has been entered. */
  boolean entered;

  /** The frame has ended in this step. */
  boolean gone;

  /** Who carries out the attempt that the row waits for needs not be told that it is over. */
  boolean told;

  /** The raw input of the current state; null: not read yet. */
  @Nullable Object input;

  boolean inputChanged;

  /** The variables which this frame itself has assigned; null: not read yet. */
  @Nullable Map<String, Object> ownVariables;

  boolean hasVariables;
  boolean variablesChanged;

  /** The items of a Map state which this step has begun; null: they are in rows. */
  @Nullable List<?> items;

  /** Results of branches or items that arrived in this step. */
  final Map<Integer, Object> results = new HashMap<>(0);

  private static final int[] NO_RETRIES = {};

  private Strand(
      long id, long parentId, int index, @Nullable Frame persisted, Flow flow, State at) {
    this.id = id;
    this.parentId = parentId;
    this.index = index;
    this.persisted = persisted;
    this.flow = flow;
    this.state = at;
  }

  static Strand create(
      long id, long parentId, int index, Flow flow, long lastEventId, Object input) {
    Strand strand = new Strand(id, parentId, index, null, flow, flow.state(flow.startAt()));
    strand.lastEventId = lastEventId;
    strand.input = input;
    strand.inputChanged = true;
    strand.ownVariables = Map.of();
    return strand;
  }

  static Strand load(Frame frame, Machine machine) {
    Flow flow = machine.flow(frame.flow());
    Strand strand =
        new Strand(
            frame.id(), frame.parentId(), frame.index(), frame, flow, flow.state(frame.state()));
    strand.epoch = frame.epoch();
    strand.lastEventId = frame.lastEventId();
    strand.enteredEventId = frame.enteredEventId();
    strand.enteredMillis = frame.enteredMillis();
    strand.hasVariables = frame.hasVariables();
    strand.retryCount = frame.retryCount();
    strand.awaits = frame.awaits();
    strand.entered = !(frame.awaits() instanceof Awaits.Continuation);
    strand.retrierCounts = frame.retrierCounts().stream().mapToInt(Integer::intValue).toArray();
    return strand;
  }

  boolean root() {
    return parentId == 0;
  }

  /** Nothing is awaited: the strand goes on. */
  boolean ready() {
    return awaits == null && !gone;
  }

  /**
   * Begins a new wait: the epoch grows, and what belongs to earlier waits is stale from here on.
   */
  void await(Awaits what) {
    epoch++;
    awaits = what;
  }

  void moveTo(State next, Object nextInput) {
    state = next;
    entered = false;
    input = nextInput;
    inputChanged = true;
    awaits = null;
  }

  int countRetry(int retrier, int retriers) {
    if (retrierCounts.length < retriers) {
      retrierCounts = new int[retriers];
    }
    retryCount++;
    return retrierCounts[retrier]++;
  }

  int retries(int retrier) {
    return retrier < retrierCounts.length ? retrierCounts[retrier] : 0;
  }

  /** As if every retrier had been used so often: only one of them will match. */
  void presumeRetries(int count, int retriers) {
    retryCount = count;
    retrierCounts = new int[retriers];
    Arrays.fill(retrierCounts, count);
  }

  void resetRetries() {
    retryCount = 0;
    retrierCounts = NO_RETRIES;
  }

  Frame toFrame(Awaits waiting) {
    List<Integer> counts =
        retrierCounts.length == 0 ? List.of() : Arrays.stream(retrierCounts).boxed().toList();
    return new Frame(
        id,
        parentId,
        index,
        epoch,
        flow.pointer(),
        state.name(),
        lastEventId,
        enteredEventId,
        enteredMillis,
        hasVariables,
        retryCount,
        counts,
        waiting);
  }
}
