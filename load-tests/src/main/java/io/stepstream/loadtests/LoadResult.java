package io.stepstream.loadtests;

import static io.stepstream.loadtests.ResultJson.rounded;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The result of a run under load.
 *
 * @param withoutHistory the engine again with a machine that logs nothing; null where history is
 *     not optional
 */
record LoadResult(
    BenchSettings settings,
    LoadScenario scenario,
    Measurement floor,
    Measurement engine,
    @Nullable Measurement withoutHistory)
    implements RatedResult {

  @Override
  public String json() {
    ObjectNode json = ResultJson.begin(settings);
    json.put("seconds", settings.window().toSeconds());
    put(json, engine);
    json.put("ratio", ratio(engine));
    ResultJson.floor(json, floor.saturation());
    json.put("floor_p50_ms", rounded(floor.p50Millis(), 2));
    json.put("floor_p99_ms", rounded(floor.p99Millis(), 2));
    if (withoutHistory != null) {
      ObjectNode without = json.putObject("without_history");
      put(without, withoutHistory);
      without.put("ratio", ratio(withoutHistory));
    }
    json.put(
        "records_counted",
        "end offsets of the pipeline's topics and changelogs, with transaction markers; not"
            + " stepstream.workers, stepstream.definitions and Kafka's internal topics");
    json.put("paced_per_s", BenchSettings.PACED_PER_SECOND);
    return ResultJson.end(json, settings);
  }

  private void put(ObjectNode json, Measurement measured) {
    json.put("executions_per_s", rounded(measured.throughput().perSecond(), 1));
    ResultJson.windows(json, "executions_per_s_of_windows", measured.saturation().windows());
    json.put("executions", measured.throughput().ended());
    if (scenario.transitions() > 1) {
      json.put(
          "transitions_per_s",
          rounded(measured.throughput().perSecond() * scenario.transitions(), 1));
    }
    json.put("p50_ms", rounded(measured.p50Millis(), 2));
    json.put("p99_ms", rounded(measured.p99Millis(), 2));
    json.put("records_per_execution", rounded(measured.saturation().recordsPerExecution(), 2));
    ResultJson.bytes(
        json,
        "",
        "execution",
        measured.throughput().wirePerExecution(),
        measured.saturation().diskPerExecution());
    json.put(
        "cpu_seconds_per_1000_executions",
        rounded(measured.throughput().cpuSecondsPerThousand(), 4));
    json.put("cpu_share", rounded(measured.throughput().cpuShare(), 2));
    json.put("repeated_completions", measured.repeated());
  }

  private BigDecimal ratio(Measurement measured) {
    return rounded(measured.throughput().perSecond() / floor.throughput().perSecond(), 3);
  }

  @Override
  public Summary summary() {
    return new Summary(
        scenario.label(),
        "executions",
        engine.throughput().perSecond(),
        floor.throughput().perSecond(),
        engine.throughput().cpuSecondsPerThousand(),
        engine.saturation().recordsPerExecution(),
        "p50 %.1f ms, p99 %.1f ms; floor %.1f ms, %.1f ms"
            .formatted(
                engine.p50Millis(), engine.p99Millis(), floor.p50Millis(), floor.p99Millis()));
  }
}
