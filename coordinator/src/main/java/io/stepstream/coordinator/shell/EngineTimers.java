package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.Event;
import io.stepstream.asl.engine.TimerKey;
import io.stepstream.coordinator.store.ExecutionRows;
import io.stepstream.coordinator.store.TimerRow;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.ShardPart;
import io.stepstream.schemas.sealing.KeyUnavailableException;
import io.stepstream.schemas.topic.ExecutionKey;

/**
 * The engine's timers of a partition, as they fall due: each is an event for its execution or
 * shard, unless that has ended. One that needs a definition or a key which is missing fires again
 * later.
 *
 * <p>Not thread safe: one per partition.
 */
final class EngineTimers {

  private final ExecutionRows executions;
  private final Steps steps;
  private final Parking parking;

  EngineTimers(ExecutionRows executions, Steps steps, Parking parking) {
    this.executions = executions;
    this.steps = steps;
    this.parking = parking;
  }

  void fire(TimerRow timer, TimerKey engineTimer) {
    try {
      fireNow(timer, engineTimer);
    } catch (KeyUnavailableException e) {
      parking.awaitKey(timer, engineTimer, String.valueOf(e.getMessage()));
    }
  }

  private void fireNow(TimerRow timer, TimerKey engineTimer) {
    ExecutionRow header = executions.header(timer.hash());
    if (header == null || header.getStatus() != ExecutionStatus.RUNNING) {
      return; // cancelled lazily
    }
    ExecutionKey key = ExecutionKey.of(header.getExecutionArn());
    Event event = new Event.TimerFired(engineTimer);
    if (header.getPart() instanceof ShardPart) {
      steps.run(key, header, true, null, event, null);
      return;
    }
    Definitions.Runnable machine = steps.definition(header);
    if (machine == null) {
      parking.awaitDefinition(timer, engineTimer);
      return;
    }
    steps.run(key, header, true, machine, event, null);
  }
}
