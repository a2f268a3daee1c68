package io.stepstream.loadtests.faults;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What came of a run.
 *
 * @param executions that were asked for
 * @param acknowledged of those
 * @param ended those whose completion is committed
 * @param kills SIGKILLs
 * @param growths what soaks have found
 * @param notNow how often the API said 503
 * @param leftOut starts that were due while too many calls were open
 */
record ChaosResult(
    ChaosSettings settings,
    List<FaultResult> faults,
    int executions,
    int acknowledged,
    int ended,
    Checker checker,
    int kills,
    Failovers failovers,
    List<Series.Growth> growths,
    Violations violations,
    int notNow,
    long leftOut,
    Duration took) {

  boolean isClean() {
    return violations.count() == 0;
  }

  /** The value below which this share of the durations is; zero if there are none. */
  static Duration percentile(List<Duration> durations, double share) {
    if (durations.isEmpty()) {
      return Duration.ZERO;
    }
    List<Duration> sorted = new ArrayList<>(durations);
    sorted.sort(Comparator.naturalOrder());
    return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
  }

  /** For people: in Markdown, which reads well as it is. */
  String table() {
    StringBuilder table = new StringBuilder();
    table.append(
        "| fault | what | times | kills | executions | longest gap | back after | violations |"
            + " verdict |\n");
    table.append("|---|---|---:|---:|---:|---:|---:|---:|---|\n");
    for (FaultResult each : faults) {
      table.append(
          "| %s | %s | %d | %d | %d | %s | %s | %d | %s |\n"
              .formatted(
                  each.fault().id(),
                  each.fault().title(),
                  each.injections(),
                  each.kills(),
                  each.executions(),
                  seconds(each.longestGap()),
                  seconds(each.recovery()),
                  each.violations(),
                  verdict(each)));
    }
    table.append(
        "\n%d executions asked for, %d acknowledged, %d ended; %d events; %d kills\n"
            .formatted(executions, acknowledged, ended, checker.events(), kills));
    table.append(
        "failover p50 %s, p99 %s, max %s (%d kills of nodes); where nothing else died meanwhile p50 %s, p99 %s, max %s (%d)\n"
            .formatted(
                seconds(percentile(failovers.all(), 0.5)),
                seconds(percentile(failovers.all(), 0.99)),
                seconds(percentile(failovers.all(), 1)),
                failovers.all().size(),
                seconds(percentile(failovers.alone(), 0.5)),
                seconds(percentile(failovers.alone(), 0.99)),
                seconds(percentile(failovers.alone(), 1)),
                failovers.alone().size()));
    List<Duration> lateness = checker.lateness().stream().map(Duration::ofMillis).toList();
    table.append(
        "waits ended late by p50 %s, p99 %s; %d attempts run more than once; %d \"not now\"; %d starts left out; %d s; seed %d\n"
            .formatted(
                seconds(percentile(lateness, 0.5)),
                seconds(percentile(lateness, 0.99)),
                checker.repeatedRuns(),
                notNow,
                leftOut,
                took.toSeconds(),
                settings.seed()));
    growths(table);
    table.append("violations: %d %s\n".formatted(violations.count(), violations.counts()));
    return table.toString();
  }

  private static void put(ObjectNode json, List<Duration> failovers) {
    json.put("kills", failovers.size());
    json.put("p50_ms", percentile(failovers, 0.5).toMillis());
    json.put("p99_ms", percentile(failovers, 0.99).toMillis());
    json.put("max_ms", percentile(failovers, 1).toMillis());
  }

  private void growths(StringBuilder table) {
    if (growths.isEmpty()) {
      return;
    }
    table.append("\n| of | what | level | more each hour | verdict |\n");
    table.append("|---|---|---:|---:|---|\n");
    for (Series.Growth each : growths) {
      table.append(
          "| %s | %s | %s | %s | %s |\n"
              .formatted(
                  each.subject(),
                  each.measure().title(),
                  each.measure().text(each.level()),
                  each.measure().text(each.perHour()),
                  each.grows() ? "GROWS" : "does not grow"));
    }
    table.append("\n");
  }

  private static String verdict(FaultResult result) {
    return result.violations() == 0 ? "held" : "VIOLATED";
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1e3);
  }

  /** For programs. */
  ObjectNode json() {
    ObjectNode json = Api.request();
    json.put("seed", settings.seed());
    json.put("executions", executions);
    json.put("acknowledged", acknowledged);
    json.put("ended", ended);
    json.put("events", checker.events());
    json.put("kills", kills);
    put(json.putObject("failover"), failovers.all());
    put(json.putObject("failover_alone"), failovers.alone());
    json.put("violations", violations.count());
    ObjectNode byInvariant = json.putObject("violations_by_invariant");
    for (Map.Entry<Invariant, Integer> each : violations.counts().entrySet()) {
      byInvariant.put(each.getKey().name(), each.getValue());
    }
    json.put("seconds", took.toSeconds());
    ArrayNode all = json.putArray("faults");
    for (FaultResult each : faults) {
      ObjectNode fault = all.addObject();
      fault.put("fault", each.fault().id());
      fault.put("times", each.injections());
      fault.put("kills", each.kills());
      fault.put("executions", each.executions());
      fault.put("longest_gap_ms", each.longestGap().toMillis());
      fault.put("back_after_ms", each.recovery().toMillis());
      fault.put("violations", each.violations());
    }
    ArrayNode measured = json.putArray("growth");
    for (Series.Growth each : growths) {
      ObjectNode growth = measured.addObject();
      growth.put("of", each.subject());
      growth.put("what", each.measure().name().toLowerCase(Locale.ROOT));
      growth.put("level", Math.round(each.level()));
      growth.put("per_hour", Math.round(each.perHour()));
      growth.put("grows", each.grows());
    }
    return json;
  }
}
