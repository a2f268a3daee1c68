package io.stepstream.dev.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The alerts and dashboards as they are delivered. */
final class OperationsFiles {

  /** Tests run in the directory of their module. */
  static final Path ROOT = Path.of("..");

  private static final Path FILES = ROOT.resolve("deploy/chart/stepstream/files");
  static final Path RULES = FILES.resolve("alerts/stepstream.rules.yaml");
  static final Path RULE_TESTS = Path.of("src/test/alerts/stepstream.test.yaml");
  static final Path RUNBOOKS = ROOT.resolve("docs/runbooks");

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final ObjectMapper JSON = new ObjectMapper();

  private OperationsFiles() {}

  /** The rules of all groups. */
  static List<JsonNode> alerts() throws IOException {
    List<JsonNode> alerts = new ArrayList<>();
    YAML.readTree(RULES.toFile())
        .get("groups")
        .forEach(group -> group.get("rules").forEach(alerts::add));
    return alerts;
  }

  static JsonNode ruleTests() throws IOException {
    return YAML.readTree(RULE_TESTS.toFile());
  }

  static List<Path> dashboards() throws IOException {
    try (Stream<Path> files = Files.list(FILES.resolve("dashboards"))) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  static JsonNode dashboard(Path file) throws IOException {
    return JSON.readTree(file.toFile());
  }

  /** What a dashboard asks Prometheus for. */
  static List<String> queries(JsonNode dashboard) {
    List<String> queries = new ArrayList<>(dashboard.findValuesAsText("expr"));
    dashboard
        .at("/templating/list")
        .forEach(
            variable -> {
              if (variable.path("type").asText().equals("query")) {
                queries.add(variable.at("/query/query").asText());
              }
            });
    return queries;
  }
}
