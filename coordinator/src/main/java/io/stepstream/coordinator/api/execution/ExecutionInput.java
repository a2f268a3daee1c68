package io.stepstream.coordinator.api.execution;

import io.stepstream.coordinator.api.protocol.Checked;
import io.stepstream.coordinator.api.protocol.Checked.Invalid;
import io.stepstream.coordinator.api.protocol.Checked.Valid;
import io.stepstream.coordinator.api.protocol.PayloadText;
import io.stepstream.coordinator.api.protocol.Refusals;
import org.jspecify.annotations.Nullable;

/** Checks the input of an execution, which is JSON in a string. */
final class ExecutionInput {

  private static final byte[] EMPTY_OBJECT = {'{', '}'};

  private ExecutionInput() {}

  /** The input in UTF-8, verbatim; {@code {}} when there is none. */
  static Checked<byte[]> check(@Nullable String input) {
    if (input == null) {
      return new Valid<>(EMPTY_OBJECT.clone());
    }
    return input.isBlank()
        ? new Invalid<>(Refusals.invalidExecutionInput("Invalid execution input."))
        : PayloadText.check(input, "input", Refusals::invalidExecutionInput);
  }
}
