package io.stepstream.coordinator.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;
import io.stepstream.asl.history.HistoryEventType;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.StartedBy;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Of one state machine. */
final class MachineMeters {

  private static final Map<HistoryEventType, String> MAP_RUNS =
      new EnumMap<>(
          Map.of(
              HistoryEventType.MAP_RUN_STARTED, "started",
              HistoryEventType.MAP_RUN_REDRIVEN, "redriven",
              HistoryEventType.MAP_RUN_SUCCEEDED, "succeeded",
              HistoryEventType.MAP_RUN_FAILED, "failed",
              HistoryEventType.MAP_RUN_ABORTED, "aborted"));

  private final LaneMeters lane;
  private final String machine;
  private final ExecutionMeters unqualified;
  private final Map<String, ExecutionMeters> qualified = new ConcurrentHashMap<>();
  private final Map<HistoryEventType, Counter> mapRuns = new EnumMap<>(HistoryEventType.class);

  MachineMeters(LaneMeters lane, String machine) {
    this.lane = lane;
    this.machine = machine;
    this.unqualified = new ExecutionMeters(lane, machine, "", "");
    MAP_RUNS.forEach(
        (type, event) ->
            mapRuns.put(
                type,
                lane.counter(
                    "stepstream.map.runs",
                    "What has happened to Map runs",
                    Tags.of("state_machine_arn", machine, "event", event))));
  }

  ExecutionMeters of(ExecutionRow header) {
    StartedBy by = header.getStartedBy();
    if (by == null || machine.equals(LaneMeters.OTHER)) {
      return unqualified;
    }
    String version = String.valueOf(by.getVersion());
    String alias = by.getAlias() == null ? "" : by.getAlias();
    String key = version + ':' + alias;
    ExecutionMeters known = qualified.get(key);
    if (known != null) {
      return known;
    }
    return qualified.size() < lane.mostQualifiers()
        ? qualified.computeIfAbsent(key, _ -> new ExecutionMeters(lane, machine, version, alias))
        : unqualified;
  }

  /** Null: the event tells of no Map run's beginning or end. */
  @Nullable Counter mapRun(HistoryEventType type) {
    return mapRuns.get(type);
  }
}
