package io.stepstream.coordinator.api.protocol;

import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import io.stepstream.coordinator.api.protocol.Checked.Invalid;
import io.stepstream.coordinator.api.protocol.Checked.Valid;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** Checks the payloads of executions, which are JSON in a string. */
public final class PayloadText {

  /** AWS's quota, in bytes of UTF-8; the model bounds the number of characters. */
  public static final int MAXIMUM_BYTES = 262_144;

  private PayloadText() {}

  /**
   * The text in UTF-8, verbatim.
   *
   * @param what the text is, for people
   * @param refusal of what is wrong with it
   */
  public static Checked<byte[]> check(
      String text, String what, Function<String, Answer.Refusal> refusal) {
    // By the engine's own decoder: what it could not read must not get past here.
    if (Json.decode(text) instanceof Decoded.Malformed malformed) {
      return new Invalid<>(refusal.apply(malformed.message()));
    }
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return utf8.length <= MAXIMUM_BYTES
        ? new Valid<>(utf8)
        : new Invalid<>(
            refusal.apply(
                "The %s has %d bytes in UTF-8; at most %d are allowed"
                    .formatted(what, utf8.length, MAXIMUM_BYTES)));
  }
}
