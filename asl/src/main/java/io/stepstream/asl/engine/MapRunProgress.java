package io.stepstream.asl.engine;

import io.stepstream.asl.definition.State;
import io.stepstream.asl.engine.Awaits.LiveShard;
import io.stepstream.asl.engine.Awaits.MapRun;
import io.stepstream.asl.engine.Awaits.MapRun.Phase;
import io.stepstream.asl.engine.Awaits.Progress;
import io.stepstream.asl.engine.Awaits.RestingShards;
import io.stepstream.asl.history.HistoryDetails;
import io.stepstream.asl.history.HistoryEventType;
import io.stepstream.asl.items.ItemPage;
import io.stepstream.asl.items.ItemRequest;
import io.stepstream.asl.items.ItemSource;
import io.stepstream.asl.items.ObjectWrite;
import io.stepstream.asl.items.ReadRefused;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A Map run while a step works on it. Mutable and confined to one step; what outlives the step is
 * the {@link MapRun} that it becomes.
 */
final class MapRunProgress {

  /**
   * Each page of a reader's costs a task and a transaction, and the next one is asked for when it
   * is there: pages of one small shard each would be what a Map waits for. As much as the largest
   * shard takes, and within what a worker's answer may have.
   */
  private static final int SHARDS_PER_PAGE = Limits.MapRun.LARGEST;

  /**
   * A shard begins with this part of the permits, so that a Map is spread over partitions from the
   * start, and that the others run while the next page is on its way; what is left when all items
   * are given out goes to those that can use it. No more than that: inputs of children that wait
   * for a permit are rows, and those that wait for longer than a commit cost two records each.
   */
  private static final int SHARDS_AT_ONCE = 4;

  /** Pages of stored items which one step takes. */
  private static final int PAGES_PER_STEP = 4;

  private final Interpreter interpreter;
  private final Step step;
  private final Strand strand;
  private final State.MapState map;
  private final @Nullable MapRunPlan evaluated;
  private final Limits.MapRun limits;

  private MapRun before;
  private MapRun.Source source;
  private long taken;
  private int carried;
  private long children;
  private int shards;
  private final MapRunResults results;
  private Progress ended;
  private final List<LiveShard> live;
  private RestingShards resting;
  private RestingShards pending;
  private Phase phase;
  private boolean rowsPut;

  /**
   * @param plan null: the execution has ended, and the Map run only {@link #takeLate takes down}
   *     what it hears
   */
  MapRunProgress(
      Interpreter interpreter,
      Step step,
      Strand strand,
      State.MapState map,
      @Nullable MapRunPlan plan,
      MapRun run) {
    this.interpreter = interpreter;
    this.step = step;
    this.strand = strand;
    this.map = map;
    this.evaluated = plan;
    this.limits = step.context.limits().mapRun();
    this.before = run;
    this.source = run.source();
    this.taken = run.taken();
    this.carried = run.carried();
    this.children = run.children();
    this.shards = run.shards();
    this.results = new MapRunResults(step, run.container(), run.resultBytes());
    this.ended = run.ended();
    this.live = new ArrayList<>(run.live());
    this.resting = run.resting();
    this.pending = run.pending();
    this.phase = run.phase();
  }

  private MapRunPlan plan() {
    return Objects.requireNonNull(evaluated);
  }

  boolean take(Event.OfMapRun event) {
    return switch (event) {
      case Event.ShardProgressed progressed -> progressed(progressed);
      case Event.ShardResults results -> results(results);
      case Event.ShardEnded shardEnded -> ended(shardEnded);
      case Event.ShardFailed(long _, int _, int shard, String error, String cause) -> {
        LiveShard gone = find(shard);
        if (gone == null) {
          yield false;
        }
        live.remove(gone);
        rest(gone);
        fail(Failure.of(error, cause));
        yield true;
      }
    };
  }

  /**
   * What a shard has told before it knew that the Map run has ended or was redriven. What has
   * succeeded altogether is no more; all others are asked again, or were.
   */
  boolean takeLate(Event.OfMapRun event) {
    boolean underWay = step.execution().running();
    switch (event) {
      case Event.ShardResults told -> {
        if (!store(told)) {
          return false;
        }
        keep();
      }
      case Event.ShardEnded told -> {
        LiveShard shard = find(told.shard());
        boolean resumedSince = told.epoch() < strand.epoch;
        if (shard == null || resumedSince && told.progress().children().unsuccessful() > 0) {
          return false;
        }
        close(shard, told);
        if (underWay) {
          goOn();
        } else {
          keep();
        }
      }
      case Event.ShardProgressed _, Event.ShardFailed _ -> {
        return false;
      }
    }
    return true;
  }

  /** The user has changed what the state's fields said; at once, so the Map run may fail by it. */
  boolean update(Event.MapRunUpdated update) {
    before = kept().with(update);
    if (exceeded()) {
      fail(MapRunBehavior.THRESHOLD_EXCEEDED);
    } else {
      takeBack();
      goOn();
    }
    return true;
  }

  /** What was asked for is there: a page of items, or the manifest is written. */
  boolean answered(byte[] output) {
    return switch (phase) {
      case READING -> {
        try {
          yield read(ItemPage.decode(output));
        } catch (ReadRefused e) {
          yield unanswered(
              null, "A worker answered with what is no page of items. " + e.getMessage());
        }
      }
      case WRITING -> {
        try {
          yield written(ObjectWrite.Written.decode(output));
        } catch (ReadRefused _) {
          yield false; // a page that was read twice
        }
      }
      case TAKING, FINISHING -> false;
    };
  }

  /** What was asked for is not to be had. */
  boolean unanswered(@Nullable String error, @Nullable String cause) {
    switch (phase) {
      case READING -> fail(Failure.of(ItemRequest.ERROR, cause));
      case WRITING -> {
        if (ItemRequest.ERROR.equals(error)) {
          return false; // of a page that was read twice
        }
        fail(Failure.of(ObjectWrite.ERROR, cause));
      }
      case TAKING, FINISHING -> {
        return false;
      }
    }
    return true;
  }

  // ---------------------------------------------------------------- items

  /** Does what can be done now, and keeps what has become of the Map run. */
  void goOn() {
    grant();
    while (phase != Phase.WRITING
        && !pending.isEmpty()
        && permits() > 0
        && live.size() < limits.liveShards()) {
      resumeNext();
    }
    int pages = 0;
    while (phase == Phase.TAKING && permits() > 0 && live.size() < limits.liveShards()) {
      switch (source) {
        case MapRun.Read(String cursor) -> {
          phase = Phase.READING;
          ItemSource asked = Objects.requireNonNull(plan().source());
          step.ask(
              new Effect.ReadItems(
                  strand.id,
                  strand.epoch,
                  new ItemRequest(
                      asked,
                      taken,
                      cursor,
                      SHARDS_PER_PAGE * limits.childrenPerShard(),
                      SHARDS_PER_PAGE * limits.shardBytes())));
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
        fail(MapRunBehavior.THRESHOLD_EXCEEDED);
        return;
      }
      if (live.isEmpty() && pending.isEmpty()) {
        finish();
        return;
      }
    }
    keep();
  }

  /** False: the state has failed. */
  private boolean takeStored(MapRun.Stored stored) {
    int from = (int) taken;
    int to = Math.min(stored.count(), from + limits.sizeOf(shards) * limits.childrenPerShard());
    List<Object> page = new ArrayList<>(to - from);
    for (int i = from; i < to; i++) {
      page.add(step.item(strand, before.container(), stored.itemsPerChunk(), i));
    }
    return give(page, to == stored.count());
  }

  private boolean read(ItemPage.Decoded read) {
    if (read.from() != taken) {
      return false;
    }
    phase = Phase.TAKING;
    source = new MapRun.Read(read.cursor());
    if (give(read.items(), read.last())) {
      goOn();
    }
    return true;
  }

  /** Makes inputs of items and gives them to shards. False: the state has failed. */
  private boolean give(List<?> page, boolean last) {
    ChildInputs inputs = new ChildInputs(step, strand, map, plan().batches(), limits, shards);
    if (carried > 0) {
      inputs.carryOn(step.row(ValueKey.carried(before.container())));
    }
    for (Object item : page) {
      Failure failure = inputs.add(MapItem.of(map, (int) taken, item).from(plan().source()));
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
      put(ValueKey.carried(before.container()), inputs.carry());
    }
    return true;
  }

  private void begin(List<byte[]> inputs) {
    int number = shards++;
    int window = Math.clamp(permits(), 0, Math.min(most(), inputs.size()));
    Awaits.ShardOf run =
        new Awaits.ShardOf(
            step.execution().arn(),
            strand.id,
            strand.epoch,
            plan().mapRunArn(),
            map.processor().pointer(),
            number,
            children,
            MapRunBehavior.hasExpressChildren(map),
            plan().batches() != null,
            plan().transformation(),
            plan().destination(),
            before.redriveCount());
    String arn = shardArn(number);
    step.send(
        arn,
        new Event.ShardStarted(
            arn,
            step.execution().stateMachineArn(),
            step.execution().roleArn(),
            run,
            window,
            inputs));
    live.add(new LiveShard(number, inputs.size(), window, 0, Progress.NONE, 0, 0));
    children += inputs.size();
  }

  // ---------------------------------------------------------------- shards

  private int permits() {
    int held = 0;
    for (LiveShard shard : live) {
      held += shard.window();
    }
    return mostConcurrent() - held;
  }

  private int mostConcurrent() {
    return before.maxConcurrency() == 0
        ? limits.concurrency()
        : Math.min(before.maxConcurrency(), MapRunBehavior.MOST_CONCURRENT);
  }

  /**
   * Takes permits back from shards that hold too many together, the youngest first. Children that
   * run already run on; until they have ended, more of them may run than there are permits.
   */
  private void takeBack() {
    int left = mostConcurrent();
    for (int i = 0; i < live.size(); i++) {
      LiveShard shard = live.get(i);
      int window = Math.min(shard.window(), left);
      left -= window;
      if (window < shard.window()) {
        setWindow(i, window);
      }
    }
  }

  private void setWindow(int i, int window) {
    LiveShard shard = live.get(i);
    live.set(i, shard.withWindow(window));
    step.send(shardArn(shard.number()), new Event.ShardWindowSet(window));
  }

  /** Of the permits, what a shard may have: a share while more shards are to come. */
  private int most() {
    return phase == Phase.FINISHING && pending.isEmpty()
        ? Integer.MAX_VALUE
        : Math.max(1, mostConcurrent() / SHARDS_AT_ONCE);
  }

  /**
   * Lets live shards use the permits that are free, the oldest first; while more items are to come,
   * the shards to come get theirs.
   */
  private void grant() {
    int free = permits();
    int most = most();
    for (int i = 0; i < live.size() && free > 0; i++) {
      LiveShard shard = live.get(i);
      int more = (int) Math.min(free, Math.min(most, shard.open()) - shard.window());
      if (more > 0) {
        free -= more;
        setWindow(i, shard.window() + more);
      }
    }
  }

  private String shardArn(int number) {
    return MapRunNames.shard(plan().mapRunArn(), MapRunBehavior.hasExpressChildren(map), number);
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
    live.set(live.indexOf(shard), shard.told(told.seq(), told.progress(), told.window()));
    if (exceeded()) {
      fail(MapRunBehavior.THRESHOLD_EXCEEDED);
    } else {
      goOn();
    }
    return true;
  }

  private boolean results(Event.ShardResults told) {
    if (!store(told)) {
      return false;
    }
    if (results.bytes() > step.context.limits().gatheredBytes()) {
      fail(Interpreter.dataLimitExceeded(map.name()));
      return true;
    }
    keep();
    return true;
  }

  /** False: nobody can have meant it. */
  private boolean store(Event.ShardResults told) {
    LiveShard shard = find(told.shard());
    if (shard == null || !MapRunResults.isPart(told.part())) {
      return false;
    }
    if (evaluated != null && evaluated.destination() instanceof Awaits.Destination.Topic) {
      results.unite(told.results());
    } else {
      results.store(shard, told.part(), told.results());
    }
    live.set(live.indexOf(shard), shard.withPart(told.part()));
    return true;
  }

  private boolean ended(Event.ShardEnded told) {
    LiveShard shard = find(told.shard());
    if (shard == null) {
      return false;
    }
    close(shard, told);
    if (exceeded()) {
      fail(MapRunBehavior.THRESHOLD_EXCEEDED);
    } else {
      goOn();
    }
    return true;
  }

  private void close(LiveShard shard, Event.ShardEnded told) {
    live.remove(shard);
    results.discard(shard, told.parts());
    if (told.progress().children().unsuccessful() == 0) {
      ended = ended.plus(told.progress());
    } else {
      rest(shard.ended(told.progress(), told.parts()));
    }
  }

  // ---------------------------------------------------------------- shards that rest

  private void rest(LiveShard shard) {
    resting = resting.with(shard.number(), shard.progress());
    put(ValueKey.resting(before.container(), shard.number()), step.payload.encode(shard.row()));
  }

  /**
   * The Map run is redriven: resumes those shards that were under way when it ended, now, and the
   * others when there are permits.
   */
  void resume() {
    List<LiveShard> all = List.copyOf(live);
    live.clear();
    all.forEach(this::resume);
    goOn();
  }

  private void resumeNext() {
    int number = pending.numbers().nextSetBit(0);
    ValueKey key = ValueKey.resting(before.container(), number);
    byte[] row = Objects.requireNonNull(step.row(key));
    LiveShard shard = LiveShard.of(number, (List<?>) step.payload.decodeTrusted(row));
    step.delete(key);
    pending = pending.without(number, shard.progress());
    resume(shard.redriven());
  }

  private void resume(LiveShard shard) {
    int window = (int) Math.clamp(permits(), 0, shard.open());
    live.add(shard.withWindow(window));
    step.send(
        shardArn(shard.number()),
        new Event.ShardResumed(
            step.execution().arn(),
            strand.id,
            strand.epoch,
            shard.number(),
            before.redriveCount(),
            window));
  }

  /** A share of the items can be told only when all of them are known. */
  private boolean exceeded() {
    long failed = resting.progress().items().unsuccessful();
    for (LiveShard shard : live) {
      failed += shard.progress().items().unsuccessful();
    }
    boolean known = phase == Phase.FINISHING || phase == Phase.WRITING;
    long items = source instanceof MapRun.Stored stored ? stored.count() : taken;
    Double percentage = before.toleratedPercentage();
    Long count = before.toleratedCount();
    return new MapPlan.Tolerance(
            count == null && percentage == null ? Long.valueOf(0) : count,
            known || source instanceof MapRun.Stored ? percentage : null)
        .exceededBy(failed, items);
  }

  // ---------------------------------------------------------------- end

  private void finish() {
    switch (plan().destination()) {
      case null -> succeed(results.all(shards));
      case Awaits.Destination.Bucket bucket -> writeManifest(bucket, results.all(shards));
      case Awaits.Destination.Topic topic ->
          succeed(ResultExport.result(topic, plan().mapRunArn(), results.spans(shards)));
    }
  }

  private void writeManifest(Awaits.Destination.Bucket destination, List<Object> results) {
    phase = Phase.WRITING;
    byte[] manifest = ResultExport.manifest(destination, plan().mapRunArn(), results);
    if (manifest.length > ResultExport.MOST_BYTES) {
      fail(
          Failure.of(
              ObjectWrite.ERROR,
              "The manifest of the results has %d bytes, more than %d"
                  .formatted(manifest.length, ResultExport.MOST_BYTES)));
      return;
    }
    step.ask(
        new Effect.WriteObject(
            strand.id,
            strand.epoch,
            new ObjectWrite(
                ResultExport.arguments(destination, ResultExport.manifestKey(destination)),
                manifest)));
    keep();
  }

  private boolean written(ObjectWrite.Written object) {
    if (!(plan().destination() instanceof Awaits.Destination.Bucket destination)
        || !object.key().equals(ResultExport.manifestKey(destination))) {
      return false;
    }
    succeed(ResultExport.result(destination, plan().mapRunArn()));
    return true;
  }

  private void put(ValueKey key, byte[] json) {
    step.put(key, json);
    rowsPut = true;
  }

  /** No row outlives the Map run, not even one that was put in this step. */
  private void erase() {
    step.eraseChildRows(strand);
    step.cancelFarTimers(strand);
    if (rowsPut || results.rowsPut()) {
      step.purge(before.container());
    }
    strand.awaits = null;
  }

  private void succeed(Object result) {
    MapRunBehavior.tell(step, strand, kept(), plan().mapRunArn(), MapRunSummary.Status.SUCCEEDED);
    Event over = new Event.ShardCancelled(strand.epoch, false);
    resting.numbers().stream().forEach(shard -> step.send(shardArn(shard), over));
    erase();
    long succeeded =
        step.emitAside(
            strand.lastEventId, HistoryEventType.MAP_RUN_SUCCEEDED, HistoryDetails.None.INSTANCE);
    step.emitAside(succeeded, HistoryEventType.MAP_STATE_SUCCEEDED, HistoryDetails.None.INSTANCE);
    interpreter.complete(strand, map.data(), result, null, map.transition());
  }

  private void fail(Failure failure) {
    boolean canGoOn = !failure.isRuntime() && !Failure.DATA_LIMIT_EXCEEDED.equals(failure.error());
    OverMapRun over = OverMapRun.of(step, strand, kept(), canGoOn);
    over.tell(step, MapRunSummary.Status.FAILED);
    step.over(over);
    step.emit(
        strand,
        HistoryEventType.MAP_RUN_FAILED,
        new HistoryDetails.Failure(failure.error(), failure.cause()));
    step.cancelFarTimers(strand);
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
        results.bytes(),
        ended,
        live,
        resting,
        pending,
        phase,
        before.startMillis(),
        before.redriveCount(),
        before.redriveMillis());
  }
}
