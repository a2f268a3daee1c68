package io.stepstream.asl.expr;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parses JSONPaths. A path that only names fields and indexes becomes a {@link ReferencePath}; the
 * rest is left to the library.
 */
final class JsonPathParser {

  /** Characters that end a field's name in dot notation. */
  private static final String NOT_IN_NAMES = ".[]()*?'\" \t\r\n,:@";

  private final String text;
  private int at;

  private JsonPathParser(String text) {
    this.text = text;
  }

  /** A path with its text, which error messages quote. */
  record Path(String text, PathRoot root, PathQuery query) {

    boolean isReference() {
      return query instanceof ReferencePath;
    }
  }

  /** Null: the text is not a JSONPath. */
  static @Nullable Path parse(String text) {
    JsonPathParser parser = new JsonPathParser(text);
    PathRoot root = parser.root();
    if (root == null) {
      return null;
    }
    String below = text.substring(parser.at);
    List<Object> steps = parser.steps();
    PathQuery query = steps == null ? GeneralPath.compile("$" + below) : new ReferencePath(steps);
    return query == null ? null : new Path(text, root, query);
  }

  private @Nullable PathRoot root() {
    if (!text.startsWith("$")) {
      return null;
    }
    at = 1;
    if (text.startsWith("$$")) {
      at = 2;
      return atStepOrEnd() ? new PathRoot.Context() : null;
    }
    int start = at;
    while (at < text.length() && Character.isUnicodeIdentifierPart(text.charAt(at))) {
      at++;
    }
    if (at > start) {
      String name = text.substring(start, at);
      return Character.isDigit(name.charAt(0)) || !atStepOrEnd()
          ? null
          : new PathRoot.Variable(name);
    }
    return atStepOrEnd() ? new PathRoot.Input() : null;
  }

  private boolean atStepOrEnd() {
    return at == text.length() || text.charAt(at) == '.' || text.charAt(at) == '[';
  }

  /** Null: there are other steps than names and indexes. */
  private @Nullable List<Object> steps() {
    List<Object> steps = new ArrayList<>();
    while (at < text.length()) {
      Object step = text.charAt(at) == '[' ? bracketStep() : dotStep();
      if (step == null) {
        return null;
      }
      steps.add(step);
    }
    return steps;
  }

  private @Nullable Object dotStep() {
    if (text.charAt(at) != '.') {
      return null;
    }
    int start = ++at;
    // "$.[0]" is written by many; the dot adds nothing.
    if (at < text.length() && text.charAt(at) == '[') {
      return bracketStep();
    }
    while (at < text.length() && NOT_IN_NAMES.indexOf(text.charAt(at)) < 0) {
      at++;
    }
    boolean ended = at == text.length() || text.charAt(at) == '.' || text.charAt(at) == '[';
    return ended && at > start ? text.substring(start, at) : null;
  }

  private @Nullable Object bracketStep() {
    int start = at + 1;
    if (start >= text.length()) {
      return null;
    }
    char first = text.charAt(start);
    if (first == '\'' || first == '"') {
      return quotedName(start + 1, first);
    }
    int end = text.indexOf(']', start);
    if (end < 0) {
      return null;
    }
    String digits = text.substring(start, end).strip();
    if (!isIndex(digits)) {
      return null;
    }
    at = end + 1;
    return Integer.valueOf(digits);
  }

  private static boolean isIndex(String digits) {
    int start = digits.startsWith("-") ? 1 : 0;
    if (digits.length() == start || digits.length() > start + 9) {
      return false;
    }
    for (int i = start; i < digits.length(); i++) {
      if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /**
   * Only the quote in use and the backslash before another can be escaped; else {@code \} is
   * itself.
   */
  private @Nullable String quotedName(int start, char quote) {
    StringBuilder name = new StringBuilder();
    int i = start;
    while (i < text.length() && text.charAt(i) != quote) {
      char c = text.charAt(i);
      boolean escape =
          c == '\\'
              && i + 1 < text.length()
              && (text.charAt(i + 1) == quote || text.charAt(i + 1) == '\\');
      name.append(escape ? text.charAt(++i) : c);
      i++;
    }
    if (i + 1 >= text.length() || text.charAt(i + 1) != ']' || name.isEmpty()) {
      return null;
    }
    at = i + 2;
    return name.toString();
  }
}
