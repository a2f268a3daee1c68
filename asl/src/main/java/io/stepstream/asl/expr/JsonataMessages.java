package io.stepstream.asl.expr;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSONata's error messages as AWS words them. The library's port has turned JavaScript's functions
 * into objects, in its messages too, and leaves some of their gaps open.
 */
final class JsonataMessages {

  /** Functions that take an array of one type as their first argument, by the type. */
  private static final Map<String, List<String>> TAKING_ARRAYS_OF =
      Map.of(
          "numbers", List.of("sum", "max", "min", "average"),
          "strings", List.of("join"),
          "objects", List.of("merge"));

  private JsonataMessages() {}

  /**
   * @param expected the library's note on what it would have accepted
   * @param names the names that the expression refers to
   */
  static String of(
      @Nullable String code,
      @Nullable String message,
      @Nullable Object expected,
      List<String> names) {
    if ("T0412".equals(code)) {
      return wrongItems(String.valueOf(expected), names);
    }
    return String.valueOf(message)
        .replace("of Object ", "of function ")
        .replace("Object signature", "function signature")
        .replace(" Object ", " function ")
        .replace("operator {{token}}", "the operator")
        .replaceFirst("^Argument \"(\\d+)\"", "Argument $1");
  }

  /** The library knows neither the function nor the argument; the function may be the only one. */
  private static String wrongItems(String symbol, List<String> names) {
    String type =
        switch (symbol) {
          case "n" -> "numbers";
          case "s" -> "strings";
          default -> "objects";
        };
    List<String> functions =
        TAKING_ARRAYS_OF.getOrDefault(type, List.of()).stream().filter(names::contains).toList();
    return functions.size() == 1
        ? "Argument 1 of function \"%s\" must be an array of \"%s\""
            .formatted(functions.getFirst(), type)
        : "An argument must be an array of \"%s\"".formatted(type);
  }

  static String notANumber(NumberFormatException e) {
    String message = String.valueOf(e.getMessage());
    int quote = message.indexOf('"');
    return "Unable to cast value to a number: " + (quote < 0 ? message : message.substring(quote));
  }
}
