package io.stepstream.asl.engine;

import io.stepstream.asl.definition.Distributed;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.engine.Inspection.Stage;
import io.stepstream.asl.expr.Evaluation;
import io.stepstream.asl.expr.Expression;
import io.stepstream.asl.items.ItemRequest;
import io.stepstream.asl.items.ItemSource;
import io.stepstream.asl.items.ReadItems;
import io.stepstream.asl.items.ReadRefused;
import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One visit of one state outside of any execution: the state's own code from its input to its
 * output, next state or failure, with the work that it asks for done by the caller. Nothing is
 * kept, and no time passes.
 */
public final class StateVisit {

  /** Rows of an execution that has none: all that a visit needs, it is given. */
  private static final ExecutionView NO_ROWS =
      new ExecutionView() {
        @Override
        public @Nullable Execution execution() {
          return null;
        }

        @Override
        public @Nullable Frame frame(long frameId) {
          return null;
        }

        @Override
        public byte @Nullable [] value(ValueKey key) {
          return null;
        }
      };

  /**
   * What is visited, and what has been before.
   *
   * @param machine its first state is visited; states which that leads to must exist
   * @param start the execution that the state sees in its context object; its input is the state's
   * @param variables the workflow variables in sight
   * @param context the context object, a JSON object in UTF-8; null: the engine's own
   * @param retries how often the retrier that will match has been used
   * @param failedIterations of a Map state
   * @param readerData what a Map state's ItemReader has read, as it is in its bucket; null: nothing
   */
  public record Setup(
      Machine machine,
      Event.Started start,
      Map<String, Object> variables,
      byte @Nullable [] context,
      int retries,
      int failedIterations,
      byte @Nullable [] readerData) {}

  /** Does what a Task, Map or Parallel state asks for. */
  @FunctionalInterface
  public interface Work {

    /**
     * @param dispatch the attempt of a Task; null for a Map or Parallel state
     */
    Answer answer(Effect.@Nullable Dispatch dispatch);
  }

  /** How the work ended. */
  public sealed interface Answer {

    /**
     * @param result JSON in UTF-8
     */
    record Succeeded(byte[] result) implements Answer {}

    record Failed(@Nullable String error, @Nullable String cause) implements Answer {}
  }

  /** How the visit ended. */
  public enum Status {
    /** With an output. */
    SUCCEEDED,
    /** With a failure that nobody took. */
    FAILED,
    /** With a failure after which the state would be tried again. */
    RETRIABLE,
    /** With a failure that a catcher took. */
    CAUGHT_ERROR
  }

  /**
   * What the visit gave. All values are JSON in UTF-8.
   *
   * @param output null: it failed and nobody caught it
   * @param next the state that follows; null: none does
   * @param shown the intermediate values, as far as the state came
   * @param variables those in sight afterwards
   * @param retrier index of the retrier that took the failure or would have, were it not used up
   * @param retryDelayMillis null: it is not tried again
   * @param catcher index of the catcher that took the failure
   */
  public record Outcome(
      Status status,
      byte @Nullable [] output,
      @Nullable String error,
      @Nullable String cause,
      @Nullable String next,
      Map<Stage, byte[]> shown,
      Map<String, Object> variables,
      @Nullable Integer retrier,
      @Nullable Long retryDelayMillis,
      @Nullable Integer catcher) {}

  /** Nothing is kept of the Map run, so that its id names nothing. */
  private static final String MAP_RUN = "tested";

  private final Setup setup;
  private final Work work;
  private final Inspection inspection;
  private final Step step;
  private final Interpreter interpreter;
  private final Strand strand;

  /** Trees with the texts that they were read from. */
  private final Map<Object, byte[]> sources = new IdentityHashMap<>();

  private StateVisit(Setup setup, Work work, StepContext context) {
    this.setup = setup;
    this.work = work;
    this.inspection = new Inspection(context(setup.context()));
    Execution execution = Engine.begun(setup.start(), null);
    this.step =
        new Step(
            setup.machine(), NO_ROWS, execution, setup.start(), context, new Payload(), inspection);
    this.interpreter = new Interpreter(step);
    this.strand = step.forkRoot(decoded(setup.start().input()));
    strand.enteredMillis = context.nowMillis();
    strand.ownVariables = setup.variables();
    strand.hasVariables = !setup.variables().isEmpty();
    if (strand.state instanceof State.Retryable state) {
      strand.presumeRetries(setup.retries(), state.errorHandling().retriers().size());
    }
  }

  /**
   * Visits the state.
   *
   * @throws IllegalStateException when a text is no JSON, which is for the caller to check
   */
  public static Outcome run(Setup setup, Work work, StepContext context) {
    StateVisit visit = new StateVisit(setup, work, context);
    visit.run();
    return visit.outcome();
  }

  private void run() {
    State visited = strand.state;
    if (visited instanceof State.MapState map) {
      visitMap(map);
      return;
    }
    interpreter.attempt(strand);
    switch (strand.awaits) {
      case Awaits.Task _ when visited instanceof State.Task task -> {
        Answer answer = work.answer(step.dispatched());
        strand.awaits = null;
        switch (answer) {
          case Answer.Succeeded(byte[] result) ->
              TaskBehavior.succeeded(interpreter, step, strand, task, result);
          case Answer.Failed(String error, String cause) ->
              TaskBehavior.failed(interpreter, step, strand, task, Failure.of(error, cause));
        }
      }
      case Awaits.Branches _ when visited instanceof State.Parallel parallel -> {
        strand.awaits = null;
        switch (work.answer(null)) {
          case Answer.Succeeded(byte[] result) ->
              ParallelBehavior.succeeded(interpreter, step, strand, parallel, decoded(result));
          case Answer.Failed(String error, String cause) ->
              interpreter.childFailed(strand, Failure.of(error, cause));
        }
      }
      case Awaits.Time _ when visited instanceof State.Wait wait -> {
        strand.awaits = null;
        WaitBehavior.ended(interpreter, strand, wait);
      }
      case null, default -> {}
    }
  }

  /** Its iterations are not run, so that a distributed Map is visited as an inline one is. */
  private void visitMap(State.MapState map) {
    Distributed distributed = map.distributed();
    boolean reads = distributed != null && distributed.itemReader() != null;
    MapPlan plan = MapPlan.of(interpreter, step, strand, map, reads ? List.of() : null);
    MapPlan.Tolerance tolerance =
        plan == null ? null : MapPlan.tolerance(interpreter, step, strand, map);
    if (plan == null || tolerance == null) {
      return;
    }
    MapRunPlan run =
        distributed == null ? null : MapRunPlan.of(interpreter, step, strand, map, MAP_RUN);
    if (distributed != null && run == null) {
      return;
    }
    ItemSource source = run == null ? null : run.source();
    List<?> items = source == null ? plan.items() : read(source);
    if (items == null || !select(map, source, items, run == null ? null : run.batches())) {
      return;
    }
    switch (work.answer(null)) {
      case Answer.Succeeded _ when tolerance.exceededBy(setup.failedIterations(), items.size()) ->
          interpreter.childFailed(strand, MapRunBehavior.THRESHOLD_EXCEEDED);
      case Answer.Succeeded(byte[] result) ->
          MapBehavior.succeeded(interpreter, step, strand, map, decoded(result));
      case Answer.Failed(String error, String cause) ->
          interpreter.childFailed(strand, Failure.of(error, cause));
    }
  }

  /** Null: the state has failed. */
  private @Nullable List<?> read(ItemSource source) {
    byte[] data = setup.readerData();
    if (data == null) {
      return List.of();
    }
    List<?> items;
    try {
      items = ReadItems.of(data, source);
    } catch (ReadRefused e) {
      interpreter.childFailed(strand, Failure.of(ItemRequest.ERROR, e.getMessage()));
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException("the bytes are in memory", e);
    }
    if (source.config().itemsPointer() != null) {
      step.show(Stage.AFTER_ITEMS_POINTER, items);
    }
    return source.maxItems() > 0 && source.maxItems() < items.size()
        ? items.subList(0, (int) source.maxItems())
        : items;
  }

  /** Makes what the iterations get. False: the state has failed. */
  private boolean select(
      State.MapState map,
      @Nullable ItemSource source,
      List<?> items,
      MapRunPlan.@Nullable Batches batches) {
    Expression selector = map.itemSelector();
    List<Object> inputs = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      MapItem item = MapItem.of(map, i, items.get(i)).from(source);
      if (selector == null) {
        inputs.add(item.value());
        continue;
      }
      switch (MapBehavior.select(step, strand, map, selector, item)) {
        case Evaluation.Failed failed -> {
          interpreter.fail(strand, step.evaluationFailure(strand, failed.error()));
          return false;
        }
        case Evaluation.Value(Object input) -> inputs.add(input);
      }
    }
    if (selector != null) {
      step.show(Stage.AFTER_ITEM_SELECTOR, inputs);
    }
    return batches == null || batch(map, batches, inputs);
  }

  /** False: the state has failed. */
  private boolean batch(State.MapState map, MapRunPlan.Batches batches, List<Object> inputs) {
    ChildInputs children =
        new ChildInputs(step, strand, map, batches, step.context.limits().mapRun(), 0);
    for (Object input : inputs) {
      Failure failure = children.addSelected(input);
      if (failure != null) {
        interpreter.fail(strand, failure);
        return false;
      }
    }
    children.complete();
    List<Object> batched = new ArrayList<>();
    for (List<byte[]> shard : children.shards()) {
      shard.forEach(input -> batched.add(step.payload.decodeTrusted(input)));
    }
    step.show(Stage.AFTER_ITEM_BATCHER, batched);
    return true;
  }

  private Outcome outcome() {
    Effect.Close closing = step.closing();
    if (closing != null) {
      boolean succeeded = closing.execution().status() == Execution.Status.SUCCEEDED;
      return outcome(
          succeeded ? Status.SUCCEEDED : Status.FAILED,
          closing.output(),
          closing.error(),
          closing.cause(),
          null);
    }
    Failure failure = inspection.failure;
    if (strand.awaits instanceof Awaits.Retry && failure != null) {
      return outcome(Status.RETRIABLE, null, failure.error(), failure.cause(), null);
    }
    if (!strand.ready()) {
      throw new IllegalStateException(strand.state.name() + " waits for " + strand.awaits);
    }
    byte[] output = step.payload.encode(step.input(strand));
    String next = strand.state.name();
    return failure == null
        ? outcome(Status.SUCCEEDED, output, null, null, next)
        : outcome(Status.CAUGHT_ERROR, output, failure.error(), failure.cause(), next);
  }

  private Outcome outcome(
      Status status,
      byte @Nullable [] output,
      @Nullable String error,
      @Nullable String cause,
      @Nullable String next) {
    Map<Stage, byte[]> shown = new EnumMap<>(Stage.class);
    inspection
        .values()
        .forEach(
            (stage, value) -> {
              byte[] text = text(value);
              if (text != null) {
                shown.put(stage, text);
              }
            });
    return new Outcome(
        status,
        output,
        error,
        cause,
        next,
        shown,
        step.ownVariables(strand),
        inspection.retrier,
        inspection.retryDelayMillis,
        inspection.catcher);
  }

  @SuppressWarnings("unchecked") // a JSON object, as the setup demands
  private @Nullable Map<String, Object> context(byte @Nullable [] json) {
    if (json == null) {
      return null;
    }
    if (Json.decode(json) instanceof Decoded.Tree(Map<?, ?> tree)) {
      sources.put(tree, json);
      return (Map<String, Object>) tree;
    }
    throw new IllegalStateException("the context object is no JSON object");
  }

  private Object decoded(byte[] json) {
    Object tree = step.payload.decodeTrusted(json);
    sources.put(tree, json);
    return tree;
  }

  /** AWS shows a part of a value as it stands in the text that the value came in. */
  private byte @Nullable [] text(Object value) {
    for (Map.Entry<Object, byte[]> source : sources.entrySet()) {
      byte[] part = Json.textOf(value, source.getKey(), source.getValue());
      if (part != null) {
        return part;
      }
    }
    return step.encodeWithinLimit(value);
  }
}
