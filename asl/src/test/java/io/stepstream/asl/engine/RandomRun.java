package io.stepstream.asl.engine;

import static io.stepstream.asl.engine.TimerKey.Purpose.JOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.history.HistoryEvent;
import io.stepstream.asl.simulation.InMemoryRows;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One execution of one machine against a world that answers at random, late, twice, or not at all.
 * The rows are copied between any two steps, as a restart would, and after each step the invariants
 * are checked that must hold between steps.
 */
final class RandomRun {

  private static final long START = 1_800_000_000_000L;
  private static final Limits LIMITS = new Limits(7, 300, 2_000, 3);
  private static final Set<String> TERMINAL =
      Set.of("ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut");

  /** What was put in and what came out of it. */
  record Entry(Event event, long now, String decision) {}

  private record Attempt(long frameId, int epoch) {}

  private final Machine machine;
  private final Random random;
  private final List<Entry> log = new ArrayList<>();
  private final List<HistoryEvent> history = new ArrayList<>();
  private final List<Effect.Dispatch> dispatched = new ArrayList<>();
  private final List<Effect.LookAtJob> looks = new ArrayList<>();
  private final List<Effect.Schedule> timers = new ArrayList<>();
  private final List<TimerKey> fired = new ArrayList<>();
  private InMemoryRows rows = new InMemoryRows();
  private Effect.@Nullable Close close;
  private long now = START;

  RandomRun(Machine machine, Random random) {
    this.machine = machine;
    this.random = random;
  }

  /** Runs to the end; fails when that takes more steps than any such machine needs. */
  void run() {
    send(
        new Event.Started(
            "arn:aws:states:us-east-1:111111111111:execution:machine:run",
            "run",
            "arn:aws:states:us-east-1:111111111111:stateMachine:machine",
            "arn:aws:iam::111111111111:role/r",
            random.nextInt(4) == 0,
            now,
            "{\"items\":[1,2,3,4],\"n\":%d}"
                .formatted(random.nextInt(10))
                .getBytes(StandardCharsets.UTF_8),
            null));
    toEnd();
    int attempts = 1;
    for (; keepsRows() && random.nextInt(3) > 0 && attempts < 5; attempts++) {
      close = null;
      assertThat(send(new Event.RedriveRequested()).rejection()).isNull();
      toEnd();
    }
    if (!keepsRows()) {
      assertThat(rows.leftBehind()).as("rows left behind").isZero();
      assertThat(send(new Event.RedriveRequested()).rejection()).isNotNull();
    }
    assertThat(history.stream().map(e -> e.type().awsName()).filter(TERMINAL::contains))
        .as("terminal events")
        .hasSize(attempts);
    assertThat(TERMINAL).contains(history.getLast().type().awsName());
  }

  private void toEnd() {
    for (int step = 0; close == null; step++) {
      assertThat(step).as("steps").isLessThan(20_000);
      act();
    }
    duplicatesAfterTheEndChangeNothing();
  }

  private boolean keepsRows() {
    return !close.execution().express() && close.execution().unsuccessful();
  }

  private void act() {
    List<Effect.Dispatch> open = dispatched.stream().filter(this::isLive).toList();
    switch (random.nextInt(20)) {
      case 0, 1 -> {
        // Anything that was ever dispatched may be answered again.
        if (!dispatched.isEmpty()) {
          answer(dispatched.get(random.nextInt(dispatched.size())));
        }
      }
      case 2 -> {
        if (!fired.isEmpty()) {
          send(new Event.TimerFired(fired.get(random.nextInt(fired.size()))));
        }
      }
      case 3 -> {
        if (!open.isEmpty()) {
          Effect.Dispatch task = open.get(random.nextInt(open.size()));
          send(
              switch (random.nextInt(6)) {
                case 0 -> new Event.TaskHeartbeat(task.frameId(), task.epoch());
                case 1 -> new Event.TaskStarted(task.frameId(), task.epoch(), "worker");
                case 2 ->
                    new Event.TaskSubmitted(
                        task.frameId(), task.epoch(), "{}".getBytes(StandardCharsets.UTF_8));
                case 3 -> jobRuns(task, "{}".getBytes(StandardCharsets.UTF_8));
                default -> jobRuns(task, null);
              });
        }
      }
      case 4 -> {
        if (random.nextInt(30) == 0) {
          send(new Event.StopRequested("Stopped", null));
        }
      }
      case 5, 6, 7, 8 -> fireNext();
      default -> {
        if (open.isEmpty()) {
          fireNext();
        } else {
          answer(open.get(random.nextInt(open.size())));
        }
      }
    }
  }

  private Event.JobRuns jobRuns(Effect.Dispatch task, byte @Nullable [] submitted) {
    String job = "job-" + random.nextInt(2);
    return new Event.JobRuns(
        task.frameId(), task.epoch(), job, submitted, random.nextInt(90_000), random.nextInt(3));
  }

  private void fireNext() {
    Effect.Schedule next =
        timers.stream().min((a, b) -> Long.compare(a.dueMillis(), b.dueMillis())).orElse(null);
    if (next != null) {
      timers.remove(next);
      fired.add(next.timer());
      now = Math.max(now, next.dueMillis()) + random.nextInt(3);
      send(new Event.TimerFired(next.timer()));
    }
  }

  private void answer(Effect.Dispatch task) {
    boolean live = isLive(task);
    Decision decision =
        send(
            switch (random.nextInt(8)) {
              case 0 -> new Event.TaskFailed(task.frameId(), task.epoch(), "Boom", "by chance");
              case 1 -> new Event.TaskFailed(task.frameId(), task.epoch(), null, null);
              case 2 -> succeeded(task, "{\"cut\":");
              case 3 -> succeeded(task, '"' + "x".repeat(1_900 + random.nextInt(200)) + '"');
              default -> succeeded(task, "{\"v\":%d}".formatted(random.nextInt(100)));
            });
    if (close == null || live) {
      assertThat(decision.rejection() == null).as("accepted").isEqualTo(live);
    }
  }

  private static Event succeeded(Effect.Dispatch task, String json) {
    return new Event.TaskSucceeded(
        task.frameId(), task.epoch(), json.getBytes(StandardCharsets.UTF_8));
  }

  private boolean isLive(Effect.Dispatch task) {
    Frame frame = rows.frame(task.frameId());
    return frame != null && frame.epoch() == task.epoch() && frame.awaits() instanceof Awaits.Task;
  }

  private boolean isStale(TimerKey timer) {
    if (timer.purpose() == TimerKey.Purpose.EXECUTION_TIMEOUT) {
      return timer.epoch() != rows.execution().redriveCount();
    }
    Frame frame = rows.frame(timer.frameId());
    return frame == null || frame.epoch() != timer.epoch();
  }

  private Decision send(Event event) {
    rows = rows.copy();
    boolean stale = event instanceof Event.TimerFired(TimerKey timer) && isStale(timer);
    Decision decision =
        Engine.step(
            machine,
            rows,
            event,
            new StepContext(now, "us-east-1", LIMITS, TaskTokens.unprotected(), _ -> true));
    log.add(new Entry(event, now, rendered(decision)));
    if (event instanceof Event.TimerFired && close == null) {
      assertThat(decision.rejection() != null).as("a stale timer is void").isEqualTo(stale);
    }
    boolean over = close != null;
    if (over || decision.rejection() != null) {
      assertThat(decision.effects()).as("effects of a rejected event").isEmpty();
    }
    decision.effects().forEach(this::apply);
    if (close == null && decision.rejection() == null) {
      checkRows();
    }
    return decision;
  }

  private void apply(Effect effect) {
    rows.apply(effect);
    switch (effect) {
      case Effect.Record(HistoryEvent event) -> {
        assertThat(event.id()).as("dense ids").isEqualTo(history.size() + 1L);
        assertThat(event.previousEventId()).isBetween(0L, event.id() - 1);
        if (!history.isEmpty()) {
          assertThat(event.timestampMillis())
              .isGreaterThanOrEqualTo(history.getLast().timestampMillis());
        }
        history.add(event);
      }
      case Effect.Dispatch dispatch -> {
        assertThat(dispatched)
            .as("attempts are dispatched once")
            .noneMatch(d -> d.frameId() == dispatch.frameId() && d.epoch() == dispatch.epoch());
        dispatched.add(dispatch);
      }
      case Effect.LookAtJob look -> looks.add(look);
      case Effect.Abandon(long frame, int epoch, String _) ->
          assertThat(dispatched)
              .as("only what was dispatched is abandoned")
              .anyMatch(d -> d.frameId() == frame && d.epoch() == epoch);
      case Effect.Schedule timer -> timers.add(timer);
      case Effect.Cancel(TimerKey timer, long due) ->
          timers.removeIf(t -> t.timer().equals(timer) && t.dueMillis() == due);
      case Effect.Close closing -> close = closing;
      case Effect.PutExecution _,
          Effect.PutFrame _,
          Effect.DeleteFrame _,
          Effect.PutValue _,
          Effect.DeleteValue _,
          Effect.Withdraw _,
          Effect.StopJob _,
          Effect.Attempted _,
          Effect.PurgeValues _ -> {}
      case Effect.Send _,
          Effect.ReadItems _,
          Effect.WriteObject _,
          Effect.PublishResults _,
          Effect.Vanish _,
          Effect.PutMapRun _ ->
          throw new AssertionError("these machines have no distributed Map");
    }
  }

  /** A worker has been asked to look at the job, or will be by a timer. */
  private void checkJob(Frame frame, Awaits.Job job) {
    List<Effect.Schedule> due =
        timers.stream()
            .filter(t -> t.timer().equals(new TimerKey(frame.id(), frame.epoch(), JOB)))
            .toList();
    if (job.nextLookMillis() == null) {
      assertThat(looks).anyMatch(l -> l.frameId() == frame.id() && l.epoch() == frame.epoch());
    } else {
      assertThat(due).extracting(Effect.Schedule::dueMillis).contains(job.nextLookMillis());
    }
  }

  /** Nothing can be stuck: whatever a frame waits for is on its way. */
  private void checkRows() {
    Set<Long> children = new HashSet<>();
    for (Frame frame : rows.frames()) {
      switch (frame.awaits()) {
        case Awaits.Task task -> {
          assertThat(dispatched)
              .anyMatch(d -> d.frameId() == frame.id() && d.epoch() == frame.epoch());
          if (task.job() != null) {
            checkJob(frame, task.job());
          }
        }
        case Awaits.Time _, Awaits.Retry _, Awaits.Continuation _ ->
            assertThat(timers)
                .anyMatch(
                    t -> t.timer().frameId() == frame.id() && t.timer().epoch() == frame.epoch());
        case Awaits.Branches branches -> {
          assertThat(branches.active()).isNotEmpty();
          children.addAll(branches.active());
        }
        case Awaits.Items items -> {
          assertThat(items.active()).isNotEmpty().hasSizeLessThanOrEqualTo(LIMITS.mapConcurrency());
          children.addAll(items.active());
        }
        case Awaits.Redrive _ -> throw new AssertionError("the execution runs");
        case Awaits.MapRun _, Awaits.Shard _ ->
            throw new AssertionError("these machines have no distributed Map");
      }
    }
    children.add(Execution.ROOT_FRAME);
    assertThat(rows.frames().stream().map(Frame::id).collect(Collectors.toSet()))
        .as("the frames that their parents know of")
        .isEqualTo(children);
    assertThat(rows.values())
        .as("payload rows")
        .allMatch(json -> json.length <= LIMITS.variablesBytes());
    assertThat(rows.execution().nextEventId()).isEqualTo(history.size() + 1L);
  }

  private void duplicatesAfterTheEndChangeNothing() {
    for (Effect.Dispatch task : dispatched) {
      assertThat(send(succeeded(task, "1")).rejection()).isNotNull();
    }
    for (Effect.Schedule timer : timers) {
      assertThat(send(new Event.TimerFired(timer.timer())).rejection()).isNotNull();
    }
    assertThat(
            send(new Event.TimerFired(new TimerKey(0, 0, TimerKey.Purpose.EXECUTION_TIMEOUT)))
                .rejection())
        .isNotNull();
  }

  List<Entry> log() {
    return log;
  }

  List<String> types() {
    return history.stream().map(e -> e.type().awsName()).toList();
  }

  static StepContext context(long now) {
    return new StepContext(now, "us-east-1", LIMITS, TaskTokens.unprotected(), _ -> true);
  }

  /** All of a value as text; records alone would print their arrays' addresses. */
  static String rendered(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case byte[] bytes -> new String(bytes, StandardCharsets.UTF_8);
      case Collection<?> all ->
          all.stream().map(RandomRun::rendered).collect(Collectors.joining(",\n", "[", "]"));
      case java.util.Map<?, ?> map -> rendered(map.entrySet().stream().toList());
      case java.util.Map.Entry<?, ?> e -> rendered(e.getKey()) + "=" + rendered(e.getValue());
      case Record fields ->
          fields.getClass().getSimpleName()
              + Arrays.stream(fields.getClass().getRecordComponents())
                  .map(component -> component.getName() + "=" + rendered(read(component, fields)))
                  .collect(Collectors.joining(", ", "(", ")"));
      default -> value.toString();
    };
  }

  private static Object read(RecordComponent component, Record fields) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(fields);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
