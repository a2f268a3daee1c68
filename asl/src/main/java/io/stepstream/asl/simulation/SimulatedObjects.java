package io.stepstream.asl.simulation;

import io.stepstream.asl.items.ObjectStore;
import io.stepstream.asl.items.ReadRefused;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Buckets in memory. Not thread safe. */
public final class SimulatedObjects implements ObjectStore {

  /** As S3 pages. */
  private static final int PAGE = 1000;

  private static final long MODIFIED_SECONDS = 1_735_689_600;

  private final Map<String, SortedMap<String, byte[]>> buckets = new TreeMap<>();

  /** Makes a bucket; nothing happens if there is one of that name. */
  public SimulatedObjects bucket(String name) {
    buckets.computeIfAbsent(name, _ -> new TreeMap<>());
    return this;
  }

  /** Puts an object into a bucket, which is made if need be. */
  public SimulatedObjects put(String bucket, String key, byte[] body) {
    bucket(bucket);
    buckets.get(bucket).put(key, body.clone());
    return this;
  }

  /** The bytes of an object; null: there is none. */
  public byte @Nullable [] get(String bucket, String key) {
    SortedMap<String, byte[]> objects = buckets.get(bucket);
    byte[] body = objects == null ? null : objects.get(key);
    return body == null ? null : body.clone();
  }

  @Override
  public InputStream open(Map<String, Object> arguments) throws IOException {
    return new ByteArrayInputStream(body(arguments));
  }

  @Override
  public long size(Map<String, Object> arguments) throws IOException {
    return body(arguments).length;
  }

  @Override
  public byte[] range(Map<String, Object> arguments, long from, int length) throws IOException {
    return Arrays.copyOfRange(body(arguments), (int) from, (int) from + length);
  }

  private byte[] body(Map<String, Object> arguments) throws IOException {
    byte[] body = objects(arguments).get(String.valueOf(arguments.get("Key")));
    if (body == null) {
      throw new ReadRefused("The specified key does not exist.");
    }
    return body;
  }

  @Override
  public Listing list(Map<String, Object> arguments, @Nullable String continuation)
      throws IOException {
    String prefix = arguments.get("Prefix") instanceof String given ? given : "";
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, byte[]> object : objects(arguments).entrySet()) {
      String key = object.getKey();
      if (!key.startsWith(prefix) || continuation != null && key.compareTo(continuation) <= 0) {
        continue;
      }
      if (entries.size() == PAGE) {
        return new Listing(entries, entries.getLast().key());
      }
      entries.add(
          new Entry(
              key,
              etag(object.getValue()),
              object.getValue().length,
              MODIFIED_SECONDS,
              "STANDARD"));
    }
    return new Listing(entries, null);
  }

  @Override
  public void put(Map<String, Object> arguments, byte[] body) throws IOException {
    objects(arguments).put(String.valueOf(arguments.get("Key")), body.clone());
  }

  private SortedMap<String, byte[]> objects(Map<String, Object> arguments) throws IOException {
    SortedMap<String, byte[]> objects = buckets.get(String.valueOf(arguments.get("Bucket")));
    if (objects == null) {
      throw new ReadRefused("The specified bucket does not exist");
    }
    return objects;
  }

  private static String etag(byte[] body) {
    try {
      byte[] digest = MessageDigest.getInstance("MD5").digest(body);
      return '"' + HexFormat.of().formatHex(digest) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }
}
