package io.stepstream.asl.validate;

import static io.stepstream.asl.source.ProblemCode.NO_DOLLAR;
import static io.stepstream.asl.source.ProblemCode.NO_PATH;
import static io.stepstream.asl.source.ProblemCode.PASS_RESULT_IS_STATIC;

import io.stepstream.asl.source.Node;
import io.stepstream.asl.source.Problems;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is allowed and yet probably not meant: text that looks like an expression and isn't one. */
final class Hints {

  private static final List<String> TEMPLATES =
      List.of("Parameters", "ResultSelector", "ItemSelector", "Assign");

  private final Problems problems;

  Hints(Problems problems) {
    this.problems = problems;
  }

  void check(Outline flow) {
    for (Outline.State state : flow.states().values()) {
      for (String field : TEMPLATES) {
        checkTemplate(state.node().get(field));
      }
      if (state.type() == StateType.PASS) {
        checkStatic(state.node().get("Result"));
      }
      if (state.type() == StateType.FAIL) {
        checkLiteral(state.node(), "Error");
        checkLiteral(state.node(), "Cause");
      }
      state.inner().forEach(this::check);
    }
  }

  private void checkTemplate(@Nullable Node node) {
    switch (node) {
      case Node.Struct struct ->
          struct
              .members()
              .forEach(
                  (name, member) -> {
                    if (!name.endsWith(".$") && looksDynamic(member.value())) {
                      problems.warning(
                          NO_DOLLAR,
                          member.value(),
                          "The value of the field '%s' looks like a JSONPath or an intrinsic function, but the name does not end in '.$'"
                              .formatted(name));
                    }
                    checkTemplate(member.value());
                  });
      case Node.Array array -> array.items().forEach(this::checkTemplate);
      case Node.Scalar _ -> {}
      case null -> {}
    }
  }

  private void checkStatic(@Nullable Node node) {
    switch (node) {
      case Node.Struct struct ->
          struct
              .members()
              .forEach(
                  (name, member) -> {
                    if (name.endsWith(".$") && looksDynamic(member.value())) {
                      problems.warning(
                          PASS_RESULT_IS_STATIC,
                          member.value(),
                          "'Result' is static, '%s' is not evaluated; use 'Parameters'"
                              .formatted(name));
                    }
                    checkStatic(member.value());
                  });
      case Node.Array array -> array.items().forEach(this::checkStatic);
      case Node.Scalar _ -> {}
      case null -> {}
    }
  }

  private void checkLiteral(Node.Struct state, String field) {
    Node value = state.get(field);
    if (value != null && looksDynamic(value)) {
      problems.warning(
          NO_PATH,
          value,
          "The value of the field '%s' looks like a path; '%sPath' would evaluate it"
              .formatted(field, field));
    }
  }

  private static boolean looksDynamic(Node node) {
    String text = Outline.text(node);
    return text != null
        && (text.startsWith("$.") || text.startsWith("$$.") || text.startsWith("States."));
  }
}
