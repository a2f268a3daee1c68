package io.stepstream.schemas.sealing;

import java.time.Duration;

/**
 * How the payloads of a machine or an activity are to be sealed.
 *
 * @param keyId of the key, as {@code kmsKeyId} says
 * @param reuse for how long a data key is used, {@code kmsDataKeyReusePeriodSeconds}
 */
public record SealPolicy(String keyId, Duration reuse) {

  /** AWS's. */
  public static final Duration DEFAULT_REUSE = Duration.ofSeconds(300);

  /** With AWS's reuse of data keys. */
  public static SealPolicy of(String keyId) {
    return new SealPolicy(keyId, DEFAULT_REUSE);
  }
}
