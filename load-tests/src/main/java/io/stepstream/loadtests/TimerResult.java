package io.stepstream.loadtests;

import static io.stepstream.loadtests.ResultJson.rounded;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The result of executions that waited for the same moment. They end as fast as all of them divided
 * by how late the last one was.
 */
record TimerResult(
    BenchSettings settings, TimerScenario scenario, Saturation floor, TimerTrial.Lateness engine)
    implements RatedResult {

  private double perSecond() {
    return settings.items() * 1_000 / engine.lastMillis();
  }

  private double cpuSecondsPerThousand() {
    return engine.cpuSeconds() * 1_000 / settings.items();
  }

  @Override
  public String json() {
    ObjectNode json = ResultJson.begin(settings);
    json.put("executions", settings.items());
    json.put("late_p50_ms", rounded(engine.p50Millis(), 1));
    json.put("late_p99_ms", rounded(engine.p99Millis(), 1));
    json.put("late_last_ms", rounded(engine.lastMillis(), 1));
    json.put("fired_per_s", rounded(perSecond(), 1));
    json.put("ratio", rounded(perSecond() / floor.throughput().perSecond(), 3));
    json.put("records_per_execution", rounded(engine.recordsPerExecution(), 2));
    ResultJson.bytes(json, "", "execution", engine.wirePerExecution(), engine.diskPerExecution());
    json.put("cpu_seconds_per_1000_executions", rounded(cpuSecondsPerThousand(), 4));
    ResultJson.floor(json, floor);
    return ResultJson.end(json, settings);
  }

  @Override
  public Summary summary() {
    return new Summary(
        scenario.label(),
        "executions",
        perSecond(),
        floor.throughput().perSecond(),
        cpuSecondsPerThousand(),
        engine.recordsPerExecution(),
        "late by p50 %.0f ms, p99 %.0f ms, at most %.0f ms"
            .formatted(engine.p50Millis(), engine.p99Millis(), engine.lastMillis()));
  }
}
