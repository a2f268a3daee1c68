package io.stepstream.coordinator.api.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A call of an action.
 *
 * @param parameters a JSON object that satisfies the model's constraints
 * @param traceHeader the value of the header X-Amzn-Trace-Id
 * @param gone completes when the caller is known to wait no more
 */
public record Call(JsonNode parameters, @Nullable String traceHeader, CompletionStage<?> gone) {

  /** AWS: of every list with pages, also for a maxResults of 0. */
  private static final int DEFAULT_RESULTS = 100;

  /** The text of a required parameter. */
  public String required(String name) {
    return parameters.required(name).textValue();
  }

  /** Null when the parameter is absent or JSON's null. */
  public @Nullable String text(String name) {
    return parameters.path(name).textValue();
  }

  public boolean flag(String name, boolean otherwise) {
    return parameters.path(name).asBoolean(otherwise);
  }

  public int number(String name, int otherwise) {
    return parameters.path(name).asInt(otherwise);
  }

  /** Null when the parameter is absent or JSON's null. */
  public @Nullable Number number(String name) {
    return parameters.path(name).numberValue();
  }

  public boolean has(String name) {
    return parameters.hasNonNull(name);
  }

  /** How long a page may be: what the call says, or AWS's default. */
  public int maxResults() {
    int given = number("maxResults", 0);
    return given == 0 ? DEFAULT_RESULTS : given;
  }

  /** Whether the caller wants no payloads: AWS's {@code includedData}. */
  public boolean metadataOnly() {
    return "METADATA_ONLY".equals(text("includedData"));
  }
}
