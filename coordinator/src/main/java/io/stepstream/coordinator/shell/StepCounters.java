package io.stepstream.coordinator.shell;

import io.stepstream.asl.engine.Rejection;
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
  private final Map<Rejection.Code, LongAdder> rejections = new EnumMap<>(Rejection.Code.class);

  public StepCounters() {
    for (Rejection.Code code : Rejection.Code.values()) {
      rejections.put(code, new LongAdder());
    }
  }

  void stepped() {
    steps.increment();
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

  public long rejections(Rejection.Code code) {
    return rejections.get(code).sum();
  }
}
