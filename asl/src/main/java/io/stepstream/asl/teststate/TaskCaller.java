package io.stepstream.asl.teststate;

import io.stepstream.asl.engine.Effect;
import io.stepstream.asl.engine.StateVisit.Answer;

/** Calls what a Task state without a mock addresses, and waits for the answer. */
@FunctionalInterface
public interface TaskCaller {

  /**
   * @param roleArn on whose behalf
   * @throws Refusal when nothing of that kind can be called here
   */
  Answer call(Effect.Dispatch task, String roleArn) throws Refusal;

  /** The test can't be made, for this reason. */
  final class Refusal extends Exception {

    private static final long serialVersionUID = 1L;

    public Refusal(String message) {
      super(message, null, false, false);
    }
  }
}
