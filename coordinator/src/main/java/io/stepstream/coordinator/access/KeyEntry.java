package io.stepstream.coordinator.access;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.schemas.configured.FileMembers;
import io.stepstream.schemas.configured.UnusableFile;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One key in a file that lists keys of users, of whatever kind: who the user is and when the key
 * ends is said alike in all of them.
 *
 * @param at where it is in the file, for messages
 * @param account of the user's ARN
 */
record KeyEntry(JsonNode json, String at, String account) {

  private static final Set<String> OF_ALL = Set.of("user", "groups", "expires");

  /** What a kind of keys makes of an entry. */
  @FunctionalInterface
  interface Reading<K> {
    K of(KeyEntry entry) throws UnusableFile;
  }

  /**
   * The keys of a file, by their ids.
   *
   * @param list the file's only member
   * @param id the member that names a key
   * @param members what entries may have besides the user, the groups and the end
   */
  static <K> Map<String, K> read(
      JsonNode file,
      String list,
      String id,
      Set<String> members,
      String account,
      Reading<K> reading)
      throws UnusableFile {
    FileMembers.only(file, "", Set.of(list));
    Set<String> known = new HashSet<>(members);
    known.addAll(OF_ALL);
    known.add(id);
    Map<String, K> keys = new HashMap<>();
    int index = 0;
    for (JsonNode json : FileMembers.array(file, "", list)) {
      KeyEntry entry = new KeyEntry(json, "%s[%d]".formatted(list, index++), account);
      FileMembers.only(json, entry.at, known);
      String name = entry.text(id);
      if (keys.put(name, reading.of(entry)) != null) {
        throw new UnusableFile(entry.at + '.' + id, "is given twice");
      }
    }
    return keys;
  }

  String text(String member) throws UnusableFile {
    return FileMembers.text(json, at, member);
  }

  @Nullable String optional(String member) throws UnusableFile {
    return FileMembers.optional(json, at, member);
  }

  /** Whose key it is. */
  Caller caller(Caller.Kind kind, String id) throws UnusableFile {
    return Caller.user(kind, account, text("user"), FileMembers.texts(json, at, "groups"), id);
  }

  /** From when on it is no key any more; null: it is one until it is taken out. */
  @Nullable Instant expires() throws UnusableFile {
    String text = optional("expires");
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException _) {
      throw new UnusableFile(at + ".expires", "must be a time such as 2027-01-31T00:00:00Z");
    }
  }
}
