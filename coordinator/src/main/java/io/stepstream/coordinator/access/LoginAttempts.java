package io.stepstream.coordinator.access;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Logins at the provider that have begun and not ended: in a cookie of the browser that has begun
 * them, with a MAC, so any node may end what another one began. Immutable.
 *
 * <pre>
 * state . nonce . verifier . seconds of the epoch . MAC
 * </pre>
 */
final class LoginAttempts {

  static final String PURPOSE = "stepstream login";

  /** As long as somebody may take to enter a password and a second factor. */
  static final Duration LIFETIME = Duration.ofMinutes(10);

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int RANDOM_BYTES = 32;
  private static final String RANDOM_TEXT = "([A-Za-z0-9_-]{43})";
  private static final Pattern FORM =
      Pattern.compile("(%1$s\\.%1$s\\.%1$s\\.(\\d{1,12}))\\.(\\w{64})".formatted(RANDOM_TEXT));

  private final NodeKeys keys;
  private final InstantSource clock;

  LoginAttempts(NodeKeys keys, InstantSource clock) {
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * Each has 256 random bits.
   *
   * @param state comes back with the code: another page can't have sent the browser here (CSRF)
   * @param nonce comes back in the ID token, which then is of this attempt
   * @param verifier whoever has overheard the code lacks it (PKCE)
   */
  record Attempt(String state, String nonce, String verifier) {

    static Attempt random() {
      return new Attempt(text(), text(), text());
    }

    private static String text() {
      byte[] bytes = new byte[RANDOM_BYTES];
      RANDOM.nextBytes(bytes);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
  }

  /** The cookie's value. */
  String cookie(Attempt attempt) {
    String claim =
        String.join(
            ".",
            attempt.state(),
            attempt.nonce(),
            attempt.verifier(),
            Long.toString(clock.instant().plus(LIFETIME).getEpochSecond()));
    return claim + '.' + keys.sign(claim);
  }

  /**
   * Null: this browser has begun no such attempt, or too long ago.
   *
   * @param cookie null: there is none
   * @param state as it came back; null: not at all
   */
  @Nullable Attempt find(@Nullable String cookie, @Nullable String state) {
    if (cookie == null || state == null) {
      return null;
    }
    Matcher form = FORM.matcher(cookie);
    return form.matches()
            && keys.isSignatureOf(form.group(1), form.group(6))
            && clock.instant().getEpochSecond() < Long.parseLong(form.group(5))
            && Hmac.same(form.group(2), state)
        ? new Attempt(form.group(2), form.group(3), form.group(4))
        : null;
  }
}
