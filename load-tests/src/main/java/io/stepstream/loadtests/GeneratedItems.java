package io.stepstream.loadtests;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.stepstream.asl.items.ObjectStore;
import io.stepstream.asl.items.ReadRefused;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A store whose objects are made while they are read: {@code 1000.jsonl} has 1,000 lines, each
 * another item of the same size. What is written is counted and let go. Thread safe.
 */
final class GeneratedItems implements ObjectStore {

  private static final JsonFactory JSON = new JsonFactory();

  static final String SUFFIX = ".jsonl";

  private final Inputs items;
  private final int lineBytes;
  private final LongAdder results = new LongAdder();

  GeneratedItems(Inputs items) {
    this.items = items;
    this.lineBytes = items.at(0).length + 1;
  }

  /** The byte at a place in any object: they differ in their length only. */
  private byte at(long place) {
    int inLine = (int) (place % lineBytes);
    return inLine == lineBytes - 1 ? (byte) '\n' : items.at(place / lineBytes)[inLine];
  }

  /** The input of an execution whose Map has so many items. */
  static byte[] input(int items) {
    return "{\"key\":\"%d%s\"}".formatted(items, SUFFIX).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public InputStream open(Map<String, Object> arguments) throws ReadRefused {
    return new Lines(size(arguments));
  }

  @Override
  public long size(Map<String, Object> arguments) throws ReadRefused {
    String key = String.valueOf(arguments.get("Key"));
    try {
      return Math.multiplyExact(
          lineBytes, Long.parseUnsignedLong(key, 0, key.length() - SUFFIX.length(), 10));
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new ReadRefused("There is no object '%s'.".formatted(key));
    }
  }

  @Override
  public byte[] range(Map<String, Object> arguments, long from, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = at(from + i);
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
    results.add(elements(body));
  }

  /** How many results there have been in all that was written, repeated ones too. */
  long resultsWritten() {
    return results.sum();
  }

  /** Results are an array; the manifest is none. */
  private static int elements(byte[] json) {
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        return 0;
      }
      int count = 0;
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        parser.skipChildren();
        count++;
      }
      return count;
    } catch (IOException e) {
      throw new UncheckedIOException("What a Map has written is not JSON", e);
    }
  }

  /** The first so many bytes of all lines that there could be. */
  private final class Lines extends InputStream {

    private final long bytes;
    private long place;

    Lines(long bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read() {
      return place == bytes ? -1 : at(place++) & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (length == 0) {
        return 0;
      }
      if (place == bytes) {
        return -1;
      }
      byte[] item = items.at(place / lineBytes);
      int inLine = (int) (place % lineBytes);
      if (inLine == item.length) {
        target[offset] = (byte) read();
        return 1;
      }
      int count = (int) Math.min(Math.min(length, item.length - inLine), bytes - place);
      System.arraycopy(item, inLine, target, offset, count);
      place += count;
      return count;
    }
  }
}
