package io.stepstream.coordinator.sealing;

import io.stepstream.schemas.sealing.KeyAnswer;
import io.stepstream.schemas.sealing.KeyProvider;
import io.stepstream.schemas.sealing.PayloadKeys;
import io.stepstream.schemas.sealing.SealPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keys that come and go, and machines that name them. Wraps by turning bits over: it is a test. */
public final class TestSeals implements KeyProvider, SealPolicies {

  private final Map<String, SealPolicy> policies = new HashMap<>();
  private final Set<String> missing = new HashSet<>();
  private Instant now = Instant.parse("2026-11-27T12:00:00Z");

  public final PayloadKeys keys = PayloadKeys.of(this, () -> now);
  public final Seals seals = new Seals(keys, this);

  /** A machine, in all revisions, or an activity names a key. */
  public void names(String arn, String keyId) {
    policies.put(arn, SealPolicy.of(keyId));
  }

  /** A key is gone, also from the memory of those who had it. */
  public void take(String keyId) {
    missing.add(keyId);
    now = now.plus(Duration.ofMinutes(16));
  }

  public void giveBack(String keyId) {
    missing.remove(keyId);
  }

  @Override
  public KeyAnswer wrap(String keyId, byte[] dataKey) {
    if (missing.contains(keyId)) {
      return new KeyAnswer.Missing("it was taken away");
    }
    byte[] wrapped = dataKey.clone();
    for (int i = 0; i < wrapped.length; i++) {
      wrapped[i] ^= (byte) keyId.hashCode();
    }
    return new KeyAnswer.Given(wrapped);
  }

  @Override
  public KeyAnswer unwrap(String keyId, byte[] wrapped) {
    return wrap(keyId, wrapped);
  }

  @Override
  public boolean areAny() {
    return !policies.isEmpty();
  }

  @Override
  public boolean isKnown(String stateMachineArn, String revisionId) {
    return true;
  }

  @Override
  public @Nullable SealPolicy ofRevision(String stateMachineArn, String revisionId) {
    return policies.get(stateMachineArn);
  }

  @Override
  public @Nullable SealPolicy ofMachine(String stateMachineArn) {
    return policies.get(stateMachineArn);
  }

  @Override
  public @Nullable SealPolicy ofActivity(String activityArn) {
    return policies.get(activityArn);
  }
}
