package io.stepstream.coordinator.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of the console: a cookie that says whose API key was shown, until when, and a MAC.
 * Nothing is stored, so every node knows the sessions of all; a key that is taken away ends its
 * sessions. Immutable.
 */
final class Sessions {

  static final String PURPOSE = "stepstream session";

  private static final Pattern FORM =
      Pattern.compile("([A-Za-z0-9]{12})\\.(\\d{1,12})\\.(\\w{64})");

  private final NodeKeys keys;
  private final InstantSource clock;
  private final Duration lifetime;

  Sessions(NodeKeys keys, InstantSource clock, Duration lifetime) {
    this.keys = keys;
    this.clock = clock;
    this.lifetime = lifetime;
  }

  /** The cookie's value. */
  String begin(Caller owner) {
    String claim = owner.credentialId() + '.' + clock.instant().plus(lifetime).getEpochSecond();
    return claim + '.' + keys.sign(claim);
  }

  /** Null: this is no session, or it is over. */
  @Nullable Caller caller(String cookie, ApiKeys apiKeys) {
    Matcher form = FORM.matcher(cookie);
    if (!form.matches()
        || !keys.isSignatureOf(form.group(1) + '.' + form.group(2), form.group(3))) {
      return null;
    }
    Instant now = clock.instant();
    Caller owner =
        now.getEpochSecond() < Long.parseLong(form.group(2))
            ? apiKeys.owner(form.group(1), now)
            : null;
    return owner == null
        ? null
        : new Caller(
            Caller.Kind.SESSION, owner.arn(), owner.name(), owner.groups(), owner.credentialId());
  }
}
