package io.stepstream.loadtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.loadtests.GrowthPoint.ByItems;
import io.stepstream.loadtests.GrowthPoint.ByOpen;
import io.stepstream.loadtests.GrowthPoint.ByPayload;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class GrowthTest {

  private static final ByPayload PAYLOAD =
      new ByPayload(
          LoadScenario.EXPRESS_TASK,
          10_000,
          1_000,
          Figures.saturation(8, Figures.throughput(2_000)));
  private static final ByItems MAP =
      new ByItems(
          1_000,
          new MapRun(
              Duration.ofMillis(500),
              0.25,
              new WireBytes(4_000_000, 5_000_000),
              new DiskBytes(6_000_000, 0),
              3_000,
              500,
              60));

  private static ByOpen open(OptionalLong resident) {
    return new ByOpen(
        10_000,
        9_000,
        4_500,
        new DiskBytes(700, 300),
        new MemoryUse(100 << 20, 512 << 20, resident),
        Figures.saturation(14, Figures.throughput(1_500)));
  }

  private static JsonNode json(GrowthPoint point) throws Exception {
    assertThat(point.json()).doesNotContain("\n");
    return new ObjectMapper().readTree(point.json());
  }

  @Test
  void shouldTellWhatAPayloadCosts() throws Exception {
    JsonNode json = json(PAYLOAD);

    assertThat(json.path("growth").asText()).isEqualTo("payload");
    assertThat(json.path("scenario").asText()).isEqualTo("express-task");
    assertThat(json.path("payload_bytes").asInt()).isEqualTo(10_000);
    assertThat(json.path("executions_per_s").asDouble()).isEqualTo(2_000);
    assertThat(json.path("cpu_seconds_per_1000_executions").asDouble()).isEqualTo(0.1);
    assertThat(json.path("log_bytes_per_execution").asInt()).isEqualTo(2_500);
  }

  @Test
  void shouldTellWhatAnItemCosts() throws Exception {
    JsonNode json = json(MAP);

    assertThat(json.path("items").asInt()).isEqualTo(1_000);
    assertThat(json.path("items_per_s").asDouble()).isEqualTo(2_000);
    assertThat(json.path("cpu_seconds_per_1000_items").asDouble()).isEqualTo(0.25);
    assertThat(json.path("records_per_item").asDouble()).isEqualTo(3);
    assertThat(json.path("received_bytes_per_item").asInt()).isEqualTo(4_000);
  }

  @Test
  void shouldTellWhatOpenExecutionsCost() throws Exception {
    JsonNode json = json(open(OptionalLong.of(900 << 20)));

    assertThat(json.path("open").asInt()).isEqualTo(10_000);
    assertThat(json.path("opened").asInt()).isEqualTo(9_000);
    assertThat(json.path("opened_per_s").asDouble()).isEqualTo(4_500);
    assertThat(json.path("changelog_bytes_per_open").asInt()).isEqualTo(700);
    assertThat(json.path("state_bytes_per_open").asInt()).isEqualTo(300);
    assertThat(json.path("heap_after_gc_bytes").asLong()).isEqualTo(100 << 20);
    assertThat(json.path("max_heap_bytes").asLong()).isEqualTo(512 << 20);
    assertThat(json.path("resident_bytes").asLong()).isEqualTo(900 << 20);
    assertThat(json.path("executions_per_s").asDouble()).isEqualTo(1_500);
    assertThat(json(open(OptionalLong.empty())).has("resident_bytes")).isFalse();
  }

  @Test
  void shouldDrawAPageOfAllSections() {
    String html =
        new GrowthPage(
                Instant.EPOCH,
                false,
                List.of(PAYLOAD, MAP, open(OptionalLong.of(1 << 20))),
                List.of("map: <nothing> has ended"))
            .html();

    assertThat(html)
        .contains("express-task, 10,000 B", "n = 1,000", "10,000 open")
        .contains("map: &lt;nothing&gt; has ended")
        .contains("&quot;growth&quot;:&quot;open&quot;")
        .contains("max-width: 100%")
        .doesNotContain("http", "src=", "<script", "A short run");
    // 3 by payload, 3 by items, 5 by open executions
    assertThat(html.split("<svg")).hasSize(12);
  }

  @Test
  void shouldLeaveOutPlotsOfWhatWasNotMeasured() {
    String html = new GrowthPage(Instant.EPOCH, true, List.of(MAP), List.of()).html();

    assertThat(html).contains("A short run");
    assertThat(html.split("<svg")).hasSize(4);
  }

  @Test
  void shouldOpenAsManyExecutionsAsItIsTold() {
    assertThat(Growth.Plan.full(1_000_000).open())
        .containsExactly(1_000, 10_000, 100_000, 1_000_000);
    assertThat(Growth.Plan.full(50_000).open()).containsExactly(1_000, 10_000, 50_000);
    assertThat(Growth.Plan.full(10).open()).containsExactly(10);
    assertThat(Growth.Plan.brief(1_000_000).open()).containsExactly(100, 1_000);
  }

  @Test
  void shouldNotHaveMoreUnderWayThanFits() {
    assertThat(Growth.inFlight(LoadScenario.EXPRESS_TASK, 100)).isEqualTo(1_000);
    assertThat(Growth.inFlight(LoadScenario.STANDARD_TASK, 100_000)).isEqualTo(335);
  }

  @Test
  void shouldReadTheResidentSizeOfAProcess() {
    assertThat(MemoryUse.resident(List.of("Name:\tjava", "VmHWM:\t 9 kB", "VmRSS:\t  2048 kB")))
        .hasValue(2 << 20);
    assertThat(MemoryUse.resident(List.of("Name:\tjava"))).isEmpty();
    assertThat(MemoryUse.now().heapAfterGc()).isPositive();
  }
}
