package io.stepstream.loadtests;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a process exports, as Prometheus scrapes it. */
record PrometheusText(String text) {

  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})?\\s+(\\S+)(?:\\s+\\d+)?");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  /**
   * The sum of a metric's samples with these labels and whatever others; empty: there is none.
   * Samples that are no numbers count for nothing.
   */
  OptionalDouble sum(String metric, Map<String, String> labels) {
    double sum = 0;
    boolean any = false;
    for (String line : text.lines().toList()) {
      Matcher sample = SAMPLE.matcher(line);
      if (!sample.matches() || !sample.group(1).equals(metric)) {
        continue;
      }
      Map<String, String> has = new HashMap<>();
      if (sample.group(2) != null) {
        Matcher label = LABEL.matcher(sample.group(2));
        while (label.find()) {
          has.put(label.group(1), label.group(2));
        }
      }
      double value = Double.parseDouble(sample.group(3));
      if (has.entrySet().containsAll(labels.entrySet()) && !Double.isNaN(value)) {
        sum += value;
        any = true;
      }
    }
    return any ? OptionalDouble.of(sum) : OptionalDouble.empty();
  }
}
