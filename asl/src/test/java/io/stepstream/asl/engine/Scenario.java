package io.stepstream.asl.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.history.HistoryEvent;
import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import io.stepstream.asl.parse.DefinitionReader;
import io.stepstream.asl.parse.DefinitionResult;
import io.stepstream.asl.simulation.SimulatedExecution;
import io.stepstream.asl.source.Format;
import io.stepstream.asl.validate.MachineType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs one execution in memory with a clock that only the test moves: starts it, answers its tasks,
 * lets time pass, and looks at what came out.
 */
final class Scenario {

  private static final long START = 1_800_000_000_000L;

  private final SimulatedExecution execution;
  private final Set<Effect.Dispatch> answered = Collections.newSetFromMap(new IdentityHashMap<>());
  private int steps;
  private int mostEffects;
  private int purges;

  private Scenario(Machine machine, Limits limits) {
    execution = new SimulatedExecution(machine, "us-east-1", limits, START);
  }

  static Scenario of(String definition) {
    return of(definition, Limits.DEFAULT);
  }

  static Scenario of(String definition, Limits limits) {
    return switch (DefinitionReader.read(definition, Format.JSON, MachineType.STANDARD)) {
      case DefinitionResult.Parsed parsed -> new Scenario(Machine.of(parsed.machine()), limits);
      case DefinitionResult.Rejected rejected -> throw new AssertionError(rejected.message());
    };
  }

  Scenario start(String input) {
    return start(input, false);
  }

  Scenario start(String input, boolean express) {
    return start(input, express, null);
  }

  /**
   * @param trigger what the context object tells of the record that starts it; null: none does
   */
  Scenario start(String input, boolean express, @Nullable String trigger) {
    accept(
        new Event.Started(
            "arn:aws:states:us-east-1:111111111111:execution:machine:run",
            "run",
            "arn:aws:states:us-east-1:111111111111:stateMachine:machine",
            "arn:aws:iam::111111111111:role/r",
            express,
            execution.now(),
            input.getBytes(StandardCharsets.UTF_8),
            trigger == null ? null : trigger.getBytes(StandardCharsets.UTF_8)));
    return this;
  }

  Decision send(Event event) {
    return counted(execution.send(event));
  }

  private Decision counted(Decision decision) {
    steps++;
    mostEffects = Math.max(mostEffects, decision.effects().size());
    purges +=
        (int) decision.effects().stream().filter(Effect.PurgeValues.class::isInstance).count();
    return decision;
  }

  private void accept(Event event) {
    Decision decision = send(event);
    assertThat(decision.rejection()).as("rejection of %s", event).isNull();
  }

  /** The oldest task of a state that nobody has answered. */
  Effect.Dispatch task(String state) {
    return openTasks().stream().filter(t -> t.state().equals(state)).findFirst().orElseThrow();
  }

  List<Effect.Dispatch> openTasks() {
    return execution.dispatched().stream().filter(t -> !answered.contains(t)).toList();
  }

  Scenario succeeds(String state, String output) {
    Effect.Dispatch task = task(state);
    answered.add(task);
    accept(
        new Event.TaskSucceeded(
            task.frameId(), task.epoch(), output.getBytes(StandardCharsets.UTF_8)));
    return this;
  }

  Scenario fails(String state, @Nullable String error, @Nullable String cause) {
    Effect.Dispatch task = task(state);
    answered.add(task);
    accept(new Event.TaskFailed(task.frameId(), task.epoch(), error, cause));
    return this;
  }

  /** The task has been answered past this scenario. */
  void forget(Effect.Dispatch task) {
    answered.add(task);
  }

  Scenario heartbeats(String state) {
    Effect.Dispatch task = task(state);
    accept(new Event.TaskHeartbeat(task.frameId(), task.epoch()));
    return this;
  }

  /** Moves the clock and fires what is due on the way, each timer at its own moment. */
  Scenario advance(Duration duration) {
    effectsOf(duration);
    return this;
  }

  /** As {@link #advance}; what the steps on the way have decided. */
  List<Effect> effectsOf(Duration duration) {
    List<Effect> effects = new ArrayList<>();
    long until = execution.now() + duration.toMillis();
    for (Long due = execution.nextTimerMillis();
        due != null && due <= until;
        due = execution.nextTimerMillis()) {
      effects.addAll(counted(execution.fireNextTimer()).effects());
    }
    execution.moveTo(until);
    return effects;
  }

  // ------------------------------------------------------------------ what came out

  Scenario endsWith(Execution.Status status) {
    Effect.Close close = end();
    assertThat(close.execution().status())
        .as("%s: %s", close.error(), close.cause())
        .isEqualTo(status);
    // what has not succeeded can be redriven
    if (status == Execution.Status.SUCCEEDED || close.execution().express()) {
      assertThat(execution.rows().leftBehind()).as("rows left behind").isZero();
    }
    return this;
  }

  /** Lets an execution that has ended go on where it has failed. */
  Scenario redrive() {
    accept(new Event.RedriveRequested());
    return this;
  }

  Scenario outputs(String json) {
    Effect.Close close = endsWith(Execution.Status.SUCCEEDED).end();
    assertThat(Json.equal(tree(close.output()), tree(json.getBytes(StandardCharsets.UTF_8))))
        .as("output %s", new String(close.output(), StandardCharsets.UTF_8))
        .isTrue();
    return this;
  }

  Scenario failsWith(@Nullable String error, @Nullable String cause) {
    Effect.Close close = endsWith(Execution.Status.FAILED).end();
    assertThat(close.error()).isEqualTo(error);
    assertThat(close.cause()).isEqualTo(cause);
    return this;
  }

  boolean ended() {
    return execution.end() != null;
  }

  /** Frames and payloads that the execution keeps at present. */
  int keptRows() {
    return execution.rows().leftBehind();
  }

  Effect.Close end() {
    Effect.Close close = execution.end();
    assertThat(close).as("end of the execution; history: %s", types()).isNotNull();
    return close;
  }

  int steps() {
    return steps;
  }

  /** Effects of the largest step. */
  int mostEffects() {
    return mostEffects;
  }

  int purges() {
    return purges;
  }

  List<String> types() {
    return execution.history().stream().map(e -> e.type().awsName()).toList();
  }

  /** {@code id<previous Type}, as the recordings show them. */
  List<String> numbered() {
    return execution.history().stream()
        .map(e -> e.id() + "<" + e.previousEventId() + " " + e.type().awsName())
        .toList();
  }

  List<HistoryEvent> history() {
    return List.copyOf(execution.history());
  }

  static Object tree(byte[] json) {
    return switch (Json.decode(json)) {
      case Decoded.Tree(Object value) -> value;
      case Decoded.Malformed malformed -> throw new AssertionError(malformed.message());
    };
  }
}
