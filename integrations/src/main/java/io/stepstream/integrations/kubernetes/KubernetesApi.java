package io.stepstream.integrations.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.stepstream.worker.handler.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * The calls of a cluster's API that a job needs. Objects are JSON as they come and go: types of a
 * client would lose what they don't know.
 */
final class KubernetesApi implements AutoCloseable {

  /** More pods than that would fill a result by their names alone. */
  private static final int MOST_PODS = 100;

  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;
  private static final int TOO_MANY = 429;
  private static final int FAULT = 500;

  private final KubernetesClient client;

  KubernetesApi(KubernetesClient client) {
    this.client = client;
  }

  /** A call that has failed. */
  static final class Failed extends Exception {

    private static final long serialVersionUID = 1L;

    /** Not positive: there was no answer. */
    private final int status;

    private Failed(KubernetesClientException problem) {
      super(
          problem.getStatus() == null
              ? problem.getMessage()
              : Serialization.asJson(problem.getStatus()),
          problem);
      this.status = problem.getCode();
    }

    /** There was no call, since nothing is known that would authorise it. */
    Failed(SdkException problem) {
      super(problem.getMessage(), problem);
      this.status = 0;
    }

    /** Kubernetes refuses to make what is there. */
    boolean isConflict() {
      return status == CONFLICT;
    }

    boolean isMissing() {
      return status == NOT_FOUND;
    }

    /** Whether another call may be answered. */
    boolean passes() {
      return status <= 0 || status == TOO_MANY || status >= FAULT;
    }

    /** What a task that fails by it is told; without an answer as of other services of AWS. */
    String error() {
      return status <= 0 ? "EKS.SdkClientException" : "EKS." + status;
    }
  }

  /** The namespace that this cluster's configuration has for those who name none. */
  String defaultNamespace() {
    String given = client.getConfiguration().getNamespace();
    return given == null ? "default" : given;
  }

  JsonNode create(String namespace, ObjectNode job) throws Failed, InterruptedException {
    return json(call("POST", jobs(namespace), job));
  }

  JsonNode job(String namespace, String name) throws Failed, InterruptedException {
    return json(call("GET", jobs(namespace) + "/" + name, null));
  }

  /** Its pods go with it. */
  void delete(JobReference job) throws Failed, InterruptedException {
    ObjectNode options = JsonNodeFactory.instance.objectNode();
    options.put("apiVersion", "v1").put("kind", "DeleteOptions");
    options.put("propagationPolicy", "Background");
    options.putObject("preconditions").put("uid", job.uid());
    call("DELETE", jobs(job.namespace()) + "/" + job.name(), options);
  }

  /** The logs of a job that has ended, by pod and container, in the form of AWS. */
  ObjectNode logs(JobReference job) throws Failed, InterruptedException {
    String pods = "/api/v1/namespaces/" + job.namespace() + "/pods";
    JsonNode found =
        json(
            call(
                "GET",
                pods + "?labelSelector=job-name%3D" + job.name() + "&limit=" + MOST_PODS,
                null));
    ObjectNode logs = JsonNodeFactory.instance.objectNode();
    ObjectNode byPod = logs.putObject("pods");
    for (JsonNode pod : found.path("items")) {
      String name = pod.path("metadata").path("name").asText();
      ObjectNode containers = byPod.putObject(name).putObject("containers");
      for (JsonNode container : pod.path("spec").path("containers")) {
        String of = container.path("name").asText();
        containers.putObject(of).set("log", log(pods + "/" + name + "/log", of, job.logs()));
      }
    }
    return logs;
  }

  /** Null of a container that has none: it never started, or its pod is gone meanwhile. */
  private JsonNode log(String path, String container, LogOptions options)
      throws Failed, InterruptedException {
    try {
      String log = call("GET", path + "?" + options.query(container), null);
      return options.raw() ? JsonNodeFactory.instance.textNode(log) : parsed(log);
    } catch (Failed e) {
      if (e.passes()) {
        throw e;
      }
      return JsonNodeFactory.instance.nullNode();
    }
  }

  private static JsonNode parsed(String log) {
    try {
      return JsonText.read(log.getBytes(StandardCharsets.UTF_8));
    } catch (IOException _) {
      return JsonNodeFactory.instance.textNode(log);
    }
  }

  private static String jobs(String namespace) {
    return "/apis/batch/v1/namespaces/" + namespace + "/jobs";
  }

  private String call(String method, String path, @Nullable Object body)
      throws Failed, InterruptedException {
    try {
      return client.raw(path, method, body);
    } catch (KubernetesClientException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("nobody waits for the answer any more");
      }
      throw new Failed(e);
    }
  }

  private static JsonNode json(String text) {
    try {
      return JsonText.read(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException("Kubernetes answered with what is no JSON", e);
    }
  }

  static String text(JsonNode json) {
    try {
      return new String(JsonText.write(json), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
