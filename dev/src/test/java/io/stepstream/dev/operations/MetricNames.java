package io.stepstream.dev.operations;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The names of metrics in a query and in a scrape. */
final class MetricNames {

  /** What is in them are labels and their values, or a time. */
  private static final Pattern SELECTORS =
      Pattern.compile(
          "\\{[^}]*}|\"[^\"]*\"|\\[[^\\]]*]|\\b(by|on|without|ignoring)\\s*\\([^)]*\\)");

  private static final Pattern WORD = Pattern.compile("(?<![\\w.])[a-zA-Z_:][\\w:]*+(?!\\s*\\()");

  private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "bool");

  /** A template of Grafana's, which asks for the values of a label. */
  private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((\\w+),.*\\)");

  private MetricNames() {}

  /** In a query of Prometheus or in a variable's of Grafana. */
  static Set<String> inQuery(String query) {
    Matcher variable = LABEL_VALUES.matcher(query);
    if (variable.matches()) {
      return Set.of(variable.group(1));
    }
    return WORD.matcher(SELECTORS.matcher(query).replaceAll(" "))
        .results()
        .map(word -> word.group())
        .filter(word -> !OPERATORS.contains(word))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** In the text format of Prometheus. */
  static Set<String> inScrape(String scrape) {
    return scrape
        .lines()
        .filter(line -> !line.startsWith("#") && !line.isBlank())
        .map(line -> line.split("[{ ]", 2)[0])
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
