package io.stepstream.asl.expr;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A JSONata expression of the form {@code $variable.a.b}, as most real ones are, read without the
 * interpreter. It answers only where every step but the last result meets an object: a step over an
 * array maps over its items, and that is the interpreter's business.
 *
 * @param root the variable's name
 * @param fields the steps
 */
record JsonataShortcut(String root, List<String> fields) {

  private static final Pattern FORM =
      Pattern.compile("\\$([A-Za-z_][A-Za-z0-9_]*)((?:\\.[A-Za-z_][A-Za-z0-9_]*)*)");

  /** Null: the expression has another form. */
  static @Nullable JsonataShortcut of(String text) {
    var matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    String steps = matcher.group(2);
    List<String> fields = steps.isEmpty() ? List.of() : List.of(steps.substring(1).split("\\."));
    boolean whole = matcher.group(1).equals("states") && fields.isEmpty();
    return whole ? null : new JsonataShortcut(matcher.group(1), fields);
  }

  /** The value; null if the interpreter has to say what it is, or that there is none. */
  @Nullable Object find(Scope scope) {
    Object node;
    int first;
    if (root.equals("states")) {
      node = state(scope, fields.getFirst());
      first = 1;
    } else {
      node = scope.variables().get(root);
      first = 0;
    }
    for (int i = first; i < fields.size(); i++) {
      if (!(node instanceof Map<?, ?> object)) {
        return null;
      }
      node = object.get(fields.get(i));
    }
    return node;
  }

  private static @Nullable Object state(Scope scope, String field) {
    return switch (field) {
      case "input" -> scope.input();
      case "context" -> scope.context();
      case "result" -> scope.result();
      case "errorOutput" -> scope.errorOutput();
      default -> null;
    };
  }
}
