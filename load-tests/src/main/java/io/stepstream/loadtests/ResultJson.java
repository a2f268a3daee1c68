package io.stepstream.loadtests;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.apache.kafka.common.utils.AppInfoParser;

/** What the results of all scenarios have in common. */
final class ResultJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ResultJson() {}

  static ObjectNode begin(BenchSettings settings) {
    ObjectNode json = object("scenario", settings.scenario().label());
    json.put("warmup_seconds", settings.warmUp().toSeconds());
    return json;
  }

  static ObjectNode object(String key, String value) {
    return JSON.createObjectNode().put(key, value);
  }

  static void floor(ObjectNode json, Saturation saturation) {
    Throughput floor = saturation.throughput();
    json.put("floor_per_s", rounded(floor.perSecond(), 1));
    windows(json, "floor_per_s_of_windows", saturation.windows());
    json.put("floor_cpu_seconds_per_1000_executions", rounded(floor.cpuSecondsPerThousand(), 4));
    json.put("floor_cpu_share", rounded(floor.cpuShare(), 2));
    json.put("floor_records_per_execution", rounded(saturation.recordsPerExecution(), 2));
    bytes(json, "floor_", "execution", floor.wirePerExecution(), saturation.diskPerExecution());
  }

  /** Bytes of one execution or item. */
  static void bytes(
      ObjectNode json, String prefix, String unit, WireBytes wireEach, DiskBytes diskEach) {
    json.put(prefix + "received_bytes_per_" + unit, rounded(wireEach.received(), 0));
    json.put(prefix + "sent_bytes_per_" + unit, rounded(wireEach.sent(), 0));
    json.put(prefix + "log_bytes_per_" + unit, rounded(diskEach.log(), 0));
    json.put(prefix + "state_bytes_per_" + unit, rounded(diskEach.state(), 0));
  }

  /** The throughputs of all windows in their order. */
  static void windows(ObjectNode json, String name, Windows windows) {
    ArrayNode all = json.putArray(name);
    windows.all().forEach(window -> all.add(rounded(window.perSecond(), 1)));
  }

  /** With what was set and on what it ran. */
  static String end(ObjectNode json, BenchSettings settings) {
    json.put("in_flight", settings.inFlight());
    json.put("partitions", settings.partitions());
    json.put("payload_bytes", settings.payloadBytes());
    if (!settings.streams().isEmpty()) {
      ObjectNode streams = json.putObject("streams");
      settings.streams().forEach(streams::put);
    }
    if (settings.scenario().machines().stream().anyMatch(each -> each.floor().task())) {
      json.put("worker_source", "share group");
    }
    json.put("cores", Runtime.getRuntime().availableProcessors());
    ObjectNode versions = json.putObject("versions");
    String version = ResultJson.class.getPackage().getImplementationVersion();
    versions.put("stepstream", version == null ? "development" : version);
    versions.put("kafka", AppInfoParser.getVersion());
    versions.put("java", Runtime.version().toString());
    return line(json);
  }

  static String line(ObjectNode json) {
    try {
      return JSON.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of numbers and strings can be written", e);
    }
  }

  static BigDecimal rounded(double value, int decimals) {
    return BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP);
  }
}
