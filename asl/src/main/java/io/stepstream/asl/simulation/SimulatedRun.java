package io.stepstream.asl.simulation;

import io.stepstream.asl.engine.Awaits;
import io.stepstream.asl.engine.Effect;
import io.stepstream.asl.engine.Event;
import io.stepstream.asl.engine.Execution;
import io.stepstream.asl.engine.Frame;
import io.stepstream.asl.history.HistoryEvent;
import io.stepstream.asl.items.ItemCursor;
import io.stepstream.asl.items.ItemPage;
import io.stepstream.asl.items.ItemRequest;
import io.stepstream.asl.items.ObjectWrite;
import io.stepstream.asl.items.ReadRefused;
import io.stepstream.asl.items.TopicWrite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * An execution on its way to its end, with the shards and child executions of its distributed Maps:
 * all of them have one clock and one queue of what is to happen.
 */
final class SimulatedRun {

  /** What is to happen; a null event is the next timer of the execution. */
  private record Pending(
      long dueMillis, boolean timer, long order, String arn, @Nullable Event event) {}

  private static final Comparator<Pending> BY_DUE =
      Comparator.comparingLong(Pending::dueMillis)
          .thenComparing(Pending::timer)
          .thenComparingLong(Pending::order);

  /** An execution or a shard, and how much of what it has asked for was taken from it. */
  private static final class Member {
    private final String arn;
    private final SimulatedExecution execution;
    private final Event.@Nullable ChildStarted child;
    private int handedOver;
    private int requested;
    private int measured;

    Member(String arn, SimulatedExecution execution, Event.@Nullable ChildStarted child) {
      this.arn = arn;
      this.execution = execution;
      this.child = child;
    }
  }

  private final Simulation simulation;
  private final Event.Started start;
  private final Map<String, Member> members = new LinkedHashMap<>();
  private final Map<String, ItemCursor> cursors = new HashMap<>();
  private final PriorityQueue<Pending> pending = new PriorityQueue<>(BY_DUE);
  private final long lastMillis;
  private long now;
  private long pendingSoFar;
  private long recordedBytes;

  SimulatedRun(Simulation simulation, Event.Started start, List<Simulation.Happening> happenings) {
    this.simulation = simulation;
    this.start = start;
    this.now = start.startMillis();
    this.lastMillis = now + simulation.longest().toMillis();
    add(start.arn(), Duration.ZERO, start);
    happenings.forEach(each -> add(start.arn(), each.after(), each.event()));
  }

  Outcome toEnd() {
    int steps = 0;
    String bound = null;
    for (Pending next = pending.poll(); next != null; next = pending.poll()) {
      if (next.dueMillis() > lastMillis) {
        bound = "the end of the simulated time of " + simulation.longest();
        break;
      }
      if (steps == simulation.maxSteps()) {
        bound = "more than the allowed %d events".formatted(simulation.maxSteps());
        break;
      }
      bound = simulation.watch().endsBecause(recordedBytes);
      if (bound != null) {
        break;
      }
      if (happens(next)) {
        steps++;
      }
    }
    return outcome(bound);
  }

  /** False: the timer was cancelled or has fired. */
  private boolean happens(Pending next) {
    Member member = member(next.arn(), next.event());
    SimulatedExecution execution = member.execution;
    Event event = next.event();
    if (event == null) {
      Long due = execution.nextTimerMillis();
      if (due == null || due != next.dueMillis() || execution.end() != null) {
        return false;
      }
      now = next.dueMillis();
      execution.fireNextTimer();
    } else {
      now = next.dueMillis();
      execution.moveTo(now);
      execution.send(event);
    }
    follow(member);
    return true;
  }

  private Member member(String arn, @Nullable Event event) {
    return members.computeIfAbsent(
        arn,
        _ ->
            new Member(
                arn,
                new SimulatedExecution(
                    simulation.machine(),
                    simulation.region(),
                    simulation.limits(),
                    simulation.activities(),
                    now),
                event instanceof Event.ChildStarted child ? child : null));
  }

  /** Does what the execution has asked for in its latest step. */
  private void follow(Member member) {
    SimulatedExecution execution = member.execution;
    List<HistoryEvent> history = execution.history();
    for (; member.measured < history.size(); member.measured++) {
      recordedBytes += PayloadBytes.of(history.get(member.measured).details());
    }
    List<Effect.Dispatch> attempts = execution.dispatched();
    for (; member.handedOver < attempts.size(); member.handedOver++) {
      handOver(member.arn, attempts.get(member.handedOver));
    }
    List<Effect> requests = execution.requests();
    for (; member.requested < requests.size(); member.requested++) {
      switch (requests.get(member.requested)) {
        case Effect.Send(String arn, Event event) -> add(arn, Duration.ZERO, event);
        case Effect.ReadItems read -> add(member.arn, Duration.ZERO, read(member.arn, read));
        case Effect.WriteObject write -> add(member.arn, Duration.ZERO, write(write));
        case Effect.PublishResults publish ->
            add(
                member.arn,
                Duration.ZERO,
                new Event.TaskFailed(
                    publish.frameId(),
                    publish.epoch(),
                    TopicWrite.ERROR,
                    "There is no Kafka here to publish results to."));
        default -> throw new IllegalStateException("no request");
      }
    }
    Long timer = execution.nextTimerMillis();
    if (timer != null && execution.end() == null) {
      pending.add(new Pending(timer, true, pendingSoFar++, member.arn, null));
    }
    if (execution.rows().execution() == null && execution.end() == null) {
      members.remove(member.arn); // a shard that is no more
    }
  }

  private void add(String arn, Duration after, Event event) {
    pending.add(new Pending(now + after.toMillis(), false, pendingSoFar++, arn, event));
  }

  // ------------------------------------------------------------------ the world

  private void handOver(String arn, Effect.Dispatch attempt) {
    TaskAttempt told =
        new TaskAttempt(
            attempt.state(),
            attempt.resource(),
            attempt.function(),
            attempt.retryCount(),
            attempt.input(),
            Instant.ofEpochMilli(now));
    for (TaskReport report : simulation.tasks().attempt(told)) {
      add(arn, report.after(), event(attempt, report));
    }
  }

  private static Event event(Effect.Dispatch attempt, TaskReport report) {
    long frame = attempt.frameId();
    int epoch = attempt.epoch();
    return switch (report) {
      case TaskReport.Succeeded(Duration _, byte[] output) ->
          new Event.TaskSucceeded(frame, epoch, output);
      case TaskReport.Failed(Duration _, String error, String cause) ->
          new Event.TaskFailed(frame, epoch, error, cause);
      case TaskReport.Started(Duration _, String workerName) ->
          new Event.TaskStarted(frame, epoch, workerName);
      case TaskReport.Submitted(Duration _, byte[] output) ->
          new Event.TaskSubmitted(frame, epoch, output);
      case TaskReport.Heartbeat _ -> new Event.TaskHeartbeat(frame, epoch);
    };
  }

  private Event read(String arn, Effect.ReadItems read) {
    ItemRequest request = read.request();
    ItemCursor cursor =
        cursors.computeIfAbsent(
            arn + '/' + read.frameId() + '/' + read.epoch(),
            _ -> new ItemCursor(simulation.objects(), request.source()));
    try {
      ItemCursor.Page page = cursor.read(request.from(), request.pageItems(), request.pageBytes());
      return new Event.TaskSucceeded(
          read.frameId(),
          read.epoch(),
          new ItemPage(request.from(), page.items(), page.last()).encode());
    } catch (ReadRefused e) {
      return new Event.TaskFailed(read.frameId(), read.epoch(), ItemRequest.ERROR, e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("the simulated objects can't be read", e);
    }
  }

  private Event write(Effect.WriteObject asked) {
    ObjectWrite write = asked.write();
    try {
      simulation.objects().put(write.arguments(), write.body());
      return new Event.TaskSucceeded(
          asked.frameId(),
          asked.epoch(),
          new ObjectWrite.Written(String.valueOf(write.arguments().get("Key")), write.body().length)
              .encode());
    } catch (ReadRefused e) {
      return new Event.TaskFailed(
          asked.frameId(), asked.epoch(), ObjectWrite.ERROR, e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("the simulated objects can't be written", e);
    }
  }

  // ------------------------------------------------------------------ what came out

  private Outcome outcome(@Nullable String bound) {
    SimulatedExecution execution = member(start.arn(), start).execution;
    Effect.Close end = execution.end();
    if (end == null) {
      return stillRunning(execution, bound);
    }
    Long stopped = end.execution().stopMillis();
    return new Outcome(
        end.execution().status(),
        end.output(),
        end.error(),
        end.cause(),
        List.copyOf(execution.history()),
        List.of(),
        Instant.ofEpochMilli(stopped == null ? now : stopped),
        children());
  }

  private List<Outcome.Child> children() {
    List<Outcome.Child> children = new ArrayList<>();
    for (Member member : members.values()) {
      if (member.child != null) {
        Effect.Close end = member.execution.end();
        children.add(
            new Outcome.Child(
                member.arn,
                member.child.start().name(),
                member.child.start().input(),
                end == null ? Execution.Status.RUNNING : end.execution().status(),
                end == null ? null : end.output(),
                end == null ? null : end.error(),
                end == null ? null : end.cause(),
                List.copyOf(member.execution.history())));
      }
    }
    return List.copyOf(children);
  }

  private Outcome stillRunning(SimulatedExecution execution, @Nullable String bound) {
    List<String> waitsFor = new ArrayList<>();
    if (bound != null) {
      waitsFor.add(bound);
    }
    execution.rows().frames().stream()
        .sorted(Comparator.comparingLong(Frame::id))
        .map(SimulatedRun::awaited)
        .forEach(waitsFor::add);
    return new Outcome(
        Execution.Status.RUNNING,
        null,
        null,
        null,
        List.copyOf(execution.history()),
        List.copyOf(waitsFor),
        Instant.ofEpochMilli(now),
        children());
  }

  private static String awaited(Frame frame) {
    String what =
        switch (frame.awaits()) {
          case Awaits.Task task -> "an answer of " + task.resource();
          case Awaits.Time time -> "the moment " + Instant.ofEpochMilli(time.untilMillis());
          case Awaits.Retry retry -> "its retry at " + Instant.ofEpochMilli(retry.untilMillis());
          case Awaits.Continuation _ -> "a further step";
          case Awaits.Redrive _ -> "a redrive";
          case Awaits.Branches branches -> "%d branches".formatted(branches.active().size());
          case Awaits.Items items ->
              "%d of %d items".formatted(items.count() - items.completed(), items.count());
          case Awaits.MapRun run ->
              "%d shards of Map run %s".formatted(run.live().size(), run.id());
          case Awaits.Shard shard -> "%d child executions".formatted(shard.active().cardinality());
        };
    return "state '%s' waits for %s".formatted(frame.state(), what);
  }
}
