package io.stepstream.asl.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.engine.Awaits.LiveShard;
import io.stepstream.asl.engine.Awaits.Progress;
import io.stepstream.asl.engine.Awaits.Tally;
import io.stepstream.asl.engine.MapRunSummary.Counts;
import io.stepstream.asl.engine.MapRunSummary.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

class MapRunSummaryTest {

  /**
   * 20 children of 5 items each, 10 of them in a shard that is no more, and 2 items in no child
   * yet.
   */
  private static MapRunSummary run(Status status) {
    Progress ended = new Progress(new Tally(7, 1, 1, 1), new Tally(35, 5, 5, 5));
    Progress reported = new Progress(new Tally(1, 1, 0, 0), new Tally(5, 5, 0, 0));
    return new MapRunSummary(
        "arn",
        1,
        1,
        new Awaits.MapRun(
            2,
            "id",
            new Awaits.MapRun.Read(),
            102,
            2,
            20,
            2,
            4,
            null,
            null,
            0,
            ended,
            List.of(new LiveShard(1, 10, 4, 1, reported, 0)),
            Awaits.MapRun.Phase.TAKING,
            0),
        status,
        status == Status.RUNNING ? null : 1L);
  }

  @Test
  void shouldCountWhatShardsHaveReported() {
    assertThat(run(Status.RUNNING).children())
        .isEqualTo(new Counts(4, 4, new Tally(8, 2, 1, 1), 20, 10));
  }

  @Test
  void shouldDivideTheItemsOfUnfinishedBatchesInProportion() {
    assertThat(run(Status.RUNNING).items())
        .isEqualTo(new Counts(22, 20, new Tally(40, 10, 5, 5), 102, 50));
  }

  @Test
  void shouldCountWhatRanAsAbortedWhenTheMapRunEndsBefore() {
    assertThat(run(Status.FAILED).children())
        .isEqualTo(new Counts(4, 0, new Tally(8, 2, 1, 5), 20, 10));
    assertThat(run(Status.ABORTED).items())
        .isEqualTo(new Counts(22, 0, new Tally(40, 10, 5, 25), 102, 50));
  }
}
