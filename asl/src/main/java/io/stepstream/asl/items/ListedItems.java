package io.stepstream.asl.items;

import io.stepstream.asl.items.ObjectStore.Entry;
import io.stepstream.asl.items.ObjectStore.Listing;
import java.io.IOException;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a bucket holds, an object of metadata for each object in it. */
final class ListedItems implements Items {

  private final ObjectStore store;
  private final Map<String, Object> arguments;
  private @Nullable Listing page;
  private Iterator<Entry> entries = Collections.emptyIterator();

  ListedItems(ObjectStore store, Map<String, Object> arguments) {
    this.store = store;
    this.arguments = arguments;
  }

  @Override
  public @Nullable Object next() throws IOException {
    Entry entry = nextEntry();
    if (entry == null) {
      return null;
    }
    Map<String, Object> item = new LinkedHashMap<>();
    item.put("Etag", entry.etag());
    item.put("LastModified", entry.lastModifiedSeconds());
    item.put("Key", entry.key());
    item.put("Size", entry.size());
    item.put("StorageClass", entry.storageClass());
    return item;
  }

  @Nullable Entry nextEntry() throws IOException {
    while (!entries.hasNext()) {
      if (page != null && page.continuation() == null) {
        return null;
      }
      page = store.list(arguments, page == null ? null : page.continuation());
      entries = page.entries().iterator();
    }
    return entries.next();
  }

  @Override
  public void close() {}
}
