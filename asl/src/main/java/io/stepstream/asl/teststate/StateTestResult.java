package io.stepstream.asl.teststate;

import io.stepstream.asl.engine.StateVisit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a test gives. */
public sealed interface StateTestResult {

  /**
   * The state was run.
   *
   * @param output JSON text
   * @param inspection AWS's {@code inspectionData}: payloads are JSON text, limits are numbers,
   *     {@code errorDetails} is an object; null at the level INFO
   */
  record Tested(
      StateVisit.Status status,
      @Nullable String output,
      @Nullable String error,
      @Nullable String cause,
      @Nullable String nextState,
      @Nullable Map<String, Object> inspection)
      implements StateTestResult {}

  /**
   * The test can't be made.
   *
   * @param code AWS's name of the exception
   */
  record Refused(String code, String message) implements StateTestResult {

    static Refused validation(String message) {
      return new Refused("ValidationException", message);
    }

    static Refused definition(String message) {
      return new Refused("InvalidDefinition", message);
    }

    static Refused input(String problem) {
      return new Refused(
          "InvalidExecutionInput", "Invalid State Machine Execution Input: '" + problem + "'");
    }
  }
}
