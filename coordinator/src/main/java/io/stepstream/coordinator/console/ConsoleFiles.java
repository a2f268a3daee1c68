package io.stepstream.coordinator.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The built console on the class path. Files are kept once they were read: there are some dozens of
 * them, below 3 MB together, and nobody can ask for more than there are.
 */
final class ConsoleFiles {

  private static final String ROOT = "/stepstream-console/";

  /** No dot begins a segment, so no path leads out. */
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml",
          "png", "image/png",
          "woff2", "font/woff2");

  private final Map<String, File> read = new ConcurrentHashMap<>();

  /**
   * A file.
   *
   * @param packed the content is compressed with gzip
   * @param type its media type
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared, and copied nowhere
  record File(byte[] content, boolean packed, String type) {
    String text() {
      return new String(content, UTF_8);
    }
  }

  /**
   * Reads a file, the compressed one if there is one and it will do. Blocks.
   *
   * @param name relative, with slashes
   * @return null: there is none
   */
  @Nullable File find(String name, boolean packed) {
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    if (type == null || !NAME.matcher(name).matches()) {
      return null;
    }
    File file = packed ? load(name + ".gz", true, type) : null;
    return file == null ? load(name, false, type) : file;
  }

  private @Nullable File load(String name, boolean packed, String type) {
    File known = read.get(name);
    if (known != null) {
      return known;
    }
    try (InputStream in = ConsoleFiles.class.getResourceAsStream(ROOT + name)) {
      if (in == null) {
        return null;
      }
      File file = new File(in.readAllBytes(), packed, type);
      read.put(name, file);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
