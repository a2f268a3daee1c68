package io.stepstream.coordinator.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.stepstream.asl.engine.Decision;
import io.stepstream.asl.engine.Effect;
import io.stepstream.asl.engine.Execution;
import io.stepstream.asl.history.HistoryDetails;
import io.stepstream.asl.history.HistoryEvent;
import io.stepstream.asl.history.HistoryEventType;
import io.stepstream.coordinator.reply.CommitPacing;
import io.stepstream.coordinator.reply.Tentative;
import io.stepstream.schemas.ExecutionRow;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the steps of a partition have done since the last commit. Their transaction may be undone,
 * and then they are made again: so it counts when that is through. Without transactions it counts
 * at once, and once more when a crash makes steps run again.
 *
 * <p>Not thread safe: one per partition.
 */
public final class StepTally implements Tentative {

  private static final int ROOM = 64;

  private final LaneMeters meters;
  private Counter[] counted = new Counter[ROOM];
  private int counts;
  private Timer[] timed = new Timer[ROOM];
  private long[] millis = new long[ROOM];
  private int times;
  private boolean waits;

  StepTally(LaneMeters meters) {
    this.meters = meters;
  }

  /** Takes note of a step whose outcome is on its way. */
  public void count(ExecutionRow header, Decision decision, CommitPacing pacing) {
    MachineMeters machine = null;
    for (Effect effect : decision.effects()) {
      if (effect instanceof Effect.Record(HistoryEvent event)) {
        machine = machine == null ? meters.machine(header.getStateMachineArn()) : machine;
        event(machine, header, event);
      } else if (effect instanceof Effect.Attempted attempt) {
        attempt(attempt);
      } else if (effect instanceof Effect.Close close) {
        machine = machine == null ? meters.machine(header.getStateMachineArn()) : machine;
        ended(machine.of(header), close.execution());
      }
    }
    if (counts > 0 && !waits) {
      waits = true;
      pacing.await(this);
    }
  }

  private void event(MachineMeters machine, ExecutionRow header, HistoryEvent event) {
    if (event.details() instanceof HistoryDetails.StateEntered) {
      add(machine.of(header).transitions);
    } else if (event.type() == HistoryEventType.EXECUTION_STARTED) {
      add(machine.of(header).started);
    } else if (event.type() == HistoryEventType.EXECUTION_REDRIVEN) {
      add(machine.of(header).redriven);
    } else {
      add(machine.mapRun(event.type()));
    }
  }

  private void ended(ExecutionMeters executions, Execution execution) {
    add(executions.ended(execution.status(), execution.redriveCount() > 0));
    long stopped = Objects.requireNonNull(execution.stopMillis());
    add(executions.time, stopped - execution.startMillis());
  }

  private void attempt(Effect.Attempted attempt) {
    TaskMeters task = meters.task(attempt.kind(), attempt.resource());
    add(task.stage(attempt.stage()));
    Long scheduled = attempt.scheduledMillis();
    Long taken = attempt.takenMillis();
    switch (attempt.stage()) {
      case SCHEDULED -> {}
      case STARTED -> {
        if (scheduled != null && taken != null) {
          add(task.scheduleTime, taken - scheduled);
        }
      }
      case SUCCEEDED, FAILED, TIMED_OUT, HEARTBEAT_TIMED_OUT -> {
        if (scheduled != null) {
          add(task.time, attempt.atMillis() - scheduled);
        }
        if (taken != null) {
          add(task.runTime, attempt.atMillis() - taken);
        }
      }
    }
  }

  private void add(@Nullable Counter counter) {
    if (counter == null) {
      return;
    }
    if (counts == counted.length) {
      counted = Arrays.copyOf(counted, counts * 2);
    }
    counted[counts++] = counter;
  }

  private void add(@Nullable Timer timer, long passed) {
    if (timer == null) {
      return;
    }
    if (times == timed.length) {
      timed = Arrays.copyOf(timed, times * 2);
      millis = Arrays.copyOf(millis, times * 2);
    }
    timed[times] = timer;
    millis[times++] = Math.max(0, passed);
  }

  @Override
  public void committed() {
    for (int i = 0; i < counts; i++) {
      counted[i].increment();
    }
    for (int i = 0; i < times; i++) {
      timed[i].record(millis[i], TimeUnit.MILLISECONDS);
    }
    forget();
  }

  @Override
  public void aborted() {
    forget();
  }

  private void forget() {
    counts = 0;
    times = 0;
    waits = false;
  }
}
