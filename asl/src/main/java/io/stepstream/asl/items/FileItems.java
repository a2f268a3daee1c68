package io.stepstream.asl.items;

import io.stepstream.asl.definition.Distributed.ReaderConfig;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The items of several files after one another; one file is open at a time. */
final class FileItems implements Items {

  /** Where the files are named. */
  interface Files {

    /** Bucket and Key of the next file; null: there is none. */
    @Nullable Map<String, Object> next() throws IOException;
  }

  private final ObjectStore store;
  private final ReaderConfig config;
  private final Files files;
  private @Nullable Items current;

  FileItems(ObjectStore store, ReaderConfig config, Files files) {
    this.store = store;
    this.config = config;
    this.files = files;
  }

  /** The items of one file, by its InputType. */
  static Items of(ObjectStore store, Map<String, Object> file, ReaderConfig config)
      throws IOException {
    return switch (config.inputType()) {
      case "CSV" ->
          new CsvItems(
              store.open(file), CsvItems.delimiter(config.csvDelimiter()), config.csvHeaders());
      case "JSONL" -> new JsonLineItems(store.open(file));
      case "PARQUET" -> new ParquetItems(new ParquetObject(store, file));
      case null, default -> new JsonItems(store.open(file), config.itemsPointer());
    };
  }

  @Override
  public @Nullable Object next() throws IOException {
    while (true) {
      if (current == null) {
        Map<String, Object> file = files.next();
        if (file == null) {
          return null;
        }
        current = of(store, file, config);
      }
      Object item = current.next();
      if (item != null) {
        return item;
      }
      close();
    }
  }

  /** Bucket and Key, as S3's getObject takes them. */
  static Map<String, Object> reference(Object bucket, String key) {
    Map<String, Object> reference = new LinkedHashMap<>();
    reference.put("Bucket", bucket);
    reference.put("Key", key);
    return reference;
  }

  @Override
  public void close() throws IOException {
    Items open = current;
    current = null;
    if (open != null) {
      open.close();
    }
  }
}
