package io.stepstream.asl.teststate;

import io.stepstream.asl.definition.State;
import io.stepstream.asl.json.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a context object may hold that a test gives. Everything in it may be left out. */
final class ContextRules {

  private static final Object ANY = new Object();
  private static final String TEXT = "a string";
  private static final String NUMBER = "a number";

  private static final Map<String, Object> FIELDS =
      Map.of(
          "Execution",
          Map.of(
              "Id", TEXT,
              "Input", ANY,
              "Name", TEXT,
              "RoleArn", TEXT,
              "StartTime", TEXT,
              "RedriveCount", NUMBER,
              "RedriveTime", TEXT),
          "State",
          Map.of("EnteredTime", TEXT, "Name", TEXT, "RetryCount", NUMBER),
          "StateMachine",
          Map.of("Id", TEXT, "Name", TEXT),
          "Task",
          Map.of("Token", TEXT),
          "Map",
          Map.of("Item", Map.of("Index", NUMBER, "Key", TEXT, "Value", ANY, "Source", TEXT)));

  private ContextRules() {}

  /** What is wrong; null: nothing. */
  static @Nullable String problem(Object context, State state) {
    if (!(context instanceof Map<?, ?> fields)) {
      return "Context object must be a JSON object";
    }
    String problem = problem(fields, FIELDS);
    if (problem != null) {
      return problem;
    }
    return fields.containsKey("Task")
            && !(state instanceof State.Task task && MockRules.endsLater(task))
        ? "Context object contains 'Task' when state is not a Task state with a '.sync' or"
            + " '.waitForTaskToken' service integration pattern"
        : null;
  }

  private static @Nullable String problem(Map<?, ?> object, Map<?, ?> allowed) {
    for (Map.Entry<?, ?> field : object.entrySet()) {
      Object rule = allowed.get(field.getKey());
      Object value = field.getValue();
      String problem = rule == null ? "is not allowed" : null;
      if (rule instanceof Map<?, ?> inner) {
        if (value instanceof Map<?, ?> struct) {
          String below = problem(struct, inner);
          if (below != null) {
            return below;
          }
        } else {
          problem = "must be an object";
        }
      } else if (rule instanceof String type
          && value != Json.NULL
          && !(type.equals(TEXT) ? value instanceof String : value instanceof Number)) {
        problem = "must be " + type;
      }
      if (problem != null) {
        return "Field '" + field.getKey() + "' " + problem;
      }
    }
    return null;
  }
}
