package io.stepstream.loadtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LoadResultTest {

  private static final Measurement FLOOR =
      new Measurement(
          Figures.saturation(
              4.5,
              Figures.throughput(40_000),
              Figures.throughput(10_000),
              Figures.throughput(20_000)),
          6,
          20,
          0);
  private static final Measurement ENGINE =
      new Measurement(
          Figures.saturation(
              11.25,
              new Throughput(1, 12_000, 9, 0.1, new WireBytes(1, 1)),
              new Throughput(1, 3_000, 9, 0.1, new WireBytes(1, 1)),
              new Throughput(24_000, 6_000.04, 0.31234, 0.8, new WireBytes(4_321.6, 6_000))),
          9.5,
          31.25,
          3);

  private static LoadResult result(LoadScenario scenario, @Nullable Measurement silent) {
    BenchSettings settings =
        BenchSettings.of(scenario, Duration.ofSeconds(4), Duration.ofSeconds(2), 8, 512);
    return new LoadResult(settings, scenario, FLOOR, ENGINE, silent);
  }

  @Test
  void shouldTellEngineFloorAndTheirRatioInOneLine() throws Exception {
    String line = result(LoadScenario.STANDARD_TASK, null).json();

    assertThat(line).doesNotContain("\n");
    JsonNode json = new ObjectMapper().readTree(line);
    assertThat(json.path("scenario").asText()).isEqualTo("standard-task");
    assertThat(json.path("seconds").asInt()).isEqualTo(4);
    assertThat(json.path("executions_per_s").asDouble()).isEqualTo(6_000.0);
    assertThat(json.path("executions_per_s_of_windows"))
        .extracting(JsonNode::asDouble)
        .containsExactly(12_000.0, 3_000.0, 6_000.0);
    assertThat(json.path("floor_per_s_of_windows"))
        .extracting(JsonNode::asDouble)
        .containsExactly(40_000.0, 10_000.0, 20_000.0);
    assertThat(json.path("p50_ms").asDouble()).isEqualTo(9.5);
    assertThat(json.path("p99_ms").asDouble()).isEqualTo(31.25);
    assertThat(json.path("records_per_execution").asDouble()).isEqualTo(11.25);
    assertThat(json.path("repeated_completions").asLong()).isEqualTo(3);
    assertThat(json.path("floor_per_s").asDouble()).isEqualTo(20_000.0);
    assertThat(json.path("floor_p50_ms").asDouble()).isEqualTo(6.0);
    assertThat(json.path("floor_p99_ms").asDouble()).isEqualTo(20.0);
    assertThat(json.path("ratio").asDouble()).isEqualTo(0.3);
    assertThat(json.path("cpu_seconds_per_1000_executions").asDouble()).isEqualTo(0.3123);
    assertThat(json.path("cpu_share").asDouble()).isEqualTo(0.8);
    assertThat(json.path("floor_cpu_share").asDouble()).isEqualTo(0.9);
    assertThat(json.path("received_bytes_per_execution").asLong()).isEqualTo(4_322);
    assertThat(json.path("sent_bytes_per_execution").asLong()).isEqualTo(6_000);
    assertThat(json.path("log_bytes_per_execution").asLong()).isEqualTo(2_500);
    assertThat(json.path("state_bytes_per_execution").asLong()).isEqualTo(-40);
    assertThat(json.path("floor_received_bytes_per_execution").asLong()).isEqualTo(3_000);
    assertThat(json.path("floor_log_bytes_per_execution").asLong()).isEqualTo(2_500);
    assertThat(json.has("without_history")).isFalse();
    assertThat(json.has("transitions_per_s")).isFalse();
  }

  @Test
  void shouldTellTransitionsAndTheEngineWithoutHistoryWhereThereAreSuch() throws Exception {
    Measurement silent =
        new Measurement(Figures.saturation(2, Figures.throughput(10_000)), 5, 9, 0);

    JsonNode json = new ObjectMapper().readTree(result(LoadScenario.EXPRESS_PASS, silent).json());

    assertThat(json.path("transitions_per_s").asDouble()).isEqualTo(30_000.2);
    assertThat(json.path("without_history").path("executions_per_s").asDouble())
        .isEqualTo(10_000.0);
    assertThat(json.path("without_history").path("ratio").asDouble()).isEqualTo(0.5);
    assertThat(json.path("without_history").path("transitions_per_s").asDouble())
        .isEqualTo(50_000.0);
  }
}
