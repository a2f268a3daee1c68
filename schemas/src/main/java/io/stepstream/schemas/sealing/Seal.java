package io.stepstream.schemas.sealing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals payloads with one data key, or leaves them as they are. Whoever holds one can seal: nothing
 * more can be missing. Thread safe.
 */
public final class Seal {

  /** Of machines that name no key. */
  public static final Seal NONE = new Seal(null, null);

  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte @Nullable [] header;
  private final @Nullable SecretKey key;

  private Seal(byte @Nullable [] header, @Nullable SecretKey key) {
    this.header = header;
    this.key = key;
  }

  static Seal of(String keyId, byte[] wrapped, SecretKey key) {
    return new Seal(SealedPayload.header(keyId, wrapped), key);
  }

  public boolean isNone() {
    return key == null;
  }

  /**
   * A payload as it is to be stored. What is sealed already stays so.
   *
   * @param context what the payload is, which whoever opens it must know
   */
  public byte[] bytes(byte[] payload, String context) {
    if (key == null || header == null || SealedPayload.read(payload) != null) {
      return payload;
    }
    // Random nonces: a data key lives for 15 minutes at most, so it never seals the 2^32 payloads
    // up to which chance is safe enough.
    byte[] nonce = new byte[SealedPayload.NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce, header, context);
      int before = header.length + nonce.length;
      byte[] sealed = Arrays.copyOf(header, before + cipher.getOutputSize(payload.length));
      System.arraycopy(nonce, 0, sealed, header.length, nonce.length);
      cipher.doFinal(payload, 0, payload.length, sealed, before);
      return sealed;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-256-GCM", e);
    }
  }

  /** The same of a text. */
  public String text(String payload, String context) {
    if (key == null || SealedPayload.bytes(payload) != null) {
      return payload;
    }
    return SealedPayload.text(bytes(payload.getBytes(StandardCharsets.UTF_8), context));
  }

  static Cipher cipher(int mode, SecretKey key, byte[] nonce, byte[] header, String context)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(SealedPayload.TAG_BITS, nonce));
    cipher.updateAAD(header);
    cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
