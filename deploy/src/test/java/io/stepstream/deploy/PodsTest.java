package io.stepstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.deploy.Release.Manifest;
import io.stepstream.deploy.Release.Pod;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules for every pod, whatever the values are. */
class PodsTest {

  private static final Chart CHART = Chart.withoutHooks();

  /** Of a coordinator, after its drain: the last answers and the lanes' close. */
  private static final Duration CLOSE = Duration.ofSeconds(15);

  /** Of a worker, after its drain: its clients' close. */
  private static final Duration CLIENTS = Duration.ofSeconds(10);

  static List<String> scenarios() throws IOException {
    return Chart.scenarios();
  }

  private static List<Pod> pods(String scenario) throws IOException {
    List<Pod> pods = CHART.render(scenario).pods();
    assertThat(pods).isNotEmpty();
    return pods;
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void shouldAskForAndBeBoundToMemoryAndCpu(String scenario) throws IOException {
    for (Pod pod : pods(scenario)) {
      for (JsonNode container : pod.containers()) {
        for (String side : List.of("requests", "limits")) {
          assertThat(container.path("resources").path(side).has("cpu")).as("%s", pod).isTrue();
          assertThat(container.path("resources").path(side).has("memory")).as("%s", pod).isTrue();
        }
      }
    }
  }

  /** Kubernetes' restricted standard, and nothing to write to but what is mounted. */
  @ParameterizedTest
  @MethodSource("scenarios")
  void shouldBeRestricted(String scenario) throws IOException {
    for (Pod pod : pods(scenario)) {
      JsonNode security = pod.spec().path("securityContext");
      assertThat(security.path("runAsNonRoot").asBoolean()).as("%s", pod).isTrue();
      assertThat(security.path("runAsUser").asInt(1)).as("%s", pod).isPositive();
      assertThat(security.path("seccompProfile").path("type").asText())
          .as("%s", pod)
          .isEqualTo("RuntimeDefault");
      for (String shared : List.of("hostNetwork", "hostPID", "hostIPC")) {
        assertThat(pod.spec().has(shared)).as("%s: %s", pod, shared).isFalse();
      }
      for (JsonNode container : pod.containers()) {
        JsonNode own = container.path("securityContext");
        assertThat(own.path("allowPrivilegeEscalation").asBoolean(true)).as("%s", pod).isFalse();
        assertThat(own.path("privileged").asBoolean(true)).as("%s", pod).isFalse();
        assertThat(own.path("readOnlyRootFilesystem").asBoolean()).as("%s", pod).isTrue();
        assertThat(Release.texts(own.path("capabilities").path("drop")))
            .as("%s", pod)
            .containsExactly("ALL");
        assertThat(own.path("capabilities").has("add")).as("%s", pod).isFalse();
      }
      for (JsonNode volume : pod.spec().path("volumes")) {
        assertThat(volume.has("hostPath")).as("%s", pod).isFalse();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void shouldBeProbedByTheHealthChecks(String scenario) throws IOException {
    for (Pod pod : pods(scenario)) {
      if (!pod.serves()) {
        continue;
      }
      Map<String, String> paths =
          Map.of(
              "startupProbe", "/q/health/started",
              "readinessProbe", "/q/health/ready",
              "livenessProbe", "/q/health/live");
      paths.forEach(
          (probe, path) -> {
            JsonNode get = pod.container().path(probe).path("httpGet");
            assertThat(get.path("path").asText()).as("%s: %s", pod, probe).isEqualTo(path);
            assertThat(ports(pod)).as("%s: %s", pod, probe).contains(get.path("port").asText());
          });
      assertThat(pod.environment().get("QUARKUS_HTTP_PORT"))
          .as("%s", pod)
          .isEqualTo(pod.container().path("ports").get(0).path("containerPort").asText());
    }
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void shouldMountWhatItHasAndHaveWhatItMounts(String scenario) throws IOException {
    for (Pod pod : pods(scenario)) {
      Set<String> volumes = new HashSet<>();
      pod.spec().path("volumes").forEach(volume -> volumes.add(volume.path("name").asText()));
      pod.of()
          .spec()
          .path("volumeClaimTemplates")
          .forEach(claim -> volumes.add(claim.path("metadata").path("name").asText()));
      Set<String> mounted = new HashSet<>();
      Set<String> places = new HashSet<>();
      for (JsonNode mount : pod.container().path("volumeMounts")) {
        mounted.add(mount.path("name").asText());
        assertThat(places.add(mount.path("mountPath").asText())).as("%s: %s", pod, mount).isTrue();
      }
      assertThat(mounted).as("%s", pod).isEqualTo(volumes);
      if (pod.serves()) {
        assertThat(places).as("%s: where libraries in C unpack themselves", pod).contains("/tmp");
      }
      for (JsonNode volume : pod.spec().path("volumes")) {
        if (volume.has("secret")) {
          assertThat(volume.path("secret").path("defaultMode").asInt())
              .as("%s: others don't read %s", pod, volume)
              .isEqualTo(0440);
          assertThat(volume.path("secret").path("optional").asBoolean()).as("%s", pod).isFalse();
        }
      }
    }
  }

  /**
   * Every file that a setting names is under a mount, and the Secret's key of that name is in it.
   */
  @ParameterizedTest
  @MethodSource("scenarios")
  void shouldHaveTheFilesThatItsSettingsName(String scenario) throws IOException {
    for (Pod pod : pods(scenario)) {
      for (Map.Entry<String, String> variable : pod.environment().entrySet()) {
        String path = variable.getValue();
        if (path.startsWith("/etc/stepstream/")) {
          assertThat(files(pod)).as("%s: %s", pod, variable).contains(path);
        }
      }
    }
  }

  private static Set<String> files(Pod pod) {
    Set<String> files = new HashSet<>();
    for (JsonNode mount : pod.container().path("volumeMounts")) {
      for (JsonNode volume : pod.spec().path("volumes")) {
        if (volume.path("name").equals(mount.path("name"))) {
          volume
              .path("secret")
              .path("items")
              .forEach(
                  item ->
                      files.add(
                          mount.path("mountPath").asText() + "/" + item.path("path").asText()));
        }
      }
    }
    return files;
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void shouldHaveNoTokenOfItsServiceAccountUnlessAskedFor(String scenario) throws IOException {
    Release release = CHART.render(scenario);
    for (Pod pod : release.pods()) {
      boolean asked = "payments".equals(pod.labels().get("stepstream.io/pool"));
      assertThat(pod.spec().path("automountServiceAccountToken").asBoolean(true))
          .as("%s", pod)
          .isEqualTo(asked);
      if (pod.serves() && !asked) {
        Manifest account =
            release.named("ServiceAccount", pod.spec().path("serviceAccountName").asText());
        assertThat(account.json().path("automountServiceAccountToken").asBoolean(true)).isFalse();
      }
    }
  }

  /** Or Kubernetes would kill what is still being answered, or carried out. */
  @ParameterizedTest
  @MethodSource("scenarios")
  void shouldBeGivenTheTimeToDrain(String scenario) throws IOException {
    for (Pod pod : pods(scenario)) {
      if (!pod.serves()) {
        continue;
      }
      Map<String, String> environment = pod.environment();
      Duration drain =
          pod.of().kind().equals("StatefulSet")
              ? seconds(environment.get("STEPSTREAM_API_DRAIN_DELAY"))
                  .plus(seconds(environment.get("STEPSTREAM_API_DRAIN")))
                  .plus(CLOSE)
              : seconds(environment.get("STEPSTREAM_WORKER_DRAIN")).plus(CLIENTS);
      assertThat(Duration.ofSeconds(pod.spec().path("terminationGracePeriodSeconds").asLong()))
          .as("%s", pod)
          .isGreaterThan(drain);
    }
  }

  private static Duration seconds(@org.jspecify.annotations.Nullable String text) {
    return Duration.parse("PT" + text);
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void shouldRunAnImageOfOneVersion(String scenario) throws IOException {
    for (Pod pod : pods(scenario)) {
      assertThat(pod.container().path("image").asText())
          .as("%s", pod)
          .matches("[a-z0-9./:_-]+(:[A-Za-z0-9._-]+|@sha256:[0-9a-f]{64})")
          .doesNotEndWith(":latest");
    }
  }

  /** Kubernetes would tell of Services in variables that begin as our settings do. */
  @ParameterizedTest
  @MethodSource("scenarios")
  void shouldHaveNoVariablesOfServices(String scenario) throws IOException {
    for (Pod pod : pods(scenario)) {
      assertThat(pod.spec().path("enableServiceLinks").asBoolean(true)).as("%s", pod).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void shouldHaveNoVariableTwice(String scenario) throws IOException {
    for (Pod pod : pods(scenario)) {
      assertThat(pod.container().path("env"))
          .as("%s", pod)
          .extracting(variable -> variable.path("name").asText())
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void shouldTakeWhatIsSaidOfEachPool() throws IOException {
    Release release = CHART.render("full-values.yaml");
    Pod general = release.worker("default");
    Pod payments = release.worker("payments");

    assertThat(general.environment())
        .containsEntry("STEPSTREAM_WORKER_QUEUES", "lambda,s3")
        .containsEntry("STEPSTREAM_WORKER_PERMITS", "256")
        .containsEntry("STEPSTREAM_WORKER_DRAIN", "20s")
        .containsEntry("_JAVA_OPTIONS", "-XX:MaxRAMPercentage=75 -Dsun.net.inetaddr.ttl=5")
        .containsKey("STEPSTREAM_ENCRYPTION_KEYS_FILE");
    assertThat(payments.environment())
        .containsEntry("STEPSTREAM_WORKER_POOL", "payments")
        .containsEntry("STEPSTREAM_WORKER_QUEUES", "payments,Refunds_2.x")
        .containsEntry("STEPSTREAM_WORKER_PERMITS", "32")
        .containsEntry("STEPSTREAM_WORKER_DRAIN", "120s")
        .containsEntry("STEPSTREAM_WORKER_LANES", "4")
        .containsEntry("_JAVA_OPTIONS", "-XX:MaxRAMPercentage=70 -Dsun.net.inetaddr.ttl=5")
        .doesNotContainKey("STEPSTREAM_ENCRYPTION_KEYS_FILE");
    assertThat(payments.container().path("image").asText())
        .isEqualTo("registry.example.org/payments/worker:7");
    assertThat(payments.spec().path("serviceAccountName").asText()).isEqualTo("payments");
    assertThat(secretOf(payments, "STEPSTREAM_KAFKA_CLIENT_SASL_JAAS_CONFIG"))
        .isEqualTo("kafka-payments");
    assertThat(secretOf(general, "STEPSTREAM_KAFKA_CLIENT_SASL_JAAS_CONFIG"))
        .isEqualTo("kafka-worker");
    assertThat(secretOf(release.coordinator(), "STEPSTREAM_KAFKA_CLIENT_SASL_JAAS_CONFIG"))
        .isEqualTo("kafka-coordinator");
  }

  private static String secretOf(Pod pod, String variable) {
    for (JsonNode candidate : pod.container().path("env")) {
      if (candidate.path("name").asText().equals(variable)) {
        return candidate.path("valueFrom").path("secretKeyRef").path("name").asText();
      }
    }
    throw new AssertionError(pod + " has no " + variable);
  }

  private static Set<String> ports(Pod pod) {
    Set<String> ports = new HashSet<>();
    pod.container().path("ports").forEach(port -> ports.add(port.path("name").asText()));
    return ports;
  }
}
