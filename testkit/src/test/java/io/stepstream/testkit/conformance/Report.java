package io.stepstream.testkit.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The table of the verdicts, and the list of the cases that didn't pass. */
final class Report {

  private final List<Verdict> verdicts;
  private final List<RecordedCase> notRun;

  Report(List<Verdict> verdicts, List<RecordedCase> notRun) {
    this.verdicts = verdicts;
    this.notRun = notRun;
  }

  /** Of the cases that can tell the level, those which agree up to it. */
  int perThousand(Level level) {
    long recorded = verdicts.stream().filter(v -> v.recorded().contains(level)).count();
    long passed = verdicts.stream().filter(v -> v.passed().contains(level)).count();
    return (int) (1000 * passed / Math.max(1, recorded));
  }

  String table() {
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
    Predicate<Verdict> executed = v -> v.recordedCase().kind().equals("execution");
    lines.add(
        row(
            "executions, needs none/lambda",
            verdicts.stream()
                .filter(executed)
                .filter(v -> List.of("none", "lambda").containsAll(v.recordedCase().needs()))
                .toList()));
    lines.add(row("executions, all", verdicts.stream().filter(executed).toList()));
    lines.add(row("all that were run", verdicts));
    Map<String, Integer> others = new TreeMap<>();
    notRun.forEach(each -> others.merge(each.kind(), 1, Integer::sum));
    lines.add("not run: " + others);
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

  String markdown() {
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
