package io.stepstream.asl.engine;

import io.stepstream.asl.definition.Flow;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.expr.EvaluationError;
import io.stepstream.asl.expr.Scope;
import io.stepstream.asl.history.HistoryDetails;
import io.stepstream.asl.history.HistoryEvent;
import io.stepstream.asl.history.HistoryEventType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One step under way: the rows that it has read and what became of them. It knows rows, payloads,
 * events and timers but not what states mean; that is {@link Interpreter}'s. Not thread safe; lives
 * for one step.
 */
final class Step {

  final Machine machine;
  final StepContext context;
  final StepEntropy entropy;
  final Payload payload;

  /** Null in executions; a state under test is looked at. */
  final @Nullable Inspection inspection;

  private final ExecutionView view;
  private final Execution execution;

  /** Null: the execution has begun before this step. */
  private final Event.@Nullable Started start;

  private final Map<Long, Strand> strands = new LinkedHashMap<>();
  private final Map<Long, Strand> removed = new LinkedHashMap<>();
  private final ArrayDeque<Strand> runnable = new ArrayDeque<>();
  private final List<Effect> effects = new ArrayList<>();
  private final List<HistoryEvent> history = new ArrayList<>();
  private final Map<Strand, TaskResource> handedOver = new LinkedHashMap<>();
  private final List<OverMapRun> overMapRuns = new ArrayList<>();

  /** What the execution was started with; null: not read yet. */
  private @Nullable Object executionInput;

  private long nextEventId;
  private long nextFrameId;
  private long transitions;
  private int transitionsOfThisStep;
  private Effect.@Nullable Close close;

  /** The chunk of items that was read last. */
  private @Nullable ValueKey chunkKey;

  private List<?> chunk = List.of();

  Step(
      Machine machine,
      ExecutionView view,
      Execution execution,
      Event.@Nullable Started start,
      StepContext context,
      Payload payload,
      @Nullable Inspection inspection) {
    this.inspection = inspection;
    this.machine = machine;
    this.view = view;
    this.execution = execution;
    this.start = start;
    this.context = context;
    this.payload = payload;
    this.nextEventId = execution.nextEventId();
    this.nextFrameId = execution.nextFrameId();
    this.transitions = execution.transitions();
    this.entropy = new StepEntropy(context.nowMillis(), execution.arn(), nextEventId, transitions);
  }

  Execution execution() {
    return execution;
  }

  long now() {
    return context.nowMillis();
  }

  // ------------------------------------------------------------------ strands

  /** The strand of a frame, read if need be; null when there is no such frame. */
  @Nullable Strand strand(long frameId) {
    Strand strand = strands.get(frameId);
    if (strand == null) {
      Frame frame = removed.containsKey(frameId) ? null : view.frame(frameId);
      if (frame != null) {
        strand = Strand.load(frame, machine);
        strands.put(frameId, strand);
      }
    }
    return strand;
  }

  /** A strand which must exist, since a row refers to it. */
  Strand existing(long frameId) {
    Strand strand = strand(frameId);
    if (strand == null) {
      throw new IllegalStateException("frame " + frameId + " is missing");
    }
    return strand;
  }

  Strand fork(Strand parent, int index, Flow flow, long lastEventId, Object input) {
    Strand child = Strand.create(nextFrameId++, parent.id, index, flow, lastEventId, input);
    strands.put(child.id, child);
    runnable.add(child);
    return child;
  }

  /** Begins the execution with its decoded input. */
  Strand forkRoot(Object input) {
    executionInput = input;
    Execution.Part part = execution.part();
    Flow flow = part == null ? machine.definition().flow() : machine.flow(part.flow());
    Strand root = Strand.create(nextFrameId++, 0, 0, flow, 0, input);
    strands.put(root.id, root);
    runnable.add(root);
    return root;
  }

  /** An id for the rows of one visit of a Parallel or Map state. */
  long newContainer() {
    return nextFrameId++;
  }

  /** Lets a strand go on, after those that can already. */
  void queue(Strand strand) {
    if (strand.ready() && close == null) {
      runnable.add(strand);
    }
  }

  /** Lets a strand go on if an event has ended its wait. */
  void resumeIfReady(Strand strand) {
    if (strand.ready() && close == null) {
      runnable.addFirst(strand);
    }
  }

  /** The next strand that can go on; null: all wait, or the execution has ended. */
  @Nullable Strand nextRunnable() {
    Strand next = runnable.poll();
    while (next != null && next.gone) {
      next = runnable.poll();
    }
    return close == null ? next : null;
  }

  void remove(Strand strand) {
    strands.remove(strand.id);
    removed.put(strand.id, strand);
    strand.gone = true;
  }

  // ------------------------------------------------------------------ payloads

  Object input(Strand strand) {
    Object input = strand.input;
    if (input == null) {
      byte[] own = ownInput(strand);
      input = own == null ? executionInput() : payload.decodeTrusted(own);
      strand.input = input;
    }
    return input;
  }

  /** Null: the strand's input is the execution's. */
  private byte @Nullable [] ownInput(Strand strand) {
    if (!strand.root()) {
      return required(ValueKey.input(strand.id));
    }
    return inFirstState(execution.transitions()) ? null : view.value(ValueKey.input(strand.id));
  }

  /**
   * Whether one state has been entered in all, so that the root is in it and has the execution's
   * input: its own would repeat it. Such a root has no row, and one without a row has that input.
   */
  static boolean inFirstState(long transitions) {
    return transitions == 1;
  }

  @SuppressWarnings("unchecked") // the variables row is always an object
  Map<String, Object> ownVariables(Strand strand) {
    Map<String, Object> own = strand.ownVariables;
    if (own == null) {
      own =
          strand.hasVariables
              ? (Map<String, Object>) payload.decodeTrusted(required(ValueKey.variables(strand.id)))
              : Map.of();
      strand.ownVariables = own;
    }
    return own;
  }

  /** All variables in sight: those of outer frames under those of inner ones. */
  Map<String, Object> variables(Strand strand) {
    Map<String, Object> own = ownVariables(strand);
    if (strand.root()) {
      return own;
    }
    Map<String, Object> outer = variables(existing(strand.parentId));
    if (own.isEmpty()) {
      return outer;
    }
    if (outer.isEmpty()) {
      return own;
    }
    Map<String, Object> all = new HashMap<>(outer);
    all.putAll(own);
    return all;
  }

  /** False: the frame's variables would exceed the limit, and nothing is assigned. */
  boolean assign(Strand strand, Map<String, Object> assigned) {
    Map<String, Object> all = new LinkedHashMap<>(ownVariables(strand));
    all.putAll(assigned);
    if (payload.encode(all, context.limits().variablesBytes()) == null) {
      return false;
    }
    strand.ownVariables = all;
    strand.hasVariables = true;
    strand.variablesChanged = true;
    return true;
  }

  /** Item {@code index} of a Map state, from this step or from its chunk. */
  Object item(Strand map, Awaits.Items window, int index) {
    return item(map, window.container(), window.itemsPerChunk(), index);
  }

  Object item(Strand map, long container, int itemsPerChunk, int index) {
    if (map.items != null) {
      return map.items.get(index);
    }
    ValueKey key = ValueKey.items(container, index / itemsPerChunk);
    if (!key.equals(chunkKey)) {
      // A window moves over its items in order, so the latest chunk is the one wanted next.
      chunk = (List<?>) payload.decodeTrusted(required(key));
      chunkKey = key;
    }
    return chunk.get(index % itemsPerChunk);
  }

  /**
   * The results of all branches or items, in their order; null when they are too large to be
   * gathered. O(n), once.
   */
  @Nullable List<Object> results(Strand parent, long container, int count) {
    List<Object> all = new ArrayList<>(count);
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      Object result = parent.results.get(i);
      if (result == null) {
        byte[] row = required(ValueKey.result(container, i));
        bytes += row.length;
        if (bytes > context.limits().gatheredBytes()) {
          return null;
        }
        result = payload.decodeTrusted(row);
      }
      all.add(result);
    }
    return all;
  }

  private byte[] required(ValueKey key) {
    byte[] bytes = view.value(key);
    if (bytes == null) {
      throw new IllegalStateException("row " + key + " is missing");
    }
    return bytes;
  }

  boolean tooLarge(byte[] bytes) {
    return bytes.length > context.limits().payloadBytes();
  }

  /** The bytes of what an expression has made; null when they exceed the limit of payloads. */
  byte @Nullable [] encodeWithinLimit(Object tree) {
    return payload.encode(tree, context.limits().payloadBytes());
  }

  Scope scope(Strand strand) {
    Map<String, Object> given = inspection == null ? null : inspection.context();
    return new Scope(
        input(strand),
        given == null ? new ContextObject(this, strand) : given,
        null,
        null,
        variables(strand),
        entropy);
  }

  /** Shows an intermediate value to whoever looks at the state; nobody does in executions. */
  void show(Inspection.Stage stage, Object value) {
    if (inspection != null) {
      inspection.saw(stage, value);
    }
  }

  Object executionInput() {
    Object input = executionInput;
    if (input == null) {
      input = payload.decodeTrusted(executionInputBytes());
      executionInput = input;
    }
    return input;
  }

  private byte[] executionInputBytes() {
    return start != null ? start.input() : required(ValueKey.EXECUTION_INPUT);
  }

  /** What the context object tells of the record that has started the execution. */
  Object trigger() {
    byte[] told = start != null ? start.trigger() : null;
    return payload.decodeTrusted(told != null ? told : required(ValueKey.TRIGGER));
  }

  // ------------------------------------------------------------------ events and effects

  /** Appends an event to the strand's thread. */
  long emit(Strand strand, HistoryEventType type, HistoryDetails details) {
    strand.lastEventId = emitAside(strand.lastEventId, type, details);
    return strand.lastEventId;
  }

  /** The first event; it carries the start date that the caller has been told. */
  void emitStarted(long startMillis, HistoryDetails details) {
    history.add(
        new HistoryEvent(
            nextEventId++, 0, startMillis, HistoryEventType.EXECUTION_STARTED, details));
  }

  /**
   * Appends an event which later events don't follow from, as AWS numbers those of Map iterations.
   */
  long emitAside(long previousEventId, HistoryEventType type, HistoryDetails details) {
    long id = nextEventId++;
    history.add(new HistoryEvent(id, previousEventId, now(), type, details));
    return id;
  }

  /** Counts a state visit. False: this step has had enough and the strand must go on in another. */
  boolean mayEnter() {
    if (transitionsOfThisStep >= context.limits().transitionsPerStep()) {
      return false;
    }
    transitionsOfThisStep++;
    transitions++;
    return true;
  }

  boolean transitionsExhausted() {
    return transitions > context.limits().transitionsPerExecution();
  }

  void schedule(Strand strand, TimerKey.Purpose purpose, long dueMillis) {
    effects.add(new Effect.Schedule(new TimerKey(strand.id, strand.epoch, purpose), dueMillis));
  }

  void schedule(TimerKey timer, long dueMillis) {
    effects.add(new Effect.Schedule(timer, dueMillis));
  }

  /** The event that the strand waited for has come, so its far timers go. */
  void cancelFarTimers(Strand strand) {
    if (strand.persisted != null) {
      FarTimers.cancel(strand.persisted, now(), effects);
    }
  }

  /** The attempt is handed over with this step; see {@link #emitStarts}. */
  void startedLater(Strand strand, TaskResource resource) {
    handedOver.put(strand, resource);
  }

  /**
   * Tells of the tasks that they have started. Branches and items of one step are all scheduled
   * before the first of them starts, as AWS numbers them.
   */
  void emitStarts() {
    if (close == null) {
      handedOver.forEach(
          (strand, resource) -> {
            if (!strand.gone) {
              TaskEvents.started(this, strand, resource);
            }
          });
    }
    handedOver.clear();
  }

  /** Tells whoever counts how far the attempt of a strand is. */
  void attempted(Strand strand, TaskResource resource, Effect.Attempted.Stage stage) {
    String verbatim = ((State.Task) strand.state).resource();
    Awaits.Task waited =
        strand.awaits instanceof Awaits.Task current
            ? current
            : strand.persisted != null && strand.persisted.awaits() instanceof Awaits.Task before
                ? before
                : null;
    effects.add(
        new Effect.Attempted(
            resource.kind(),
            verbatim,
            stage,
            waited == null ? null : waited.scheduledMillis(),
            waited == null ? null : waited.takenMillis(),
            now()));
  }

  /** The token of the attempt that a strand waits for. */
  String token(Strand strand) {
    return context.tokens().sign(new TaskToken(execution.arn(), strand.id, strand.epoch));
  }

  void dispatch(Effect.Dispatch dispatch) {
    effects.add(dispatch);
  }

  /** Has a worker see to a job, whether or not the execution ends in this step. */
  void order(Effect.OfJob order) {
    effects.add(order);
  }

  /** Lets an event happen to another execution, whether or not this one ends in this step. */
  void send(String arn, Event event) {
    effects.add(new Effect.Send(arn, event));
  }

  /** Tells of a Map run, whether or not the execution ends in this step. */
  void put(MapRunSummary run) {
    effects.add(new Effect.PutMapRun(run));
  }

  /** A Map run has ended without success; what becomes of its rows is {@link Redrive#settle}'s. */
  void over(OverMapRun run) {
    overMapRuns.add(run);
  }

  /** Map runs that have ended without success in this step. */
  List<OverMapRun> overMapRuns() {
    return overMapRuns;
  }

  void ask(Effect.ReadItems read) {
    effects.add(read);
  }

  void ask(Effect.WriteObject write) {
    effects.add(write);
  }

  void put(ValueKey key, byte[] json) {
    effects.add(new Effect.PutValue(key, json));
  }

  void delete(ValueKey key) {
    effects.add(new Effect.DeleteValue(key));
  }

  /** All item and result rows under a container go. */
  void purge(long container) {
    effects.add(new Effect.PurgeValues(container));
  }

  byte @Nullable [] row(ValueKey key) {
    return view.value(key);
  }

  /** The latest attempt that this step hands to the workers; null: there is none. */
  Effect.@Nullable Dispatch dispatched() {
    for (Effect effect : effects.reversed()) {
      if (effect instanceof Effect.Dispatch dispatch) {
        return dispatch;
      }
    }
    return null;
  }

  /** The text that AWS puts before the cause of every failed expression. */
  Failure evaluationFailure(Strand strand, EvaluationError error) {
    return evaluationFailure(
        strand,
        error,
        strand.lastEventId == strand.enteredEventId ? strand.eventBeforeEntry : strand.lastEventId);
  }

  /**
   * As {@link #evaluationFailure}, where the expression had a value that the state then could not
   * use: AWS evaluates expressions before it enters the state, and uses them after.
   */
  Failure failureAfterEntry(Strand strand, EvaluationError error) {
    return evaluationFailure(strand, error, strand.lastEventId);
  }

  private Failure evaluationFailure(Strand strand, EvaluationError error, long previousEventId) {
    String cause = placed(strand, error.cause());
    if (error.error().equals("States.QueryEvaluationError")) {
      strand.lastEventId =
          emitAside(
              previousEventId,
              HistoryEventType.EVALUATION_FAILED,
              new HistoryDetails.EvaluationFailed(
                  strand.state.name(), error.error(), cause, error.location()));
    }
    return Failure.of(error.error(), cause);
  }

  /** AWS says in which state an execution failed; under test there is but one, and no history. */
  String placed(Strand strand, String cause) {
    return inspection != null
        ? cause
        : "An error occurred while executing the state '%s' (entered at the event id #%d). %s"
            .formatted(strand.state.name(), strand.enteredEventId, cause);
  }

  // ------------------------------------------------------------------ end

  /** How the execution has ended in this step; null: it has not. */
  Effect.@Nullable Close closing() {
    return close;
  }

  boolean closed() {
    return close != null;
  }

  /**
   * Whether the execution has ended in this step and can be redriven, a child of a Map run by that,
   * so that its rows stay.
   */
  boolean endsRedrivable() {
    return close != null && !execution.express() && close.execution().unsuccessful();
  }

  /** Ends the execution; what becomes of its frames is {@link Redrive#settle}'s. */
  void close(
      Execution.Status status,
      byte @Nullable [] output,
      @Nullable String error,
      @Nullable String cause) {
    Execution ended = advanced().ended(status, now());
    Long deadline = execution.deadlineMillis();
    if (deadline != null && start == null) {
      effects.add(new Effect.Cancel(execution.timeout(), deadline));
    }
    close = new Effect.Close(ended, executionInputBytes(), output, error, cause);
    if (ended.part() instanceof Execution.Part.Child child) {
      effects.add(Shard.end(ended, child, output, error, cause));
    }
  }

  Decision decision() {
    List<Effect> decided = new ArrayList<>(effects.size() + history.size() + 8);
    RowChanges rows =
        new RowChanges(
            payload,
            now(),
            closed(),
            inFirstState(execution.transitions()),
            inFirstState(transitions),
            decided);
    history.forEach(event -> decided.add(new Effect.Record(event)));
    if (close != null) {
      decided.add(new Effect.PutExecution(close.execution()));
      if (endsRedrivable()) {
        putStart(decided);
        strands.values().forEach(rows::persist);
      } else if (start == null) {
        decided.add(new Effect.DeleteValue(ValueKey.EXECUTION_INPUT));
        if (execution.triggered()) {
          decided.add(new Effect.DeleteValue(ValueKey.TRIGGER));
        }
      }
    } else {
      Execution advanced = advanced();
      putStart(decided);
      if (start != null || !advanced.equals(execution)) {
        decided.add(new Effect.PutExecution(advanced));
      }
      strands.values().forEach(rows::persist);
    }
    removed.values().forEach(rows::erase);
    for (Effect effect : effects) {
      // A frame that was born and gone within this step leaves no timer and no task behind.
      if ((close == null || outlivesClose(effect)) && !obsolete(effect)) {
        decided.add(effect);
      }
    }
    if (close != null) {
      decided.add(close);
    }
    return new Decision(decided, null);
  }

  /** What an execution is started with and keeps until it has ended for good. */
  private void putStart(List<Effect> decided) {
    if (start == null) {
      return;
    }
    decided.add(new Effect.PutValue(ValueKey.EXECUTION_INPUT, start.input()));
    if (start.trigger() != null) {
      decided.add(new Effect.PutValue(ValueKey.TRIGGER, start.trigger()));
    }
  }

  private boolean outlivesClose(Effect effect) {
    return switch (effect) {
      case Effect.Cancel _,
          Effect.Send _,
          Effect.PutMapRun _,
          Effect.StopJob _,
          Effect.Attempted _ ->
          true;
      // Without a redrive to come all frames go, and their rows with them.
      case Effect.PutValue _, Effect.DeleteValue _, Effect.PurgeValues _ -> endsRedrivable();
      default -> false;
    };
  }

  private boolean obsolete(Effect effect) {
    long frameId;
    int epoch;
    switch (effect) {
      case Effect.Schedule(TimerKey timer, long _) -> {
        frameId = timer.frameId();
        epoch = timer.epoch();
      }
      case Effect.Dispatch dispatch -> {
        frameId = dispatch.frameId();
        epoch = dispatch.epoch();
      }
      case Effect.ReadItems read -> {
        frameId = read.frameId();
        epoch = read.epoch();
      }
      case Effect.WriteObject write -> {
        frameId = write.frameId();
        epoch = write.epoch();
      }
      case Effect.PublishResults write -> {
        frameId = write.frameId();
        epoch = write.epoch();
      }
      default -> {
        return false;
      }
    }
    if (frameId == 0) {
      return false;
    }
    Strand strand = strands.get(frameId);
    return strand == null || strand.epoch != epoch;
  }

  private Execution advanced() {
    return execution.advanced(nextEventId, nextFrameId, transitions);
  }

  /** Removes the rows of a Parallel or Map state visit which is over, the frame itself staying. */
  void eraseChildRows(Strand strand) {
    strand.results.clear();
    strand.items = null;
    if (strand.persisted != null) {
      ChildRows.erase(strand.persisted, effects);
    }
  }
}
