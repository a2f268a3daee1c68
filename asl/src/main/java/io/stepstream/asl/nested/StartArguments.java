package io.stepstream.asl.nested;

import io.stepstream.asl.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The arguments of a Task state that starts an execution. */
public sealed interface StartArguments {

  /**
   * What AWS's StartExecution would be asked for.
   *
   * @param stateMachineArn of a machine, a version or an alias; whether it is one is not known here
   * @param name null: any
   * @param input JSON text, if it is any: text is the caller's own and not looked into
   */
  record Usable(
      String stateMachineArn, @Nullable String name, byte[] input, @Nullable String traceHeader)
      implements StartArguments {}

  /**
   * The task cannot be started with them, and fails with {@code States.Runtime}.
   *
   * @param problem in AWS's words
   */
  record Unusable(String problem) implements StartArguments {}

  static StartArguments of(Object arguments) {
    if (!(arguments instanceof Map<?, ?> members)) {
      return missing();
    }
    Object arn = members.get("StateMachineArn");
    Object name = members.get("Name");
    Object trace = members.get("TraceHeader");
    if (arn == null) {
      return missing();
    }
    if (!(arn instanceof String machine)) {
      return noText("StateMachineArn");
    }
    if (name != null && !(name instanceof String)) {
      return noText("Name");
    }
    if ("".equals(name)) {
      return new Unusable("The value for the field 'Name' must not be empty");
    }
    if (trace != null && !(trace instanceof String)) {
      return noText("TraceHeader");
    }
    return new Usable(machine, (String) name, input(members.get("Input")), (String) trace);
  }

  private static Unusable missing() {
    return new Unusable("The field 'StateMachineArn' is required but was missing");
  }

  private static Unusable noText(String field) {
    return new Unusable("The value for the field '" + field + "' must be a STRING");
  }

  /** As recorded: no input and null are an empty object, and text is taken for JSON text. */
  private static byte[] input(@Nullable Object input) {
    if (input == null || input == Json.NULL) {
      return "{}".getBytes(StandardCharsets.UTF_8);
    }
    return input instanceof String text
        ? text.getBytes(StandardCharsets.UTF_8)
        : Json.encodeUtf8(input);
  }
}
