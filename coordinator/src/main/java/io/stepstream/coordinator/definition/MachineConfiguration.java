package io.stepstream.coordinator.definition;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.schemas.sealing.SealPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a machine is told beside its definition, in AWS's own shapes and with AWS's defaults filled
 * in.
 *
 * @param logging AWS's loggingConfiguration
 * @param transitionsOff whether the machine was told in so many words to log nothing; the default
 *     level, which is OFF too, doesn't say so
 * @param tracing AWS's tracingConfiguration
 * @param encryption AWS's encryptionConfiguration
 */
public record MachineConfiguration(
    JsonNode logging, boolean transitionsOff, JsonNode tracing, JsonNode encryption) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Reads the members of a request to create a machine, or what {@link #toJson} has written. */
  public static MachineConfiguration of(JsonNode members) {
    JsonNode logging = members.path("loggingConfiguration");
    ObjectNode fullLogging = JSON.createObjectNode();
    fullLogging.put("level", "OFF").put("includeExecutionData", false);
    if (logging.isObject()) {
      fullLogging.setAll((ObjectNode) logging);
    }
    ObjectNode tracing = JSON.createObjectNode();
    tracing.put("enabled", members.path("tracingConfiguration").path("enabled").asBoolean(false));
    JsonNode encryption = members.path("encryptionConfiguration");
    return new MachineConfiguration(
        fullLogging,
        logging.path("level").asText("").equals("OFF"),
        tracing,
        encryption.isObject() ? encryption : JSON.createObjectNode().put("type", "AWS_OWNED_KEY"));
  }

  /** Reads the configuration of a revision; a revision without one has the defaults. */
  public static MachineConfiguration ofJson(@Nullable ByteBuffer json) {
    if (json == null) {
      return of(JSON.createObjectNode());
    }
    byte[] bytes = new byte[json.remaining()];
    json.duplicate().get(bytes);
    try {
      return of(JSON.readTree(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With the members of a request to update a machine, where there are any. */
  MachineConfiguration updated(JsonNode members) {
    MachineConfiguration given = of(members);
    boolean logs = members.has("loggingConfiguration");
    return new MachineConfiguration(
        logs ? given.logging : logging,
        logs ? given.transitionsOff : transitionsOff,
        members.has("tracingConfiguration") ? given.tracing : tracing,
        members.has("encryptionConfiguration") ? given.encryption : encryption);
  }

  byte[] toJson() {
    ObjectNode json = JSON.createObjectNode();
    json.set("loggingConfiguration", logging);
    json.set("tracingConfiguration", tracing);
    json.set("encryptionConfiguration", encryption);
    try {
      return JSON.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Null: the machine names no key. */
  public @Nullable SealPolicy sealing() {
    return sealing(encryption);
  }

  /**
   * What an encryptionConfiguration asks for; null: nothing.
   *
   * @param encryption within the model's constraints
   */
  public static @Nullable SealPolicy sealing(JsonNode encryption) {
    if (!encryption.path("type").asText().equals("CUSTOMER_MANAGED_KMS_KEY")) {
      return null;
    }
    JsonNode seconds = encryption.path("kmsDataKeyReusePeriodSeconds");
    return new SealPolicy(
        encryption.path("kmsKeyId").asText(),
        seconds.isNumber() ? Duration.ofSeconds(seconds.asLong()) : SealPolicy.DEFAULT_REUSE);
  }

  /** Whether a request with the other configuration asks for the same machine. */
  boolean sameMachine(MachineConfiguration other) {
    return logging.equals(other.logging)
        && tracing.equals(other.tracing)
        && encryption.equals(other.encryption);
  }
}
