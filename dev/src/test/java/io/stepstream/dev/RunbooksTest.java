package io.stepstream.dev;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.coordinator.api.rest.RestOperations;
import io.stepstream.dev.cli.CommandLineInterface;
import io.stepstream.dev.doctor.Runbook;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whoever is woken at night must not find a command that isn't there. */
final class RunbooksTest {

  /** Tests run in the directory of their module. */
  private static final Path DOCS = Path.of("..", "docs");

  private static final Pattern COMMAND = Pattern.compile("\\./stepstream ([a-z-]+)([^\\n`]*)");
  private static final Pattern OPTION = Pattern.compile("(--[a-z][a-z-]*)");

  /** Prometheus gives a histogram's series names of their own. */
  private static final Pattern METRIC =
      Pattern.compile("\\b(stepstream_[a-z_]+?)(?:_(?:bucket|count|sum|max))?\\b");

  private static final Pattern METRIC_ROW = Pattern.compile("(?m)^\\| `(stepstream_[a-z_]+)`");

  private static final Pattern CURL =
      Pattern.compile(
          "curl (?:-X (\\w+) )?[^\\n`]*?http://127\\.0\\.0\\.1:8333(/[^'\\s?`]*)", Pattern.DOTALL);

  /** What the launcher does itself; they have tests of their own. */
  private static final Set<String> OF_THE_LAUNCHER = Set.of("bench", "chaos", "worker");

  private static final List<String> SECTIONS = List.of("## Look at", "## Mend", "## Prevent");

  private static List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.list(DOCS.resolve("runbooks"))) {
      return files.sorted().toList();
    }
  }

  private static List<Path> pagesAndProcedures() throws IOException {
    List<Path> all = new ArrayList<>(pages());
    all.add(DOCS.resolve("procedures.md"));
    return all;
  }

  @Test
  void shouldHaveAPageForEachAlertAndNoOther() throws IOException {
    Set<String> expected =
        Stream.of(Runbook.values())
            .map(Runbook::alert)
            .collect(Collectors.toCollection(TreeSet::new));
    String index = Files.readString(DOCS.resolve("runbooks/README.md"));

    assertThat(pages())
        .extracting(page -> page.getFileName().toString().replace(".md", ""))
        .filteredOn(name -> !name.equals("README"))
        .containsExactlyElementsOf(expected);
    for (String alert : expected) {
      assertThat(index).contains("[%s](%s.md)".formatted(alert, alert));
      String page = Files.readString(DOCS.resolve("runbooks/" + alert + ".md"));
      assertThat(page)
          .startsWith("# " + alert + "\n")
          .contains("**Means** ")
          .contains("**Who is hurt")
          .contains(SECTIONS);
    }
  }

  @Test
  void shouldNameCommandsAndOptionsThatAreThere() throws IOException {
    Set<String> seen = new TreeSet<>();
    for (Path page : pagesAndProcedures()) {
      for (MatchResult command : matches(COMMAND, page)) {
        String name = command.group(1);
        if (OF_THE_LAUNCHER.contains(name)) {
          continue;
        }
        seen.add(name);
        String help = help(name);
        assertThat(help).as("%s in %s", name, page).contains("Usage: stepstream " + name);
        for (MatchResult option : OPTION.matcher(command.group(2)).results().toList()) {
          assertThat(help).as("%s in %s", command.group(), page).contains(option.group(1));
        }
      }
    }
    assertThat(seen).contains("doctor", "support-bundle", "keys");
  }

  private static String help(String command) {
    StringWriter out = new StringWriter();
    // Of keys the options are its subcommand's.
    String[] args =
        command.equals("keys")
            ? new String[] {command, "create", "--help"}
            : new String[] {command, "--help"};
    new CommandLineInterface(new PrintWriter(out), new PrintWriter(new StringWriter()), false)
        .execute(args);
    return out.toString();
  }

  @Test
  void shouldNameRoutesThatAreThere() throws IOException {
    RestOperations routes = new RestOperations("us-east-1", "000000000000");
    Set<String> seen = new TreeSet<>();
    for (Path page : pagesAndProcedures()) {
      for (MatchResult call : matches(CURL, page)) {
        String method = call.group(1) == null ? "GET" : call.group(1);
        String path = call.group(2);
        seen.add(path);
        if (!path.startsWith("/q/health/")) {
          assertThat(routes.find(method, path, Map.of(), "{}".getBytes(UTF_8)))
              .as("%s %s in %s", method, path, page)
              .isPresent();
        }
      }
    }
    assertThat(seen)
        .contains(
            "/api/nodes", "/api/queues/QUEUE", "/api/dead-letters/redrive", "/api/executions");
  }

  /** {@code MetricsIT} compares the table with what a process exports. */
  @Test
  void shouldNameMetricsThatAreExported() throws IOException {
    Set<String> exported =
        matches(METRIC_ROW, DOCS.resolve("metrics.md")).stream()
            .map(row -> row.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> seen = new TreeSet<>();
    for (Path page : pagesAndProcedures()) {
      for (MatchResult metric : matches(METRIC, page)) {
        String name = metric.group(1);
        seen.add(name);
        assertThat(exported).as("%s in %s", metric.group(), page).contains(name);
      }
    }
    assertThat(seen).contains("stepstream_task_backlog", "stepstream_restoring_seconds");
  }

  private static List<MatchResult> matches(Pattern pattern, Path file) throws IOException {
    return pattern.matcher(Files.readString(file)).results().toList();
  }
}
