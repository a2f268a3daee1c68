package io.stepstream.worker;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How one attempt of a task ended. */
sealed interface Outcome {

  /**
   * The task has a result.
   *
   * @param output JSON text in UTF-8
   */
  record Succeeded(byte[] output) implements Outcome {}

  /** The task failed; the coordinator decides on Retry and Catch. */
  record Failed(@Nullable String error, @Nullable String cause) implements Outcome {

    /** AWS's limits on the two strings, in characters. */
    private static final int MAX_ERROR = 256;

    private static final int MAX_CAUSE = 32_768;

    public Failed {
      error = shortened(error, MAX_ERROR);
      cause = shortened(cause, MAX_CAUSE);
    }

    private static @Nullable String shortened(@Nullable String text, int max) {
      if (text == null || text.length() <= max) {
        return text;
      }
      int end = Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
      return text.substring(0, end);
    }
  }

  /**
   * The handler has passed the task token on; the result comes by another way.
   *
   * @param output what the handler returned, for the history only; JSON text in UTF-8
   */
  record HandedOver(byte[] output) implements Outcome {}

  /**
   * The task has a job that runs; the coordinator will ask for a look at it.
   *
   * @param reference by which the job is found
   * @param submitted what the request for it was answered by, JSON text in UTF-8; null: that was
   *     told before
   * @param unanswered how many looks in a row nobody has answered
   * @param stopLate whether to stop the job if nobody waits for it any more
   */
  record JobRuns(
      String reference,
      byte @Nullable [] submitted,
      Duration pause,
      int unanswered,
      boolean stopLate)
      implements Outcome {}

  /** Nobody is to be told: the order was to stop a job. */
  record Nothing() implements Outcome {}
}
