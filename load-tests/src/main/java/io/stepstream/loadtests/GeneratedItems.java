package io.stepstream.loadtests;

import io.stepstream.asl.items.ObjectStore;
import io.stepstream.asl.items.ReadRefused;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A store whose objects are made while they are read: {@code 1000.jsonl} has 1,000 lines, all the
 * same, since nothing tells items apart but their place. What is written is let go.
 */
final class GeneratedItems implements ObjectStore {

  static final String SUFFIX = ".jsonl";

  private final byte[] line;

  /**
   * @param item JSON without a line's end
   */
  GeneratedItems(byte[] item) {
    this.line = (new String(item, StandardCharsets.UTF_8) + '\n').getBytes(StandardCharsets.UTF_8);
  }

  /** The input of an execution whose Map has so many items. */
  static byte[] input(int items) {
    return "{\"key\":\"%d%s\"}".formatted(items, SUFFIX).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public InputStream open(Map<String, Object> arguments) throws ReadRefused {
    return new Repeated(line, size(arguments));
  }

  @Override
  public long size(Map<String, Object> arguments) throws ReadRefused {
    String key = String.valueOf(arguments.get("Key"));
    try {
      return Math.multiplyExact(
          line.length, Long.parseUnsignedLong(key, 0, key.length() - SUFFIX.length(), 10));
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new ReadRefused("There is no object '%s'.".formatted(key));
    }
  }

  @Override
  public byte[] range(Map<String, Object> arguments, long from, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = line[(int) ((from + i) % line.length)];
    }
    return bytes;
  }

  @Override
  public Listing list(Map<String, Object> arguments, @Nullable String continuation)
      throws ReadRefused {
    throw new ReadRefused("Nothing is listed here.");
  }

  @Override
  public void put(Map<String, Object> arguments, byte[] body) {
    // Nobody reads results.
  }

  /** So many bytes of a line and itself again. */
  private static final class Repeated extends InputStream {

    private final byte[] line;
    private long left;
    private int at;

    Repeated(byte[] line, long bytes) {
      this.line = line;
      this.left = bytes;
    }

    @Override
    public int read() {
      if (left == 0) {
        return -1;
      }
      left--;
      byte next = line[at];
      at = (at + 1) % line.length;
      return next & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (length == 0) {
        return 0;
      }
      if (left == 0) {
        return -1;
      }
      int count = (int) Math.min(Math.min(length, line.length - at), left);
      System.arraycopy(line, at, target, offset, count);
      left -= count;
      at = (at + count) % line.length;
      return count;
    }
  }
}
