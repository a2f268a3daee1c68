package io.stepstream.coordinator.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.engine.TaskToken;
import io.stepstream.asl.engine.TaskTokens;
import io.stepstream.coordinator.access.Demand;
import io.stepstream.coordinator.definition.MachineRef;
import io.stepstream.coordinator.sealing.Seals;
import io.stepstream.schemas.sealing.SealPolicy;
import io.stepstream.schemas.topic.ExecutionKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a caller must be allowed on the key of a machine or an activity: {@code kms:Decrypt} to see
 * payloads, {@code kms:GenerateDataKey} to add some, as AWS has it. None where no key is named.
 */
final class KeyDemands {

  private static final String READ = "kms:Decrypt";
  private static final String WRITE = "kms:GenerateDataKey";

  private final Seals seals;
  private final TaskTokens tokens;

  KeyDemands(Seals seals, TaskTokens tokens) {
    this.seals = seals;
    this.tokens = tokens;
  }

  /**
   * @param parameters that satisfy the model's constraints
   */
  List<Demand> of(String action, JsonNode parameters) {
    return switch (action) {
      case "CreateStateMachine", "UpdateStateMachine", "CreateActivity" -> named(parameters);
      case "StartExecution" -> on(WRITE, machine(parameters));
      case "StartSyncExecution" ->
          isMetadataOnly(parameters) ? on(WRITE, machine(parameters)) : both(machine(parameters));
      case "StopExecution" -> on(WRITE, execution(parameters));
      case "SendTaskSuccess", "SendTaskFailure" -> on(WRITE, ofToken(parameters));
      case "DescribeExecution" ->
          isMetadataOnly(parameters) ? List.of() : on(READ, execution(parameters));
      case "GetExecutionHistory" ->
          parameters.path("includeExecutionData").asBoolean(true)
              ? on(READ, execution(parameters))
              : List.of();
      case "GetActivityTask" ->
          on(READ, seals.policyOfActivity(parameters.path("activityArn").asText()));
      default -> List.of();
    };
  }

  private static boolean isMetadataOnly(JsonNode parameters) {
    return parameters.path("includedData").asText().equals("METADATA_ONLY");
  }

  private static List<Demand> named(JsonNode parameters) {
    JsonNode key = parameters.path("encryptionConfiguration").path("kmsKeyId");
    return key.isTextual() ? List.of(Demand.of(WRITE, key.textValue())) : List.of();
  }

  private @Nullable SealPolicy machine(JsonNode parameters) {
    return seals.policyOfMachine(
        MachineRef.of(parameters.path("stateMachineArn").asText()).machineArn());
  }

  private @Nullable SealPolicy execution(JsonNode parameters) {
    return seals.policyOfMachine(ExecutionKey.machineArn(parameters.path("executionArn").asText()));
  }

  private @Nullable SealPolicy ofToken(JsonNode parameters) {
    TaskToken token = tokens.verify(parameters.path("taskToken").asText());
    return token == null
        ? null
        : seals.policyOfMachine(ExecutionKey.machineArn(token.executionArn()));
  }

  private static List<Demand> both(@Nullable SealPolicy policy) {
    return policy == null
        ? List.of()
        : List.of(Demand.of(WRITE, policy.keyId()), Demand.of(READ, policy.keyId()));
  }

  private static List<Demand> on(String action, @Nullable SealPolicy policy) {
    return policy == null ? List.of() : List.of(Demand.of(action, policy.keyId()));
  }
}
