package io.stepstream.asl.simulation;

import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An attempt of a Task state.
 *
 * @param resource the state's Resource
 * @param function name of the function that a Lambda resource addresses; null: it addresses none
 * @param retryCount 0 for the first attempt of a state visit
 * @param input what the task gets: the state's Parameters or Arguments, JSON in UTF-8
 * @param at the simulated moment
 */
public record TaskAttempt(
    String state,
    String resource,
    @Nullable String function,
    int retryCount,
    byte[] input,
    Instant at) {

  /** The decoded input. */
  public Object payload() {
    return switch (Json.decode(input)) {
      case Decoded.Tree(Object json) -> json;
      case Decoded.Malformed malformed ->
          throw new IllegalStateException("the engine dispatched bad JSON: " + malformed.message());
    };
  }
}
