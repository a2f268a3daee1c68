package io.stepstream.images;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** An image as {@code docker load} reads it, read by nothing of Jib's. */
final class Tarball {

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * @param owner USER:GROUP, as numbers
   * @param mode the permissions, as octal digits
   */
  record Entry(String path, String owner, String mode, long size, FileTime time) {}

  private final Path file;
  private final JsonNode manifest;
  private final JsonNode config;

  private Tarball(Path file, JsonNode manifest, JsonNode config) {
    this.file = file;
    this.manifest = manifest;
    this.config = config;
  }

  static Tarball read(Path file) throws IOException {
    Map<String, byte[]> small = new HashMap<>();
    try (TarArchiveInputStream tar = open(file)) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.getName().endsWith(".json")) {
          small.put(entry.getName(), tar.readAllBytes());
        }
      }
    }
    JsonNode manifest = JSON.readTree(small.get("manifest.json")).path(0);
    return new Tarball(file, manifest, JSON.readTree(small.get(manifest.path("Config").asText())));
  }

  private static TarArchiveInputStream open(Path file) throws IOException {
    return new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(file)));
  }

  /** The names that the image is loaded under. */
  List<String> names() {
    return texts(manifest.path("RepoTags"));
  }

  /** How the image is to be run. */
  JsonNode config() {
    return config.path("config");
  }

  /** The whole configuration. */
  JsonNode image() {
    return config;
  }

  List<String> entrypoint() {
    return texts(config().path("Entrypoint"));
  }

  /** The layers' digests, the lowest first. */
  List<String> layers() {
    return texts(manifest.path("Layers"));
  }

  List<Entry> entries(String layer) throws IOException {
    List<Entry> entries = new ArrayList<>();
    each(
        layer,
        (entry, _) ->
            entries.add(
                new Entry(
                    "/" + entry.getName().replaceAll("/$", ""),
                    entry.getLongUserId() + ":" + entry.getLongGroupId(),
                    Integer.toOctalString(entry.getMode() & 07777),
                    entry.getSize(),
                    FileTime.from(entry.getLastModifiedTime().toInstant()))));
    return entries;
  }

  List<String> paths(String layer) throws IOException {
    return entries(layer).stream().map(Entry::path).toList();
  }

  /** Puts the files of all layers below a directory, as an engine does. */
  void unpack(Path root) throws IOException {
    for (String layer : layers()) {
      each(
          layer,
          (entry, content) -> {
            Path target = root.resolve(entry.getName()).normalize();
            if (!target.startsWith(root)) {
              throw new IOException("outside of the image: " + entry.getName());
            }
            if (entry.isDirectory()) {
              Files.createDirectories(target);
              Files.setPosixFilePermissions(target, permissions(entry.getMode()));
            } else if (entry.isSymbolicLink()) {
              Files.createDirectories(target.getParent());
              Files.deleteIfExists(target);
              Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
            } else if (entry.isLink()) {
              Files.deleteIfExists(target);
              Files.createLink(target, root.resolve(entry.getLinkName()));
            } else {
              Files.createDirectories(target.getParent());
              Files.deleteIfExists(target);
              Files.copy(content, target);
              Files.setPosixFilePermissions(target, permissions(entry.getMode()));
              Files.setLastModifiedTime(target, entry.getLastModifiedTime());
            }
          });
    }
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    StringBuilder text = new StringBuilder();
    for (int bit = 8; bit >= 0; bit--) {
      text.append((mode >> bit & 1) == 0 ? '-' : "xwr".charAt(bit % 3));
    }
    return PosixFilePermissions.fromString(text.toString());
  }

  private interface Visitor {
    void visit(TarArchiveEntry entry, InputStream content) throws IOException;
  }

  private void each(String layer, Visitor visitor) throws IOException {
    try (TarArchiveInputStream outer = open(file)) {
      TarArchiveEntry entry = outer.getNextEntry();
      while (!entry.getName().equals(layer)) {
        entry = outer.getNextEntry();
      }
      BufferedInputStream bytes = new BufferedInputStream(outer);
      bytes.mark(2);
      boolean zipped = bytes.read() == 0x1f && bytes.read() == 0x8b;
      bytes.reset();
      InputStream plain = zipped ? new GZIPInputStream(bytes) : bytes;
      TarArchiveInputStream inner = new TarArchiveInputStream(plain);
      for (TarArchiveEntry part = inner.getNextEntry(); part != null; part = inner.getNextEntry()) {
        visitor.visit(part, inner);
      }
    }
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
