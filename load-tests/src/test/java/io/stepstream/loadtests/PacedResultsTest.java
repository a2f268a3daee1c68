package io.stepstream.loadtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.loadtests.MixedResult.Lanes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** Results that are latencies only. */
final class PacedResultsTest {

  private static final MixedResult MIXED =
      new MixedResult(
          settings(PacedScenario.MIXED),
          new Lanes(new Percentiles(2, 10), new Percentiles(30, 100), new Percentiles(16, 100)),
          new Lanes(new Percentiles(3, 15), new Percentiles(40, 250), new Percentiles(20, 200)),
          4_321.04);

  private static BenchSettings settings(Scenario scenario) {
    return BenchSettings.of(scenario, Duration.ofSeconds(4), Duration.ofSeconds(2), 8, 512);
  }

  @Test
  void shouldTellMedianAndTailInMilliseconds() {
    Histogram micros = new Histogram(3);
    for (int i = 1; i <= 100; i++) {
      micros.recordValue(i * 1_000);
    }

    Percentiles percentiles = Percentiles.of(micros);

    assertThat(percentiles.p50Millis()).isBetween(50.0, 50.1);
    assertThat(percentiles.p99Millis()).isBetween(99.0, 99.2);
  }

  @Test
  void shouldTellHowMuchSlowerThingsAreBesideAMap() throws Exception {
    JsonNode json = new ObjectMapper().readTree(MIXED.json());

    assertThat(json.path("scenario").asText()).isEqualTo("mixed");
    assertThat(json.path("paced_per_s").asInt()).isEqualTo(50);
    assertThat(json.path("items").asInt()).isEqualTo(100_000);
    assertThat(json.path("items_per_s").asDouble()).isEqualTo(4_321.0);
    assertThat(json.path("alone").path("express").path("p99_ms").asDouble()).isEqualTo(10);
    assertThat(json.path("beside_map").path("standard").path("p50_ms").asDouble()).isEqualTo(40);
    assertThat(json.path("p99_ratio").path("express").asDouble()).isEqualTo(1.5);
    assertThat(json.path("p99_ratio").path("standard").asDouble()).isEqualTo(2.5);
    assertThat(json.path("p99_ratio").path("all").asDouble()).isEqualTo(2);
  }

  @Test
  void shouldTellLatenciesOfTasksEndsAndTheApi() throws Exception {
    LatencyResult result =
        new LatencyResult(
            settings(PacedScenario.LATENCY),
            new Percentiles(1, 2),
            new Percentiles(3, 4),
            new Percentiles(5, 6),
            new Percentiles(7, 8));

    JsonNode json = new ObjectMapper().readTree(result.json());

    assertThat(json.path("paced_per_s").asInt()).isEqualTo(25);
    assertThat(json.path("express_start_to_task").path("p50_ms").asDouble()).isEqualTo(1);
    assertThat(json.path("sync_http").path("p99_ms").asDouble()).isEqualTo(4);
    assertThat(json.path("express_start_to_end").path("p50_ms").asDouble()).isEqualTo(5);
    assertThat(json.path("standard_start_to_end").path("p99_ms").asDouble()).isEqualTo(8);
    assertThat(result.rows())
        .extracting(PacedResult.Row::latency)
        .hasSize(4)
        .doesNotHaveDuplicates();
  }

  @Test
  void shouldCountTheFirstDeliveryOfAnExecutionUnderWay() {
    LatencyTrial.Arrivals arrivals =
        new LatencyTrial.Arrivals(
            sequence -> sequence < 3 ? OptionalLong.of(1_000_000) : OptionalLong.empty());

    arrivals.arrive(1, 6_000_000);
    arrivals.arrive(1, 90_000_000);
    arrivals.arrive(3, 90_000_000);
    arrivals.arrive(2, 4_000_000);

    Histogram latencies = arrivals.latencies();
    assertThat(latencies.getTotalCount()).isEqualTo(2);
    assertThat(latencies.getMaxValue()).isBetween(5_000L, 5_010L);
  }

  @Test
  void shouldHaveATableOfTheirOwnOnThePage() {
    String html = new ReportPage(Instant.EPOCH, false, List.of(MIXED), List.of()).html();

    assertThat(html)
        .contains("<td>mixed: express-task alone</td><td>2.0</td><td>10.0</td>")
        .contains("<td>mixed: both beside a Map of 100,000 items</td><td>20.0</td><td>200.0</td>");
  }
}
