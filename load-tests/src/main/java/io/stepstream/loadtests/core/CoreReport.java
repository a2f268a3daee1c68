package io.stepstream.loadtests.core;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;

/** The figures of a run. */
record CoreReport(CoreSettings settings, List<Figure> figures) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A line for each benchmark. */
  String table() {
    StringBuilder table =
        new StringBuilder(
            "%-30s %-9s %13s %8s %10s %11s%n"
                .formatted(
                    "benchmark", "language", "per second", "error", "us each", "bytes each"));
    for (Figure figure : figures) {
      String error =
          Double.isNaN(figure.error())
              ? "?"
              : "%.1f %%".formatted(100 * figure.error() / figure.perSecond());
      table.append(
          String.format(
              Locale.ROOT,
              "%-30s %-9s %,13.0f %8s %10.2f %,11.0f%n",
              figure.name(),
              figure.language() == null ? "" : figure.language().aslName(),
              figure.perSecond(),
              error,
              figure.micros(),
              figure.bytes()));
    }
    return table.toString();
  }

  /** One line of JSON. */
  String json() {
    ObjectNode json = JSON.createObjectNode();
    json.put("scenario", "core");
    json.put("forks", settings.forks());
    json.put("warmup_seconds", settings.warmUpSeconds());
    json.put("seconds", settings.seconds());
    json.put("threads", 1);
    ArrayNode benchmarks = json.putArray("benchmarks");
    for (Figure figure : figures) {
      ObjectNode each = benchmarks.addObject();
      each.put("name", figure.name());
      if (figure.language() != null) {
        each.put("language", figure.language().aslName());
      }
      each.put("per_s", rounded(figure.perSecond(), 1));
      if (!Double.isNaN(figure.error())) {
        each.put("error_per_s", rounded(figure.error(), 1));
      }
      each.put("us", rounded(figure.micros(), 3));
      each.put("bytes", rounded(figure.bytes(), 0));
    }
    json.put("cores", Runtime.getRuntime().availableProcessors());
    ObjectNode versions = json.putObject("versions");
    String version = CoreReport.class.getPackage().getImplementationVersion();
    versions.put("stepstream", version == null ? "development" : version);
    versions.put("java", Runtime.version().toString());
    try {
      return JSON.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of numbers and strings can be written", e);
    }
  }

  private static BigDecimal rounded(double value, int decimals) {
    return BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP);
  }
}
