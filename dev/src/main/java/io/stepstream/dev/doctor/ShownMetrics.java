package io.stepstream.dev.doctor;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Prometheus would scrape: known metrics with known labels, line by line. */
final class ShownMetrics {

  private static final List<String> PREFIXES =
      List.of("stepstream_", "jvm_", "process_", "system_", "http_server_", "kafka_", "worker_");

  private static final Set<String> LABELS =
      Set.of(
          "action",
          "area",
          "cause",
          "component",
          "error",
          "event",
          "gc",
          "id",
          "lane",
          "le",
          "method",
          "node",
          "outcome",
          "partition",
          "pool",
          "quantile",
          "queue",
          "role",
          "state",
          "status",
          "store",
          "task",
          "thread",
          "topic",
          "view");

  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][\\w:]{0,200})(?:\\{(.*)})? ([-+\\w.]{1,30})( \\d{1,20})?");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_]\\w{0,100})=\"((?:[^\"\\\\]|\\\\.)*)\"");

  private ShownMetrics() {}

  static String of(String scrape) {
    StringBuilder kept = new StringBuilder();
    scrape.lines().forEach(line -> keep(line, kept));
    return kept.toString();
  }

  private static void keep(String line, StringBuilder kept) {
    Matcher sample = SAMPLE.matcher(line);
    if (!sample.matches() || PREFIXES.stream().noneMatch(sample.group(1)::startsWith)) {
      return; // comments too: they say nothing that the name doesn't
    }
    kept.append(sample.group(1));
    if (sample.group(2) != null) {
      kept.append('{');
      Matcher label = LABEL.matcher(sample.group(2));
      for (String comma = ""; label.find(); comma = ",") {
        boolean known = LABELS.contains(label.group(1));
        kept.append(comma)
            .append(label.group(1))
            .append("=\"")
            .append(known ? Kept.plain(label.group(2)) : Kept.WITHHELD)
            .append('"');
      }
      kept.append('}');
    }
    kept.append(' ').append(sample.group(3)).append('\n');
  }
}
