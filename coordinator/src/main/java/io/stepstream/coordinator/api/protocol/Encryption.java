package io.stepstream.coordinator.api.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.coordinator.definition.MachineConfiguration;
import io.stepstream.coordinator.sealing.Seals;
import io.stepstream.schemas.sealing.SealPolicy;
import org.jspecify.annotations.Nullable;

/** AWS's rules on encryptionConfiguration, of machines and activities alike. */
public final class Encryption {

  private Encryption() {}

  /**
   * Why nothing could be encrypted so; null: it can.
   *
   * @param configuration within the model's constraints, or missing
   */
  public static Answer.@Nullable Refusal refusal(JsonNode configuration, Seals seals) {
    boolean ownKey = configuration.path("type").asText().equals("CUSTOMER_MANAGED_KMS_KEY");
    if (!ownKey) {
      return configuration.hasNonNull("kmsKeyId")
              || configuration.hasNonNull("kmsDataKeyReusePeriodSeconds")
          ? Refusals.invalidEncryptionConfiguration(
              "kmsKeyId and kmsDataKeyReusePeriodSeconds are for type CUSTOMER_MANAGED_KMS_KEY"
                  + " only.")
          : null;
    }
    if (!configuration.hasNonNull("kmsKeyId")) {
      return Refusals.invalidEncryptionConfiguration(
          "kmsKeyId is required for type CUSTOMER_MANAGED_KMS_KEY.");
    }
    SealPolicy policy = MachineConfiguration.sealing(configuration);
    String problem = policy == null ? null : seals.problem(policy);
    return problem == null ? null : Refusals.kmsAccessDenied(problem);
  }
}
