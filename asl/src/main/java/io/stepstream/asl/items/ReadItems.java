package io.stepstream.asl.items;

import io.stepstream.asl.definition.Distributed.ReaderConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

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
            new ByteArrayInputStream(bytes), listed ? ReaderConfig.NONE : source.config())) {
      Object item = items.next();
      while (item != null) {
        all.add(item);
        item = items.next();
      }
    }
    return all;
  }
}
