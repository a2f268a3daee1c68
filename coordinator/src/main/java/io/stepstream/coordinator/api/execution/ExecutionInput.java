package io.stepstream.coordinator.api.execution;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.stepstream.coordinator.api.protocol.Checked;
import io.stepstream.coordinator.api.protocol.Checked.Invalid;
import io.stepstream.coordinator.api.protocol.Checked.Valid;
import io.stepstream.coordinator.api.protocol.Refusals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Checks the input of an execution, which is JSON in a string. */
final class ExecutionInput {

  /** AWS's quota, in bytes of UTF-8; the model bounds the number of characters. */
  static final int MAXIMUM_BYTES = 262_144;

  private static final byte[] EMPTY_OBJECT = {'{', '}'};
  private static final JsonFactory JSON = new JsonFactory();

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
    try (JsonParser parser = JSON.createParser(input)) {
      if (parser.nextToken() == null) {
        return "Invalid execution input.";
      }
      parser.skipChildren();
      JsonToken behind = parser.nextToken();
      return behind == null ? null : "Unexpected text behind the end of the JSON value";
    } catch (JsonProcessingException e) {
      return e.getOriginalMessage();
    } catch (IOException e) {
      throw new UncheckedIOException("reading a string", e);
    }
  }
}
