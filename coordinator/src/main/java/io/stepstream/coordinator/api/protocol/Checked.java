package io.stepstream.coordinator.api.protocol;

import io.stepstream.coordinator.api.protocol.Answer.Refusal;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** A value taken from a request, or why it can't be taken. */
public sealed interface Checked<T> {

  record Valid<T>(T value) implements Checked<T> {}

  record Invalid<T>(Refusal refusal) implements Checked<T> {}

  /** Goes on with the value; an invalid one is answered with its refusal. */
  default CompletionStage<Answer> then(Function<T, CompletionStage<Answer>> next) {
    return switch (this) {
      case Valid<T>(T value) -> next.apply(value);
      case Invalid<T>(Refusal refusal) -> refusal.now();
    };
  }
}
