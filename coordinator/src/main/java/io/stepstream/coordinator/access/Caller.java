package io.stepstream.coordinator.access;

import java.util.Set;

/**
 * Who calls.
 *
 * @param arn as messages and the audit log name them
 * @param name of the user, as policies know them
 * @param groups whose policies hold for them too
 * @param credentialId which of their credentials it was: an access key's or an API key's id, which
 *     are no secrets; empty: none of ours, since a provider has named them
 */
public record Caller(Kind kind, String arn, String name, Set<String> groups, String credentialId) {

  /** How callers have shown who they are. */
  public enum Kind {
    /** Not at all: no authentication is configured. */
    ANYONE,
    ACCESS_KEY,
    API_KEY,
    /** By a cookie that was given for an API key, or after a login at an OpenID provider. */
    SESSION,
    /** A token of an OpenID provider. */
    TOKEN,
    /** The application itself, for a call that it has let in already. */
    NODE
  }

  /** Where no authentication is configured. */
  public static final Caller ANYONE =
      new Caller(Kind.ANYONE, "anonymous", "anonymous", Set.of(), "anonymous");

  /** Follows from a call that was let in. */
  public static final Caller NODE = new Caller(Kind.NODE, "stepstream", "stepstream", Set.of(), "");

  public Caller {
    groups = Set.copyOf(groups);
  }

  /** A user of this installation. */
  static Caller user(
      Kind kind, String account, String name, Set<String> groups, String credentialId) {
    return new Caller(
        kind, "arn:aws:iam::%s:user/%s".formatted(account, name), name, groups, credentialId);
  }

  /** Whether an OpenID provider says who this is, and no file of ours. */
  public boolean isNamedByProvider() {
    return kind == Kind.TOKEN || (kind == Kind.SESSION && credentialId.isEmpty());
  }
}
