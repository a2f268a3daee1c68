package io.stepstream.coordinator.access;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.schemas.configured.UnusableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
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
 * {@code expires} is when the key ends; with {@code sessionToken} the credentials are temporary:
 * all three parts must be shown. {@code secretAccessKeyFile} in place of {@code secretAccessKey}
 * names a file with the secret. Signatures can't be checked with a hash of the secret, so it is
 * here in the clear. Immutable.
 */
final class AccessKeys {

  private static final Set<String> MEMBERS =
      Set.of("secretAccessKey", "secretAccessKeyFile", "sessionToken");
  private static final int SHORTEST_SECRET = 16;

  /** Not a record, whose text would have the secret in it. */
  static final class Key {
    private final String secret;
    private final @Nullable String sessionToken;
    private final @Nullable Instant expires;
    private final Caller caller;

    private Key(
        String secret, @Nullable String sessionToken, @Nullable Instant expires, Caller caller) {
      this.secret = secret;
      this.sessionToken = sessionToken;
      this.expires = expires;
      this.caller = caller;
    }

    /**
     * Whether a request has the token that belongs to the key, and none where there is none.
     *
     * @param token as the request has it; null: it has none
     */
    boolean isSession(@Nullable String token) {
      return sessionToken == null || token == null
          ? sessionToken == null && token == null
          : Hmac.same(sessionToken, token);
    }

    boolean isExpiredAt(Instant now) {
      return expires != null && !now.isBefore(expires);
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
    return new AccessKeys(
        KeyEntry.read(file, "accessKeys", "accessKeyId", MEMBERS, account, AccessKeys::key));
  }

  private static Key key(KeyEntry entry) throws UnusableFile {
    String id = entry.text("accessKeyId");
    if (!id.matches("\\w{3,128}")) {
      throw new UnusableFile(
          entry.at() + ".accessKeyId", "must have 3 to 128 letters, digits and _");
    }
    String secret = secret(entry);
    if (secret.length() < SHORTEST_SECRET) {
      throw new UnusableFile(
          entry.at(), "has a secret of fewer than %d characters".formatted(SHORTEST_SECRET));
    }
    Instant expires = entry.expires();
    String token = entry.optional("sessionToken");
    if (token != null && expires == null) {
      throw new UnusableFile(
          entry.at(), "has a sessionToken and needs expires: what is temporary has an end");
    }
    return new Key(secret, token, expires, entry.caller(Caller.Kind.ACCESS_KEY, id));
  }

  private static String secret(KeyEntry entry) throws UnusableFile {
    String secret = entry.optional("secretAccessKey");
    String file = entry.optional("secretAccessKeyFile");
    if ((secret == null) == (file == null)) {
      throw new UnusableFile(entry.at(), "needs one of secretAccessKey and secretAccessKeyFile");
    }
    if (secret != null) {
      return secret;
    }
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException e) {
      throw new UnusableFile(entry.at() + ".secretAccessKeyFile", "can't be read: " + e);
    }
  }

  @Nullable Key find(String id) {
    return keys.get(id);
  }
}
