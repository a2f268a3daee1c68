package io.stepstream.asl.expr;

import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.InvalidPathException;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.JsonPathException;
import com.jayway.jsonpath.PathNotFoundException;
import io.stepstream.asl.json.Json;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A JSONPath with wildcards, slices, filters, {@code ..} or functions, evaluated by the library.
 * Matches of such a path form an array, which may be empty.
 */
final class GeneralPath implements PathQuery {

  /**
   * The library keeps the arguments of a function in the compiled path, so two threads would mix
   * them up. Functions without arguments have no such state.
   */
  private static final Pattern FUNCTION_WITH_ARGUMENTS =
      Pattern.compile("\\.[A-Za-z]+\\(\\s*[^)\\s]");

  /** {@code [?(@.Name==Receipt)]}: published samples mean a string, the library sees no value. */
  private static final Pattern BARE_WORD =
      Pattern.compile("([=!]=\\s*)(?!(?:true|false|null)\\b)([A-Za-z_]\\w*)(?=\\s*[)&|])");

  /**
   * {@code [(@.length-1)]}, the last element: AWS evaluates it, as the library did up to version
   * 2.0; later ones know {@code [-1]} instead.
   */
  private static final Pattern FROM_END =
      Pattern.compile("\\[\\s*\\(\\s*@\\.length\\s*-\\s*([1-9]\\d*)\\s*\\)\\s*]");

  private static final Pattern REGEX = Pattern.compile("=~\\s*/((?:\\\\.|[^/\\\\])*)/");

  private final JsonPath path;
  private final boolean hasRegex;

  private GeneralPath(JsonPath path, boolean hasRegex) {
    this.path = path;
    this.hasRegex = hasRegex;
  }

  /** Null: the text is not a JSONPath. */
  static @Nullable GeneralPath compile(String text) {
    if (FUNCTION_WITH_ARGUMENTS.matcher(text).find()) {
      return null;
    }
    Matcher regexes = REGEX.matcher(text);
    boolean hasRegex = text.contains("=~");
    if (!hasRegex && !isClosed(text)) {
      return null;
    }
    while (regexes.find()) {
      if (!isTame(regexes.group(1))) {
        return null;
      }
    }
    JsonPath path = compiled(text);
    if (path == null) {
      String counted = FROM_END.matcher(text).replaceAll("[-$1]");
      path = compiled(BARE_WORD.matcher(counted).replaceAll("$1'$2'"));
    }
    return path == null ? null : new GeneralPath(path, hasRegex);
  }

  private static @Nullable JsonPath compiled(String text) {
    try {
      return JsonPath.compile(text);
    } catch (InvalidPathException | IllegalArgumentException | StackOverflowError e) {
      return null;
    }
  }

  /** Every bracket and quote is closed; the library overlooks those at the end. */
  private static boolean isClosed(String text) {
    int depth = 0;
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        if (c == '\\') {
          i++;
        } else if (c == quote) {
          quote = 0;
        }
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '[' || c == '(') {
        depth++;
      } else if (c == ']' || c == ')') {
        depth--;
      }
    }
    return depth == 0 && quote == 0;
  }

  /**
   * The library matches a filter's regular expression in one go, which no deadline can stop. So
   * those whose time may grow faster than the cube of the text are refused; {@link TreeProvider}
   * bounds the text.
   */
  private static boolean isTame(String regex) {
    int unbounded = 0;
    for (int i = 0; i < regex.length(); i++) {
      char c = regex.charAt(i);
      if (c == '\\') {
        i++;
        if (i < regex.length() && Character.isDigit(regex.charAt(i))) {
          return false;
        }
      } else if (c == '*' || c == '+' || c == '{') {
        unbounded++;
        if (i > 0 && regex.charAt(i - 1) == ')') {
          return false;
        }
      }
    }
    return unbounded <= 3;
  }

  @Override
  public @Nullable Object find(Object root) {
    try {
      return read(root);
    } catch (PathNotFoundException e) {
      // AWS gives an empty array even where the part before the wildcard or slice is missing.
      return path.isDefinite() ? null : List.of();
    } catch (JsonPathException | JsonataFault | StackOverflowError e) {
      return null;
    }
  }

  @Override
  public String whyAbsent(Object root) {
    try {
      read(root);
      return "No results for path: " + path.getPath();
    } catch (JsonPathException | JsonataFault e) {
      return String.valueOf(e.getMessage());
    } catch (StackOverflowError e) {
      return "The path is nested too deeply";
    }
  }

  private Object read(Object root) {
    TreeProvider provider = new TreeProvider(Deadline.start(), hasRegex);
    Configuration configuration =
        Configuration.builder().jsonProvider(provider).mappingProvider(provider).build();
    try {
      Object found = path.read(root, configuration);
      return found == null ? Json.NULL : found;
    } catch (IllegalStateException | IllegalArgumentException | ClassCastException e) {
      // The library compiles paths that it can't evaluate: $..length().
      throw new InvalidPathException("The path cannot be evaluated: " + path.getPath(), e);
    }
  }
}
