package io.stepstream.testkit.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The table of the verdicts, and the list of the cases that didn't pass. */
public final class Report {

  private final List<Verdict> verdicts;
  private final Map<String, Predicate<RecordedCase>> sums;
  private final List<String> remarks;

  /**
   * @param sums the last lines of the table, each with the cases which it counts, in their order
   * @param remarks what was left out, and why; below the table
   */
  public Report(
      List<Verdict> verdicts, Map<String, Predicate<RecordedCase>> sums, List<String> remarks) {
    this.verdicts = verdicts;
    this.sums = sums;
    this.remarks = remarks;
  }

  /** Of the cases that can tell the level, those which agree up to it. */
  public int perThousand(Level level) {
    long recorded = verdicts.stream().filter(v -> v.recorded().contains(level)).count();
    long passed = verdicts.stream().filter(v -> v.passed().contains(level)).count();
    return (int) (1000 * passed / Math.max(1, recorded));
  }

  public String table() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| %-30s | %5s | %-9s | %-9s | %-9s | %-9s | %-9s |"
            .formatted("category", "cases", "L1", "L2", "L3", "L4", "L5"));
    lines.add(
        "|%s|%s|%s".formatted("-".repeat(32), "-".repeat(7), ("-".repeat(11) + "|").repeat(5)));
    Map<String, List<Verdict>> byCategory = new TreeMap<>();
    for (Verdict verdict : verdicts) {
      byCategory
          .computeIfAbsent(verdict.recordedCase().category(), _ -> new ArrayList<>())
          .add(verdict);
    }
    byCategory.forEach((category, all) -> lines.add(row(category, all)));
    sums.forEach(
        (name, counted) ->
            lines.add(
                row(name, verdicts.stream().filter(v -> counted.test(v.recordedCase())).toList())));
    lines.addAll(remarks);
    for (Level level : Level.values()) {
      lines.add("%s: %s".formatted(level, level.meaning));
    }
    return String.join("\n", lines);
  }

  private static String row(String name, List<Verdict> verdicts) {
    StringBuilder row = new StringBuilder("| %-30s | %5d |".formatted(name, verdicts.size()));
    for (Level level : Level.values()) {
      long recorded = verdicts.stream().filter(v -> v.recorded().contains(level)).count();
      long passed = verdicts.stream().filter(v -> v.passed().contains(level)).count();
      row.append(" %-9s |".formatted(recorded == 0 ? "" : passed + "/" + recorded));
    }
    return row.toString();
  }

  public String markdown() {
    StringBuilder text = new StringBuilder("# Conformance\n\n").append(table());
    text.append("\n\n## Not passed\n\n");
    for (Verdict verdict : verdicts) {
      if (verdict.difference() != null) {
        text.append(
            "- `%s/%s` %s%n"
                .formatted(
                    verdict.recordedCase().category(),
                    verdict.recordedCase().id(),
                    verdict.difference()));
      }
    }
    return text.toString();
  }
}
