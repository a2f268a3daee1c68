package io.stepstream.coordinator.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.stepstream.asl.engine.Execution;
import java.util.EnumMap;
import java.util.Map;

/** Of the executions of a machine that were started by the same version and alias. */
final class ExecutionMeters {

  final Counter started;
  final Counter redriven;
  final Counter transitions;
  final Timer time;

  private final LaneMeters lane;
  private final Tags tags;
  private final Map<Execution.Status, Counter> ended = new EnumMap<>(Execution.Status.class);

  ExecutionMeters(LaneMeters lane, String machine, String version, String alias) {
    this.lane = lane;
    this.tags = Tags.of("state_machine_arn", machine, "version", version, "alias", alias);
    this.started = lane.counter("stepstream.executions.started", "Executions that began", tags);
    this.redriven = lane.counter("stepstream.executions.redriven", "Redrives of executions", tags);
    this.transitions =
        lane.counter("stepstream.state.transitions", "States that executions have entered", tags);
    this.time =
        lane.timer("stepstream.execution.time", "From the start of an execution to its end", tags);
    for (Execution.Status status : Execution.Status.values()) {
      if (status != Execution.Status.RUNNING) {
        ended.put(status, ended(status, false));
      }
    }
  }

  /**
   * @param afterRedrive whether it has been redriven since it began
   */
  Counter ended(Execution.Status status, boolean afterRedrive) {
    Counter known = afterRedrive ? null : ended.get(status);
    // Redrives are rare: the registry finds theirs.
    return known != null
        ? known
        : lane.counter(
            "stepstream.executions.ended",
            "Executions that ended",
            tags.and("status", status.name(), "redriven", String.valueOf(afterRedrive)));
  }
}
