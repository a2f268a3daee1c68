package io.stepstream.asl.validate;

import static io.stepstream.asl.source.ProblemCode.DUPLICATE_LABEL_NAME;
import static io.stepstream.asl.source.ProblemCode.DUPLICATE_STATE_NAME;
import static io.stepstream.asl.source.ProblemCode.INVALID_LABEL_NAME;
import static io.stepstream.asl.source.ProblemCode.INVALID_STATE_NAME;

import io.stepstream.asl.source.Node;
import io.stepstream.asl.source.Problems;
import java.util.HashSet;
import java.util.Set;

/** Names of states are unique over the whole machine and short, and so are labels of Map states. */
final class NameRules {

  private static final int MAX_STATE_NAME = 80;
  private static final int MAX_LABEL = 40;
  private static final String FORBIDDEN_IN_LABEL = "?*<>{}[]:;,\\|^~$#%&`\"/";

  private final Problems problems;
  private final Set<String> names = new HashSet<>();
  private final Set<String> labels = new HashSet<>();

  NameRules(Problems problems) {
    this.problems = problems;
  }

  void check(Outline flow) {
    for (Outline.State state : flow.states().values()) {
      checkName(state);
      if (state.node().get("Label") instanceof Node.Scalar label
          && label.json() instanceof String text) {
        checkLabel(label, text);
      }
      state.inner().forEach(this::check);
    }
  }

  private void checkName(Outline.State state) {
    String name = state.name();
    if (!names.add(name)) {
      problems.errorAtName(
          DUPLICATE_STATE_NAME,
          state.node().path(),
          state.nameAt(),
          "Duplicate State name: " + name);
    }
    if (name.codePointCount(0, name.length()) > MAX_STATE_NAME) {
      problems.errorAtName(
          INVALID_STATE_NAME,
          state.node().path(),
          state.nameAt(),
          "State name '" + name + "' exceeds the 80-character limit allowed by the service");
    }
    if (name.isBlank()) {
      problems.errorAtName(
          INVALID_STATE_NAME, state.node().path(), state.nameAt(), "State name cannot be empty");
    }
  }

  private void checkLabel(Node.Scalar at, String label) {
    if (!labels.add(label)) {
      problems.error(DUPLICATE_LABEL_NAME, at, "Duplicate Label name: " + label);
    }
    if (label.codePointCount(0, label.length()) > MAX_LABEL) {
      problems.error(
          INVALID_LABEL_NAME,
          at,
          "Label '" + label + "' exceeds the 40-character limit allowed by the service");
    }
    label
        .codePoints()
        .filter(NameRules::forbiddenInLabel)
        .findFirst()
        .ifPresent(
            character ->
                problems.error(
                    INVALID_LABEL_NAME,
                    at,
                    "Label contains invalid character: '%s'".formatted(printable(character))));
  }

  private static boolean forbiddenInLabel(int character) {
    return Character.isWhitespace(character)
        || Character.isISOControl(character)
        || FORBIDDEN_IN_LABEL.indexOf(character) >= 0;
  }

  private static String printable(int character) {
    return Character.isISOControl(character)
        ? "\\u%04x".formatted(character)
        : Character.toString(character);
  }
}
