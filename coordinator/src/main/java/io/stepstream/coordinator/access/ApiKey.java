package io.stepstream.coordinator.access;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text of an API key: {@code ssk_ID_SECRET}. The id may be seen by anybody; the secret has 256
 * random bits, so that a plain hash of the key says nothing about it, and nobody needs a slow one.
 */
public final class ApiKey {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Pattern FORM = Pattern.compile("ssk_([A-Za-z0-9]{12})_[A-Za-z0-9_-]{43}");
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int ID_LENGTH = 12;
  private static final int SECRET_BYTES = 32;

  private final String id;
  private final String text;

  private ApiKey(String id, String text) {
    this.id = id;
    this.text = text;
  }

  /** A new one. */
  public static ApiKey random() {
    StringBuilder id = new StringBuilder();
    for (int i = 0; i < ID_LENGTH; i++) {
      id.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
    }
    byte[] secret = new byte[SECRET_BYTES];
    RANDOM.nextBytes(secret);
    return new ApiKey(
        id.toString(),
        "ssk_" + id + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
  }

  /** Null: the text is no key. */
  static @Nullable ApiKey read(String text) {
    var form = FORM.matcher(text);
    return form.matches() ? new ApiKey(form.group(1), text) : null;
  }

  /** What names the key where its text must not be. */
  public String id() {
    return id;
  }

  /** The secret: for its owner's eyes. */
  public String text() {
    return text;
  }

  /** What is kept of the key: SHA-256 of its text, in hexadecimal. */
  public String hash() {
    return Hmac.hex(Hmac.sha256(text.getBytes(StandardCharsets.UTF_8)));
  }
}
