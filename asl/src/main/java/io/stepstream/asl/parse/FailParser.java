package io.stepstream.asl.parse;

import io.stepstream.asl.definition.State;
import io.stepstream.asl.expr.Expression;
import io.stepstream.asl.source.Node;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

final class FailParser {

  /** The intrinsic functions that give text, as an error and its cause must be. */
  private static final Set<String> GIVES_TEXT =
      Set.of(
          "States.Format",
          "States.JsonToString",
          "States.ArrayGetItem",
          "States.Base64Encode",
          "States.Base64Decode",
          "States.Hash",
          "States.UUID");

  private FailParser() {}

  static State parse(StateContext state) {
    return new State.Fail(
        state.name(), state.language(), text(state, "Error"), text(state, "Cause"));
  }

  private static @Nullable Expression text(StateContext state, String name) {
    Fields fields = state.fields();
    String pathName = name + "Path";
    if (!state.isJsonata()) {
      fields.atMostOne(List.of(name, pathName));
      if (fields.has(pathName)) {
        return path(state, pathName);
      }
    }
    return state.expressions().text(fields, name);
  }

  private static @Nullable Expression path(StateContext state, String name) {
    Node node = state.fields().get(name);
    if (node instanceof Node.Scalar scalar && scalar.json() instanceof String text) {
      int parenthesis = text.indexOf('(');
      if (parenthesis > 0
          && text.startsWith("States.")
          && !GIVES_TEXT.contains(text.substring(0, parenthesis))) {
        state
            .problems()
            .schema(node, "The intrinsic function of '" + name + "' must return a string");
        return null;
      }
    }
    return state.expressions().referencePathOrIntrinsic(node);
  }
}
