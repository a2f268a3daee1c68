package io.stepstream.asl.simulation;

import io.stepstream.asl.engine.Awaits;
import io.stepstream.asl.engine.Effect;
import io.stepstream.asl.engine.Event;
import io.stepstream.asl.engine.Execution;
import io.stepstream.asl.engine.Frame;
import io.stepstream.asl.engine.Limits;
import io.stepstream.asl.engine.Machine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Runs executions of a machine to their ends in memory. The clock jumps from one happening to the
 * next: reports of tasks and timers come in the order of their moments, a report before a timer of
 * the same moment.
 *
 * @param tasks the world that answers the tasks
 * @param longest how much simulated time one execution may take; then it is left as it is
 * @param maxSteps how many events one execution may take in; then it is left as it is
 */
public record Simulation(
    Machine machine,
    SimulatedTasks tasks,
    Limits limits,
    String region,
    Duration longest,
    int maxSteps) {

  /** Something from outside, some time after the start. */
  public record Happening(Duration after, Event event) {}

  private record Pending(long dueMillis, long order, Event event) {}

  /** With AWS's limits, region us-east-1, at most two simulated years and a million events. */
  public static Simulation of(Machine machine, SimulatedTasks tasks) {
    return new Simulation(
        machine, tasks, Limits.DEFAULT, "us-east-1", Duration.ofDays(731), 1_000_000);
  }

  public Simulation withLongest(Duration duration) {
    return new Simulation(machine, tasks, limits, region, duration, maxSteps);
  }

  /** Runs one execution; the clock begins at its start date. */
  public Outcome run(Event.Started start) {
    return run(start, List.of());
  }

  /** Runs one execution to which something happens on the way, for example that it is stopped. */
  public Outcome run(Event.Started start, List<Happening> happenings) {
    return new Run(start, happenings).toEnd();
  }

  private final class Run {

    private final Event.Started start;
    private final SimulatedExecution execution;
    private final PriorityQueue<Pending> pending =
        new PriorityQueue<>(
            Comparator.comparingLong(Pending::dueMillis).thenComparingLong(Pending::order));
    private final long lastMillis;
    private long pendingSoFar;
    private int handedOver;

    Run(Event.Started start, List<Happening> happenings) {
      this.start = start;
      this.execution = new SimulatedExecution(machine, region, limits, start.startMillis());
      this.lastMillis = start.startMillis() + longest.toMillis();
      happenings.forEach(each -> add(each.after(), each.event()));
    }

    Outcome toEnd() {
      execution.send(start);
      int steps = 1;
      while (execution.end() == null) {
        handOver();
        Pending report = pending.peek();
        Long timer = execution.nextTimerMillis();
        if (report == null && timer == null) {
          return stillRunning(null);
        }
        long reportDue = report == null ? Long.MAX_VALUE : report.dueMillis();
        long timerDue = timer == null ? Long.MAX_VALUE : timer;
        if (Math.min(reportDue, timerDue) > lastMillis) {
          return stillRunning("the end of the simulated time of " + longest);
        }
        if (++steps > maxSteps) {
          return stillRunning("more than the allowed %d events".formatted(maxSteps));
        }
        if (reportDue <= timerDue) {
          pending.remove();
          execution.moveTo(reportDue);
          execution.send(report.event());
        } else {
          execution.fireNextTimer();
        }
      }
      Effect.Close end = execution.end();
      return new Outcome(
          end.execution().status(),
          end.output(),
          end.error(),
          end.cause(),
          List.copyOf(execution.history()),
          List.of(),
          Instant.ofEpochMilli(execution.now()));
    }

    private void handOver() {
      List<Effect.Dispatch> all = execution.dispatched();
      for (; handedOver < all.size(); handedOver++) {
        Effect.Dispatch attempt = all.get(handedOver);
        TaskAttempt told =
            new TaskAttempt(
                attempt.state(),
                attempt.resource(),
                attempt.function(),
                attempt.retryCount(),
                attempt.input(),
                Instant.ofEpochMilli(execution.now()));
        for (TaskReport report : tasks.attempt(told)) {
          add(report.after(), event(attempt, report));
        }
      }
    }

    private void add(Duration after, Event event) {
      pending.add(new Pending(execution.now() + after.toMillis(), pendingSoFar++, event));
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

    private Outcome stillRunning(@Nullable String bound) {
      List<String> waitsFor = new ArrayList<>();
      if (bound != null) {
        waitsFor.add(bound);
      }
      execution.rows().frames().stream()
          .sorted(Comparator.comparingLong(Frame::id))
          .map(Run::awaited)
          .forEach(waitsFor::add);
      return new Outcome(
          Execution.Status.RUNNING,
          null,
          null,
          null,
          List.copyOf(execution.history()),
          List.copyOf(waitsFor),
          Instant.ofEpochMilli(execution.now()));
    }

    private static String awaited(Frame frame) {
      String what =
          switch (frame.awaits()) {
            case Awaits.Task task -> "an answer of " + task.resource();
            case Awaits.Time time -> "the moment " + Instant.ofEpochMilli(time.untilMillis());
            case Awaits.Retry retry -> "its retry at " + Instant.ofEpochMilli(retry.untilMillis());
            case Awaits.Continuation _ -> "a further step";
            case Awaits.Branches branches -> "%d branches".formatted(branches.active().size());
            case Awaits.Items items ->
                "%d of %d items".formatted(items.count() - items.completed(), items.count());
          };
      return "state '%s' waits for %s".formatted(frame.state(), what);
    }
  }
}
