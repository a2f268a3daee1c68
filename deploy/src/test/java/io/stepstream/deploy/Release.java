package io.stepstream.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The objects that Helm would hand to Kubernetes. */
record Release(List<Manifest> manifests) {

  Release {
    manifests = List.copyOf(manifests);
  }

  static Release of(String yaml) throws IOException {
    return new Release(Chart.documents(yaml).stream().map(Manifest::new).toList());
  }

  /**
   * An object.
   *
   * @param json whole
   */
  record Manifest(JsonNode json) {

    String kind() {
      return json.path("kind").asText();
    }

    String apiVersion() {
      return json.path("apiVersion").asText();
    }

    String name() {
      return json.path("metadata").path("name").asText();
    }

    JsonNode spec() {
      return json.path("spec");
    }

    Map<String, String> labels() {
      return strings(json.path("metadata").path("labels"));
    }

    @Override
    public String toString() {
      return kind() + " " + name();
    }
  }

  /**
   * What becomes a pod.
   *
   * @param of whose it is
   */
  record Pod(Manifest of, Map<String, String> labels, JsonNode spec) {

    List<JsonNode> containers() {
      List<JsonNode> containers = new ArrayList<>();
      spec.path("initContainers").forEach(containers::add);
      spec.path("containers").forEach(containers::add);
      return containers;
    }

    /** The only one of those that are there. */
    JsonNode container() {
      if (containers().size() != 1) {
        throw new AssertionError(of + " has " + containers().size() + " containers");
      }
      return containers().getFirst();
    }

    /** The environment of the only container: literal values, and {@code ""} for references. */
    Map<String, String> environment() {
      Map<String, String> environment = new LinkedHashMap<>();
      container()
          .path("env")
          .forEach(
              variable ->
                  environment.put(
                      variable.path("name").asText(), variable.path("value").asText("")));
      return environment;
    }

    /** Whether it goes on for ever, which a test's doesn't. */
    boolean serves() {
      return !of.kind().equals("Pod");
    }

    @Override
    public String toString() {
      return "pods of " + of;
    }
  }

  List<Manifest> all(String kind) {
    return manifests.stream().filter(manifest -> manifest.kind().equals(kind)).toList();
  }

  Manifest only(String kind) {
    List<Manifest> found = all(kind);
    if (found.size() != 1) {
      throw new AssertionError("There are %d of %s: %s".formatted(found.size(), kind, found));
    }
    return found.getFirst();
  }

  Manifest named(String kind, String name) {
    return all(kind).stream()
        .filter(manifest -> manifest.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("No %s %s in %s".formatted(kind, name, manifests)));
  }

  List<Pod> pods() {
    List<Pod> pods = new ArrayList<>();
    for (Manifest manifest : manifests) {
      switch (manifest.kind()) {
        case "StatefulSet", "Deployment" ->
            pods.add(pod(manifest, manifest.spec().path("template")));
        case "Pod" -> pods.add(pod(manifest, manifest.json()));
        default -> {
          // makes none
        }
      }
    }
    return pods;
  }

  private static Pod pod(Manifest of, JsonNode template) {
    return new Pod(of, strings(template.path("metadata").path("labels")), template.path("spec"));
  }

  Pod coordinator() {
    return pod(only("StatefulSet"), only("StatefulSet").spec().path("template"));
  }

  /** Of the pool. */
  Pod worker(String pool) {
    return pods().stream()
        .filter(pod -> pool.equals(pod.labels().get("stepstream.io/pool")))
        .findFirst()
        .orElseThrow(() -> new AssertionError("No pool " + pool));
  }

  static Map<String, String> strings(JsonNode object) {
    Map<String, String> strings = new LinkedHashMap<>();
    object.properties().forEach(field -> strings.put(field.getKey(), field.getValue().asText()));
    return strings;
  }

  static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
