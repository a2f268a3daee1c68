package io.stepstream.coordinator.access;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The access keys that requests may be signed with.
 *
 * <pre>
 * {"accessKeys": [{"accessKeyId": "SSAKORDERS", "secretAccessKey": "…", "user": "ada", "groups": ["operators"]}]}
 * </pre>
 *
 * {@code secretAccessKeyFile} in place of {@code secretAccessKey} names a file with the secret.
 * Signatures can't be checked with a hash of the secret, so it is here in the clear. Immutable.
 */
final class AccessKeys {

  private static final Set<String> MEMBERS =
      Set.of("accessKeyId", "secretAccessKey", "secretAccessKeyFile", "user", "groups");
  private static final int SHORTEST_SECRET = 16;

  /** Not a record, whose text would have the secret in it. */
  static final class Key {
    private final String secret;
    private final Caller caller;

    private Key(String secret, Caller caller) {
      this.secret = secret;
      this.caller = caller;
    }

    String secret() {
      return secret;
    }

    Caller caller() {
      return caller;
    }
  }

  private final Map<String, Key> keys;

  private AccessKeys(Map<String, Key> keys) {
    this.keys = Map.copyOf(keys);
  }

  static AccessKeys of(JsonNode file, String account) throws UnusableFile {
    FileMembers.only(file, "", Set.of("accessKeys"));
    Map<String, Key> keys = new HashMap<>();
    int index = 0;
    for (JsonNode json : FileMembers.array(file, "", "accessKeys")) {
      String at = "accessKeys[%d]".formatted(index++);
      FileMembers.only(json, at, MEMBERS);
      String id = FileMembers.text(json, at, "accessKeyId");
      if (!id.matches("\\w{3,128}")) {
        throw new UnusableFile(at + ".accessKeyId", "must have 3 to 128 letters, digits and _");
      }
      String secret = secret(json, at);
      if (secret.length() < SHORTEST_SECRET) {
        throw new UnusableFile(
            at, "has a secret of fewer than %d characters".formatted(SHORTEST_SECRET));
      }
      Caller caller =
          Caller.user(
              Caller.Kind.ACCESS_KEY,
              account,
              FileMembers.text(json, at, "user"),
              FileMembers.texts(json, at, "groups"),
              id);
      if (keys.put(id, new Key(secret, caller)) != null) {
        throw new UnusableFile(at + ".accessKeyId", "is given twice");
      }
    }
    return new AccessKeys(keys);
  }

  private static String secret(JsonNode json, String at) throws UnusableFile {
    String secret = FileMembers.optional(json, at, "secretAccessKey");
    String file = FileMembers.optional(json, at, "secretAccessKeyFile");
    if ((secret == null) == (file == null)) {
      throw new UnusableFile(at, "needs one of secretAccessKey and secretAccessKeyFile");
    }
    if (secret != null) {
      return secret;
    }
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException e) {
      throw new UnusableFile(at + ".secretAccessKeyFile", "can't be read: " + e);
    }
  }

  @Nullable Key find(String id) {
    return keys.get(id);
  }
}
