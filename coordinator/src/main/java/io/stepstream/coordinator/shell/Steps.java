package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.Decision;
import io.stepstream.asl.engine.Engine;
import io.stepstream.asl.engine.Event;
import io.stepstream.asl.engine.ExecutionView;
import io.stepstream.asl.engine.Machine;
import io.stepstream.asl.engine.Rejection;
import io.stepstream.asl.engine.StepContext;
import io.stepstream.coordinator.sealing.Seals;
import io.stepstream.coordinator.store.ExecutionRows;
import io.stepstream.coordinator.store.TimerRow;
import io.stepstream.coordinator.store.TimerRows;
import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.sealing.KeyUnavailableException;
import io.stepstream.schemas.sealing.Seal;
import io.stepstream.schemas.topic.ExecutionKey;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Runs the core on the events of executions and shards and applies what it decides. A step always
 * ends with a decision that can be applied: a bug in the core, or a record that is too large, ends
 * the one execution and not the partition.
 *
 * <p>Not thread safe: one per partition.
 */
final class Steps {

  private static final Logger LOG = LoggerFactory.getLogger(Steps.class);

  /** In the lines of a log, as {@code mdc.executionArn}. */
  static final String EXECUTION = "executionArn";

  private final LaneSettings lane;
  private final Seals seals;
  private final Definitions definitions;
  private final TaskWorld world;
  private final StepCounters counters;
  private final ExecutionRows executions;
  private final TimerRows cleanUps;
  private final EffectApplier applier;
  private final DeadLetters deadLetters;
  private final LongSupplier clock;

  /**
   * @param clock the partition's, which never goes back
   */
  Steps(
      LaneSettings lane,
      Seals seals,
      Definitions definitions,
      TaskWorld world,
      StepCounters counters,
      ExecutionRows executions,
      TimerRows cleanUps,
      EffectApplier applier,
      DeadLetters deadLetters,
      LongSupplier clock) {
    this.lane = lane;
    this.seals = seals;
    this.definitions = definitions;
    this.world = world;
    this.counters = counters;
    this.executions = executions;
    this.cleanUps = cleanUps;
    this.applier = applier;
    this.deadLetters = deadLetters;
    this.clock = clock;
  }

  /** What an execution runs; null: it is not there yet, or no longer. */
  Definitions.@Nullable Runnable definition(ExecutionRow header) {
    return definitions.find(
        ExecutionArns.definedBy(header.getStateMachineArn()), header.getRevisionId());
  }

  /**
   * The clocks of the node which took the start, and of the one which had the execution before, may
   * be ahead: a history must not go back.
   */
  long stepTime(ExecutionRow header) {
    Instant before = header.getSteppedAt() == null ? header.getStartDate() : header.getSteppedAt();
    return Math.max(clock.getAsLong(), before.toEpochMilli());
  }

  /**
   * Runs the core on an event.
   *
   * @param header as the shell knows it; updated in place
   * @param stored whether the header has a row already
   * @param runnable null: a shard's event, which needs none
   * @param delivery that the event came with; null: a timer's
   * @return why the event was not accepted; null: it was
   * @throws KeyUnavailableException the step has not been made, and may be tried again
   */
  @Nullable Rejection run(
      ExecutionKey key,
      ExecutionRow header,
      boolean stored,
      Definitions.@Nullable Runnable runnable,
      Event event,
      @Nullable Delivery delivery) {
    Machine machine = runnable == null ? null : runnable.machine();
    Definitions.Telling telling =
        runnable == null ? Definitions.Telling.NOTHING : runnable.telling();
    Seal seal = seal(header, machine);
    long now = stepTime(header);
    StepContext step =
        new StepContext(now, lane.region(), lane.limits(), world.tokens(), world.activities());
    byte[] hash = key.hash16();
    ExecutionView view = executions.view(hash, stored ? header : null);
    Decision decision;
    String broken = null;
    try {
      decision =
          machine == null
              ? Engine.stepShard(view, event, step)
              : Engine.step(machine, view, event, step);
    } catch (KeyUnavailableException e) {
      throw e; // the step has changed nothing yet, and whoever called waits for the key
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError bug) {
      // The record must not come back for ever: its execution ends, the partition lives on. The
      // step has changed nothing yet, whatever broke it.
      try (var _ = MDC.putCloseable(EXECUTION, key.arn())) {
        LOG.error("A bug in the core ends execution {}", key.arn(), bug);
      }
      counters.bug();
      broken = "An internal error ended the execution: " + bug;
      decision =
          Engine.abandon(
              executions.readableView(hash, stored ? header : null), event, broken, step);
    }
    if (decision.rejection() != null) {
      counters.rejected(decision.rejection().code());
      return decision.rejection();
    }
    counters.stepped();
    String excess = applier.apply(key, header, stored, decision, seal, telling, now);
    Rejection rejection = null;
    if (excess != null) {
      try (var _ = MDC.putCloseable(EXECUTION, key.arn())) {
        LOG.warn("Execution {} ends: {}", key.arn(), excess);
      }
      Decision end = Engine.abandonTooLarge(view, event, excess, step);
      if (end.rejection() == null) {
        end(key, header, stored, end, seal, telling, now);
      } else {
        // It had ended, and stays as it was.
        rejection = new Rejection(end.rejection().code(), excess);
      }
    }
    // Behind all that may have to wait for a key of whoever is told of the end: until then the
    // execution lives, with its rows.
    if (broken != null && delivery != null) {
      deadLetters.put(delivery, broken);
    }
    if (rejection == null && (broken != null || excess != null)) {
      // An end that nobody could plan leaves rows that nobody knows of.
      cleanUps.schedule(hash, ExecutionRows.EVERYTHING, TimerRow.PURGE, now, new byte[0]);
    }
    return rejection;
  }

  /** A record that its topic refuses would end the thread again and again (INV-33). */
  private void end(
      ExecutionKey key,
      ExecutionRow header,
      boolean stored,
      Decision end,
      Seal seal,
      Definitions.Telling telling,
      long now) {
    String excess = applier.apply(key, header, stored, end, seal, telling, now);
    if (excess != null) {
      throw new IllegalStateException("Not even the end of " + key.arn() + " fits: " + excess);
    }
  }

  /** Had before the step, so that nothing of it can fail for the key. */
  private Seal seal(ExecutionRow header, @Nullable Machine machine) {
    String arn = ExecutionArns.definedBy(header.getStateMachineArn());
    if (machine != null) {
      return seals.ofRevision(arn, header.getRevisionId());
    }
    // Nothing is known of a lost shard, which has no payloads either.
    return arn.isEmpty() ? Seal.NONE : seals.ofShard(arn, header.getRevisionId());
  }
}
