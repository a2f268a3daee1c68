package io.stepstream.schemas.sealing;

import io.stepstream.schemas.sealing.Opened.Closed;
import io.stepstream.schemas.sealing.SealProblem.KeyMissing;
import io.stepstream.schemas.sealing.SealProblem.Tampered;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The data keys of a process: those that it seals with, one per machine for as long as the machine
 * says, and the latest that it has opened payloads with. Thread safe.
 */
public final class PayloadKeys {

  /** Of machines whose keys nobody has configured: what is sealed stays so. */
  public static final PayloadKeys NONE = new PayloadKeys(null, InstantSource.system());

  private static final String NOT_CONFIGURED =
      "no keys are configured on this node: set stepstream.encryption.keys-file";

  private static final int DATA_KEY_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** As old as a data key gets with AWS: a key that was taken away must not open for ever. */
  private static final Duration REMEMBERED = Duration.ofMinutes(15);

  /** Data keys that were unwrapped: 15 minutes of a thousand machines on a few nodes. */
  private static final int MOST_REMEMBERED = 10_000;

  private record Owner(String name, SealPolicy policy) {}

  private record Current(Seal seal, Instant until) {}

  private record Wrapped(String keyId, ByteBuffer bytes) {}

  private record Unwrapped(byte[] dataKey, Instant until) {}

  private final @Nullable KeyProvider provider;
  private final InstantSource clock;
  private final Map<Owner, Current> sealing = new ConcurrentHashMap<>();

  /** The least recently used first. Guarded by itself. */
  private final Map<Wrapped, Unwrapped> opening = new LinkedHashMap<>(16, 0.75f, true);

  private PayloadKeys(@Nullable KeyProvider provider, InstantSource clock) {
    this.provider = provider;
    this.clock = clock;
  }

  public static PayloadKeys of(KeyProvider provider, InstantSource clock) {
    return new PayloadKeys(provider, clock);
  }

  /**
   * The keys of the file, or else of the provider that {@link ServiceLoader} finds, or none.
   *
   * @throws IllegalStateException the file can't be used
   */
  public static PayloadKeys configured(Optional<Path> file) {
    InstantSource clock = InstantSource.system();
    return file.<KeyProvider>map(path -> FileKeys.watching(path, clock))
        .or(() -> ServiceLoader.load(KeyProvider.class).findFirst())
        .map(provider -> of(provider, clock))
        .orElse(NONE);
  }

  /**
   * What a machine's payloads are to be sealed with now.
   *
   * @param owner whose data key it is: the ARN of the machine
   * @throws KeyUnavailableException the key is not there
   */
  public Seal seal(String owner, SealPolicy policy) {
    Instant now = clock.instant();
    Owner of = new Owner(owner, policy);
    Current current = sealing.get(of);
    if (current == null || !now.isBefore(current.until())) {
      current = new Current(fresh(policy.keyId()), now.plus(policy.reuse()));
      sealing.values().removeIf(old -> !now.isBefore(old.until()));
      sealing.put(of, current);
    }
    return current.seal();
  }

  private Seal fresh(String keyId) {
    byte[] dataKey = new byte[DATA_KEY_BYTES];
    RANDOM.nextBytes(dataKey);
    KeyAnswer answer =
        provider == null
            ? new KeyAnswer.Missing(NOT_CONFIGURED)
            : provider.wrap(keyId, dataKey.clone());
    return switch (answer) {
      case KeyAnswer.Given(byte[] wrapped) ->
          Seal.of(keyId, wrapped, new SecretKeySpec(dataKey, "AES"));
      case KeyAnswer.Missing(String reason) ->
          throw new KeyUnavailableException(missing(keyId, reason));
    };
  }

  /** Why nothing can be sealed with a key now; null: it can. */
  public @Nullable String problem(String keyId) {
    try {
      fresh(keyId);
      return null;
    } catch (KeyUnavailableException e) {
      return e.getMessage();
    }
  }

  private static String missing(String keyId, String reason) {
    return "The key '%s' is not available: %s".formatted(keyId, reason);
  }

  /**
   * Opens a payload; a plain one is itself.
   *
   * @param context what it was sealed as
   */
  public Opened open(byte[] payload, String context) {
    SealedPayload sealed = SealedPayload.read(payload);
    if (sealed == null) {
      return new Opened.Payload(payload);
    }
    return switch (dataKey(sealed)) {
      case KeyAnswer.Missing(String reason) ->
          new Closed(new KeyMissing(missing(sealed.keyId(), reason)));
      case KeyAnswer.Given(byte[] dataKey) -> open(payload, sealed, dataKey, context);
    };
  }

  private static Opened open(byte[] payload, SealedPayload sealed, byte[] dataKey, String context) {
    int from = sealed.nonce() + SealedPayload.NONCE_BYTES;
    byte[] nonce = Arrays.copyOfRange(payload, sealed.nonce(), from);
    SecretKey key = new SecretKeySpec(dataKey, "AES");
    try {
      return new Opened.Payload(
          Seal.cipher(Cipher.DECRYPT_MODE, key, nonce, sealed.header(), context)
              .doFinal(payload, from, payload.length - from));
    } catch (GeneralSecurityException _) {
      return new Closed(
          new Tampered(
              "What is sealed with the key '%s' is not what was sealed as %s: it was changed or moved"
                  .formatted(sealed.keyId(), context)));
    }
  }

  private KeyAnswer dataKey(SealedPayload sealed) {
    Wrapped wrapped = new Wrapped(sealed.keyId(), ByteBuffer.wrap(sealed.wrapped()));
    Instant now = clock.instant();
    synchronized (opening) {
      Unwrapped known = opening.get(wrapped);
      if (known != null && now.isBefore(known.until())) {
        return new KeyAnswer.Given(known.dataKey());
      }
    }
    KeyAnswer answer =
        provider == null
            ? new KeyAnswer.Missing(NOT_CONFIGURED)
            : provider.unwrap(sealed.keyId(), sealed.wrapped());
    if (answer instanceof KeyAnswer.Given(byte[] dataKey)) {
      synchronized (opening) {
        opening.put(wrapped, new Unwrapped(dataKey, now.plus(REMEMBERED)));
        if (opening.size() > MOST_REMEMBERED) {
          opening.remove(opening.keySet().iterator().next());
        }
      }
    }
    return answer;
  }
}
