package io.stepstream.coordinator.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.coordinator.cluster.Restoration;
import java.time.Instant;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RestoreProgressTest {

  private static final Instant BEGUN = Instant.parse("2026-09-01T00:00:00Z");
  private static final TopicPartition EXECUTIONS = new TopicPartition("executions", 3);
  private static final TopicPartition TIMERS = new TopicPartition("timers", 3);

  private Instant now = BEGUN;
  private final RestoreProgress progress = new RestoreProgress(() -> now);

  @Test
  void shouldAddUpTheStoresOfAPartitionUntilAllAreRestored() {
    assertThat(progress.isIdle()).isTrue();
    progress.onRestoreStart(EXECUTIONS, "executions", 100, 1100);
    now = now.plusSeconds(1);
    progress.onRestoreStart(TIMERS, "timers", 0, 50);
    progress.onRestoreStart(new TopicPartition("timers", 4), "timers", 0, 9);
    progress.onBatchRestored(EXECUTIONS, "executions", 400, 250);
    progress.onBatchRestored(EXECUTIONS, "executions", 600, 150);
    progress.onBatchRestored(TIMERS, "timers", 10, 10);

    assertThat(progress.of(3)).isEqualTo(new Restoration(BEGUN, 410, 1050));
    assertThat(progress.of(5)).isNull();

    progress.onRestoreEnd(EXECUTIONS, "executions", 990);
    assertThat(progress.of(3)).isEqualTo(new Restoration(BEGUN.plusSeconds(1), 10, 50));
    progress.onRestoreSuspended(TIMERS, "timers", 10);
    assertThat(progress.of(3)).isNull();
    assertThat(progress.isIdle()).isFalse();
    progress.onBatchRestored(TIMERS, "timers", 10, 10);
    assertThat(progress.of(3)).isNull();
  }
}
