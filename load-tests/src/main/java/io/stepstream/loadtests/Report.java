package io.stepstream.loadtests;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.apache.kafka.common.utils.AppInfoParser;
import org.jspecify.annotations.Nullable;

/**
 * The result of a run as one line of JSON.
 *
 * @param withoutHistory the engine again with a machine that logs nothing; null where history is
 *     not optional
 */
record Report(
    BenchSettings settings,
    Measurement floor,
    Measurement engine,
    @Nullable Measurement withoutHistory) {

  private static final ObjectMapper JSON = new ObjectMapper();

  String json() {
    ObjectNode json = JSON.createObjectNode();
    Scenario scenario = settings.scenario();
    json.put("scenario", scenario.label());
    json.put("seconds", settings.window().toSeconds());
    json.put("warmup_seconds", settings.warmUp().toSeconds());
    put(json, engine);
    json.put("floor_per_s", rounded(floor.throughput().perSecond(), 1));
    json.put("ratio", ratio(engine));
    json.put("floor_p50_ms", rounded(floor.p50Millis(), 2));
    json.put("floor_p99_ms", rounded(floor.p99Millis(), 2));
    json.put("floor_records_per_execution", rounded(floor.recordsPerExecution(), 2));
    json.put(
        "floor_cpu_seconds_per_1000_executions",
        rounded(floor.throughput().cpuSecondsPerThousand(), 4));
    if (withoutHistory != null) {
      ObjectNode without = json.putObject("without_history");
      put(without, withoutHistory);
      without.put("ratio", ratio(withoutHistory));
    }
    json.put(
        "records_counted",
        "end offsets of the pipeline's topics and changelogs, with transaction markers; not"
            + " stepstream.workers, stepstream.definitions and Kafka's internal topics");
    json.put("in_flight", settings.inFlight());
    json.put("partitions", settings.partitions());
    json.put("payload_bytes", settings.payloadBytes());
    json.put("paced_per_s", BenchSettings.PACED_PER_SECOND);
    if (scenario.task()) {
      json.put("worker_source", "share group");
    }
    json.put("cores", Runtime.getRuntime().availableProcessors());
    ObjectNode versions = json.putObject("versions");
    String version = Report.class.getPackage().getImplementationVersion();
    versions.put("stepstream", version == null ? "development" : version);
    versions.put("kafka", AppInfoParser.getVersion());
    versions.put("java", Runtime.version().toString());
    try {
      return JSON.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of numbers and strings can be written", e);
    }
  }

  private void put(ObjectNode json, Measurement measured) {
    json.put("executions_per_s", rounded(measured.throughput().perSecond(), 1));
    json.put("executions", measured.throughput().ended());
    if (settings.scenario().transitions() > 1) {
      json.put(
          "transitions_per_s",
          rounded(measured.throughput().perSecond() * settings.scenario().transitions(), 1));
    }
    json.put("p50_ms", rounded(measured.p50Millis(), 2));
    json.put("p99_ms", rounded(measured.p99Millis(), 2));
    json.put("records_per_execution", rounded(measured.recordsPerExecution(), 2));
    json.put(
        "cpu_seconds_per_1000_executions",
        rounded(measured.throughput().cpuSecondsPerThousand(), 4));
    json.put("repeated_completions", measured.repeated());
  }

  private BigDecimal ratio(Measurement measured) {
    return rounded(measured.throughput().perSecond() / floor.throughput().perSecond(), 3);
  }

  static BigDecimal rounded(double value, int decimals) {
    return BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP);
  }
}
