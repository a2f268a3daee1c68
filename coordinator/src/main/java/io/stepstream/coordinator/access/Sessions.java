package io.stepstream.coordinator.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of the console: a cookie that says who has logged in, until when, and a MAC. Nothing is
 * stored, so every node knows the sessions of all. Immutable.
 *
 * <pre>
 * ID of an API key . seconds of the epoch . MAC       a key that is taken away ends its sessions
 * p.CALLER         . seconds of the epoch . MAC       logged in at the OpenID provider
 * </pre>
 *
 * The ids of keys have no dot, so neither form can be taken for the other.
 */
final class Sessions {

  static final String PURPOSE = "stepstream session";

  /** Browsers drop a cookie whose name and value have more than 4,096 bytes. */
  static final int LONGEST = 3800;

  private static final String OF_PROVIDER = "p.";
  private static final Pattern FORM =
      Pattern.compile("((?:p\\.)?[A-Za-z0-9_-]+)\\.(\\d{1,12})\\.(\\w{64})");

  private final NodeKeys keys;
  private final InstantSource clock;
  private final Duration lifetime;

  Sessions(NodeKeys keys, InstantSource clock, Duration lifetime) {
    this.keys = keys;
    this.clock = clock;
    this.lifetime = lifetime;
  }

  /** The cookie's value, for the owner of an API key. */
  String begin(Caller owner) {
    return signed(owner.credentialId());
  }

  /** The same for whom the provider has named; null: it would be larger than a cookie may be. */
  @Nullable String beginOfProvider(Caller caller) {
    String cookie = signed(OF_PROVIDER + CallerText.write(ofSession(caller)));
    return cookie.length() > LONGEST ? null : cookie;
  }

  private String signed(String who) {
    String claim = who + '.' + clock.instant().plus(lifetime).getEpochSecond();
    return claim + '.' + keys.sign(claim);
  }

  /**
   * Null: this is no session, or it is over.
   *
   * @param apiKeys null: none are accepted, nor sessions of them
   * @param ofProvider whether logins at the provider are accepted
   */
  @Nullable Caller caller(String cookie, @Nullable ApiKeys apiKeys, boolean ofProvider) {
    Matcher form = FORM.matcher(cookie);
    if (!form.matches()
        || !keys.isSignatureOf(form.group(1) + '.' + form.group(2), form.group(3))) {
      return null;
    }
    Instant now = clock.instant();
    if (now.getEpochSecond() >= Long.parseLong(form.group(2))) {
      return null;
    }
    String who = form.group(1);
    if (who.startsWith(OF_PROVIDER)) {
      return ofProvider ? CallerText.read(who.substring(OF_PROVIDER.length())) : null;
    }
    Caller owner = apiKeys == null ? null : apiKeys.owner(who, now);
    return owner == null ? null : ofSession(owner);
  }

  private static Caller ofSession(Caller caller) {
    return new Caller(
        Caller.Kind.SESSION, caller.arn(), caller.name(), caller.groups(), caller.credentialId());
  }
}
