package io.stepstream.loadtests;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.loadtests.ScalingModel.Assumptions;
import java.util.List;
import java.util.Locale;

/**
 * The check, and what the model says beyond one machine.
 *
 * @param points ascending by the number of coordinators
 * @param marker CPU-seconds of the broker for a transaction's marker
 * @param cores of the machine that all processes shared
 */
record ScalingResult(
    ScalingSettings settings, List<ScalingPoint> points, double marker, int cores) {

  /** The machines that the table is for. */
  static final int CORES = 8;

  private static final List<Integer> STARTS = List.of(1_000, 10_000, 100_000);

  ScalingResult {
    points = List.copyOf(points);
  }

  List<ScalingCheck> checks() {
    return points.stream()
        .map(point -> ScalingCheck.of(point, points.getFirst(), marker, settings, cores))
        .toList();
  }

  private Deployment needed(int perSecond) {
    return new ScalingModel(points.getFirst().costs(marker), Assumptions.PRODUCTION)
        .needed(perSecond, CORES, CORES);
  }

  /** For people. */
  String tables() {
    StringBuilder text = new StringBuilder();
    line(
        text,
        "%12s %10s %10s %9s %12s %11s %8s %8s %9s",
        "coordinators",
        "measured",
        "predicted",
        "deviation",
        "limit",
        "coordinator",
        "broker",
        "worker",
        "generator");
    for (ScalingCheck check : checks()) {
      ScalingPoint point = check.point();
      line(
          text,
          "%12d %8.0f/s %8.0f/s %+7.1f %% %12s %11.3f %8.3f %8.3f %9.3f",
          point.coordinators(),
          point.perSecond(),
          check.predictedPerSecond(),
          100 * check.deviation(),
          check.limitedBy(),
          1_000 * point.coordinator(),
          1_000 * point.broker(),
          1_000 * point.worker(),
          1_000 * point.generator());
    }
    line(text, "The last four columns: CPU-seconds per 1,000 executions.");
    line(text, "");
    line(
        text,
        "%10s %11s %13s %8s %8s   (%d cores each, %.0f %% used, %d copies)",
        "starts/s",
        "partitions",
        "coordinators",
        "workers",
        "brokers",
        CORES,
        100 * Assumptions.PRODUCTION.utilisation(),
        Assumptions.PRODUCTION.replicationFactor());
    for (int starts : STARTS) {
      Deployment needed = needed(starts);
      line(
          text,
          "%,10d %11d %13d %8d %8d",
          starts,
          needed.partitions(),
          needed.coordinators(),
          needed.workers(),
          needed.brokers());
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  /** One line of JSON. */
  String json() {
    ObjectNode json = ResultJson.begin(settings.bench());
    json.put("measured", "scaling");
    json.put("seconds", settings.window().toSeconds());
    json.put("quota_percent_of_a_core", settings.quota());
    json.put("threads_per_coordinator", ScalingSettings.THREADS);
    ArrayNode checks = json.putArray("checks");
    for (ScalingCheck check : checks()) {
      ScalingPoint point = check.point();
      ObjectNode each = checks.addObject();
      each.put("coordinators", point.coordinators());
      each.put("in_flight", settings.inFlight(point.coordinators()));
      each.put("executions_per_s", ResultJson.rounded(point.perSecond(), 1));
      each.put("predicted_per_s", ResultJson.rounded(check.predictedPerSecond(), 1));
      each.put("deviation", ResultJson.rounded(check.deviation(), 3));
      each.put("limited_by", check.limitedBy());
      each.put("quota_used", ResultJson.rounded(point.quotaUsed(settings.quota()), 2));
      perThousand(each, "coordinators", point.coordinator());
      perThousand(each, "stream_threads", point.thread());
      perThousand(each, "broker", point.broker());
      perThousand(each, "worker", point.worker());
      perThousand(each, "generator", point.generator());
      each.put("markers_per_execution", ResultJson.rounded(point.markers(), 2));
    }
    json.put("broker_cpu_micros_per_marker", ResultJson.rounded(1e6 * marker, 2));
    Assumptions assumed = Assumptions.PRODUCTION;
    ObjectNode assumptions = json.putObject("assumptions");
    assumptions.put("cores", CORES);
    assumptions.put("utilisation", assumed.utilisation());
    assumptions.put("replication_factor", assumed.replicationFactor());
    assumptions.put("follower_share", assumed.followerShare());
    ArrayNode all = json.putArray("needed");
    for (int starts : STARTS) {
      Deployment needed = needed(starts);
      ObjectNode each = all.addObject();
      each.put("starts_per_s", starts);
      each.put("partitions", needed.partitions());
      each.put("coordinators", needed.coordinators());
      each.put("workers", needed.workers());
      each.put("brokers", needed.brokers());
    }
    return ResultJson.end(json, settings.bench());
  }

  private static void perThousand(ObjectNode json, String who, double seconds) {
    json.put(
        "cpu_seconds_of_" + who + "_per_1000_executions", ResultJson.rounded(1_000 * seconds, 4));
  }
}
