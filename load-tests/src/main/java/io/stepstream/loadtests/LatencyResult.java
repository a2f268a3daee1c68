package io.stepstream.loadtests;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The engine's latencies at light load.
 *
 * @param firstTask from the start of an Express execution, a record, to its task's handler
 * @param syncHttp of StartSyncExecution over HTTP, one task
 * @param express from start to end, one task
 * @param standard the same
 */
record LatencyResult(
    BenchSettings settings,
    Percentiles firstTask,
    Percentiles syncHttp,
    Percentiles express,
    Percentiles standard)
    implements PacedResult {

  /** Starts per second. */
  static final int PER_SECOND = 25;

  @Override
  public String json() {
    ObjectNode json = ResultJson.begin(settings);
    json.put("seconds", settings.window().toSeconds());
    json.put("paced_per_s", PER_SECOND);
    firstTask.into(json.putObject("express_start_to_task"));
    syncHttp.into(json.putObject("sync_http"));
    express.into(json.putObject("express_start_to_end"));
    standard.into(json.putObject("standard_start_to_end"));
    return ResultJson.end(json, settings);
  }

  @Override
  public List<Row> rows() {
    return List.of(
        new Row("latency: Express, start to task", firstTask),
        new Row("latency: StartSyncExecution over HTTP", syncHttp),
        new Row("latency: Express, start to end", express),
        new Row("latency: Standard, start to end", standard));
  }
}
