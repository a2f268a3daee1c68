package io.stepstream.coordinator.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.coordinator.store.ExecutionRows;
import io.stepstream.coordinator.store.TimerRows;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.Lane;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverdueExecutionsTest {

  @TempDir Path directory;

  @Test
  void shouldEndExecutionsWhoseTimersAreGoneAndNoOthers() {
    try (LaneFixture lane = new LaneFixture(LaneFixture.of(Lane.EXPRESS), directory)) {
      String machine = lane.machine("m", LaneFixture.oneTask(""));
      lane.launch(machine, "lost", "{}");
      destroyTimers(lane);
      lane.advance(Duration.ofMinutes(4));
      lane.launch(machine, "young", "{}");
      assertThat(lane.endings()).isEmpty();

      lane.advance(Duration.ofMinutes(2));
      lane.advance(Duration.ofMinutes(1));

      assertThat(lane.completions())
          .singleElement()
          .satisfies(
              end -> {
                assertThat(end.getName()).isEqualTo("lost");
                assertThat(end.getStatus()).isEqualTo(ExecutionStatus.TIMED_OUT);
              });
      assertThat(lane.counters.overdueExecutions()).isEqualTo(1);
      lane.advance(Duration.ofMinutes(3));
      assertThat(lane.endings()).as("by its timer").containsExactly(ExecutionStatus.TIMED_OUT);
      assertThat(lane.rows(ExecutionRows.STORE)).isEmpty();
    }
  }

  private static void destroyTimers(LaneFixture lane) {
    KeyValueStore<Bytes, byte[]> timers = lane.driver.getKeyValueStore(TimerRows.STORE);
    assertThat(lane.rows(TimerRows.STORE)).isNotEmpty();
    lane.rows(TimerRows.STORE).forEach(timers::delete);
  }
}
