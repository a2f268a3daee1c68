package io.stepstream.asl.items;

import io.stepstream.asl.definition.Distributed.ReaderConfig;
import io.stepstream.asl.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a source page by page. It stays where it is between pages; asked for an earlier place, or
 * after a restart, it begins again and passes over what is before: O(n) once, and no state has to
 * be kept for it. Not thread safe.
 */
public final class ItemCursor implements Closeable {

  /**
   * @param items a JSON array in UTF-8
   * @param count of the items
   * @param last there are no items after these
   */
  public record Page(byte[] items, int count, boolean last) {}

  private final ObjectStore store;
  private final ItemSource source;
  private @Nullable Items items;
  private @Nullable Object ahead;
  private byte @Nullable [] aheadText;
  private long position;

  public ItemCursor(ObjectStore store, ItemSource source) {
    this.store = store;
    this.source = source;
  }

  /**
   * @param from how many items are before the page
   * @param maxItems of the page
   * @param maxBytes of the page; a page of one item may have more, up to what a task may answer
   * @throws ReadRefused States.ItemReaderFailed, with that cause
   */
  public Page read(long from, int maxItems, int maxBytes) throws IOException {
    Items open = at(from);
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    int count = 0;
    while (ahead != null && count < maxItems) {
      // the item, the sign before it and the bracket at the end
      int room = (count == 0 ? Math.max(maxBytes, ItemPage.MOST_BYTES) : maxBytes) - 2;
      byte[] item = text(ahead, room - page.size());
      if (item == null) {
        break;
      }
      page.write(count == 0 ? '[' : ',');
      page.writeBytes(item);
      count++;
      advance(open);
    }
    if (count == 0) {
      if (ahead != null && maxItems > 0) {
        throw new ReadRefused(
            "The item at index %d exceeds the maximum number of bytes service limit."
                .formatted(position));
      }
      page.write('[');
    }
    page.write(']');
    return new Page(page.toByteArray(), count, ahead == null);
  }

  /**
   * Null: it has no room. The text is kept, since an item that a page has no more room for begins
   * the next one.
   */
  private byte @Nullable [] text(Object item, int room) {
    if (aheadText == null && room > 0) {
      aheadText = Json.encodeUtf8(item, room);
    }
    return aheadText == null || aheadText.length > room ? null : aheadText;
  }

  private Items at(long from) throws IOException {
    Items open = items;
    if (open == null || position > from) {
      close();
      open = open();
      items = open;
      ahead = open.next();
    }
    // Also where another worker has read the pages in between: n workers read a source n times, not
    // once for each page.
    while (position < from && ahead != null) {
      advance(open);
    }
    return open;
  }

  private void advance(Items open) throws IOException {
    position++;
    aheadText = null;
    ahead = source.maxItems() > 0 && position >= source.maxItems() ? null : open.next();
  }

  private Items open() throws IOException {
    if (source.action() == ItemSource.Action.READ_TOPIC) {
      throw new ReadRefused("There is no Kafka here to read a topic from.");
    }
    Map<String, Object> arguments = source.arguments();
    ReaderConfig config = source.config();
    if (source.listing()) {
      ListedItems listed = new ListedItems(store, arguments);
      return "LOAD_AND_FLATTEN".equals(config.transformation())
          ? new FileItems(store, config, () -> file(listed))
          : listed;
    }
    if ("ATHENA_DATA".equals(config.manifestType())) {
      return Manifests.athena(store, arguments, config);
    }
    if ("S3_INVENTORY".equals(config.manifestType()) || "MANIFEST".equals(config.inputType())) {
      return Manifests.inventory(store, arguments);
    }
    return FileItems.of(store, arguments, config);
  }

  private @Nullable Map<String, Object> file(ListedItems listed) throws IOException {
    ObjectStore.Entry entry = listed.nextEntry();
    Object bucket = source.arguments().get("Bucket");
    return entry == null || bucket == null ? null : FileItems.reference(bucket, entry.key());
  }

  @Override
  public void close() throws IOException {
    Items open = items;
    items = null;
    ahead = null;
    aheadText = null;
    position = 0;
    if (open != null) {
      open.close();
    }
  }
}
