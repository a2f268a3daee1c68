package io.stepstream.asl.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a step.
 *
 * @param rejection why the event changed nothing; null when it was accepted
 */
public record Decision(List<Effect> effects, @Nullable Rejection rejection) {

  static Decision rejected(Rejection.Code code, String message) {
    return new Decision(List.of(), new Rejection(code, message));
  }
}
