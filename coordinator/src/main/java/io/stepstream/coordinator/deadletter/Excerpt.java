package io.stepstream.coordinator.deadletter;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of some bytes.
 *
 * @param length of all of them
 */
public record Excerpt(byte[] beginning, int length) {

  /** Null: there are none. */
  static @Nullable Excerpt of(byte @Nullable [] bytes, int most) {
    return bytes == null
        ? null
        : new Excerpt(
            bytes.length <= most ? bytes.clone() : Arrays.copyOf(bytes, most), bytes.length);
  }

  public boolean isComplete() {
    return beginning.length == length;
  }

  /**
   * As UTF-8 for people. What is no text, and control characters but tab and line feed, come as
   * U+FFFD: a terminal that shows them obeys nothing in them.
   */
  public String text() {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    CharBuffer text = CharBuffer.allocate(beginning.length);
    // A character that the cut has divided is left out.
    CoderResult _ = decoder.decode(ByteBuffer.wrap(beginning), text, isComplete());
    text.flip();
    StringBuilder safe = new StringBuilder(text.length());
    text.chars().forEach(c -> safe.append(isSafe(c) ? (char) c : '\uFFFD'));
    return safe.toString();
  }

  private static boolean isSafe(int c) {
    return c == '\t' || c == '\n' || !Character.isISOControl(c);
  }
}
