package io.stepstream.schemas.sealing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The format of a sealed payload, part of the public contract: workers in other languages read it.
 *
 * <pre>
 *   00 53 45 01            no JSON begins so
 *   length(2) keyId        UTF-8
 *   length(2) wrapped      the data key, wrapped by the key
 *   nonce(12)
 *   ciphertext and tag(16) AES-256-GCM; additional data: all before the nonce, then the context
 * </pre>
 *
 * <p>In a field that is a string: {@code sealed:v1:} and the same in Base64.
 *
 * @param header all before the nonce
 * @param nonce where the nonce begins
 */
record SealedPayload(String keyId, byte[] wrapped, byte[] header, int nonce) {

  static final int NONCE_BYTES = 12;
  static final int TAG_BITS = 128;

  private static final byte[] MAGIC = {0, 'S', 'E', 1};
  private static final String TEXT = "sealed:v1:";

  /** More than any hash has: a field with either is told apart by its length. */
  private static final int SHORTEST = MAGIC.length + 2 + 1 + 2 + 1 + NONCE_BYTES + TAG_BITS / 8;

  static byte[] header(String keyId, byte[] wrapped) {
    byte[] id = keyId.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(MAGIC.length + 2 + id.length + 2 + wrapped.length)
        .put(MAGIC)
        .putShort((short) id.length)
        .put(id)
        .putShort((short) wrapped.length)
        .put(wrapped)
        .array();
  }

  /** Tells most plain payloads without a look at more than their first byte. */
  static boolean isPlain(byte[] bytes) {
    return bytes.length < SHORTEST || bytes[0] != MAGIC[0];
  }

  /** Null: the bytes are not sealed. */
  static @Nullable SealedPayload read(byte[] bytes) {
    if (bytes.length < SHORTEST || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      return null;
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).position(MAGIC.length);
    byte[] id = part(buffer);
    byte[] wrapped = id == null ? null : part(buffer);
    if (wrapped == null || buffer.remaining() < NONCE_BYTES + TAG_BITS / 8) {
      return null;
    }
    return new SealedPayload(
        new String(id, StandardCharsets.UTF_8),
        wrapped,
        Arrays.copyOf(bytes, buffer.position()),
        buffer.position());
  }

  private static byte @Nullable [] part(ByteBuffer buffer) {
    if (buffer.remaining() < 2) {
      return null;
    }
    int length = Short.toUnsignedInt(buffer.getShort());
    if (length == 0 || buffer.remaining() < length) {
      return null;
    }
    byte[] part = new byte[length];
    buffer.get(part);
    return part;
  }

  static String text(byte[] sealed) {
    return TEXT + Base64.getEncoder().encodeToString(sealed);
  }

  /** Null: the text is not sealed. */
  static byte @Nullable [] bytes(String text) {
    if (!text.startsWith(TEXT)) {
      return null;
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(text.substring(TEXT.length()));
      return read(bytes) == null ? null : bytes;
    } catch (IllegalArgumentException _) {
      return null;
    }
  }
}
