package io.stepstream.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A chart.
 *
 * @param directory where its {@code Chart.yaml} is; or its package, of which nothing but templates
 *     can be asked
 */
record Chart(Path directory) {

  static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  static final String RELEASE = "demo";
  static final String NAMESPACE = "flows";

  /** The one that is shipped. Tests run in the directory of their module. */
  static Chart shipped() {
    return new Chart(Path.of("chart", "stepstream"));
  }

  /**
   * The same, with the Pod of {@code helm test} as an object like others: Helm's library tells
   * nothing of hooks.
   */
  static Chart withoutHooks() {
    try {
      Path target = Files.createDirectories(Path.of("target"));
      Chart chart =
          shipped().copyTo(Files.createTempDirectory(target, "chart").resolve("stepstream"));
      Path test = chart.directory.resolve("templates").resolve("tests").resolve("calls.yaml");
      Files.writeString(test, Files.readString(test).replace("    helm.sh/hook: test\n", ""));
      return chart;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A copy, of which a test may change files. */
  Chart copyTo(Path target) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path copy = target.resolve(directory.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
    return new Chart(target);
  }

  /** The values of {@code ci}: what installations look like. */
  static List<String> scenarios() throws IOException {
    try (Stream<Path> files = Files.list(shipped().directory.resolve("ci"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** The file with the values of a scenario. */
  Path values(String scenario) {
    return directory.resolve("ci").resolve(scenario);
  }

  /** What {@code helm template} prints with a scenario's values. */
  Release render(String scenario) throws IOException {
    return render(scenario, Map.of());
  }

  /**
   * The same with values that are set besides, as by {@code --set}.
   *
   * @throws IllegalStateException Helm refuses, with its message
   */
  Release render(String scenario, Map<String, ?> set) throws IOException {
    TemplateCommand template = template().withValuesFile(values(scenario).toAbsolutePath());
    set.forEach(template::set);
    return Release.of(template.call());
  }

  /**
   * The same with values of the test's own, in YAML.
   *
   * @param directory where they may be written to
   * @throws IllegalStateException Helm refuses, with its message
   */
  Release renderValues(Path directory, String yaml) throws IOException {
    Path file = Files.writeString(Files.createTempFile(directory, "values", ".yaml"), yaml);
    return Release.of(template().withValuesFile(file.toAbsolutePath()).call());
  }

  /** {@code helm template} without values yet, for the oldest Kubernetes that the chart is for. */
  TemplateCommand template() {
    return new Helm(directory.toAbsolutePath())
        .template()
        .withName(RELEASE)
        .withNamespace(NAMESPACE)
        .withKubeVersion("1.29.0");
  }

  /** What {@code helm lint --strict} says of this chart with its own values. */
  LintResult lint() {
    return new Helm(directory.toAbsolutePath()).lint().strict().call();
  }

  /** Makes the values of a scenario this chart's defaults, which alone are linted. */
  void adopt(String scenario) throws IOException {
    Path defaults = directory.resolve("values.yaml");
    ObjectNode merged = (ObjectNode) YAML.readTree(defaults.toFile());
    merge(merged, YAML.readTree(values(scenario).toFile()));
    YAML.writeValue(defaults.toFile(), merged);
  }

  /** As Helm does: objects are merged, all else is replaced. */
  private static void merge(ObjectNode into, JsonNode from) {
    for (Map.Entry<String, JsonNode> value : from.properties()) {
      JsonNode present = into.get(value.getKey());
      if (present instanceof ObjectNode object && value.getValue().isObject()) {
        merge(object, value.getValue());
      } else {
        into.set(value.getKey(), value.getValue());
      }
    }
  }

  JsonNode yaml(String file) throws IOException {
    return YAML.readTree(directory.resolve(file).toFile());
  }

  /** Documents of a stream of YAML, without the empty ones. */
  static List<JsonNode> documents(String yaml) throws IOException {
    List<JsonNode> documents = new ArrayList<>();
    try (var values = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
      while (values.hasNext()) {
        JsonNode document = values.next();
        if (document.isObject()) {
          documents.add(document);
        }
      }
    }
    return documents;
  }
}
