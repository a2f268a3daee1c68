package io.stepstream.coordinator.access;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The API keys that are accepted, by their hashes.
 *
 * <pre>
 * {"apiKeys": [{"id": "k3jx…", "sha256": "…", "user": "ci", "groups": ["deployers"], "expires": "2027-01-31T00:00:00Z"}]}
 * </pre>
 *
 * Immutable.
 */
final class ApiKeys {

  private static final Set<String> MEMBERS = Set.of("id", "sha256", "user", "groups", "expires");

  private record Entry(String hash, Caller caller, @Nullable Instant expires) {
    boolean isValidAt(Instant now) {
      return expires == null || now.isBefore(expires);
    }
  }

  private final Map<String, Entry> keys;

  private ApiKeys(Map<String, Entry> keys) {
    this.keys = Map.copyOf(keys);
  }

  static ApiKeys of(JsonNode file, String account) throws UnusableFile {
    FileMembers.only(file, "", Set.of("apiKeys"));
    Map<String, Entry> keys = new HashMap<>();
    int index = 0;
    for (JsonNode json : FileMembers.array(file, "", "apiKeys")) {
      String at = "apiKeys[%d]".formatted(index++);
      FileMembers.only(json, at, MEMBERS);
      String id = FileMembers.text(json, at, "id");
      String hash = FileMembers.text(json, at, "sha256");
      if (!hash.matches("[0-9a-f]{64}")) {
        throw new UnusableFile(
            at + ".sha256", "must be 64 hexadecimal digits, as ./stepstream keys create prints");
      }
      Caller caller =
          Caller.user(
              Caller.Kind.API_KEY,
              account,
              FileMembers.text(json, at, "user"),
              FileMembers.texts(json, at, "groups"),
              id);
      if (keys.put(id, new Entry(hash, caller, expiry(json, at))) != null) {
        throw new UnusableFile(at + ".id", "is given twice");
      }
    }
    return new ApiKeys(keys);
  }

  private static @Nullable Instant expiry(JsonNode json, String at) throws UnusableFile {
    String text = FileMembers.optional(json, at, "expires");
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException _) {
      throw new UnusableFile(at + ".expires", "must be a time such as 2027-01-31T00:00:00Z");
    }
  }

  /** Null: nobody has this key, or no longer. */
  @Nullable Caller find(String text, Instant now) {
    ApiKey key = ApiKey.read(text);
    Entry entry = key == null ? null : keys.get(key.id());
    return entry != null && Hmac.same(entry.hash(), key.hash()) && entry.isValidAt(now)
        ? entry.caller()
        : null;
  }

  /** Whose key this is; null: nobody's, or no longer. For who has shown the key before. */
  @Nullable Caller owner(String id, Instant now) {
    Entry entry = keys.get(id);
    return entry != null && entry.isValidAt(now) ? entry.caller() : null;
  }
}
