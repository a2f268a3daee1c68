package io.stepstream.integrations.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Kubernetes' API over TLS: it keeps what it is given, and answers by what a test expects before.
 */
final class KubernetesServer implements AutoCloseable {

  private static final String OWN = "own";

  /** It tells of each request; a field, or the setting would go with the logger. */
  private static final Logger TALK = Logger.getLogger(MockWebServer.class.getName());

  static {
    TALK.setLevel(Level.WARNING);
  }

  private final KubernetesMockServer server;
  private final KubernetesClient client;

  KubernetesServer() {
    Map<ServerRequest, Queue<ServerResponse>> answers = new HashMap<>();
    server =
        new KubernetesMockServer(
            new Context(),
            new MockWebServer(),
            answers,
            new KubernetesMixedDispatcher(answers),
            true);
    server.init();
    client =
        new KubernetesClientBuilder()
            .withHttpClientFactory(new JdkHttpClientFactory())
            .withConfig(new ConfigBuilder(config()).withOauthToken(OWN).build())
            .build();
  }

  /** As new. */
  void reset() throws InterruptedException {
    server.reset();
    taken();
  }

  KubernetesMockServer server() {
    return server;
  }

  KubernetesClient client() {
    return client;
  }

  String endpoint() {
    return "https://localhost:" + server.getPort();
  }

  /** In PEM and Base64. */
  String authority() throws IOException {
    Path certificate = Path.of(server.getSelfSignedCertificate().certificatePath());
    return Base64.getEncoder().encodeToString(Files.readAllBytes(certificate));
  }

  /** What a kubeconfig would say. */
  Config config() {
    return new ConfigBuilder(Config.empty())
        .withMasterUrl(endpoint())
        .withTrustCerts(true)
        .withOauthToken("kept at home")
        .withNamespace("stepstream")
        .build();
  }

  /** As the controller of jobs would. */
  void end(String namespace, String name, String condition) {
    client
        .batch()
        .v1()
        .jobs()
        .inNamespace(namespace)
        .withName(name)
        .editStatus(
            job -> {
              Job ended = job.toBuilder().withNewStatus().endStatus().build();
              ended
                  .getStatus()
                  .setConditions(
                      List.of(
                          new JobConditionBuilder()
                              .withType("Suspended")
                              .withStatus("False")
                              .build(),
                          new JobConditionBuilder()
                              .withType(condition)
                              .withStatus("True")
                              .build()));
              return ended;
            });
  }

  void pod(String namespace, String job, String name, String... containers) {
    client
        .pods()
        .inNamespace(namespace)
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("job-name", job)
                .endMetadata()
                .withNewSpec()
                .withContainers(
                    Arrays.stream(containers)
                        .map(each -> new ContainerBuilder().withName(each).build())
                        .toList())
                .endSpec()
                .build())
        .create();
  }

  /** All that was asked so far and not taken yet. */
  List<RecordedRequest> taken() throws InterruptedException {
    List<RecordedRequest> taken = new ArrayList<>();
    for (RecordedRequest next = next(); next != null; next = next()) {
      taken.add(next);
    }
    return taken;
  }

  /** What the requests showed for their authorisation, but for those of this class. */
  List<String> shown() throws InterruptedException {
    return taken().stream()
        .map(request -> String.valueOf(request.getHeader("Authorization")))
        .filter(header -> !header.equals("Bearer " + OWN))
        .toList();
  }

  private RecordedRequest next() throws InterruptedException {
    return server.takeRequest(0, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    client.close();
    server.destroy();
  }
}
