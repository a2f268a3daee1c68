package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.Rejection;
import io.stepstream.coordinator.metrics.LaneMeters;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a lane has done since its start. Rejections are normal (duplicates, late results), so they
 * are counted, not logged.
 */
public final class StepCounters {

  private final LongAdder steps = new LongAdder();
  private final LongAdder deadLetters = new LongAdder();
  private final LongAdder bugs = new LongAdder();
  private final LongAdder awaitedDefinitions = new LongAdder();
  private final LongAdder awaitedKeys = new LongAdder();
  private final LongAdder overdue = new LongAdder();
  private final Map<Rejection.Code, LongAdder> rejections = new EnumMap<>(Rejection.Code.class);
  private final LaneMeters meters;

  /**
   * @param meters of the lane, for what has labels
   */
  public StepCounters(LaneMeters meters) {
    this.meters = meters;
    for (Rejection.Code code : Rejection.Code.values()) {
      rejections.put(code, new LongAdder());
    }
  }

  void stepped() {
    steps.increment();
  }

  LaneMeters meters() {
    return meters;
  }

  /** A command is tried again later, since a definition is not there yet. */
  void awaitsDefinition() {
    awaitedDefinitions.increment();
  }

  /** A command or a timer is tried again later, since a key is not there. */
  void awaitsKey() {
    awaitedKeys.increment();
  }

  /** An execution had lost its timeout and is ended late. */
  void overdue() {
    overdue.increment();
  }

  void deadLetter() {
    deadLetters.increment();
  }

  void bug() {
    bugs.increment();
  }

  void rejected(Rejection.Code code) {
    rejections.get(code).increment();
  }

  public long steps() {
    return steps.sum();
  }

  public long deadLetters() {
    return deadLetters.sum();
  }

  public long bugs() {
    return bugs.sum();
  }

  public long awaitedDefinitions() {
    return awaitedDefinitions.sum();
  }

  public long awaitedKeys() {
    return awaitedKeys.sum();
  }

  public long overdueExecutions() {
    return overdue.sum();
  }

  public long rejections(Rejection.Code code) {
    return rejections.get(code).sum();
  }
}
