package io.stepstream.asl.engine;

import io.stepstream.asl.definition.State;
import io.stepstream.asl.engine.Awaits.LiveShard;
import io.stepstream.asl.engine.Awaits.MapRun;
import io.stepstream.asl.engine.Awaits.MapRun.Phase;
import io.stepstream.asl.engine.Awaits.Progress;
import io.stepstream.asl.history.HistoryDetails;
import io.stepstream.asl.history.HistoryEventType;
import io.stepstream.asl.items.ItemSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
  private static final int MOST_CONCURRENT = 10_000;

  /** Pages of stored items which one step takes. */
  private static final int PAGES_PER_STEP = 4;

  /** A shard's results come in fewer parts than this: each part has one result at least. */
  private static final int PARTS_PER_SHARD = 256;

  private MapRunBehavior() {}

  static void attempt(Interpreter interpreter, Step step, Strand strand, State.MapState map) {
    if (step.context.limits().mapRun() == null) {
      interpreter.flowFailed(
          strand,
          Failure.of(
              Failure.RUNTIME,
              "The Map state '%s' is DISTRIBUTED, which this version of Stepstream does not run yet. Use ProcessorConfig.Mode INLINE."
                  .formatted(map.name())));
      return;
    }
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
    String id = uuid(step);
    MapRunPlan plan = MapRunPlan.of(interpreter, step, strand, map, id);
    if (plan == null) {
      return;
    }
    step.emit(
        strand,
        HistoryEventType.MAP_RUN_STARTED,
        new HistoryDetails.MapRunStarted(plan.mapRunArn()));
    int limit = step.context.limits().ofMapRun().concurrency();
    int count = items.items().size();
    strand.items = reads ? null : items.items();
    MapRun run =
        new MapRun(
            step.newContainer(),
            id,
            reads
                ? new MapRun.Read(false)
                : new MapRun.Stored(
                    count, count == 0 ? 1 : MapBehavior.itemsPerChunk(count, items.itemsBytes())),
            0,
            0,
            0,
            0,
            items.maxConcurrency() == 0
                ? limit
                : (int) Math.min(items.maxConcurrency(), MOST_CONCURRENT),
            toleratedCount(tolerance),
            tolerance.percentage(),
            0,
            Progress.NONE,
            List.of(),
            Phase.TAKING);
    strand.await(run);
    new Under(interpreter, step, strand, map, plan, run).goOn();
  }

  /** A state that bears no failures by its fields bears none. */
  private static @Nullable Long toleratedCount(MapPlan.Tolerance tolerance) {
    return tolerance.percentage() == null && tolerance.count() == null
        ? Long.valueOf(0)
        : tolerance.count();
  }

  /** A version 4 UUID; the step that starts a Map run again draws the same one. */
  private static String uuid(Step step) {
    long high = step.entropy.nextLong() & ~0xF000L | 0x4000L;
    long low = step.entropy.nextLong() & ~(3L << 62) | 1L << 63;
    return new java.util.UUID(high, low).toString();
  }

  /** Nobody waits for the Map run any more. */
  static void abort(Step step, Strand strand, MapRun run) {
    cancel(step, strand, run);
    step.emitAside(
        strand.lastEventId, HistoryEventType.MAP_RUN_ABORTED, HistoryDetails.None.INSTANCE);
  }

  private static void cancel(Step step, Strand strand, MapRun run) {
    String arn =
        MapRunNames.mapRun(step.execution(), strand, (State.MapState) strand.state, run.id());
    for (LiveShard shard : run.live()) {
      step.send(MapRunNames.shard(arn, shard.number()), new Event.ShardCancelled());
    }
  }

  /** False: nothing waits for this. */
  static boolean take(Interpreter interpreter, Step step, Event.OfMapRun event) {
    Strand strand = step.strand(event.frameId());
    if (strand == null
        || strand.epoch != event.epoch()
        || !(strand.awaits instanceof MapRun run)
        || !(strand.state instanceof State.MapState map)) {
      return false;
    }
    MapRunPlan plan = MapRunPlan.of(interpreter, step, strand, map, run.id());
    boolean accepted;
    if (plan == null) {
      cancel(step, strand, run);
      accepted = true;
    } else {
      accepted = new Under(interpreter, step, strand, map, plan, run).take(event);
    }
    if (accepted) {
      step.resumeIfReady(strand);
    }
    return accepted;
  }

  /** Goes on where a step had done enough. */
  static void resume(
      Interpreter interpreter, Step step, Strand strand, State.MapState map, MapRun run) {
    MapRunPlan plan = MapRunPlan.of(interpreter, step, strand, map, run.id());
    if (plan != null) {
      new Under(interpreter, step, strand, map, plan, run).goOn();
    }
  }

  /** A Map run while a step works on it. */
  private static final class Under {

    private final Interpreter interpreter;
    private final Step step;
    private final Strand strand;
    private final State.MapState map;
    private final MapRunPlan plan;
    private final Limits.MapRun limits;

    private MapRun before;
    private MapRun.Source source;
    private long taken;
    private int carried;
    private long children;
    private int shards;
    private long resultBytes;
    private Progress ended;
    private final List<LiveShard> live;
    private Phase phase;

    Under(
        Interpreter interpreter,
        Step step,
        Strand strand,
        State.MapState map,
        MapRunPlan plan,
        MapRun run) {
      this.interpreter = interpreter;
      this.step = step;
      this.strand = strand;
      this.map = map;
      this.plan = plan;
      this.limits = step.context.limits().ofMapRun();
      this.before = run;
      this.source = run.source();
      this.taken = run.taken();
      this.carried = run.carried();
      this.children = run.children();
      this.shards = run.shards();
      this.resultBytes = run.resultBytes();
      this.ended = run.ended();
      this.live = new ArrayList<>(run.live());
      this.phase = run.phase();
    }

    boolean take(Event.OfMapRun event) {
      return switch (event) {
        case Event.ItemsRead read -> read(read);
        case Event.ItemsUnreadable(long _, int _, String cause) -> {
          if (phase != Phase.READING) {
            yield false;
          }
          fail(Failure.of("States.ItemReaderFailed", cause));
          yield true;
        }
        case Event.ShardProgressed progressed -> progressed(progressed);
        case Event.ShardResults results -> results(results);
        case Event.ShardEnded shardEnded -> ended(shardEnded);
        case Event.ShardUnwritable(long _, int _, int shard, String cause) -> {
          if (find(shard) == null) {
            yield false;
          }
          fail(Failure.of("States.ResultWriterFailed", cause));
          yield true;
        }
        case Event.ObjectWritten _ -> {
          if (phase != Phase.WRITING) {
            yield false;
          }
          succeed(
              ResultExport.result(
                  java.util.Objects.requireNonNull(plan.destination()), plan.mapRunArn()));
          yield true;
        }
        case Event.ObjectUnwritable(long _, int _, String cause) -> {
          if (phase != Phase.WRITING) {
            yield false;
          }
          fail(Failure.of("States.ResultWriterFailed", cause));
          yield true;
        }
      };
    }

    // ---------------------------------------------------------------- items

    /** Does what can be done now, and keeps what has become of the Map run. */
    void goOn() {
      grant();
      int pages = 0;
      while (phase == Phase.TAKING && permits() > 0 && live.size() < limits.liveShards()) {
        switch (source) {
          case MapRun.Read _ -> {
            phase = Phase.READING;
            ItemSource asked = java.util.Objects.requireNonNull(plan.source());
            step.ask(
                new Effect.ReadItems(
                    strand.id,
                    strand.epoch,
                    asked,
                    taken,
                    limits.childrenPerShard(),
                    limits.shardBytes()));
          }
          case MapRun.Stored stored -> {
            if (pages++ == PAGES_PER_STEP) {
              step.schedule(strand, TimerKey.Purpose.CONTINUE, step.now());
              keep();
              return;
            }
            if (!takeStored(stored)) {
              return;
            }
          }
        }
      }
      if (phase == Phase.FINISHING) {
        if (exceeded()) {
          fail(THRESHOLD_EXCEEDED);
          return;
        }
        if (live.isEmpty()) {
          finish();
          return;
        }
      }
      keep();
    }

    /** False: the state has failed. */
    private boolean takeStored(MapRun.Stored stored) {
      int from = (int) taken;
      int to = Math.min(stored.count(), from + limits.childrenPerShard());
      List<Object> page = new ArrayList<>(to - from);
      for (int i = from; i < to; i++) {
        page.add(step.item(strand, before.container(), stored.itemsPerChunk(), i));
      }
      return give(page, to == stored.count());
    }

    private boolean read(Event.ItemsRead read) {
      if (phase != Phase.READING || read.from() != taken) {
        return false;
      }
      phase = Phase.TAKING;
      List<?> page = (List<?>) step.payload.decodeTrusted(read.items());
      if (give(page, read.last())) {
        goOn();
      }
      return true;
    }

    /** Makes inputs of items and gives them to shards. False: the state has failed. */
    private boolean give(List<?> page, boolean last) {
      ChildInputs inputs = new ChildInputs(step, strand, map, plan.batches(), limits);
      if (carried > 0) {
        inputs.carryOn(step.row(ValueKey.carried(before.container())));
      }
      for (Object item : page) {
        Failure failure = inputs.add(MapItem.of(map, (int) taken, item).from(plan.source()));
        if (failure != null) {
          fail(failure);
          return false;
        }
        taken++;
      }
      if (last) {
        inputs.complete();
        phase = Phase.FINISHING;
      }
      inputs.shards().forEach(this::begin);
      carried = inputs.carried();
      if (carried > 0) {
        step.put(ValueKey.carried(before.container()), inputs.carry());
      }
      return true;
    }

    private void begin(List<byte[]> inputs) {
      int number = shards++;
      int window = Math.min(permits(), inputs.size());
      Awaits.ShardOf run =
          new Awaits.ShardOf(
              step.execution().arn(),
              strand.id,
              strand.epoch,
              plan.mapRunArn(),
              map.processor().pointer(),
              number,
              children,
              map.distributed() != null && map.distributed().express(),
              plan.batches() != null,
              plan.transformation(),
              plan.destination());
      String arn = MapRunNames.shard(plan.mapRunArn(), number);
      step.send(
          arn,
          new Event.ShardStarted(
              arn,
              step.execution().stateMachineArn(),
              step.execution().roleArn(),
              run,
              window,
              inputs));
      live.add(new LiveShard(number, inputs.size(), window, 0, Progress.NONE, 0));
      children += inputs.size();
    }

    // ---------------------------------------------------------------- shards

    private int permits() {
      int held = 0;
      for (LiveShard shard : live) {
        held += shard.window();
      }
      return before.maxConcurrency() - held;
    }

    /** Lets live shards use the permits that are free, the oldest first. */
    private void grant() {
      int free = permits();
      for (int i = 0; i < live.size() && free > 0; i++) {
        LiveShard shard = live.get(i);
        int more = (int) Math.min(free, shard.open() - shard.window());
        if (more > 0) {
          free -= more;
          int window = shard.window() + more;
          live.set(
              i,
              new LiveShard(
                  shard.number(),
                  shard.children(),
                  window,
                  shard.seq(),
                  shard.progress(),
                  shard.parts()));
          step.send(
              MapRunNames.shard(plan.mapRunArn(), shard.number()),
              new Event.ShardWindowSet(window));
        }
      }
    }

    private @Nullable LiveShard find(int number) {
      for (LiveShard shard : live) {
        if (shard.number() == number) {
          return shard;
        }
      }
      return null;
    }

    private boolean progressed(Event.ShardProgressed told) {
      LiveShard shard = find(told.shard());
      if (shard == null || told.seq() <= shard.seq()) {
        return false;
      }
      live.set(
          live.indexOf(shard),
          new LiveShard(
              shard.number(),
              shard.children(),
              Math.min(shard.window(), told.window()),
              told.seq(),
              told.progress(),
              shard.parts()));
      if (exceeded()) {
        fail(THRESHOLD_EXCEEDED);
      } else {
        goOn();
      }
      return true;
    }

    private boolean results(Event.ShardResults told) {
      LiveShard shard = find(told.shard());
      if (shard == null || told.part() != shard.parts()) {
        return false;
      }
      resultBytes += told.results().length;
      if (resultBytes > step.context.limits().gatheredBytes()) {
        fail(Interpreter.dataLimitExceeded(map.name()));
        return true;
      }
      step.put(result(shard.number(), told.part()), told.results());
      live.set(
          live.indexOf(shard),
          new LiveShard(
              shard.number(),
              shard.children(),
              shard.window(),
              shard.seq(),
              shard.progress(),
              shard.parts() + 1));
      keep();
      return true;
    }

    private ValueKey result(int shard, int part) {
      return ValueKey.result(before.container(), shard * PARTS_PER_SHARD + part);
    }

    private boolean ended(Event.ShardEnded told) {
      LiveShard shard = find(told.shard());
      if (shard == null) {
        return false;
      }
      live.remove(shard);
      ended = ended.plus(told.progress());
      if (exceeded()) {
        fail(THRESHOLD_EXCEEDED);
      } else {
        goOn();
      }
      return true;
    }

    /** A share of the items can be told only when all of them are known. */
    private boolean exceeded() {
      long failed = ended.failedItems();
      for (LiveShard shard : live) {
        failed += shard.progress().failedItems();
      }
      boolean known = phase == Phase.FINISHING || phase == Phase.WRITING;
      long items = source instanceof MapRun.Stored stored ? stored.count() : taken;
      return new MapPlan.Tolerance(
              before.toleratedCount(),
              known || source instanceof MapRun.Stored ? before.toleratedPercentage() : null)
          .exceededBy(failed, items);
    }

    // ---------------------------------------------------------------- end

    private void finish() {
      List<Object> results = new ArrayList<>();
      for (int shard = 0; shard < shards; shard++) {
        byte[] row = step.row(result(shard, 0));
        for (int part = 1; row != null; part++) {
          results.addAll((List<?>) step.payload.decodeTrusted(row));
          row = part < PARTS_PER_SHARD ? step.row(result(shard, part)) : null;
        }
      }
      Awaits.Destination destination = plan.destination();
      if (destination == null) {
        succeed(results);
        return;
      }
      phase = Phase.WRITING;
      step.ask(
          new Effect.WriteObject(
              strand.id,
              strand.epoch,
              ResultExport.arguments(destination, ResultExport.manifestKey(destination)),
              ResultExport.manifest(destination, plan.mapRunArn(), results)));
      keep();
    }

    private void succeed(Object result) {
      step.eraseChildRows(strand);
      strand.awaits = null;
      long succeeded =
          step.emitAside(
              strand.lastEventId, HistoryEventType.MAP_RUN_SUCCEEDED, HistoryDetails.None.INSTANCE);
      step.emitAside(succeeded, HistoryEventType.MAP_STATE_SUCCEEDED, HistoryDetails.None.INSTANCE);
      interpreter.complete(strand, map.data(), result, null, map.transition());
    }

    private void fail(Failure failure) {
      cancel(step, strand, kept());
      step.emit(
          strand,
          HistoryEventType.MAP_RUN_FAILED,
          new HistoryDetails.Failure(failure.error(), failure.cause()));
      step.eraseChildRows(strand);
      strand.awaits = null;
      interpreter.fail(strand, failure);
    }

    private void keep() {
      before = kept();
      strand.awaits = before;
    }

    private MapRun kept() {
      return new MapRun(
          before.container(),
          before.id(),
          source,
          taken,
          carried,
          children,
          shards,
          before.maxConcurrency(),
          before.toleratedCount(),
          before.toleratedPercentage(),
          resultBytes,
          ended,
          live,
          phase);
    }
  }
}
