package io.stepstream.integrations.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.worker.handler.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * By what a job is found again.
 *
 * @param uid Kubernetes' own: a later job of the same name is another one
 */
record JobReference(Cluster cluster, String namespace, String name, String uid, LogOptions logs) {

  /**
   * @throws IllegalArgumentException it is none of ours
   */
  static JobReference parse(String text) {
    try {
      JsonNode json = JsonText.read(text.getBytes(StandardCharsets.UTF_8));
      return new JobReference(
          Cluster.of(json.path("Cluster")),
          json.path("Namespace").asText(),
          json.path("Name").asText(),
          json.path("Uid").asText(),
          LogOptions.of(json.path("LogOptions")));
    } catch (IOException e) {
      throw new IllegalArgumentException("no reference of ours: " + text, e);
    }
  }

  String text() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("Cluster", cluster.json());
    json.put("Namespace", namespace).put("Name", name).put("Uid", uid);
    json.set("LogOptions", logs.json());
    return KubernetesApi.text(json);
  }
}
