package io.stepstream.loadtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Scenarios run to their ends. Says nothing about how fast. */
final class BenchIT {

  private static JsonNode bench(Scenario scenario, String... more) throws Exception {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> args = new ArrayList<>(List.of(scenario.label()));
    args.addAll(List.of("--warm-up", "0", "--in-flight", "50", "--partitions", "2"));
    // Records are counted when a commit interval has passed without any.
    args.addAll(List.of("--streams", "commit.interval.ms=200"));
    args.addAll(List.of(more));

    int exit =
        BenchCommand.execute(
            new PrintWriter(out), new PrintWriter(err), args.toArray(String[]::new));

    assertThat(exit).as(err.toString()).isZero();
    JsonNode json = new ObjectMapper().readTree(out.toString().lines().toList().getLast());
    assertThat(json.path("scenario").asText()).isEqualTo(scenario.label());
    return json;
  }

  private static void requirePositive(JsonNode json, String... figures) {
    for (String figure : figures) {
      assertThat(json.path(figure).asDouble()).as(figure).isPositive();
    }
  }

  @Test
  void shouldRunAScenarioAndPrintItsResult() throws Exception {
    requireResult(LoadScenario.EXPRESS_TASK);
  }

  /** The chain differs from a task in its definition only. */
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"EXPRESS_TASK", "STANDARD_CHAIN_10"})
  @Tag("slow")
  void shouldRunTheOtherScenariosToo(LoadScenario scenario) throws Exception {
    requireResult(scenario);
  }

  private static void requireResult(LoadScenario scenario) throws Exception {
    JsonNode json = bench(scenario, "--seconds", "1", "--repeats", "1");

    requirePositive(
        json,
        "executions",
        "executions_per_s",
        "p50_ms",
        "p99_ms",
        "received_bytes_per_execution",
        "sent_bytes_per_execution",
        "log_bytes_per_execution",
        "floor_per_s",
        "floor_received_bytes_per_execution",
        "floor_sent_bytes_per_execution",
        "floor_log_bytes_per_execution",
        "floor_p50_ms",
        "floor_p99_ms");
    // A start and a completion at the very least, and more where a worker takes part.
    assertThat(json.path("records_per_execution").asDouble())
        .isGreaterThanOrEqualTo(scenario.task() ? 4 : 2);
    assertThat(json.path("without_history").isObject()).isEqualTo(!scenario.exactlyOnce());
  }

  @Test
  void shouldRunAMapAndTellTheParentsPart() throws Exception {
    JsonNode json =
        bench(MapScenario.MAP_1K_TASK, "--seconds", "1", "--items", "300", "--repeats", "1");

    requirePositive(
        json,
        "items_per_s",
        "cpu_seconds_per_1000_items",
        "received_bytes_per_item",
        "sent_bytes_per_item",
        "log_bytes_per_item",
        "floor_per_s");
    assertThat(json.path("items").asInt()).isEqualTo(300);
    assertThat(json.path("seconds_of_runs")).hasSize(1);
    // At the least an order, its result and a completion for each.
    assertThat(json.path("records_per_item").asDouble()).isGreaterThan(3);
    // It starts, reads, starts shards and ends; and it hears of shards, not of items.
    assertThat(json.path("parent_records").asInt()).isBetween(4, 299);
    assertThat(json.path("parent_partition_share").asDouble())
        .isBetween(json.path("parent_record_share").asDouble(), 1.0);
  }

  @Test
  void shouldPaceExecutionsAloneAndBesideAMap() throws Exception {
    JsonNode json = bench(PacedScenario.MIXED, "--seconds", "1", "--items", "300");

    for (String when : List.of("alone", "beside_map")) {
      for (String which : List.of("express", "standard", "all")) {
        requirePositive(json.path(when).path(which), "p50_ms", "p99_ms");
      }
    }
    requirePositive(json.path("p99_ratio"), "express", "standard", "all");
    requirePositive(json, "items_per_s");
  }

  @Test
  @Tag("slow")
  void shouldTellLatenciesToTheTaskToTheEndAndThroughTheApi() throws Exception {
    JsonNode json = bench(PacedScenario.LATENCY, "--seconds", "1");

    for (String what :
        List.of(
            "express_start_to_task",
            "sync_http",
            "express_start_to_end",
            "standard_start_to_end")) {
      requirePositive(json.path(what), "p50_ms", "p99_ms");
    }
    // The completion comes after the task.
    assertThat(json.path("express_start_to_end").path("p50_ms").asDouble())
        .isGreaterThan(json.path("express_start_to_task").path("p50_ms").asDouble());
  }

  @Test
  @Tag("slow")
  void shouldStartByTheApiAndByRecords() throws Exception {
    JsonNode json = bench(ApiScenario.STARTS, "--seconds", "1");

    for (String type : List.of("express_unnamed", "standard_named")) {
      requirePositive(json.path(type), "http_starts_per_s", "p50_ms", "kafka_ended_per_s", "ratio");
    }
  }

  @Test
  @Tag("slow")
  void shouldMeasureBesideOpenExecutions(@TempDir Path directory) throws Exception {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Path report = directory.resolve("growth.html");

    int exit =
        BenchCommand.execute(
            new PrintWriter(out),
            new PrintWriter(err),
            "growth --short --section open --open 60 --report".concat(" " + report).split(" "));

    assertThat(exit).as(err.toString()).isZero();
    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.path("open").asInt()).isEqualTo(60);
    requirePositive(
        json,
        "opened_per_s",
        "changelog_bytes_per_open",
        "heap_after_gc_bytes",
        "executions_per_s");
    assertThat(report).content().contains("60 open");
  }

  @Test
  @Tag("slow")
  void shouldLetExecutionsWaitForAMoment() throws Exception {
    JsonNode json = bench(TimerScenario.TIMERS_50K, "--seconds", "1", "--items", "40");

    requirePositive(json, "late_p50_ms", "late_p99_ms", "late_last_ms", "floor_per_s");
    assertThat(json.path("executions").asInt()).isEqualTo(40);
  }
}
