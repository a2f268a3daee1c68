package io.stepstream.loadtests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.topic.ExecutionKey;
import org.junit.jupiter.api.Test;

final class StartTest {

  private static final String MACHINE =
      "arn:aws:states:us-east-1:000000000000:stateMachine:chaos-metronome";

  @Test
  void shouldFindANameThatLeadsToEachPartition() {
    for (int partition = 0; partition < Cluster.PARTITIONS; partition++) {
      String name = Start.nameIn(partition, MACHINE, "m-");
      assertThat(name).startsWith("m-");
      assertThat(Start.arn(MACHINE, name)).contains(":execution:chaos-metronome:");
      assertThat(ExecutionKey.of(Start.arn(MACHINE, name)).partition(Cluster.PARTITIONS))
          .isEqualTo(partition);
    }
  }
}
