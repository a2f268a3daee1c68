package io.stepstream.coordinator.access;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.schemas.configured.FileMembers;
import io.stepstream.schemas.configured.UnusableFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who may do what: statements as in IAM's policies, for users, for groups and for the roles of
 * state machines. What no statement allows is denied, and a denial wins over whatever allows it.
 *
 * <pre>
 * {"users":  {"ada":       [{"Effect": "Allow", "Action": "states:*", "Resource": "*"}]},
 *  "groups": {"operators": [...]},
 *  "roles":  {"arn:aws:iam::000000000000:role/orders": [...]}}
 * </pre>
 *
 * <p>What IAM has beyond that ({@code Condition}, {@code NotAction}) is refused: to pass over it
 * would allow more than was written. Immutable.
 */
final class Policies {

  private static final Set<String> MEMBERS = Set.of("Sid", "Effect", "Action", "Resource");

  private final Map<String, List<Statement>> users;
  private final Map<String, List<Statement>> groups;
  private final Map<String, List<Statement>> roles;

  private Policies(
      Map<String, List<Statement>> users,
      Map<String, List<Statement>> groups,
      Map<String, List<Statement>> roles) {
    this.users = users;
    this.groups = groups;
    this.roles = roles;
  }

  /** What policies say to a demand. */
  enum Verdict {
    ALLOWED,
    /** No statement allows it. */
    NOT_ALLOWED,
    DENIED
  }

  /**
   * @throws UnusableFile with the place and how to mend it
   */
  static Policies of(JsonNode file) throws UnusableFile {
    FileMembers.only(file, "", Set.of("users", "groups", "roles"));
    return new Policies(
        statements(file, "users"), statements(file, "groups"), statements(file, "roles"));
  }

  Verdict ofUser(Caller caller, Demand demand) {
    return verdict(
        Stream.concat(
            users.getOrDefault(caller.name(), List.of()).stream(),
            caller.groups().stream()
                .flatMap(group -> groups.getOrDefault(group, List.of()).stream())),
        demand);
  }

  Verdict ofRole(String roleArn, Demand demand) {
    return verdict(roles.getOrDefault(roleArn, List.of()).stream(), demand);
  }

  private static Verdict verdict(Stream<Statement> statements, Demand demand) {
    Verdict verdict = Verdict.NOT_ALLOWED;
    for (Statement statement : (Iterable<Statement>) statements::iterator) {
      if (statement.concerns(demand)) {
        if (!statement.allow()) {
          return Verdict.DENIED;
        }
        verdict = Verdict.ALLOWED;
      }
    }
    return verdict;
  }

  private static Map<String, List<Statement>> statements(JsonNode file, String kind)
      throws UnusableFile {
    Map<String, List<Statement>> all = new HashMap<>();
    for (Map.Entry<String, JsonNode> holder : FileMembers.object(file, "", kind).properties()) {
      String at = kind + "." + holder.getKey();
      if (!holder.getValue().isArray()) {
        throw new UnusableFile(at, "must be an array of statements");
      }
      List<Statement> statements = new ArrayList<>();
      for (JsonNode statement : holder.getValue()) {
        statements.add(statement(statement, at + "[" + statements.size() + "]"));
      }
      all.put(holder.getKey(), List.copyOf(statements));
    }
    return Map.copyOf(all);
  }

  private static Statement statement(JsonNode json, String at) throws UnusableFile {
    FileMembers.only(json, at, MEMBERS);
    boolean allow =
        switch (FileMembers.text(json, at, "Effect")) {
          case "Allow" -> true;
          case "Deny" -> false;
          case String other ->
              throw new UnusableFile(at + ".Effect", "must be Allow or Deny, not " + other);
        };
    return new Statement(
        allow, patterns(json, at, "Action", true), patterns(json, at, "Resource", false));
  }

  private static List<Wildcard> patterns(
      JsonNode json, String at, String member, boolean ignoreCase) throws UnusableFile {
    JsonNode given = json.path(member);
    List<Wildcard> patterns = new ArrayList<>();
    if (given.isTextual()) {
      patterns.add(new Wildcard(given.textValue(), ignoreCase));
    } else if (given.isArray()) {
      for (JsonNode pattern : given) {
        if (!pattern.isTextual()) {
          throw new UnusableFile(at + "." + member, "must have strings only");
        }
        patterns.add(new Wildcard(pattern.textValue(), ignoreCase));
      }
    }
    if (patterns.isEmpty()) {
      throw new UnusableFile(at + "." + member, "must be a string or an array of strings");
    }
    return patterns;
  }
}
