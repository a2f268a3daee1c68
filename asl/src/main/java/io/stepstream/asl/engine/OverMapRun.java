package io.stepstream.asl.engine;

import io.stepstream.asl.definition.State;
import io.stepstream.asl.engine.Awaits.LiveShard;
import io.stepstream.asl.engine.Awaits.MapRun;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A Map run that this step ends without success. Only when the step is done is it known whether the
 * execution ends by it, so that it can be redriven and what it has is kept: until then its state
 * may be retried, and any state around it may catch the error.
 *
 * @param mapRunArn as it was while the strand was at the state
 * @param express whether the children are Express
 * @param canGoOn false: a redrive begins a new Map run, as on AWS where the reason was one of
 *     States.Runtime and States.DataLimitExceeded
 * @param enteredEventId tells the visit of the state from a later one
 * @param epoch of the wait for the Map run
 */
record OverMapRun(
    Strand strand,
    MapRun run,
    boolean canGoOn,
    String mapRunArn,
    boolean express,
    long enteredEventId,
    int epoch) {

  static OverMapRun of(Step step, Strand strand, MapRun run, boolean canGoOn) {
    State.MapState map = (State.MapState) strand.state;
    return new OverMapRun(
        strand,
        run,
        canGoOn,
        MapRunNames.mapRun(step.execution(), strand, map, run.id()),
        MapRunBehavior.hasExpressChildren(map),
        strand.enteredEventId,
        strand.epoch);
  }

  void tell(Step step, MapRunSummary.Status status) {
    MapRunBehavior.tell(step, strand, run, mapRunArn, status);
  }

  /** Whether a redrive finds it: nobody has left the state or waits for a retry. */
  boolean isKept() {
    return canGoOn
        && !strand.gone
        && strand.entered
        && strand.enteredEventId == enteredEventId
        && (strand.awaits == null || strand.awaits instanceof MapRun);
  }

  /** Tells the shards what becomes of them, and lets the rows go unless they are kept. */
  void settle(Step step) {
    boolean keep = step.endsRedrivable() && strand.awaits == run;
    Event cancelled = new Event.ShardCancelled(epoch, keep);
    shards().forEach(number -> step.send(MapRunNames.shard(mapRunArn, express, number), cancelled));
    if (!keep) {
      step.purge(run.container());
    }
  }

  /** All that may be there. */
  private IntStream shards() {
    return Stream.of(
            run.live().stream().mapToInt(LiveShard::number),
            run.resting().numbers().stream(),
            run.pending().numbers().stream())
        .flatMapToInt(numbers -> numbers);
  }
}
