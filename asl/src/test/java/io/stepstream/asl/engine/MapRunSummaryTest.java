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
            new Awaits.MapRun.Read(null),
            102,
            2,
            20,
            2,
            4,
            null,
            null,
            0,
            ended,
            List.of(new LiveShard(1, 10, 4, 1, reported, 0, 0)),
            Awaits.RestingShards.NONE,
            Awaits.RestingShards.NONE,
            Awaits.MapRun.Phase.TAKING,
            0,
            0,
            null),
        status,
        status == Status.RUNNING ? null : 1L);
  }

  /**
   * 20 children of one item each: a shard of 10 that runs 2, with 5 that had failed before the
   * redrive, and one of 10 that is still to be resumed, with 4 that had.
   */
  private static MapRunSummary redriven(Status status) {
    Tally inShard = new Tally(3, 1, 0, 0);
    Tally inPending = new Tally(6, 3, 1, 0);
    return new MapRunSummary(
        "arn",
        1,
        1,
        new Awaits.MapRun(
            2,
            "id",
            new Awaits.MapRun.Read(null),
            20,
            0,
            20,
            2,
            2,
            null,
            null,
            0,
            Progress.NONE,
            List.of(new LiveShard(0, 10, 2, 1, new Progress(inShard, inShard), 0, 5)),
            Awaits.RestingShards.NONE,
            Awaits.RestingShards.NONE.with(1, new Progress(inPending, inPending)),
            Awaits.MapRun.Phase.FINISHING,
            0,
            1,
            0L),
        status,
        status == Status.RUNNING ? null : 1L);
  }

  @Test
  void shouldCountWhatIsPendingARedriveUntilItRuns() {
    Counts underWay = new Counts(1, 2, new Tally(9, 1, 0, 0), 20, 0, 7);
    assertThat(redriven(Status.RUNNING).children()).isEqualTo(underWay);
    assertThat(redriven(Status.RUNNING).items()).isEqualTo(underWay);
  }

  @Test
  void shouldCountWhatWasPendingARedriveAsUnsuccessfulWhenTheMapRunEndsAgain() {
    assertThat(redriven(Status.FAILED).children())
        .isEqualTo(new Counts(1, 0, new Tally(9, 4, 1, 5), 20, 0, 0));
  }

  @Test
  void shouldCountWhatShardsHaveReported() {
    assertThat(run(Status.RUNNING).children())
        .isEqualTo(new Counts(4, 4, new Tally(8, 2, 1, 1), 20, 10, 0));
  }

  @Test
  void shouldDivideTheItemsOfUnfinishedBatchesInProportion() {
    assertThat(run(Status.RUNNING).items())
        .isEqualTo(new Counts(22, 20, new Tally(40, 10, 5, 5), 102, 50, 0));
  }

  @Test
  void shouldCountWhatRanAsAbortedWhenTheMapRunEndsBefore() {
    assertThat(run(Status.FAILED).children())
        .isEqualTo(new Counts(4, 0, new Tally(8, 2, 1, 5), 20, 10, 0));
    assertThat(run(Status.ABORTED).items())
        .isEqualTo(new Counts(22, 0, new Tally(40, 10, 5, 25), 102, 50, 0));
  }
}
