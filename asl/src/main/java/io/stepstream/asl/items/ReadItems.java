package io.stepstream.asl.items;

import io.stepstream.asl.definition.Distributed.ReaderConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All items of what an ItemReader has read, where that is at hand and small. */
public final class ReadItems {

  private ReadItems() {}

  /**
   * @param bytes the object's as it is in its bucket; for a list of objects, a JSON array of them
   * @param source whose MaxItems doesn't count here
   * @throws ReadRefused States.ItemReaderFailed, with that cause
   */
  public static List<Object> of(byte[] bytes, ItemSource source) throws IOException {
    boolean listed =
        source.listing() && !"LOAD_AND_FLATTEN".equals(source.config().transformation());
    List<Object> all = new ArrayList<>();
    try (Items items =
        FileItems.of(
            new OneObject(bytes),
            source.arguments(),
            listed ? ReaderConfig.NONE : source.config())) {
      Object item = items.next();
      while (item != null) {
        all.add(item);
        item = items.next();
      }
    }
    return all;
  }

  /** Whatever object is asked for, it is this one. */
  private record OneObject(byte[] bytes) implements ObjectStore {

    @Override
    public InputStream open(Map<String, Object> arguments) {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public long size(Map<String, Object> arguments) {
      return bytes.length;
    }

    @Override
    public byte[] range(Map<String, Object> arguments, long from, int length) {
      return Arrays.copyOfRange(bytes, (int) from, (int) from + length);
    }

    @Override
    public Listing list(Map<String, Object> arguments, @Nullable String continuation) {
      return new Listing(List.of(), null);
    }

    @Override
    public void put(Map<String, Object> arguments, byte[] body) throws IOException {
      throw new ReadRefused("Nothing can be written here.");
    }
  }
}
