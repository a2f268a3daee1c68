package io.stepstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.Helm;
import io.stepstream.deploy.Release.Manifest;
import io.stepstream.deploy.Release.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Objects find each other: by labels, names and ports. */
class WiringTest {

  private static final Chart CHART = Chart.withoutHooks();

  static List<String> scenarios() throws IOException {
    return Chart.scenarios();
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void shouldSelectItsOwnPodsAndNoOthers(String scenario) throws IOException {
    Release release = CHART.render(scenario);
    for (Pod pod : serving(release)) {
      JsonNode selector = pod.of().spec().path("selector");
      assertThat(selected(release, selector)).as("%s", pod).containsExactly(pod);
      for (JsonNode spread : pod.spec().path("topologySpreadConstraints")) {
        assertThat(selected(release, spread.path("labelSelector")))
            .as("spread of %s", pod)
            .containsExactly(pod);
      }
      assertThat(pod.spec().path("topologySpreadConstraints"))
          .extracting(spread -> spread.path("topologyKey").asText())
          .containsExactly("topology.kubernetes.io/zone", "kubernetes.io/hostname");
    }
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void shouldDisturbOnePodOfEachKindAtATime(String scenario) throws IOException {
    Release release = CHART.render(scenario);
    List<Pod> covered = new ArrayList<>();
    for (Manifest budget : release.all("PodDisruptionBudget")) {
      List<Pod> pods = selected(release, budget.spec().path("selector"));
      assertThat(pods).as("%s", budget).hasSize(1);
      assertThat(budget.spec().path("maxUnavailable").asInt()).as("%s", budget).isEqualTo(1);
      covered.addAll(pods);
    }
    assertThat(covered).containsExactlyInAnyOrderElementsOf(serving(release));
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void shouldLeadToPortsThatAreThere(String scenario) throws IOException {
    Release release = CHART.render(scenario);
    assertThat(release.all("Service")).hasSize(2);
    for (Manifest service : release.all("Service")) {
      List<Pod> pods = matching(release, service.spec().path("selector"));
      assertThat(pods).as("%s", service).containsExactly(release.coordinator());
      for (JsonNode port : service.spec().path("ports")) {
        assertThat(portNames(pods.getFirst()))
            .as("%s", service)
            .contains(port.path("targetPort").asText());
      }
    }
    for (Manifest ingress : release.all("Ingress")) {
      for (JsonNode rule : ingress.spec().path("rules")) {
        JsonNode backend = rule.path("http").path("paths").get(0).path("backend").path("service");
        assertThat(servicePorts(release.named("Service", backend.path("name").asText())))
            .contains(backend.path("port").path("name").asText());
      }
    }
    for (Manifest monitor : release.all("ServiceMonitor")) {
      List<Manifest> services =
          release.all("Service").stream()
              .filter(s -> hasAll(s.labels(), labels(monitor.spec().path("selector"))))
              .toList();
      assertThat(services).as("one scrape of each node").hasSize(1);
      assertThat(services.getFirst().labels())
          .containsEntry(monitor.spec().path("jobLabel").asText(), "stepstream");
      for (JsonNode endpoint : monitor.spec().path("endpoints")) {
        assertThat(servicePorts(services.getFirst())).contains(endpoint.path("port").asText());
      }
    }
    for (Manifest monitor : release.all("PodMonitor")) {
      List<Pod> pods = selected(release, monitor.spec().path("selector"));
      assertThat(pods)
          .extracting(pod -> pod.of().kind())
          .hasSizeGreaterThan(1)
          .containsOnly("Deployment");
      for (Pod pod : pods) {
        assertThat(pod.labels())
            .containsEntry(monitor.spec().path("jobLabel").asText(), "stepstream");
        for (JsonNode endpoint : monitor.spec().path("podMetricsEndpoints")) {
          assertThat(portNames(pod)).contains(endpoint.path("port").asText());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void shouldGuardEachPodByANetworkPolicyOfItsOwn(String scenario) throws IOException {
    Release release = CHART.render(scenario);
    List<Pod> guarded = new ArrayList<>();
    for (Manifest policy : release.all("NetworkPolicy")) {
      guarded.addAll(selected(release, policy.spec().path("podSelector")));
      assertThat(Release.texts(policy.spec().path("policyTypes")))
          .containsExactly("Ingress", "Egress");
      for (JsonNode rule : policy.spec().path("egress")) {
        if (!rule.has("to")) {
          assertThat(rule.path("ports")).as("%s goes anywhere", policy).isNotEmpty();
        }
      }
    }
    assertThat(guarded)
        .containsExactlyInAnyOrderElementsOf(
            scenario.startsWith("single") ? List.of() : serving(release));
  }

  /** Whoever writes a definition decides what a worker calls. */
  @ParameterizedTest
  @MethodSource("scenarios")
  void shouldKeepWorkersFromWhatGivesOutCredentials(String scenario) throws IOException {
    for (Manifest policy : CHART.render(scenario).all("NetworkPolicy")) {
      if (!"worker".equals(policy.labels().get("app.kubernetes.io/component"))) {
        continue;
      }
      for (JsonNode rule : policy.spec().path("egress")) {
        if (!rule.has("to")) {
          assertThat(rule.path("ports"))
              .as("%s: without a destination there are names alone", policy)
              .allSatisfy(port -> assertThat(port.path("port").asInt()).isEqualTo(53));
        }
        for (JsonNode to : rule.path("to")) {
          String block = to.path("ipBlock").path("cidr").asText();
          if (block.equals("0.0.0.0/0")) {
            assertThat(Release.texts(to.path("ipBlock").path("except"))).contains("169.254.0.0/16");
          } else if (block.equals("::/0")) {
            assertThat(Release.texts(to.path("ipBlock").path("except"))).contains("fd00:ec2::/32");
          }
        }
      }
    }
  }

  @Test
  void shouldLetNobodyButThoseNamedReachTheApi() throws IOException {
    Manifest policy = CHART.render("full-values.yaml").named("NetworkPolicy", "flow-coordinator");

    assertThat(policy.spec().path("ingress")).hasSize(1);
    assertThat(policy.spec().path("ingress").get(0).path("from"))
        .extracting(from -> labels(from.path("namespaceSelector")).values())
        .as("ours, and the two of the values")
        .hasSize(3);
    assertThat(policy.spec().path("ingress").get(0).path("from").get(0).path("podSelector"))
        .isNotEmpty();
  }

  @Test
  void shouldGiveEachNodeANameThatItsStateOutlives() throws IOException {
    Release release = CHART.render("full-values.yaml");
    Manifest set = release.only("StatefulSet");
    Pod pod = release.coordinator();
    Manifest headless = release.named("Service", set.spec().path("serviceName").asText());

    assertThat(set.spec().path("podManagementPolicy").asText()).isEqualTo("Parallel");
    assertThat(headless.spec().path("clusterIP").asText()).isEqualTo("None");
    assertThat(headless.spec().path("publishNotReadyAddresses").asBoolean()).isTrue();
    assertThat(pod.environment())
        .containsEntry(
            "STEPSTREAM_COORDINATOR_ADDRESS",
            "$(POD_NAME).%s.%s.svc:8333".formatted(headless.name(), Chart.NAMESPACE));
    assertThat(pod.container().path("env").get(0).path("valueFrom").path("fieldRef"))
        .as("known before it is referred to")
        .isEqualTo(Chart.YAML.createObjectNode().put("fieldPath", "metadata.name"));
    JsonNode claim = set.spec().path("volumeClaimTemplates").get(0);
    JsonNode state = pod.container().path("volumeMounts").get(0);
    assertThat(state.path("name")).isEqualTo(claim.path("metadata").path("name"));
    assertThat(state.path("mountPath").asText())
        .as("where the image declares a volume, which would hide one that is mounted above it")
        .isEqualTo("/var/lib/stepstream/state");
    assertThat(pod.environment())
        .as("the root of a volume is Kubernetes' own")
        .containsEntry("STEPSTREAM_STATE_DIR", "/var/lib/stepstream/state/node");
    assertThat(claim.path("spec").path("storageClassName").asText()).isEqualTo("fast");
    assertThat(Release.strings(set.spec().path("persistentVolumeClaimRetentionPolicy")))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("whenDeleted", "Delete", "whenScaled", "Delete"));
  }

  @Test
  void shouldAskForNoMoreWarmCopiesThanOtherNodes() throws IOException {
    assertThat(CHART.render("single-values.yaml").coordinator().environment())
        .containsEntry("STEPSTREAM_COORDINATOR_STANDBYS", "0");
    assertThat(CHART.render("minimal-values.yaml").coordinator().environment())
        .containsEntry("STEPSTREAM_COORDINATOR_STANDBYS", "1");
    assertThat(CHART.render("full-values.yaml").coordinator().environment())
        .containsEntry("STEPSTREAM_COORDINATOR_STANDBYS", "2");
  }

  /** Browsers are served under names that are known only. */
  @Test
  void shouldKnowTheNamesThatItIsCalledBy() throws IOException {
    assertThat(CHART.render("full-values.yaml").coordinator().environment())
        .containsEntry(
            "STEPSTREAM_API_HOSTS",
            "flow,flow.flows,flow.flows.svc,flow.flows.svc.cluster.local,stepstream.example.org,"
                + "sync-stepstream.example.org,stepstream.internal")
        .containsEntry("STEPSTREAM_SECURITY_SECURE_COOKIES", "true");
    assertThat(CHART.render("minimal-values.yaml").coordinator().environment())
        .doesNotContainKey("STEPSTREAM_SECURITY_SECURE_COOKIES");
  }

  /** A StatefulSet's name and ten characters are a label of its pods. */
  @Test
  void shouldKeepNamesShort() {
    String yaml =
        CHART
            .template()
            .withName("a-release-with-a-name-as-long-as-helm-lets-names-be-x")
            .withValuesFile(CHART.values("minimal-values.yaml").toAbsolutePath())
            .set("workers[0].name", "fifteen-letters")
            .set("workers[0].queues[0]", "q")
            .call();

    assertThat(yaml).contains("worker-fifteen-letters");
    assertThat(documents(yaml))
        .allSatisfy(
            manifest ->
                assertThat(manifest.name())
                    .hasSizeLessThanOrEqualTo(manifest.kind().equals("StatefulSet") ? 52 : 63));
  }

  private static List<Manifest> documents(String yaml) {
    try {
      return Release.of(yaml).manifests();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What an operator gets from a repository of charts. */
  @Test
  void shouldBeTheSameInItsPackage(@TempDir Path directory) throws IOException {
    new Helm(CHART.directory().toAbsolutePath()).packageIt().withDestination(directory).call();
    Path archive;
    try (Stream<Path> files = Files.list(directory)) {
      archive = files.findFirst().orElseThrow();
    }
    Path values = CHART.values("full-values.yaml").toAbsolutePath();

    String packaged = new Chart(archive).template().withValuesFile(values).call();

    assertThat(Release.of(packaged)).isEqualTo(CHART.render("full-values.yaml"));
  }

  private static List<Pod> serving(Release release) {
    return release.pods().stream().filter(Pod::serves).toList();
  }

  private static List<Pod> selected(Release release, JsonNode selector) {
    return matching(release, selector.path("matchLabels"));
  }

  private static List<Pod> matching(Release release, JsonNode labels) {
    Map<String, String> wanted = Release.strings(labels);
    assertThat(wanted).isNotEmpty();
    return release.pods().stream().filter(pod -> hasAll(pod.labels(), wanted)).toList();
  }

  private static Map<String, String> labels(JsonNode selector) {
    return Release.strings(selector.path("matchLabels"));
  }

  private static boolean hasAll(Map<String, String> labels, Map<String, String> wanted) {
    return labels.entrySet().containsAll(wanted.entrySet());
  }

  private static List<String> portNames(Pod pod) {
    List<String> names = new ArrayList<>();
    pod.container().path("ports").forEach(port -> names.add(port.path("name").asText()));
    return names;
  }

  private static List<String> servicePorts(Manifest service) {
    List<String> names = new ArrayList<>();
    service.spec().path("ports").forEach(port -> names.add(port.path("name").asText()));
    return names;
  }
}
