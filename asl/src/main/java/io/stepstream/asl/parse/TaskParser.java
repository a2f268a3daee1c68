package io.stepstream.asl.parse;

import io.stepstream.asl.definition.DataFlow;
import io.stepstream.asl.definition.ErrorHandling;
import io.stepstream.asl.definition.State;
import io.stepstream.asl.definition.Transition;
import io.stepstream.asl.expr.Expression;
import io.stepstream.asl.source.Node;
import io.stepstream.asl.validate.KafkaArguments;
import io.stepstream.asl.validate.Resources;
import io.stepstream.asl.validate.Wording;
import java.util.List;
import org.jspecify.annotations.Nullable;

final class TaskParser {

  private static final Range SECONDS = Range.integer(1, Range.UNBOUNDED);

  private TaskParser() {}

  static @Nullable State parse(StateContext state) {
    Fields fields = state.fields();
    fields.require("Resource");
    String resource = fields.text("Resource");
    Node resourceNode = fields.get("Resource");
    if (resource != null && resourceNode != null) {
      Resources.check(resourceNode, resource, state.problems());
      KafkaArguments.checkTask(
          fields.get(state.isJsonata() ? "Arguments" : "Parameters"), resource, state.problems());
    }
    DataFlow data = DataFlows.parse(state);
    Expression timeout = seconds(state, "TimeoutSeconds");
    Expression heartbeat = seconds(state, "HeartbeatSeconds");
    checkHeartbeat(state);
    Expression credentials = credentials(state);
    ErrorHandling errorHandling = ErrorHandlings.parse(state);
    Transition transition = Transitions.parse(state);
    return data == null || resource == null || transition == null
        ? null
        : new State.Task(
            state.name(),
            state.language(),
            data,
            resource,
            timeout,
            heartbeat,
            credentials,
            errorHandling,
            transition);
  }

  private static @Nullable Expression seconds(StateContext state, String name) {
    Fields fields = state.fields();
    if (state.isJsonata()) {
      return state.expressions().number(fields, name, SECONDS);
    }
    String pathName = name + "Path";
    fields.atMostOne(List.of(name, pathName));
    return fields.has(pathName)
        ? state.expressions().referencePath(fields.get(pathName))
        : state.expressions().number(fields, name, SECONDS);
  }

  private static void checkHeartbeat(StateContext state) {
    Node heartbeat = state.fields().get("HeartbeatSeconds");
    if (heartbeat instanceof Node.Scalar h
        && h.json() instanceof Integer beats
        && state.fields().get("TimeoutSeconds") instanceof Node.Scalar t
        && t.json() instanceof Integer timeout
        && beats >= timeout) {
      state.problems().schema(heartbeat, "HeartbeatSeconds must be smaller than TimeoutSeconds");
    }
  }

  private static @Nullable Expression credentials(StateContext state) {
    Node node = state.fields().get("Credentials");
    if (node == null) {
      return null;
    }
    boolean expression =
        state.isJsonata()
            && node instanceof Node.Scalar scalar
            && scalar.json() instanceof String text
            && text.startsWith("{%");
    if (!expression) {
      Node.Struct struct = state.fields().struct(node);
      if (struct == null) {
        return null;
      }
      if (!struct.has("RoleArn") && (state.isJsonata() || !struct.has("RoleArn.$"))) {
        state.problems().schema(struct, Wording.requiredField("RoleArn"));
      }
    }
    return state.expressions().payload(node);
  }
}
