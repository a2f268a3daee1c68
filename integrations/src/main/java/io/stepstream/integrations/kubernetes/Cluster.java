package io.stepstream.integrations.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.worker.handler.TaskFailedException;
import java.net.URI;
import java.net.URISyntaxException;

/** Where a job runs. */
sealed interface Cluster {

  /** The cluster that the worker lives in, or that its kubeconfig leads to. */
  record Here() implements Cluster {}

  /**
   * A cluster of EKS.
   *
   * @param certificateAuthority in PEM, in Base64, as EKS describes it
   */
  record Eks(String name, String endpoint, String certificateAuthority) implements Cluster {}

  /**
   * @param arguments of a state, or a reference to a job
   * @throws TaskFailedException they name a cluster in part
   */
  static Cluster of(JsonNode arguments) {
    if (!arguments.has("ClusterName")
        && !arguments.has("Endpoint")
        && !arguments.has("CertificateAuthority")) {
      return new Here();
    }
    return new Eks(
        text(arguments, "ClusterName"),
        endpoint(text(arguments, "Endpoint")),
        text(arguments, "CertificateAuthority"));
  }

  private static String text(JsonNode arguments, String field) {
    JsonNode value = arguments.path(field);
    if (!value.isTextual()) {
      throw RunJob.invalid(
          field,
          "is required and must be a text where ClusterName, Endpoint or CertificateAuthority is"
              + " given; without all three the job runs in the worker's own cluster");
    }
    return value.textValue();
  }

  private static String endpoint(String text) {
    try {
      URI uri = new URI(text);
      boolean plain =
          uri.getUserInfo() == null && uri.getQuery() == null && uri.getFragment() == null;
      if ("https".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null && plain) {
        return text;
      }
    } catch (URISyntaxException _) {
      // It is told below.
    }
    throw RunJob.invalid("Endpoint", "must be https://HOST, as EKS describes the cluster");
  }

  /** As {@link #of} reads it. */
  default ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    return switch (this) {
      case Here _ -> json;
      case Eks(String name, String endpoint, String authority) ->
          json.put("ClusterName", name)
              .put("Endpoint", endpoint)
              .put("CertificateAuthority", authority);
    };
  }
}
