package io.stepstream.coordinator.access;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.schemas.configured.UnusableFile;
import java.time.Instant;
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
    return new ApiKeys(
        KeyEntry.read(file, "apiKeys", "id", Set.of("sha256"), account, ApiKeys::entry));
  }

  private static Entry entry(KeyEntry entry) throws UnusableFile {
    String hash = entry.text("sha256");
    if (!hash.matches("[0-9a-f]{64}")) {
      throw new UnusableFile(
          entry.at() + ".sha256",
          "must be 64 hexadecimal digits, as ./stepstream keys create prints");
    }
    return new Entry(hash, entry.caller(Caller.Kind.API_KEY, entry.text("id")), entry.expires());
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
