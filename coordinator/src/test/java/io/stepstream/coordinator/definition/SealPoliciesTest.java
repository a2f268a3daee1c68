package io.stepstream.coordinator.definition;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.ActivityDefinition;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.StateMachineRevision;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.sealing.SealPolicy;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What definitions say of encryption, over updates and deletions. */
final class SealPoliciesTest {

  private static final String MACHINE = "arn:aws:states:us-east-1:111111111111:stateMachine:m";
  private static final String ACTIVITY = "arn:aws:states:us-east-1:111111111111:activity:a";

  private final DefinitionIndex index = new DefinitionIndex();
  private long offset;

  private static String encryption(String keyId, String more) {
    return "{\"type\":\"CUSTOMER_MANAGED_KMS_KEY\",\"kmsKeyId\":\"%s\"%s}".formatted(keyId, more);
  }

  private void revision(String id, @Nullable String encryption) {
    StateMachineRevision revision =
        new StateMachineRevision(
            MACHINE,
            id,
            "m",
            Lane.STANDARD,
            "role",
            Payloads.of("{}"),
            Instant.EPOCH,
            Instant.EPOCH,
            encryption == null
                ? null
                : Payloads.of("{\"encryptionConfiguration\":" + encryption + "}"),
            true);
    index.put(DefinitionKeys.revision(revision), revision, offset++);
    index.put(MACHINE, revision, offset++);
  }

  private @Nullable SealPolicy of(String revisionId) {
    return index.sealing(DefinitionKeys.revision(MACHINE, revisionId));
  }

  @Test
  void shouldKeepTheKeyOfEachRevision() {
    revision("r1", null);
    assertThat(index.anySealing()).isFalse();
    revision("r2", encryption("first", ""));
    revision("r3", encryption("second", ",\"kmsDataKeyReusePeriodSeconds\":60"));
    revision("r4", null);

    assertThat(of("r1")).isNull();
    assertThat(of("r2")).isEqualTo(new SealPolicy("first", Duration.ofSeconds(300)));
    assertThat(of("r3")).isEqualTo(new SealPolicy("second", Duration.ofSeconds(60)));
    assertThat(of("r4")).as("an update counts for new executions").isNull();
    assertThat(index.sealing(MACHINE)).as("some may still run").isEqualTo(of("r3"));
  }

  @Test
  void shouldForgetAMachineWithItsLastRevisionThatNamesAKey() {
    revision("r1", encryption("first", ""));
    revision("r2", null);

    index.remove(MACHINE);
    assertThat(index.sealing(MACHINE)).as("its executions end later").isNotNull();
    index.remove(DefinitionKeys.revision(MACHINE, "r1"));

    assertThat(of("r1")).isNull();
    assertThat(index.anySealing()).isFalse();
  }

  @Test
  void shouldKnowTheKeysOfActivities() {
    index.put(
        ACTIVITY,
        new ActivityDefinition(ACTIVITY, "a", Instant.EPOCH, Payloads.of(encryption("people", ""))),
        offset++);
    assertThat(index.sealing(ACTIVITY)).isEqualTo(SealPolicy.of("people"));

    index.remove(ACTIVITY);
    assertThat(index.anySealing()).isFalse();
  }
}
