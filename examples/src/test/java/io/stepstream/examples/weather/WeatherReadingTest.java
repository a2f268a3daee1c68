package io.stepstream.examples.weather;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.testkit.TaskMock;
import io.stepstream.testkit.TestMachine;
import io.stepstream.testkit.TestRun;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Which errors are tried again, how often and after how long. */
class WeatherReadingTest {

  private static final String REQUEST = "{\"station\":\"hill\",\"neighbour\":\"harbour\"}";

  private final TestMachine machine;
  private final TaskMock station;

  WeatherReadingTest() throws IOException {
    machine = TestMachine.load(Path.of("weather-reading/machine.asl.json"));
    station = machine.task("ReadStation");
  }

  @Test
  void shouldWaitLongerEachTimeButNeverLongerThanTheBound() {
    station.fails("Stations.Busy", "try later");

    TestRun run = machine.run(REQUEST).failed("Stations.Busy");

    assertThat(station.inputs()).hasSize(1 + 4);
    // jitter: anything up to 1, 2, 3 (not 4) and 3 (not 8) seconds
    assertThat(run.duration()).isBetween(Duration.ZERO, Duration.ofSeconds(1 + 2 + 3 + 3));
  }

  @Test
  void shouldTryAnErrorThatNobodyForesawOnceMore() {
    station.fails("Stations.OnFire", null);

    machine.run(REQUEST).failed("Stations.OnFire").took(Duration.ofSeconds(1));

    assertThat(station.inputs()).hasSize(2);
  }

  @Test
  void shouldAskTheNeighbourAtOnceWhenAStationIsBroken() {
    station.fails("Stations.Broken", null);
    TaskMock neighbour = machine.task("AskNeighbour").returns("{\"celsius\":9}");

    machine.run(REQUEST).succeededWith("{\"celsius\":9}").took(Duration.ZERO);

    assertThat(station.inputs()).hasSize(1);
    assertThat(neighbour.inputs()).containsExactly("{\"station\":\"harbour\"}");
  }
}
