package io.stepstream.loadtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class OwnFiguresTest {

  private static final Measurement MEASURED =
      new Measurement(Figures.saturation(7, Figures.throughput(1_000)), 6.5, 60, 0);

  private final OwnFigures figures = new OwnFigures("stepstream-standard");

  private static BenchSettings settings(Scenario scenario) {
    return BenchSettings.of(scenario, Duration.ofSeconds(4), Duration.ofSeconds(2), 8, 512);
  }

  private static LoadResult load(LoadScenario scenario) {
    return new LoadResult(settings(scenario), scenario, MEASURED, MEASURED, null);
  }

  @Test
  void shouldTakeThroughputAndLatencyFromATask() {
    figures.add(load(LoadScenario.STANDARD_TASK));

    assertThat(figures.row())
        .isEqualTo(
            new EngineFigures(
                "stepstream-standard",
                Map.of(
                    Work.ONE_TASK,
                    new WorkFigure.Rate(1_000),
                    Work.LATENCY,
                    new WorkFigure.Latency(6.5, 60)),
                null));
  }

  @Test
  void shouldTakeThroughputAloneFromStatesWithoutATask() {
    figures.add(load(LoadScenario.EXPRESS_PASS));

    assertThat(figures.row().figures())
        .isEqualTo(Map.of(Work.FIVE_NODES, new WorkFigure.Rate(1_000)));
  }

  @Test
  void shouldTakeItemsFromAMap() {
    MapScenario map = MapScenario.MAP_10K_TASK;
    figures.add(
        new MapResult(
            settings(map),
            map,
            MEASURED.saturation(),
            List.of(
                new MapRun(
                    Duration.ofSeconds(5), 5, Figures.WIRE, Figures.DISK, 60_000, 9_000, 300))));

    assertThat(figures.row().figures())
        .isEqualTo(Map.of(Work.FOR_EACH, new WorkFigure.Rate(2_000)));
  }

  @Test
  void shouldTellTheFirstReasonOfWhatFailed() {
    figures.failed(LoadScenario.STANDARD_TASK, new BenchFailure("no execution ended"));
    figures.failed(MapScenario.MAP_10K_TASK, new BenchFailure("nor did an item"));

    assertThat(figures.row().failure()).isEqualTo("standard-task: no execution ended");
  }
}
