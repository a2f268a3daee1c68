package io.stepstream.coordinator.execution;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * Where somebody is in a topic: the next offset of each partition. As text it is base64 of a
 * version and the offsets, seven bits to a byte, the lowest first.
 */
public final class LogPosition {

  private static final byte VERSION = 1;
  private static final int LONGEST_OFFSET = 9;

  private final long[] next;

  public LogPosition(long[] next) {
    this.next = next.clone();
  }

  /** Empty: it is no position. */
  public static Optional<LogPosition> of(String text) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
      if (bytes.get() != VERSION) {
        return Optional.empty();
      }
      long[] next = new long[bytes.remaining()];
      int partitions = 0;
      while (bytes.hasRemaining()) {
        next[partitions++] = offset(bytes);
      }
      return Optional.of(new LogPosition(Arrays.copyOf(next, partitions)));
    } catch (IllegalArgumentException | BufferUnderflowException _) {
      return Optional.empty();
    }
  }

  private static long offset(ByteBuffer bytes) {
    long offset = 0;
    for (int i = 0; i < LONGEST_OFFSET; i++) {
      byte next = bytes.get();
      offset |= (next & 0x7FL) << 7 * i;
      if (next >= 0) {
        return offset;
      }
    }
    throw new IllegalArgumentException("an offset of more than 63 bits");
  }

  public int partitions() {
    return next.length;
  }

  public long[] offsets() {
    return next.clone();
  }

  @Override
  public String toString() {
    ByteBuffer bytes = ByteBuffer.allocate(1 + next.length * LONGEST_OFFSET).put(VERSION);
    for (long offset : next) {
      long rest = offset;
      while (rest > 0x7F) {
        bytes.put((byte) (rest & 0x7F | 0x80));
        rest >>>= 7;
      }
      bytes.put((byte) rest);
    }
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Arrays.copyOf(bytes.array(), bytes.position()));
  }
}
