package io.stepstream.asl.items;

import io.stepstream.asl.definition.Distributed.ReaderConfig;
import io.stepstream.asl.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a source page by page. It stays where it is between pages; asked for another place, as
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
  private long position;

  public ItemCursor(ObjectStore store, ItemSource source) {
    this.store = store;
    this.source = source;
  }

  /**
   * @param from how many items are before the page
   * @param maxItems of the page
   * @param maxBytes after so many bytes a page ends, but it has at least one item
   * @throws ReadRefused States.ItemReaderFailed, with that cause
   */
  public Page read(long from, int maxItems, int maxBytes) throws IOException {
    Items open = at(from);
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    int count = 0;
    while (ahead != null && count < maxItems && (count == 0 || page.size() < maxBytes)) {
      page.write(count == 0 ? '[' : ',');
      page.writeBytes(Json.encodeUtf8(ahead));
      count++;
      advance(open);
    }
    if (count == 0) {
      page.write('[');
    }
    page.write(']');
    return new Page(page.toByteArray(), count, ahead == null);
  }

  private Items at(long from) throws IOException {
    Items open = items;
    if (open == null || position != from) {
      close();
      open = open();
      items = open;
      ahead = open.next();
      while (position < from && ahead != null) {
        advance(open);
      }
    }
    return open;
  }

  private void advance(Items open) throws IOException {
    position++;
    ahead = source.maxItems() > 0 && position >= source.maxItems() ? null : open.next();
  }

  private Items open() throws IOException {
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
    return FileItems.of(store.open(arguments), config);
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
    position = 0;
    if (open != null) {
      open.close();
    }
  }
}
