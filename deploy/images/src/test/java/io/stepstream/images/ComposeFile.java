package io.stepstream.images;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The repository's Compose file. */
final class ComposeFile {

  /** Tests run in the directory of their module. */
  static final Path DIRECTORY = Path.of("../compose");

  private static final Pattern DEFAULT = Pattern.compile("\\$\\{\\w+:-([^}]*)}");

  private final Map<String, Object> root;

  private ComposeFile(Map<String, Object> root) {
    this.root = root;
  }

  static ComposeFile read() throws IOException {
    try (Reader reader = Files.newBufferedReader(DIRECTORY.resolve("compose.yaml"))) {
      return new ComposeFile(
          new Yaml(new SafeConstructor(new LoaderOptions())).<Map<String, Object>>load(reader));
    }
  }

  Map<String, Object> section(String name) {
    return map(root.get(name));
  }

  Map<String, Object> service(String name) {
    return map(section("services").get(name));
  }

  /** The environment of a service. */
  Map<String, String> environment(String service) {
    Map<String, String> environment = new TreeMap<>();
    map(service(service).getOrDefault("environment", Map.of()))
        .forEach((name, value) -> environment.put(name, (String) value));
    return environment;
  }

  /** The image of a service, where nothing is chosen otherwise. */
  String image(String service) {
    return DEFAULT.matcher((String) service(service).get("image")).replaceAll("$1");
  }

  @SuppressWarnings("unchecked")
  static List<String> texts(Object list) {
    return (List<String>) list;
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }
}
