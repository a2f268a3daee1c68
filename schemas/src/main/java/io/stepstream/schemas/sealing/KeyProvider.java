package io.stepstream.schemas.sealing;

/**
 * Has the keys that machines name by {@code kmsKeyId}, and never gives them away: it wraps and
 * unwraps data keys with them. Implementations are found by {@link java.util.ServiceLoader}, unless
 * a file of keys is configured ({@link FileKeys}).
 *
 * <p>Thread safe. Called on stream threads, so an answer must come within milliseconds: whatever
 * asks a remote service keeps what it was told. Called once per data key, which is once per machine
 * and five minutes as a rule, not once per payload.
 */
public interface KeyProvider {

  /**
   * Wraps a data key with the current version of a key.
   *
   * @param keyId as the machine's encryptionConfiguration names it
   * @param dataKey 32 bytes
   * @return at most 65,535 bytes, with all that unwrapping needs besides the key's name
   */
  KeyAnswer wrap(String keyId, byte[] dataKey);

  /**
   * Unwraps a data key, with whatever version of the key has wrapped it.
   *
   * @param wrapped as {@link #wrap} gave it, or anything else: it was read from a topic
   */
  KeyAnswer unwrap(String keyId, byte[] wrapped);
}
