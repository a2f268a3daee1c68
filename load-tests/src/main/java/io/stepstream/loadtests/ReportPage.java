package io.stepstream.loadtests;

import io.stepstream.loadtests.BarPlot.Bar;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The results of all scenarios as one page of HTML, which refers to nothing outside of itself.
 *
 * @param brief the run was a short one, whose figures mean little
 * @param failures a sentence for each scenario that came to nothing
 */
record ReportPage(Instant begun, boolean brief, List<Result> results, List<String> failures) {

  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <title>Stepstream: %s</title>
      <style>
      body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem; padding: 0 1rem; color: #1b1f24; }
      table { border-collapse: collapse; margin: 1rem 0; }
      th, td { border-bottom: 1px solid #d0d7de; padding: .3rem .7rem; text-align: right; }
      th:first-child, td:first-child, td:last-child, th:last-child { text-align: left; }
      svg { display: block; margin: 1.5rem 0; max-width: 100%; height: auto; }
      svg text { font: 12px system-ui, sans-serif; fill: #1b1f24; }
      svg text.title { font-weight: 600; font-size: 14px; }
      rect.engine { fill: #0969da; }
      rect.floor { fill: #b6c2cf; }
      .note { background: #fff8c5; padding: .5rem .8rem; }
      .failure { background: #ffebe9; padding: .5rem .8rem; }
      </style>
      </head>
      <body>
      """;

  ReportPage {
    results = List.copyOf(results);
    failures = List.copyOf(failures);
  }

  String html() {
    StringBuilder page = new StringBuilder();
    begin(page, "benchmarks", begun, brief, failures);
    table(page);
    latencies(page);
    plots().filter(plot -> !plot.bars().isEmpty()).forEach(plot -> page.append(plot.svg()));
    return page.append("\n</body>\n</html>\n").toString();
  }

  /** What every page begins with. */
  static void begin(
      StringBuilder page, String title, Instant begun, boolean brief, List<String> failures) {
    page.append(HEAD.replace("%s", title));
    page.append("<h1>Stepstream: %s</h1>%n".formatted(title));
    page.append(
        "<p>Begun %s. %d cores, Java %s. Broker, engine, worker and load generator on one machine; the floor is bare Kafka doing the same hops in the same run.</p>%n"
            .formatted(
                begun.truncatedTo(ChronoUnit.SECONDS),
                Runtime.getRuntime().availableProcessors(),
                escaped(Runtime.version().toString())));
    if (brief) {
      page.append(
          "<p class=\"note\">A short run, in JVMs that were still compiling: it shows that"
              + " everything runs, not how fast.</p>\n");
    }
    failures.forEach(
        failure -> page.append("<p class=\"failure\">%s</p>%n".formatted(escaped(failure))));
  }

  private void table(StringBuilder page) {
    page.append(
        "<table>\n"
            + "<tr><th>scenario</th><th>counted</th><th>engine /s</th><th>floor"
            + " /s</th><th>ratio</th><th>CPU-s per 1,000</th><th>records"
            + " each</th><th>time</th></tr>\n");
    for (RatedResult result : of(RatedResult.class).toList()) {
      RatedResult.Summary summary = result.summary();
      page.append(
          String.format(
              Locale.ROOT,
              "<tr><td>%s</td><td>%s</td><td>%,.0f</td><td>%,.0f</td><td>%.0f"
                  + " %%</td><td>%.2f</td><td>%.1f</td><td>%s</td></tr>%n",
              escaped(summary.scenario()),
              escaped(summary.unit()),
              summary.perSecond(),
              summary.floorPerSecond(),
              100 * summary.ratio(),
              summary.cpuSecondsPerThousand(),
              summary.recordsEach(),
              escaped(summary.latency())));
    }
    page.append("</table>\n");
  }

  private void latencies(StringBuilder page) {
    List<PacedResult.Row> rows =
        of(PacedResult.class).flatMap(result -> result.rows().stream()).toList();
    if (rows.isEmpty()) {
      return;
    }
    page.append("<table>\n<tr><th>at light load</th><th>p50 ms</th><th>p99 ms</th></tr>\n");
    for (PacedResult.Row row : rows) {
      page.append(
          String.format(
              Locale.ROOT,
              "<tr><td>%s</td><td>%.1f</td><td>%.1f</td></tr>%n",
              escaped(row.what()),
              row.latency().p50Millis(),
              row.latency().p99Millis()));
    }
    page.append("</table>\n");
  }

  private <T extends Result> Stream<T> of(Class<T> kind) {
    return results.stream().filter(kind::isInstance).map(kind::cast);
  }

  private Stream<BarPlot> plots() {
    List<MapResult> maps = of(MapResult.class).filter(map -> !map.scenario().task()).toList();
    return Stream.of(
        new BarPlot(
            "Throughput: engine and floor",
            "per second",
            false,
            of(RatedResult.class)
                .map(RatedResult::summary)
                .flatMap(
                    each ->
                        Stream.of(
                            new Bar(each.scenario(), each.perSecond(), "engine"),
                            new Bar("floor", each.floorPerSecond(), "floor")))
                .toList()),
        new BarPlot(
            "Map of n items",
            "items per second",
            false,
            maps.stream().map(map -> new Bar(count(map), map.itemsPerSecond(), "engine")).toList()),
        new BarPlot(
            "Map of n items",
            "seconds",
            true,
            maps.stream()
                .map(map -> new Bar(count(map), map.median().seconds(), "engine"))
                .toList()));
  }

  private static String count(MapResult map) {
    return String.format(Locale.ROOT, "n = %,d", map.items());
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
