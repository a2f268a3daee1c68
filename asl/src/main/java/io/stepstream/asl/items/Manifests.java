package io.stepstream.asl.items;

import io.stepstream.asl.definition.Distributed.ReaderConfig;
import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Files that name the files in which the items are. */
final class Manifests {

  /** Of an inventory; what it lists is the number of its files, not of their objects. */
  private static final int MOST_BYTES = 16 * 1024 * 1024;

  private Manifests() {}

  /**
   * {@code manifest.json} of an S3 inventory: its files are CSV, compressed, without headers, and
   * the manifest tells their schema.
   */
  static Items inventory(ObjectStore store, Map<String, Object> arguments) throws IOException {
    byte[] text;
    try (InputStream bytes = store.open(arguments)) {
      text = bytes.readNBytes(MOST_BYTES + 1);
    }
    if (text.length > MOST_BYTES
        || !(Json.decode(text) instanceof Decoded.Tree(Map<?, ?> manifest))
        || !(manifest.get("files") instanceof List<?> files)
        || !(manifest.get("fileSchema") instanceof String schema)
        || !"CSV".equals(manifest.get("fileFormat"))) {
      throw new ReadRefused("The manifest is not that of an S3 inventory in CSV.");
    }
    List<String> headers = new ArrayList<>();
    for (String name : schema.split(",")) {
      headers.add(name.strip());
    }
    Object destination = manifest.get("destinationBucket");
    Object bucket =
        destination instanceof String arn
            ? arn.substring(arn.lastIndexOf(':') + 1)
            : arguments.get("Bucket");
    Iterator<?> names = files.iterator();
    ReaderConfig rows = new ReaderConfig("CSV", null, null, null, headers, null, null);
    return new FileItems(
        new Uncompressing(store),
        rows,
        () -> {
          if (!names.hasNext()) {
            return null;
          }
          if (names.next() instanceof Map<?, ?> file && file.get("key") instanceof String key) {
            return FileItems.reference(Objects.requireNonNull(bucket), key);
          }
          throw new ReadRefused("The manifest is not that of an S3 inventory in CSV.");
        });
  }

  /** The manifest of an Athena UNLOAD: a line with an S3 URI for each file. */
  static Items athena(ObjectStore store, Map<String, Object> arguments, ReaderConfig config)
      throws IOException {
    Items lines = new CsvItems(store.open(arguments), ',', List.of("uri"));
    return new FileItems(
        new Uncompressing(store),
        config,
        () -> {
          if (!(lines.next() instanceof Map<?, ?> line)) {
            lines.close();
            return null;
          }
          String uri = ((String) line.get("uri")).strip();
          int slash = uri.indexOf('/', "s3://".length());
          if (!uri.startsWith("s3://") || slash < 0) {
            throw new ReadRefused("The manifest names a file that is not in S3: " + uri);
          }
          return FileItems.reference(
              uri.substring("s3://".length(), slash), uri.substring(slash + 1));
        });
  }

  /** Inventories and Athena compress their files by gzip, and name them {@code .gz}. */
  private record Uncompressing(ObjectStore store) implements ObjectStore {

    @Override
    public InputStream open(Map<String, Object> arguments) throws IOException {
      InputStream bytes = store.open(arguments);
      return String.valueOf(arguments.get("Key")).endsWith(".gz")
          ? new GZIPInputStream(new BufferedInputStream(bytes))
          : bytes;
    }

    /** Parquet compresses its pages, not the file. */
    @Override
    public long size(Map<String, Object> arguments) throws IOException {
      return store.size(arguments);
    }

    @Override
    public byte[] range(Map<String, Object> arguments, long from, int length) throws IOException {
      return store.range(arguments, from, length);
    }

    @Override
    public Listing list(Map<String, Object> arguments, @Nullable String continuation)
        throws IOException {
      return store.list(arguments, continuation);
    }

    @Override
    public void put(Map<String, Object> arguments, byte[] body) throws IOException {
      store.put(arguments, body);
    }
  }
}
