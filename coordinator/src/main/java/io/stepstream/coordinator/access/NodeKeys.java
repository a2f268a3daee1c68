package io.stepstream.coordinator.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The secrets that the nodes share, for what one of them vouches for to the others: calls that it
 * hands on, sessions that it has begun. The first one signs, all are accepted. Each purpose has
 * keys of its own, so that what was signed for one is nothing for another. Immutable.
 */
final class NodeKeys {

  private static final int SHORTEST = 32;

  private final List<byte[]> keys;

  private NodeKeys(List<byte[]> keys) {
    this.keys = keys;
  }

  /**
   * @throws IllegalStateException the file can't be read, or has no keys that would do
   */
  static NodeKeys read(Path file, String purpose) {
    List<String> lines;
    try {
      lines =
          Files.readAllLines(file).stream()
              .map(String::strip)
              .filter(line -> !line.isEmpty())
              .toList();
    } catch (IOException e) {
      throw new IllegalStateException(
          "stepstream.security.node-keys-file (%s) can't be read: %s".formatted(file, e), e);
    }
    if (lines.isEmpty() || lines.stream().anyMatch(line -> line.length() < SHORTEST)) {
      throw new IllegalStateException(
          "stepstream.security.node-keys-file (%s) needs a key of at least %d characters on each line, for example from 'openssl rand -hex 32'"
              .formatted(file, SHORTEST));
    }
    return of(lines, purpose);
  }

  static NodeKeys of(List<String> secrets, String purpose) {
    return new NodeKeys(
        secrets.stream()
            .map(secret -> Hmac.of(secret.getBytes(StandardCharsets.UTF_8), purpose))
            .toList());
  }

  String sign(String text) {
    return Hmac.hex(Hmac.of(keys.getFirst(), text));
  }

  boolean isSignatureOf(String text, String signature) {
    boolean any = false;
    for (byte[] key : keys) {
      any |= Hmac.same(Hmac.hex(Hmac.of(key, text)), signature);
    }
    return any;
  }
}
