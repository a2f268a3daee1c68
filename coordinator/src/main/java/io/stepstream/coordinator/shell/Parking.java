package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.TimerKey;
import io.stepstream.coordinator.store.TimerRow;
import io.stepstream.coordinator.store.TimerRows;
import io.stepstream.schemas.topic.ExecutionKey;
import io.stepstream.schemas.topic.LaneTopics;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * What cannot be carried out before a definition or a key is there: it becomes a timer's row in the
 * transaction that has read it, and is tried again when that is due. A command comes back after 20
 * ms, 40 ms … 1 s. How often is for others to say: what belongs to a running execution must never
 * be given up, since the execution would wait for it for ever.
 *
 * <p>Not thread safe: one per partition.
 */
final class Parking {

  private static final long FIRST_MILLIS = 20;
  private static final long AGAIN_MILLIS = 1000;

  private final LaneTopics topics;
  private final TimerRows timers;
  private final StepCounters counters;
  private final LongSupplier clock;
  private final MissingKeys missingKeys = new MissingKeys();

  /**
   * @param clock the partition's, which never goes back
   */
  Parking(LaneTopics topics, TimerRows timers, StepCounters counters, LongSupplier clock) {
    this.topics = topics;
    this.timers = timers;
    this.counters = counters;
    this.clock = clock;
  }

  void awaitDefinition(ExecutionKey key, Delivery delivery) {
    counters.awaitsDefinition();
    park(key, delivery);
  }

  void awaitDefinition(TimerRow timer, TimerKey engineTimer) {
    counters.awaitsDefinition();
    again(timer, engineTimer);
  }

  /**
   * @param reason names the key
   */
  void awaitKey(ExecutionKey key, Delivery delivery, String reason) {
    missingKeys.tell(key.arn(), reason, clock.getAsLong());
    counters.awaitsKey();
    park(key, delivery);
  }

  /**
   * @param reason names the key
   */
  void awaitKey(TimerRow timer, TimerKey engineTimer, String reason) {
    missingKeys.tell("a timer of an execution", reason, clock.getAsLong());
    counters.awaitsKey();
    again(timer, engineTimer);
  }

  /** Tries a delivery again later, in the order of arrival. */
  private void park(ExecutionKey key, Delivery delivery) {
    long delay = Math.min(AGAIN_MILLIS, FIRST_MILLIS << Math.min(delivery.attempts(), 10));
    timers.park(
        key.hash16(),
        delivery.parkedId(topics),
        delivery.attempts() + 1,
        clock.getAsLong() + delay,
        Objects.requireNonNull(delivery.value()));
  }

  private void again(TimerRow timer, TimerKey engineTimer) {
    timers.schedule(timer.hash(), engineTimer, clock.getAsLong() + AGAIN_MILLIS);
  }
}
