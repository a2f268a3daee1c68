package io.stepstream.asl.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.history.HistoryEvent;
import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import io.stepstream.asl.parse.DefinitionReader;
import io.stepstream.asl.parse.DefinitionResult;
import io.stepstream.asl.source.Format;
import io.stepstream.asl.validate.MachineType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs one execution in memory with a clock that only the test moves: starts it, answers its tasks,
 * lets time pass, and looks at what came out.
 */
final class Scenario {

  private static final long START = 1_800_000_000_000L;

  private final Machine machine;
  private final Limits limits;
  private final InMemoryRows rows = new InMemoryRows();
  private final List<HistoryEvent> history = new ArrayList<>();
  private final List<Effect.Dispatch> tasks = new ArrayList<>();
  private final List<Effect.Schedule> timers = new ArrayList<>();
  private Effect.@Nullable Close close;
  private long now = START;
  private int steps;
  private int mostEffects;
  private int purges;

  private Scenario(Machine machine, Limits limits) {
    this.machine = machine;
    this.limits = limits;
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
    accept(
        new Event.Started(
            "arn:aws:states:us-east-1:111111111111:execution:machine:run",
            "run",
            "arn:aws:states:us-east-1:111111111111:stateMachine:machine",
            "arn:aws:iam::111111111111:role/r",
            express,
            now,
            input.getBytes(StandardCharsets.UTF_8)));
    return this;
  }

  Decision send(Event event) {
    Decision decision =
        Engine.step(machine, rows, event, new StepContext(now, "us-east-1", limits));
    steps++;
    mostEffects = Math.max(mostEffects, decision.effects().size());
    decision.effects().forEach(this::apply);
    return decision;
  }

  private void accept(Event event) {
    Decision decision = send(event);
    assertThat(decision.rejection()).as("rejection of %s", event).isNull();
  }

  private void apply(Effect effect) {
    rows.apply(effect);
    switch (effect) {
      case Effect.Record(HistoryEvent event) -> history.add(event);
      case Effect.Dispatch dispatch -> tasks.add(dispatch);
      case Effect.Schedule timer -> timers.add(timer);
      case Effect.Cancel(TimerKey timer, long due) ->
          timers.removeIf(t -> t.timer().equals(timer) && t.dueMillis() == due);
      case Effect.Close closing -> {
        assertThat(close).as("an execution closes once").isNull();
        close = closing;
      }
      case Effect.PurgeValues _ -> purges++;
      case Effect.PutExecution _,
          Effect.PutFrame _,
          Effect.DeleteFrame _,
          Effect.PutValue _,
          Effect.DeleteValue _ -> {}
    }
  }

  /** The oldest task of a state that nobody has answered. */
  Effect.Dispatch task(String state) {
    return tasks.stream().filter(t -> t.state().equals(state)).findFirst().orElseThrow();
  }

  List<Effect.Dispatch> openTasks() {
    return List.copyOf(tasks);
  }

  Scenario succeeds(String state, String output) {
    Effect.Dispatch task = task(state);
    tasks.remove(task);
    accept(
        new Event.TaskSucceeded(
            task.frameId(), task.epoch(), output.getBytes(StandardCharsets.UTF_8)));
    return this;
  }

  Scenario fails(String state, @Nullable String error, @Nullable String cause) {
    Effect.Dispatch task = task(state);
    tasks.remove(task);
    accept(new Event.TaskFailed(task.frameId(), task.epoch(), error, cause));
    return this;
  }

  /** The task has been answered past this scenario. */
  void forget(Effect.Dispatch task) {
    tasks.remove(task);
  }

  Scenario heartbeats(String state) {
    Effect.Dispatch task = task(state);
    accept(new Event.TaskHeartbeat(task.frameId(), task.epoch()));
    return this;
  }

  /** Moves the clock and fires what is due on the way, each timer at its own moment. */
  Scenario advance(Duration duration) {
    long until = now + duration.toMillis();
    while (true) {
      Effect.Schedule next =
          timers.stream()
              .filter(t -> t.dueMillis() <= until)
              .min(Comparator.comparingLong(Effect.Schedule::dueMillis))
              .orElse(null);
      if (next == null) {
        now = until;
        return this;
      }
      timers.remove(next);
      now = Math.max(now, next.dueMillis());
      send(new Event.TimerFired(next.timer()));
    }
  }

  // ------------------------------------------------------------------ what came out

  Scenario endsWith(Execution.Status status) {
    assertThat(close).as("end of the execution; history: %s", types()).isNotNull();
    assertThat(close.execution().status())
        .as("%s: %s", close.error(), close.cause())
        .isEqualTo(status);
    assertThat(rows.leftBehind()).as("rows left behind").isZero();
    return this;
  }

  Scenario outputs(String json) {
    endsWith(Execution.Status.SUCCEEDED);
    assertThat(Json.equal(tree(close.output()), tree(json.getBytes(StandardCharsets.UTF_8))))
        .as("output %s", new String(close.output(), StandardCharsets.UTF_8))
        .isTrue();
    return this;
  }

  Scenario failsWith(@Nullable String error, @Nullable String cause) {
    endsWith(Execution.Status.FAILED);
    assertThat(close.error()).isEqualTo(error);
    assertThat(close.cause()).isEqualTo(cause);
    return this;
  }

  boolean ended() {
    return close != null;
  }

  /** Frames and payloads that the execution keeps at present. */
  int keptRows() {
    return rows.leftBehind();
  }

  Effect.Close end() {
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
    return history.stream().map(e -> e.type().awsName()).toList();
  }

  /** {@code id<previous Type}, as the recordings show them. */
  List<String> numbered() {
    return history.stream()
        .map(e -> e.id() + "<" + e.previousEventId() + " " + e.type().awsName())
        .toList();
  }

  List<HistoryEvent> history() {
    return List.copyOf(history);
  }

  static Object tree(byte[] json) {
    return switch (Json.decode(json)) {
      case Decoded.Tree(Object value) -> value;
      case Decoded.Malformed malformed -> throw new AssertionError(malformed.message());
    };
  }
}
