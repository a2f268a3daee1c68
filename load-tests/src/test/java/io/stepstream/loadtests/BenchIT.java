package io.stepstream.loadtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each scenario runs to its end. Says nothing about how fast. */
final class BenchIT {

  @ParameterizedTest
  @EnumSource
  void shouldRunAScenarioAndPrintItsResult(Scenario scenario) throws Exception {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();

    int exit =
        BenchCommand.execute(
            new PrintWriter(out),
            new PrintWriter(err),
            scenario.label(),
            "--seconds",
            "2",
            "--warm-up",
            "0",
            "--in-flight",
            "50",
            "--partitions",
            "2");

    assertThat(exit).as(err.toString()).isZero();
    JsonNode json = new ObjectMapper().readTree(out.toString().lines().toList().getLast());
    assertThat(json.path("scenario").asText()).isEqualTo(scenario.label());
    assertThat(json.path("executions").asLong()).isPositive();
    for (String figure :
        new String[] {
          "executions_per_s", "p50_ms", "p99_ms", "floor_per_s", "floor_p50_ms", "floor_p99_ms",
        }) {
      assertThat(json.path(figure).asDouble()).as(figure).isPositive();
    }
    // A start and a completion at the very least, and more where a worker takes part.
    assertThat(json.path("records_per_execution").asDouble())
        .isGreaterThanOrEqualTo(scenario.task() ? 4 : 2);
    assertThat(json.path("without_history").isObject()).isEqualTo(!scenario.exactlyOnce());
  }
}
