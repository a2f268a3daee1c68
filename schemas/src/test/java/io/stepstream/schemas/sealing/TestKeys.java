package io.stepstream.schemas.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;

/** Files of keys, and a clock that the test moves. */
final class TestKeys {

  Instant now = Instant.parse("2026-11-27T12:00:00Z");
  private final Path file;
  private int written;

  TestKeys(Path directory) {
    this.file = directory.resolve("keys.json");
  }

  InstantSource clock() {
    return () -> now;
  }

  /** 32 bytes that are all the same, in Base64. */
  static String secret(int of) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) of);
    return Base64.getEncoder().encodeToString(bytes);
  }

  static String key(String id, String more, String... versions) {
    return "{\"id\": \"%s\", %s\"versions\": [%s]}"
        .formatted(id, more, String.join(", ", versions));
  }

  static String version(int number, int secret) {
    return "{\"version\": %d, \"key\": \"%s\"}".formatted(number, secret(secret));
  }

  Path write(String... keys) throws IOException {
    Files.writeString(file, "{\"keys\": [%s]}".formatted(String.join(", ", keys)));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    // The clock of the file system may be coarser than a test is fast.
    assertThat(file.toFile().setLastModified(1_700_000_000_000L + 10_000L * written++)).isTrue();
    return file;
  }

  PayloadKeys keys(String... keys) throws IOException {
    return PayloadKeys.of(FileKeys.watching(write(keys), clock()), clock());
  }
}
