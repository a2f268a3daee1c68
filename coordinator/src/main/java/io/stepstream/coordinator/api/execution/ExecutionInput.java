package io.stepstream.coordinator.api.execution;

import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import io.stepstream.coordinator.api.protocol.Checked;
import io.stepstream.coordinator.api.protocol.Checked.Invalid;
import io.stepstream.coordinator.api.protocol.Checked.Valid;
import io.stepstream.coordinator.api.protocol.Refusals;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Checks the input of an execution, which is JSON in a string. */
final class ExecutionInput {

  /** AWS's quota, in bytes of UTF-8; the model bounds the number of characters. */
  static final int MAXIMUM_BYTES = 262_144;

  private static final byte[] EMPTY_OBJECT = {'{', '}'};

  private ExecutionInput() {}

  /** The input in UTF-8, verbatim; {@code {}} when there is none. */
  static Checked<byte[]> check(@Nullable String input) {
    if (input == null) {
      return new Valid<>(EMPTY_OBJECT.clone());
    }
    String problem = problem(input);
    if (problem != null) {
      return new Invalid<>(Refusals.invalidExecutionInput(problem));
    }
    byte[] utf8 = input.getBytes(StandardCharsets.UTF_8);
    return utf8.length <= MAXIMUM_BYTES
        ? new Valid<>(utf8)
        : new Invalid<>(
            Refusals.invalidExecutionInput(
                "The input has %d bytes in UTF-8; at most %d are allowed"
                    .formatted(utf8.length, MAXIMUM_BYTES)));
  }

  private static @Nullable String problem(String input) {
    if (input.isBlank()) {
      return "Invalid execution input.";
    }
    // By the engine's own decoder: what it could not read must not get past here.
    return switch (Json.decode(input)) {
      case Decoded.Tree _ -> null;
      case Decoded.Malformed malformed -> malformed.message();
    };
  }
}
