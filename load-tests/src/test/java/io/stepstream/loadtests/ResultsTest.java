package io.stepstream.loadtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** Results of Maps and timers, and the page with all of them. */
final class ResultsTest {

  private static final Saturation FLOOR = Figures.saturation(2, Figures.throughput(5_000));

  private static BenchSettings settings(Scenario scenario) {
    return BenchSettings.of(scenario, Duration.ofSeconds(4), Duration.ofSeconds(2), 8, 512);
  }

  private static MapRun run(int seconds) {
    return new MapRun(
        Duration.ofSeconds(seconds),
        seconds,
        new WireBytes(8_000_000, 9_000_000),
        new DiskBytes(seconds * 10_000, 40_000),
        60_000,
        9_000,
        300);
  }

  private static MapResult map(MapScenario scenario, int... seconds) {
    return new MapResult(
        settings(scenario),
        scenario,
        FLOOR,
        Arrays.stream(seconds).mapToObj(ResultsTest::run).toList());
  }

  private static TimerResult timers() {
    return new TimerResult(
        settings(TimerScenario.TIMERS_50K),
        TimerScenario.TIMERS_50K,
        FLOOR,
        new TimerTrial.Lateness(5_000, 15_000, 20_000, 25, Figures.WIRE, Figures.DISK, 9.5));
  }

  @Test
  void shouldTellTheMedianOfAMapsRuns() throws Exception {
    JsonNode json = new ObjectMapper().readTree(map(MapScenario.MAP_10K, 9, 4, 5).json());

    assertThat(json.path("items").asInt()).isEqualTo(10_000);
    assertThat(json.path("seconds").asDouble()).isEqualTo(5);
    assertThat(json.path("seconds_of_runs")).hasSize(3);
    assertThat(json.path("items_per_s").asDouble()).isEqualTo(2_000);
    assertThat(json.path("ratio").asDouble()).isEqualTo(0.4);
    assertThat(json.path("records_per_item").asDouble()).isEqualTo(6);
    assertThat(json.path("parent_record_share").asDouble()).isEqualTo(0.005);
    assertThat(json.path("parent_partition_share").asDouble()).isEqualTo(0.15);
    assertThat(json.path("cpu_seconds_per_1000_items").asDouble()).isEqualTo(0.5);
    assertThat(json.path("received_bytes_per_item").asDouble()).isEqualTo(800);
    assertThat(json.path("sent_bytes_per_item").asDouble()).isEqualTo(900);
    assertThat(json.path("log_bytes_per_item").asDouble()).isEqualTo(5);
    assertThat(json.path("state_bytes_per_item").asDouble()).isEqualTo(4);
  }

  @Test
  void shouldTellHowLateTimersAre() throws Exception {
    JsonNode json = new ObjectMapper().readTree(timers().json());

    assertThat(json.path("late_p99_ms").asDouble()).isEqualTo(15_000);
    assertThat(json.path("late_last_ms").asDouble()).isEqualTo(20_000);
    assertThat(json.path("sent_bytes_per_execution").asDouble()).isEqualTo(5_000);
    assertThat(json.path("fired_per_s").asDouble()).isEqualTo(2_500);
    assertThat(json.path("ratio").asDouble()).isEqualTo(0.5);
  }

  @Test
  void shouldTellStartsByTheApiAsAPartOfThoseByRecords() throws Exception {
    ApiStartsResult result =
        new ApiStartsResult(
            BenchSettings.of(
                ApiScenario.STARTS, Duration.ofSeconds(20), Duration.ofSeconds(90), 8, 512),
            new ApiStartsResult.Path(3_000, new Percentiles(20, 80), 2_990, 6_000),
            new ApiStartsResult.Path(1_000, new Percentiles(50, 150), 1_000, 4_000));
    JsonNode json = new ObjectMapper().readTree(result.json());

    assertThat(json.path("express_unnamed").path("ratio").asDouble()).isEqualTo(0.5);
    assertThat(json.path("standard_named").path("ratio").asDouble()).isEqualTo(0.25);
    assertThat(json.path("standard_named").path("p99_ms").asDouble()).isEqualTo(150);
    assertThat(result.rows().getFirst().what())
        .isEqualTo("api-starts, unnamed Express: 3000/s over HTTP, 6000/s by records");
  }

  @Test
  void shouldDrawAPageThatNeedsNothingElse() throws Exception {
    String html =
        new ReportPage(
                Instant.EPOCH,
                true,
                List.of(
                    map(MapScenario.MAP_1K, 1),
                    map(MapScenario.MAP_10K, 5),
                    map(MapScenario.MAP_10K_TASK, 7),
                    timers()),
                List.of("map-1m: <nothing> has ended & never will"))
            .html();

    assertThat(html)
        .contains("<td>map-10k</td><td>items</td><td>2,000</td><td>5,000</td><td>40 %</td>")
        .contains("map-1m: &lt;nothing&gt; has ended &amp; never will")
        .contains("A short run")
        .doesNotContain("http", "src=", "<script");
    String[] plots = html.split("(?=<svg)");
    // throughput, and of Maps without a task items per second and seconds
    assertThat(plots).hasSize(4);
    assertThat(bars(plots[1])).isEqualTo(8);
    assertThat(bars(plots[2])).isEqualTo(2);
    assertThat(plots[2]).contains("n = 1,000", "n = 10,000");
    assertThat(bars(plots[3])).isEqualTo(2);
  }

  /** A plot has to be well-formed. */
  private static int bars(String plot) throws Exception {
    String svg = plot.substring(0, plot.indexOf("</svg>") + "</svg>".length());
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg)));
    return document.getElementsByTagName("rect").getLength();
  }

  @Test
  void shouldGiveTheLargestValueTheWholeWidth() {
    BarPlot plot =
        new BarPlot(
            "t",
            "u",
            false,
            List.of(new BarPlot.Bar("a", 50, "engine"), new BarPlot.Bar("b", 200, "engine")));

    assertThat(plot.svg()).contains("width=\"480.0\"").contains("width=\"120.0\"");
  }
}
