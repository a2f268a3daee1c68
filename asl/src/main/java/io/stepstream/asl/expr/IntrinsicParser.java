package io.stepstream.asl.expr;

import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parses calls of intrinsic functions.
 *
 * <pre>
 *   call     = "States." name "(" [ argument { "," argument } ] ")"
 *   argument = call | path | string | number | "true" | "false" | "null"
 *   string   = "'" { character | "\'" | "\{" | "\}" | "\\" } "'"
 * </pre>
 */
final class IntrinsicParser {

  private static final int MAX_NESTING = 10;

  private final String text;
  private final String location;
  private int at;

  private IntrinsicParser(String text, String location) {
    this.text = text;
    this.location = location;
  }

  /** Null: the text is not a call of an intrinsic function. */
  static @Nullable Expression parse(String text, String location) {
    IntrinsicParser parser = new IntrinsicParser(text, location);
    parser.skipBlanks();
    Expression call = parser.call(1);
    parser.skipBlanks();
    return parser.at == text.length() ? call : null;
  }

  private @Nullable Expression call(int nesting) {
    int start = at;
    int open = text.indexOf('(', at);
    if (open < 0 || nesting > MAX_NESTING) {
      return null;
    }
    Intrinsic function = Intrinsic.named(text.substring(start, open).strip());
    at = open + 1;
    List<Expression> arguments = function == null ? null : arguments(nesting);
    return arguments == null || function == null || !function.takes(arguments.size())
        ? null
        : new IntrinsicCall(function, arguments, text.substring(start, at), location);
  }

  private @Nullable List<Expression> arguments(int nesting) {
    List<Expression> arguments = new ArrayList<>();
    skipBlanks();
    if (at < text.length() && text.charAt(at) == ')') {
      at++;
      return arguments;
    }
    while (true) {
      skipBlanks();
      Expression argument = at < text.length() ? argument(nesting) : null;
      if (argument == null) {
        return null;
      }
      arguments.add(argument);
      skipBlanks();
      char next = at < text.length() ? text.charAt(at++) : '\0';
      if (next == ')') {
        return arguments;
      }
      if (next != ',') {
        return null;
      }
    }
  }

  private @Nullable Expression argument(int nesting) {
    char first = text.charAt(at);
    if (first == '\'') {
      return string();
    }
    if (first == '$') {
      return path();
    }
    return text.startsWith("States.", at) ? call(nesting + 1) : scalar();
  }

  private @Nullable Expression string() {
    StringBuilder value = new StringBuilder();
    int start = ++at;
    while (at < text.length() && text.charAt(at) != '\'') {
      char c = text.charAt(at++);
      if (c == '\\') {
        if (at == text.length() || "'{}\\".indexOf(text.charAt(at)) < 0) {
          return null;
        }
        c = text.charAt(at++);
      }
      value.append(c);
    }
    if (at == text.length()) {
      return null;
    }
    return new IntrinsicCall.Literal(value.toString(), text.substring(start, at++));
  }

  /** A path ends at the comma or parenthesis that is outside its own brackets and quotes. */
  private @Nullable Expression path() {
    int start = at;
    int depth = 0;
    char quote = 0;
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      if (quote != 0) {
        if (c == '\\') {
          at++;
        } else if (c == quote) {
          quote = 0;
        }
      } else if (depth > 0 && (c == '\'' || c == '"')) {
        quote = c;
      } else if (c == '[' || c == '(') {
        depth++;
      } else if (depth > 0 && (c == ']' || c == ')')) {
        depth--;
      } else if (depth == 0 && (c == ',' || c == ')')) {
        break;
      }
    }
    if (at > text.length()) {
      return null;
    }
    JsonPathParser.Path path = JsonPathParser.parse(text.substring(start, at).strip());
    return path == null
        ? null
        : new PathExpression(path, PathExpression.Wording.ARGUMENT, path.text(), location);
  }

  private @Nullable Expression scalar() {
    int start = at;
    while (at < text.length() && ",) \t\r\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return switch (Json.decode(text.substring(start, at))) {
      case Decoded.Tree(Object json) when !(json instanceof String) -> new Constant(json);
      case Decoded.Tree _, Decoded.Malformed _ -> null;
    };
  }

  private void skipBlanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }
}
