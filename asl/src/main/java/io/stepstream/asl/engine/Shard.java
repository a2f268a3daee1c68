package io.stepstream.asl.engine;

import io.stepstream.asl.items.ObjectWrite;
import io.stepstream.asl.items.ReadRefused;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A shard of a Map run: starts the child executions that it was given, some at a time, and tells
 * the Map state what they have come to. It has rows of its own under an ARN of its own, so it can
 * live at any partition, and the Map state's partition sees a few messages of it rather than one
 * for each child.
 *
 * <pre>
 *   ShardStarted ──> children under way ──> all ended ──> results handed over ──> gone
 *                       │  ^     ^                │                          │
 *                       │  │ ChildEnded         (written or published first, │ with failures
 *          ShardCancelled  │                     if the state says so)       v
 *                       └──┼────────────────────────────────────────────> resting
 *                          └──────────────── ShardResumed ──────────────────┘
 * </pre>
 *
 * <p>A shard rests while its Map run may still be redriven: it keeps the inputs of the children
 * that have not succeeded, and the results of the others. A child that was under way when it was
 * cancelled may still tell that it had succeeded before it could be stopped.
 *
 * <p>O(1) per child. Mutable and confined to one step.
 */
final class Shard {

  private static final long FRAME = Execution.ROOT_FRAME;
  private static final long CONTAINER = 2;

  /**
   * How many children a step begins. All else that its partition's thread has to do waits until the
   * step is over, and with a thousand permits that would be a tenth of a second.
   */
  private static final int BEGUN_PER_STEP = 50;

  private Execution execution;
  private final ExecutionView view;
  private final StepContext context;
  private Awaits.ShardOf run;
  private final int count;
  private final Payload payload = new Payload();

  /** Of all children, so it is hashed once in a step that begins many. */
  private final String place;

  private final List<Effect> effects = new ArrayList<>();

  private int cursor;
  private int window;
  private final BitSet active;
  private int activeCount;
  private Awaits.Progress progress;
  private int seq;
  private Awaits.Progress reported;
  private boolean reportDue;
  private final ShardHandover handover;
  private BitSet failed;
  private BitSet again;
  private boolean resting;
  private boolean gone;

  /** Inputs of a shard that begins; null: they are in rows. */
  private final @Nullable List<byte[]> inputs;

  /** Results that came in this step, which are in no row yet. */
  private final Map<Integer, byte[]> fresh = new LinkedHashMap<>();

  private Shard(
      Execution execution,
      ExecutionView view,
      StepContext context,
      Awaits.Shard state,
      @Nullable List<byte[]> inputs) {
    this.execution = execution;
    this.view = view;
    this.context = context;
    this.place = MapRunNames.place(execution.arn());
    this.run = state.run();
    this.count = state.count();
    this.cursor = state.cursor();
    this.window = state.window();
    this.active = (BitSet) state.active().clone();
    this.activeCount = active.cardinality();
    this.progress = state.progress();
    this.seq = state.seq();
    this.reported = state.reported();
    this.reportDue = state.reportDue();
    this.handover = new ShardHandover(state, this::result, context, payload, effects);
    this.failed = (BitSet) state.failed().clone();
    this.again = (BitSet) state.again().clone();
    this.resting = state.resting();
    this.inputs = inputs;
  }

  static Decision start(Event.ShardStarted started, ExecutionView view, StepContext context) {
    Execution execution =
        new Execution(
            started.arn(),
            started.arn().substring(started.arn().lastIndexOf(':') + 1),
            started.stateMachineArn(),
            started.roleArn(),
            false,
            Execution.Status.RUNNING,
            context.nowMillis(),
            null,
            null,
            1,
            CONTAINER + 1,
            0,
            0,
            null,
            new Execution.Part.Shard(started.run().flow()),
            false);
    Awaits.Shard state =
        new Awaits.Shard(
            started.run(),
            CONTAINER,
            started.inputs().size(),
            0,
            started.window(),
            new BitSet(),
            Awaits.Progress.NONE,
            0,
            Awaits.Progress.NONE,
            false,
            0,
            0,
            List.of(),
            List.of(),
            new BitSet(),
            new BitSet(),
            false);
    Shard shard = new Shard(execution, view, context, state, started.inputs());
    shard.effects.add(new Effect.PutExecution(execution));
    for (int i = 0; i < started.inputs().size(); i++) {
      shard.effects.add(new Effect.PutValue(ValueKey.items(CONTAINER, i), started.inputs().get(i)));
    }
    shard.fill();
    return shard.decision();
  }

  static Decision step(Execution execution, ExecutionView view, Event event, StepContext context) {
    Frame frame = view.frame(FRAME);
    if (frame == null || !(frame.awaits() instanceof Awaits.Shard state)) {
      throw new IllegalStateException("shard " + execution.arn() + " has no frame");
    }
    Shard shard = new Shard(execution, view, context, state, null);
    boolean accepted =
        switch (event) {
          case Event.ChildEnded ended -> shard.childEnded(ended);
          case Event.ShardWindowSet(int size) -> {
            shard.window = size;
            shard.fill();
            yield true;
          }
          case Event.ShardCancelled(int epoch, boolean keep) -> shard.cancelled(epoch, keep);
          case Event.ShardResumed resumed -> shard.resumed(resumed);
          case Event.TaskSucceeded(long _, int epoch, byte[] output) when epoch == shard.epoch() ->
              shard.written(output);
          case Event.TaskFailed(long _, int epoch, String _, String cause)
              when epoch == shard.epoch() && shard.handover.awaitsAnswers() -> {
            shard.fail(ObjectWrite.ERROR, cause == null ? "" : cause);
            shard.restMeanwhile();
            yield true;
          }
          case Event.TimerFired(TimerKey timer)
              when timer.epoch() == shard.epoch() && !shard.resting ->
              shard.fired(timer.purpose());
          default -> false;
        };
    return accepted
        ? shard.decision()
        : Decision.rejected(
            Rejection.Code.STALE, "Nothing waits for this: the child has ended already.");
  }

  /** Ends a shard whose step broke: the Map state fails, since it would wait for ever. */
  static Decision abandon(
      Execution execution, ExecutionView view, Failure failure, StepContext context) {
    Frame frame = view.frame(FRAME);
    if (frame == null || !(frame.awaits() instanceof Awaits.Shard state)) {
      return new Decision(List.of(new Effect.Vanish(execution.arn())), null);
    }
    Shard shard = new Shard(execution, view, context, state, null);
    shard.fail(String.valueOf(failure.error()), String.valueOf(failure.cause()));
    shard.stopChildren();
    shard.vanish();
    return shard.decision();
  }

  /** The same for a shard that could not even begin. */
  static Decision abandon(Event.ShardStarted started, Failure failure) {
    Awaits.ShardOf run = started.run();
    return new Decision(
        List.of(
            new Effect.Send(
                run.executionArn(),
                failed(run, String.valueOf(failure.error()), String.valueOf(failure.cause()))),
            new Effect.Vanish(started.arn())),
        null);
  }

  /**
   * What is told in place of a shard that is not there. Where it had ended, the Map state has heard
   * of that before, and takes no notice.
   */
  static Decision lost(Event.ShardProbed probe) {
    return lost(probe.executionArn(), probe.frameId(), probe.epoch(), probe.shard());
  }

  /** The same where the Map run is redriven. */
  static Decision lost(Event.ShardResumed resumed) {
    return lost(resumed.executionArn(), resumed.frameId(), resumed.epoch(), resumed.shard());
  }

  private static Decision lost(String executionArn, long frameId, int epoch, int shard) {
    return new Decision(
        List.of(
            new Effect.Send(
                executionArn,
                new Event.ShardFailed(
                    frameId,
                    epoch,
                    shard,
                    Failure.RUNTIME,
                    "Shard %d of the Map run is lost after a crash; what its child executions came to is unknown."
                        .formatted(shard)))),
        null);
  }

  private void fail(String error, String cause) {
    send(failed(run, error, cause));
  }

  private static Event.ShardFailed failed(Awaits.ShardOf run, String error, String cause) {
    return new Event.ShardFailed(run.frameId(), run.epoch(), run.number(), error, cause);
  }

  // ------------------------------------------------------------------ children

  /** Begins what it has permits for; of many some now, and the others in steps of their own. */
  private void fill() {
    begin(BEGUN_PER_STEP);
    if (mayBegin()) {
      schedule(TimerKey.Purpose.CONTINUE, context.nowMillis());
    }
  }

  private boolean mayBegin() {
    return (cursor < count || !again.isEmpty()) && activeCount < window && !resting;
  }

  private void begin(int most) {
    for (int begun = 0; begun < most && mayBegin(); begun++) {
      int index = again.isEmpty() ? cursor++ : again.nextSetBit(0);
      again.clear(index);
      active.set(index);
      activeCount++;
      String name = childName(index, run.redrive());
      String arn = MapRunNames.child(run.mapRunArn(), run.express(), name);
      effects.add(
          new Effect.Send(
              arn,
              new Event.ChildStarted(
                  new Event.Started(
                      arn,
                      name,
                      MapRunNames.childMachine(run.mapRunArn()),
                      execution.roleArn(),
                      run.express(),
                      context.nowMillis(),
                      input(index),
                      null),
                  new Execution.Part.Child(run.flow(), execution.arn(), index, run.redrive()))));
    }
  }

  /** Express children are begun anew by a redrive, Standard ones stay who they are. */
  private String childName(int index, int redrive) {
    return MapRunNames.childName(
        place, execution.arn(), run.firstChild() + index, run.express() ? redrive : 0);
  }

  private byte[] input(int index) {
    return inputs != null ? inputs.get(index) : required(ValueKey.items(CONTAINER, index));
  }

  private byte[] required(ValueKey key) {
    byte[] bytes = view.value(key);
    if (bytes == null) {
      throw new IllegalStateException("row " + key + " of " + execution.arn() + " is missing");
    }
    return bytes;
  }

  /** Tells the shard how its child has ended. */
  static Effect.Send end(
      Execution ended,
      Execution.Part.Child child,
      byte @Nullable [] output,
      @Nullable String error,
      @Nullable String cause) {
    Long stop = ended.stopMillis();
    return new Effect.Send(
        child.shardArn(),
        new Event.ChildEnded(
            child.index(),
            child.redrive(),
            ended.redriveCount(),
            ended.status(),
            output,
            error,
            cause,
            ended.startMillis(),
            stop == null ? ended.startMillis() : stop));
  }

  /**
   * Whether a child's end is news: of a child under way, or of one that was thought to be stopped
   * and had succeeded.
   */
  private boolean isNews(Event.ChildEnded ended) {
    int index = ended.index();
    if (index < 0) {
      return false;
    }
    boolean succeeded = ended.status() == Execution.Status.SUCCEEDED;
    return resting
        ? failed.get(index) && (succeeded || ended.redrive() == run.redrive())
        : active.get(index) && (succeeded || ended.redrive() == run.redrive())
            || again.get(index) && succeeded;
  }

  private boolean childEnded(Event.ChildEnded ended) {
    if (!isNews(ended)) {
      return false;
    }
    int index = ended.index();
    boolean succeeded = ended.status() == Execution.Status.SUCCEEDED;
    if (active.get(index)) {
      active.clear(index);
      activeCount--;
    }
    again.clear(index);
    byte[] input = input(index);
    String name = childName(index, ended.redrive());
    ChildResult result =
        ChildResult.of(
            run.transformation(),
            run.mapRunArn(),
            MapRunNames.child(run.mapRunArn(), run.express(), name),
            name,
            input,
            ended);
    ValueKey row = ValueKey.result(CONTAINER, index);
    byte[] bytes = result.row();
    fresh.put(index, bytes);
    effects.add(new Effect.PutValue(row, bytes));
    failed.set(index, !succeeded);
    if (succeeded) {
      effects.add(new Effect.DeleteValue(ValueKey.items(CONTAINER, index)));
    }
    if (succeeded || !resting) {
      progress = progress.plus(Awaits.Progress.of(ended.status(), items(input)));
    }
    if (resting) {
      return true; // it is asked when the Map run is redriven
    }
    // In its place. Whatever else there are permits for is begun already, or in a step to come.
    begin(1);
    if (ended() == count) {
      handOver();
    } else if (progress.children().unsuccessful() > 0 && reported.children().unsuccessful() == 0) {
      // The first failure decides most Map runs; the others can wait for the next report.
      report();
    } else if (!reportDue) {
      reportDue = true;
      schedule(
          TimerKey.Purpose.REPORT, context.nowMillis() + context.limits().mapRun().reportMillis());
    }
    return true;
  }

  private long items(byte[] input) {
    return run.batched()
            && payload.decodeTrusted(input) instanceof Map<?, ?> batch
            && batch.get("Items") instanceof List<?> items
        ? items.size()
        : 1;
  }

  private int ended() {
    return (int) progress.children().ended();
  }

  // ------------------------------------------------------------------ to the Map state

  private void send(Event.OfMapRun event) {
    effects.add(new Effect.Send(run.executionArn(), event));
  }

  private void report() {
    if (!reported.equals(progress)) {
      reported = progress;
      seq++;
      // What it can't use any more goes to other shards. It doesn't tell its window, which may be
      // about to change: the Map state would take permits for free that are on their way to here.
      int needed = count - ended();
      window = Math.min(window, needed);
      send(
          new Event.ShardProgressed(
              run.frameId(), run.epoch(), run.number(), seq, progress, needed));
    }
  }

  private boolean fired(TimerKey.Purpose purpose) {
    switch (purpose) {
      case REPORT -> {
        reportDue = false;
        report();
      }
      case CONTINUE -> {
        if (ended() == count) {
          handOver();
        } else {
          fill();
        }
      }
      case WAIT, RETRY, TASK_TIMEOUT, HEARTBEAT, EXECUTION_TIMEOUT, WATCH -> {
        return false;
      }
    }
    return true;
  }

  private void schedule(TimerKey.Purpose purpose, long due) {
    effects.add(new Effect.Schedule(new TimerKey(FRAME, epoch(), purpose), due));
  }

  /** Hands the results over, some at a time, and then goes. */
  private void handOver() {
    if (handover.goOn(run, epoch())) {
      end();
    }
  }

  /** What a worker says of results that it has written or published. */
  private boolean written(byte[] output) {
    try {
      return switch (handover.take(run, epoch(), output)) {
        case UNEXPECTED -> false;
        case TAKEN -> true;
        case COMPLETE -> {
          end();
          yield true;
        }
      };
    } catch (ReadRefused e) {
      if (!handover.awaitsAnswers()) {
        return false;
      }
      fail(
          ObjectWrite.ERROR,
          "A worker answered with what tells of no written results. " + e.getMessage());
      restMeanwhile();
      return true;
    }
  }

  private byte[] result(int index) {
    byte[] row = fresh.get(index);
    return row != null ? row : required(ValueKey.result(CONTAINER, index));
  }

  private void end() {
    send(
        new Event.ShardEnded(
            run.frameId(), run.epoch(), run.number(), progress, handover.told(run)));
    if (failed.isEmpty()) {
      vanish();
    } else {
      restMeanwhile();
    }
  }

  // ------------------------------------------------------------------ end

  /** False: it was resumed since. */
  private boolean cancelled(int epoch, boolean keep) {
    if (epoch < run.epoch()) {
      return false;
    }
    stopChildren();
    if (keep) {
      rest(context.nowMillis());
    } else {
      vanish();
    }
    return true;
  }

  private void stopChildren() {
    active.stream()
        .mapToObj(index -> childName(index, run.redrive()))
        .map(name -> MapRunNames.child(run.mapRunArn(), run.express(), name))
        .forEach(arn -> effects.add(new Effect.Send(arn, new Event.StopRequested(null, null))));
  }

  /**
   * Keeps what a redrive takes.
   *
   * @param since the period in which the Map run can be redriven begins then, or before
   */
  private void rest(long since) {
    resting = true;
    failed.or(active);
    failed.or(again);
    again.clear();
    active.clear();
    activeCount = 0;
    handover.forgetAnswers();
    reportDue = false;
    execution = execution.resting(since);
    effects.add(new Effect.PutExecution(execution));
  }

  /**
   * Until it is told how its Map run ends; if it never is, at most for as long as that may take.
   */
  private void restMeanwhile() {
    rest(RedriveRules.latestEnd(execution.startMillis()));
  }

  /** False: it was told so before. */
  private boolean resumed(Event.ShardResumed resumed) {
    if (resumed.epoch() <= run.epoch()) {
      return false;
    }
    if (!resting) { // a crash has set it back
      stopChildren();
      rest(context.nowMillis());
    }
    run = run.redriven(resumed.epoch(), resumed.redrive());
    window = resumed.window();
    resting = false;
    again = failed;
    failed = new BitSet();
    progress = progress.succeeded();
    reported = Awaits.Progress.NONE;
    handover.beginAgain();
    execution = execution.resting(null);
    effects.add(new Effect.PutExecution(execution));
    fill();
    if (ended() == count) {
      handOver();
    } else {
      report();
    }
    return true;
  }

  /** Of what it waits for; its messages are told apart by child and by sequence besides. */
  private int epoch() {
    return 1 + run.redrive();
  }

  private void vanish() {
    gone = true;
    effects.add(new Effect.DeleteFrame(FRAME));
    // Twice as many rows as a shard has children, which is a bounded number.
    for (int i = 0; i < count; i++) {
      effects.add(new Effect.DeleteValue(ValueKey.items(CONTAINER, i)));
      effects.add(new Effect.DeleteValue(ValueKey.result(CONTAINER, i)));
    }
    effects.add(new Effect.Vanish(execution.arn()));
  }

  private Decision decision() {
    if (!gone) {
      effects.add(
          new Effect.PutFrame(
              new Frame(
                  FRAME,
                  0,
                  run.number(),
                  epoch(),
                  run.flow(),
                  "",
                  0,
                  0,
                  execution.startMillis(),
                  false,
                  0,
                  List.of(),
                  new Awaits.Shard(
                      run,
                      CONTAINER,
                      count,
                      cursor,
                      window,
                      active,
                      progress,
                      seq,
                      reported,
                      reportDue,
                      handover.sent(),
                      handover.parts(),
                      handover.writing(),
                      handover.files(),
                      failed,
                      again,
                      resting))));
    }
    return new Decision(List.copyOf(effects), null);
  }
}
