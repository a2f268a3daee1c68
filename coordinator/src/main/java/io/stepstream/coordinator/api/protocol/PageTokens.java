package io.stepstream.coordinator.api.protocol;

import io.stepstream.coordinator.api.protocol.Checked.Invalid;
import io.stepstream.coordinator.api.protocol.Checked.Valid;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that stand for a position in a list: 40 bytes in base64, whatever the list. They hold all
 * that is needed, so any node with the same key accepts them; they are bound to the query that they
 * came from, and they expire.
 *
 * <p>Layout: position (8 bytes), expiry in epoch seconds (8), the first half of an HMAC-SHA-256
 * over both and the query (16).
 */
public final class PageTokens {

  private static final String ALGORITHM = "HmacSHA256";
  private static final int MAC_LENGTH = 16;
  private static final int LENGTH = Long.BYTES + Long.BYTES + MAC_LENGTH;

  /** AWS: "Each pagination token is unique for each page … and expires after 24 hours". */
  private static final Duration LIFETIME = Duration.ofHours(24);

  private final SecretKeySpec key;
  private final Clock clock;

  public PageTokens(String key, Clock clock) {
    this.key = new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    this.clock = clock;
  }

  /**
   * A token for the page behind a position.
   *
   * @param query what must be the same when the token comes back
   */
  public String issue(String query, long position) {
    long expiry = clock.instant().plus(LIFETIME).getEpochSecond();
    ByteBuffer token = ByteBuffer.allocate(LENGTH).putLong(position).putLong(expiry);
    token.put(mac(query, position, expiry));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token.array());
  }

  /**
   * The position at which a list goes on.
   *
   * @param token null: the list begins
   */
  public Checked<Long> position(String query, @Nullable String token, long beginning) {
    return token == null ? new Valid<>(beginning) : position(query, token);
  }

  /** The position that a token stands for. */
  public Checked<Long> position(String query, String token) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException _) {
      return invalid("Invalid token");
    }
    if (bytes.length != LENGTH) {
      return invalid("Invalid token");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    long position = buffer.getLong();
    long expiry = buffer.getLong();
    byte[] mac = Arrays.copyOfRange(bytes, LENGTH - MAC_LENGTH, LENGTH);
    if (!MessageDigest.isEqual(mac, mac(query, position, expiry))) {
      return invalid("Invalid token: it was not issued for this request");
    }
    if (clock.instant().getEpochSecond() > expiry) {
      return invalid("Invalid token: it has expired");
    }
    return new Valid<>(position);
  }

  private static Checked<Long> invalid(String what) {
    return new Invalid<>(Refusals.invalidToken(what));
  }

  private byte[] mac(String query, long position, long expiry) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(ByteBuffer.allocate(16).putLong(position).putLong(expiry).flip());
      byte[] full = mac.doFinal(query.getBytes(StandardCharsets.UTF_8));
      return Arrays.copyOf(full, MAC_LENGTH);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
    }
  }
}
