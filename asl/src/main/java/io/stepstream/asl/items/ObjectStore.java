package io.stepstream.asl.items;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Objects in buckets, as S3 has them. Arguments are those of the state's ItemReader or
 * ResultWriter: {@code Bucket}, {@code Key}, {@code Prefix}, {@code VersionId} and what else S3's
 * action takes.
 *
 * <p>Every method throws {@link ReadRefused} for what would not be different next time.
 */
public interface ObjectStore {

  /** The bytes of an object; the caller closes them. */
  InputStream open(Map<String, Object> arguments) throws IOException;

  /** How many bytes an object has. */
  long size(Map<String, Object> arguments) throws IOException;

  /**
   * Some bytes of an object, in memory.
   *
   * @param from of the first byte
   * @param length how many; the object has them all
   * @return exactly so many
   */
  byte[] range(Map<String, Object> arguments, long from, int length) throws IOException;

  /**
   * A page of the objects in a bucket, in the order of their keys.
   *
   * @param continuation from the page before; null: the first page
   */
  Listing list(Map<String, Object> arguments, @Nullable String continuation) throws IOException;

  /** Writes an object; the same again changes nothing. */
  void put(Map<String, Object> arguments, byte[] body) throws IOException;

  /**
   * @param continuation for the next page; null: this is the last one
   */
  record Listing(List<Entry> entries, @Nullable String continuation) {
    public Listing {
      entries = List.copyOf(entries);
    }
  }

  /**
   * @param lastModifiedSeconds since the epoch
   */
  record Entry(String key, String etag, long size, long lastModifiedSeconds, String storageClass) {}
}
