package io.stepstream.asl.engine;

import io.stepstream.asl.definition.State;
import io.stepstream.asl.engine.Awaits.LiveShard;
import io.stepstream.asl.engine.Awaits.MapRun;
import io.stepstream.asl.engine.Awaits.MapRun.Phase;
import io.stepstream.asl.engine.Awaits.Progress;
import io.stepstream.asl.engine.Awaits.RestingShards;
import io.stepstream.asl.history.HistoryDetails;
import io.stepstream.asl.history.HistoryEventType;
import java.util.List;
import java.util.function.Predicate;

/**
 * A distributed Map state: takes items, page by page, makes inputs of them and gives those to
 * shards, which run the child executions. It hears of shards, not of children, so that n items are
 * never n messages here; and neither items nor results are ever in one row.
 *
 * <p>Child executions at a time are permits: each live shard holds some as its window, and together
 * they hold at most MaxConcurrency. What a shard can't use any more comes back with its reports.
 */
final class MapRunBehavior {

  static final Failure THRESHOLD_EXCEEDED =
      Failure.of(
          "States.ExceedToleratedFailureThreshold",
          "The specified tolerated failure threshold was exceeded");

  /** AWS's largest number of child executions at a time. */
  static final int MOST_CONCURRENT = 10_000;

  private MapRunBehavior() {}

  static void attempt(Interpreter interpreter, Step step, Strand strand, State.MapState map) {
    boolean reads = map.distributed() != null && map.distributed().itemReader() != null;
    MapPlan items = MapPlan.of(interpreter, step, strand, map, reads ? List.of() : null);
    if (items == null) {
      return;
    }
    step.emit(
        strand,
        HistoryEventType.MAP_STATE_STARTED,
        new HistoryDetails.MapStarted(items.items().size()));
    MapPlan.Tolerance tolerance = MapPlan.tolerance(interpreter, step, strand, map);
    if (tolerance == null) {
      return;
    }
    String id = MapRunNames.id(step.execution(), step.entropy.nextLong(), step.entropy.nextLong());
    MapRunPlan plan = MapRunPlan.of(interpreter, step, strand, map, id);
    if (plan == null) {
      return;
    }
    step.emit(
        strand,
        HistoryEventType.MAP_RUN_STARTED,
        new HistoryDetails.MapRunStarted(plan.mapRunArn()));
    int count = items.items().size();
    strand.items = reads ? null : items.items();
    MapRun run =
        new MapRun(
            step.newContainer(),
            id,
            reads
                ? new MapRun.Read(null)
                : new MapRun.Stored(
                    count, count == 0 ? 1 : MapBehavior.itemsPerChunk(count, items.itemsBytes())),
            0,
            0,
            0,
            0,
            (int) Math.min(items.maxConcurrency(), MOST_CONCURRENT),
            tolerance.count(),
            tolerance.percentage(),
            0,
            Progress.NONE,
            List.of(),
            RestingShards.NONE,
            RestingShards.NONE,
            Phase.TAKING,
            step.now(),
            0,
            null);
    strand.await(run);
    tell(step, strand, run, plan.mapRunArn(), MapRunSummary.Status.RUNNING);
    scheduleWatch(step, strand);
    new MapRunProgress(interpreter, step, strand, map, plan, run).goOn();
  }

  /**
   * Puts what is told of a Map run by its ARN.
   *
   * @param run as it is now, or as it was when it ended
   */
  static void tell(
      Step step, Strand strand, MapRun run, String mapRunArn, MapRunSummary.Status status) {
    boolean running = status == MapRunSummary.Status.RUNNING;
    step.put(
        new MapRunSummary(
            mapRunArn, strand.id, strand.epoch, run, status, running ? null : step.now()));
  }

  /** How often a Map run looks after its shards. */
  private static final long WATCH_MILLIS = 30_000;

  /**
   * When a Map run looks after its shards next. It follows from the moment alone, so that whoever
   * ends the wait knows which timer to cancel.
   */
  static long nextWatch(long enteredMillis, long nowMillis) {
    return enteredMillis + ((nowMillis - enteredMillis) / WATCH_MILLIS + 1) * WATCH_MILLIS;
  }

  private static void scheduleWatch(Step step, Strand strand) {
    step.schedule(strand, TimerKey.Purpose.WATCH, nextWatch(strand.enteredMillis, step.now()));
  }

  /**
   * Asks for all live shards, a bounded number of them: one that a crash has lost would never speak
   * again, and the state would wait for ever.
   */
  static void watch(Step step, Strand strand, MapRun run) {
    State.MapState map = (State.MapState) strand.state;
    String arn = MapRunNames.mapRun(step.execution(), strand, map, run.id());
    for (LiveShard shard : run.live()) {
      step.send(
          MapRunNames.shard(arn, hasExpressChildren(map), shard.number()),
          new Event.ShardProbed(step.execution().arn(), strand.id, strand.epoch, shard.number()));
    }
    scheduleWatch(step, strand);
  }

  /** Nobody waits for the Map run any more. */
  static void abort(Step step, Strand strand, MapRun run) {
    OverMapRun over = OverMapRun.of(step, strand, run, true);
    over.tell(step, MapRunSummary.Status.ABORTED);
    step.over(over);
    step.emitAside(
        strand.lastEventId, HistoryEventType.MAP_RUN_ABORTED, HistoryDetails.None.INSTANCE);
  }

  static boolean hasExpressChildren(State.MapState map) {
    return map.distributed() != null && map.distributed().express();
  }

  /** Whether the frame waits for a Map run. */
  static boolean isAt(Step step, long frameId) {
    Strand strand = step.strand(frameId);
    return strand != null && strand.awaits instanceof MapRun;
  }

  /**
   * Lets a Map run take what concerns it.
   *
   * @param happening false: it was not waited for
   * @return false: nothing waits for this
   */
  static boolean take(
      Interpreter interpreter,
      Step step,
      long frameId,
      int epoch,
      Predicate<MapRunProgress> happening) {
    Strand strand = step.strand(frameId);
    if (strand == null
        || strand.epoch != epoch
        || !(strand.awaits instanceof MapRun run)
        || !(strand.state instanceof State.MapState map)) {
      return false;
    }
    return take(interpreter, step, strand, map, run, happening);
  }

  private static boolean take(
      Interpreter interpreter,
      Step step,
      Strand strand,
      State.MapState map,
      MapRun run,
      Predicate<MapRunProgress> happening) {
    OverMapRun ifOver = OverMapRun.of(step, strand, run, false);
    MapRunPlan plan = MapRunPlan.of(interpreter, step, strand, map, run.id());
    boolean accepted;
    if (plan == null) {
      ifOver.tell(step, MapRunSummary.Status.FAILED);
      step.over(ifOver);
      accepted = true;
    } else {
      accepted = happening.test(new MapRunProgress(interpreter, step, strand, map, plan, run));
    }
    if (accepted) {
      step.resumeIfReady(strand);
    }
    return accepted;
  }

  /**
   * Lets a Map run take what a shard tells it, of the present wait or of one before the Map run was
   * redriven, or after its execution has ended and may be redriven: shards don't ask whether they
   * are still waited for.
   */
  static boolean take(Interpreter interpreter, Step step, Event.OfMapRun told) {
    Strand strand = step.strand(told.frameId());
    if (strand == null
        || told.epoch() > strand.epoch
        || !(strand.awaits instanceof MapRun run)
        || told.epoch() < strand.epoch - run.redriveCount()
        || !(strand.state instanceof State.MapState map)) {
      return false;
    }
    if (!step.execution().running()) {
      return new MapRunProgress(interpreter, step, strand, map, null, run).takeLate(told);
    }
    boolean late = told.epoch() < strand.epoch;
    return take(
        interpreter,
        step,
        strand,
        map,
        run,
        progress -> late ? progress.takeLate(told) : progress.take(told));
  }

  /** Goes on where a step had done enough. */
  static void resume(
      Interpreter interpreter, Step step, Strand strand, State.MapState map, MapRun run) {
    take(
        interpreter,
        step,
        strand,
        map,
        run,
        progress -> {
          progress.goOn();
          return true;
        });
  }

  /**
   * Lets a Map run go on that had ended without success: the same one, with the children that have
   * not succeeded and the items that none has.
   *
   * @param run as it was when it ended
   */
  static void redrive(Interpreter interpreter, Step step, Strand strand, MapRun run) {
    State.MapState map = (State.MapState) strand.state;
    MapRun redriven = run.redriven(step.now());
    String arn = MapRunNames.mapRun(step.execution(), strand, map, run.id());
    strand.lastEventId = strand.enteredEventId;
    strand.eventBeforeEntry = strand.enteredEventId;
    strand.resetRetries();
    step.emit(
        strand,
        HistoryEventType.MAP_RUN_REDRIVEN,
        new HistoryDetails.MapRunRedriven(arn, redriven.redriveCount()));
    strand.awaits = redriven;
    tell(step, strand, redriven, arn, MapRunSummary.Status.RUNNING);
    scheduleWatch(step, strand);
    take(
        interpreter,
        step,
        strand,
        map,
        redriven,
        progress -> {
          progress.resume();
          return true;
        });
  }
}
