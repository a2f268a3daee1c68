package io.stepstream.schemas.codec;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Avro's {@code bytes} fields hold user JSON in {@link ByteBuffer}s. These functions never move a
 * buffer's position, so a payload can be taken any number of times.
 *
 * <p>Arrays and buffers are shared wherever possible and therefore must not be written to.
 */
public final class Payloads {

  private Payloads() {}

  /** A buffer over the array itself. */
  public static ByteBuffer of(byte[] bytes) {
    return ByteBuffer.wrap(bytes);
  }

  /** A buffer of the text in UTF-8. */
  public static ByteBuffer of(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The remaining bytes: the backing array itself where the buffer covers all of it. */
  public static byte[] bytes(ByteBuffer payload) {
    if (payload.hasArray()
        && payload.arrayOffset() == 0
        && payload.position() == 0
        && payload.remaining() == payload.array().length) {
      return payload.array();
    }
    byte[] copy = new byte[payload.remaining()];
    payload.get(payload.position(), copy);
    return copy;
  }

  /** The remaining bytes as UTF-8; malformed sequences become U+FFFD. */
  public static String text(ByteBuffer payload) {
    return new String(bytes(payload), StandardCharsets.UTF_8);
  }
}
