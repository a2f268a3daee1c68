package io.stepstream.loadtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PeerReportTest {

  private static final EngineFigures EXPRESS =
      new EngineFigures(
          "stepstream-express",
          Map.of(
              Work.ONE_TASK,
              new WorkFigure.Rate(2_000),
              Work.LATENCY,
              new WorkFigure.Latency(6, 60)),
          null);
  private static final EngineFigures STANDARD =
      new EngineFigures(
          "stepstream-standard", Map.of(Work.ONE_TASK, new WorkFigure.Rate(500)), null);
  private static final EngineFigures QUICK =
      new EngineFigures(
          "quick",
          Map.of(
              Work.ONE_TASK,
              new WorkFigure.Rate(1_000),
              Work.FIVE_NODES,
              new WorkFigure.Rate(1_092.4),
              Work.LATENCY,
              new WorkFigure.Latency(12, 20)),
          null);
  private static final EngineFigures PROMPT =
      new EngineFigures(
          "prompt",
          Map.of(
              Work.ONE_TASK, new WorkFigure.Rate(400), Work.LATENCY, new WorkFigure.Latency(8, 40)),
          null);
  private static final EngineFigures ABSENT =
      new EngineFigures("absent", Map.of(), "it could not be fetched");

  private static PeerReport report(EngineFigures... peers) {
    return new PeerReport(
        Duration.ofSeconds(20), Duration.ofSeconds(90), List.of(EXPRESS, STANDARD), List.of(peers));
  }

  private static JsonNode json(EngineFigures... peers) throws Exception {
    return new ObjectMapper().readTree(report(peers).json());
  }

  @Test
  void shouldDivideByThePeerThatDoesMost() throws Exception {
    JsonNode ratios = json(PROMPT, QUICK).path("ratios").path("one-task");

    assertThat(ratios.path("better_peer").asText()).isEqualTo("quick");
    assertThat(ratios.path("stepstream-express").asDouble()).isEqualTo(2);
    assertThat(ratios.path("stepstream-standard").asDouble()).isEqualTo(0.5);
  }

  @Test
  void shouldDivideLatenciesByThePeerWithTheLowerMedian() throws Exception {
    JsonNode ratios = json(QUICK, PROMPT).path("ratios").path("latency");

    assertThat(ratios.path("better_peer").asText()).isEqualTo("prompt");
    assertThat(ratios.path("stepstream-express").path("p50").asDouble()).isEqualTo(0.75);
    assertThat(ratios.path("stepstream-express").path("p99").asDouble()).isEqualTo(1.5);
    assertThat(ratios.has("stepstream-standard")).isFalse();
  }

  @Test
  void shouldGiveNoRatioToWhatNobodyOrOnlyOneSideHasDone() throws Exception {
    JsonNode ratios = json(QUICK).path("ratios");

    assertThat(ratios.has("for-each")).isFalse();
    assertThat(ratios.path("five-nodes")).hasSize(1);
  }

  @Test
  void shouldTellAllFiguresAndWhyOthersAreMissing() throws Exception {
    JsonNode json = json(QUICK, ABSENT);

    assertThat(json.path("scenario").asText()).isEqualTo("peers");
    assertThat(json.path("warmup_seconds").asInt()).isEqualTo(90);
    assertThat(json.path("engines")).hasSize(4);
    JsonNode quick = json.path("engines").path(2);
    assertThat(quick.path("engine").asText()).isEqualTo("quick");
    assertThat(quick.path("five-nodes").path("per_s").asDouble()).isEqualTo(1_092.4);
    assertThat(quick.path("latency").path("p99_ms").asDouble()).isEqualTo(20);
    assertThat(quick.has("failure")).isFalse();
    assertThat(json.path("engines").path(3).path("failure").asText())
        .isEqualTo("it could not be fetched");
  }

  @Test
  void shouldDrawATable() {
    PeerReport report = report(QUICK, ABSENT);

    assertThat(report.table().lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly(
            "| engine | one task /s | five nodes /s | for-each items/s | p50 / p99 ms |",
            "|-------------------|-----------------:|-----------------:|-----------------:|-----------------:|",
            "| stepstream-express | 2,000 | | | 6.0 / 60.0 |",
            "| stepstream-standard | 500 | | | |",
            "| quick | 1,000 | 1,092 | | 12.0 / 20.0 |",
            "| absent | | | | |",
            "",
            "absent: it could not be fetched");
  }

  @Test
  void shouldBeCompleteUnlessAnEngineHasFailed() {
    assertThat(report(QUICK).complete()).isTrue();
    assertThat(report(QUICK, ABSENT).complete()).isFalse();
  }
}
