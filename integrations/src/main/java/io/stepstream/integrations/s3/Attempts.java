package io.stepstream.integrations.s3;

import io.stepstream.asl.items.ReadRefused;
import io.stepstream.worker.handler.TaskFailedException;
import java.io.IOException;
import java.time.Duration;

/** Tries again what may succeed next time, a few times; then the task fails. */
final class Attempts {

  private static final int MOST = 4;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final int GROWTH = 4;

  /** Lets time go by. */
  interface Pause {
    void last(Duration duration) throws InterruptedException;
  }

  interface Attempt<T> {
    T run() throws IOException;
  }

  private final Pause pause;

  Attempts(Pause pause) {
    this.pause = pause;
  }

  /**
   * @param error of the task when it fails
   */
  <T> T run(String error, Attempt<T> attempt) throws InterruptedException {
    Duration wait = FIRST_PAUSE;
    for (int attempts = 1; ; attempts++) {
      try {
        return attempt.run();
      } catch (ReadRefused e) {
        throw new TaskFailedException(error, e.getMessage());
      } catch (IOException e) {
        if (Thread.interrupted()) {
          throw new InterruptedException("nobody waits for the answer any more");
        }
        if (attempts == MOST) {
          throw new TaskFailedException(
              error, "%s (after %d attempts)".formatted(e.getMessage(), attempts));
        }
      }
      pause.last(wait);
      wait = wait.multipliedBy(GROWTH);
    }
  }
}
