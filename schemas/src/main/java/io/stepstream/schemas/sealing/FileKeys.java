package io.stepstream.schemas.sealing;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.schemas.configured.FileMembers;
import io.stepstream.schemas.configured.UnusableFile;
import io.stepstream.schemas.configured.WatchedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keys in a file, each with its versions: the current one wraps, all unwrap.
 *
 * <pre>
 * {"keys": [{"id": "orders", "current": 1,
 *            "versions": [{"version": 1, "key": "…"}, {"version": 2, "key": "…"}]}]}
 * </pre>
 *
 * {@code current} is the highest version if it is not given. To rotate without anybody meeting a
 * version that he doesn't have, first give everybody the new version, then make it the current one.
 * {@code key} is 32 bytes in Base64, as {@code openssl rand -base64 32} prints them. The file is
 * read again when it has changed, so that a version can be added without a restart. A version must
 * stay for as long as anything that it has wrapped is to be read: as long as the history is kept.
 *
 * <p>A wrapped data key is the version in four bytes, a nonce of twelve and AES-256-GCM with the
 * key's id as additional data.
 */
public final class FileKeys implements KeyProvider {

  private static final String SETTING = "stepstream.encryption.keys-file";
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  /** AWS's bound on kmsKeyId. */
  private static final int LONGEST_ID = 2048;

  private static final SecureRandom RANDOM = new SecureRandom();

  private record Versions(int current, NavigableMap<Integer, SecretKey> secrets) {
    /** Without the secrets. */
    @Override
    public String toString() {
      return secrets.keySet().toString();
    }
  }

  private final Supplier<Map<String, Versions>> keys;

  private FileKeys(Supplier<Map<String, Versions>> keys) {
    this.keys = keys;
  }

  /**
   * @throws IllegalStateException the file can't be used; the message says why
   */
  public static FileKeys watching(Path file, InstantSource clock) {
    return new FileKeys(new WatchedFile<>(SETTING, file, json -> read(file, json), clock)::content);
  }

  private static Map<String, Versions> read(Path file, JsonNode json) throws UnusableFile {
    requireUnreadableByOthers(file);
    FileMembers.only(json, "", Set.of("keys"));
    Map<String, Versions> keys = new HashMap<>();
    int index = 0;
    for (JsonNode key : FileMembers.array(json, "", "keys")) {
      String at = "keys[%d]".formatted(index++);
      FileMembers.only(key, at, Set.of("id", "current", "versions"));
      String id = FileMembers.text(key, at, "id");
      if (id.length() > LONGEST_ID) {
        throw new UnusableFile(at + ".id", "is longer than %d characters".formatted(LONGEST_ID));
      }
      if (keys.put(id, versions(key, at)) != null) {
        throw new UnusableFile(at + ".id", "is given twice");
      }
    }
    return keys;
  }

  private static Versions versions(JsonNode key, String at) throws UnusableFile {
    NavigableMap<Integer, SecretKey> versions = new TreeMap<>();
    int index = 0;
    for (JsonNode version : FileMembers.array(key, at, "versions")) {
      String place = "%s.versions[%d]".formatted(at, index++);
      FileMembers.only(version, place, Set.of("version", "key"));
      JsonNode number = version.path("version");
      if (!number.isInt() || number.intValue() < 1) {
        throw new UnusableFile(place + ".version", "must be a whole number from 1");
      }
      if (versions.put(number.intValue(), secret(version, place)) != null) {
        throw new UnusableFile(place + ".version", "is given twice");
      }
    }
    if (versions.isEmpty()) {
      throw new UnusableFile(at + ".versions", "must have one at least");
    }
    JsonNode current = key.path("current");
    if (current.isMissingNode()) {
      return new Versions(versions.lastKey(), versions);
    }
    if (!current.isInt() || !versions.containsKey(current.intValue())) {
      throw new UnusableFile(at + ".current", "must be one of the versions " + versions.keySet());
    }
    return new Versions(current.intValue(), versions);
  }

  private static SecretKey secret(JsonNode version, String at) throws UnusableFile {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(FileMembers.text(version, at, "key"));
    } catch (IllegalArgumentException _) {
      bytes = new byte[0];
    }
    if (bytes.length != KEY_BYTES) {
      throw new UnusableFile(
          at + ".key", "must be 32 bytes in Base64, as 'openssl rand -base64 32' prints them");
    }
    return new SecretKeySpec(bytes, "AES");
  }

  private static void requireUnreadableByOthers(Path file) throws UnusableFile {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view == null) {
      return; // not a system of POSIX
    }
    try {
      if (view.readAttributes().permissions().contains(PosixFilePermission.OTHERS_READ)) {
        throw new UnusableFile(
            "",
            "can be read by everybody on this machine: 'chmod o-rwx', or defaultMode 0440 where"
                + " Kubernetes mounts it");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public KeyAnswer wrap(String keyId, byte[] dataKey) {
    Versions key = keys.get().get(keyId);
    if (key == null) {
      return unknown();
    }
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      byte[] wrapped =
          cipher(Cipher.ENCRYPT_MODE, key.secrets().get(key.current()), nonce, keyId)
              .doFinal(dataKey);
      return new KeyAnswer.Given(
          ByteBuffer.allocate(4 + NONCE_BYTES + wrapped.length)
              .putInt(key.current())
              .put(nonce)
              .put(wrapped)
              .array());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-256-GCM", e);
    }
  }

  @Override
  public KeyAnswer unwrap(String keyId, byte[] wrapped) {
    Versions key = keys.get().get(keyId);
    if (key == null) {
      return unknown();
    }
    if (wrapped.length <= 4 + NONCE_BYTES) {
      return new KeyAnswer.Missing("the wrapped data key is too short to be one of this file's");
    }
    ByteBuffer buffer = ByteBuffer.wrap(wrapped);
    int number = buffer.getInt();
    SecretKey version = key.secrets().get(number);
    if (version == null) {
      return new KeyAnswer.Missing(
          SETTING + " has no version %d of it, which has wrapped the data key".formatted(number));
    }
    byte[] nonce = new byte[NONCE_BYTES];
    buffer.get(nonce);
    byte[] ciphertext = new byte[buffer.remaining()];
    buffer.get(ciphertext);
    try {
      return new KeyAnswer.Given(
          cipher(Cipher.DECRYPT_MODE, version, nonce, keyId).doFinal(ciphertext));
    } catch (GeneralSecurityException _) {
      return new KeyAnswer.Missing(
          "version %d of it in %s is not the one that has wrapped the data key, or the wrapped data key was changed"
              .formatted(number, SETTING));
    }
  }

  private static KeyAnswer unknown() {
    return new KeyAnswer.Missing(SETTING + " has no such key");
  }

  private static Cipher cipher(int mode, SecretKey key, byte[] nonce, String keyId)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(keyId.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
