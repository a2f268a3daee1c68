package io.stepstream.integrations;

import java.time.Duration;

/**
 * How long to wait between two looks at a job, and between two tries to stop it.
 *
 * @param shortest between any two calls
 */
public record JobPauses(Duration shortest) {

  /** Looks in a row without an answer, after which a task fails: six hours or so. */
  public static final int MOST_UNANSWERED = 360;

  /** Tries to stop a job: half a minute. */
  public static final int STOPS = 6;

  /** That a look may take; the next one is not far. */
  public static final Duration LOOK = Duration.ofSeconds(30);

  /** A job's end is told late by an eighth of its duration at most, within these bounds. */
  private static final int PARTS = 8;

  private static final Duration LONGEST = Duration.ofMinutes(1);

  /**
   * After a job has been found running.
   *
   * @param age how long it has been known
   */
  public Duration after(Duration age) {
    return bounded(age.dividedBy(PARTS));
  }

  /**
   * After a call that wasn't answered.
   *
   * @param before how many in a row weren't answered before
   */
  public Duration backOff(int before) {
    return bounded(shortest.multipliedBy(1L << Math.min(before, 10)));
  }

  private Duration bounded(Duration pause) {
    if (pause.compareTo(shortest) < 0) {
      return shortest;
    }
    return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
  }
}
