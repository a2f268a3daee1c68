package io.stepstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.deploy.Release.Manifest;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each object has the fields that its kind knows, in their types, and no others. */
class ObjectsTest {

  private static final Chart CHART = Chart.withoutHooks();

  static List<String> scenarios() throws IOException {
    return Chart.scenarios();
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void shouldRenderWhatItsKindKnows(String scenario) throws IOException {
    Release release = CHART.render(scenario);

    assertThat(release.manifests()).isNotEmpty();
    for (Manifest manifest : release.manifests()) {
      assertThat(Kinds.problems(manifest)).as("%s of %s", manifest, scenario).isEmpty();
    }
  }

  /** Or a kind would be looked at by nobody. */
  @Test
  void shouldRenderEachKindInSomeScenario() throws IOException {
    Set<String> rendered = new TreeSet<>();
    for (String scenario : scenarios()) {
      CHART.render(scenario).manifests().forEach(manifest -> rendered.add(Kinds.of(manifest)));
    }

    // Rules and dashboards depend on files, see MonitoringTest.
    rendered.add("monitoring.coreos.com/v1/PrometheusRule");
    rendered.add("v1/ConfigMap");
    assertThat(rendered).isEqualTo(Kinds.known());
  }

  /** What the test above is worth: it sees mistakes wherever they are. */
  @ParameterizedTest
  @CsvSource({
    "full, StatefulSet, /spec/template/spec/containers/0, readinesProbe, x",
    "full, StatefulSet, /spec/template/spec, terminationGracePeriodSeconds, soon",
    "full, StatefulSet, /spec/volumeClaimTemplates/0/spec, accessMode, x",
    "full, Deployment, /spec/template/spec/containers/0/ports/0, port, 1",
    "full, Service, /spec, selectors, x",
    "full, PodDisruptionBudget, /spec, maximumUnavailable, x",
    "full, HorizontalPodAutoscaler, /spec/metrics/0/external/target, average, x",
    "full, NetworkPolicy, /spec/egress/0/ports/0, ports, x",
    "full, Ingress, /spec/rules/0/http/paths/0/backend, serviceName, x",
    "full, KafkaTopic, /spec, partition, x",
    "full, KafkaUser, /spec/authentication, type, kerberos",
    "full, KafkaUser, /spec/authorization/acls/0, operation, x",
    "strimzi, Kafka, /spec/kafka/listeners/0, types, x",
    "strimzi, Kafka, /spec/kafka/listeners/0, type, external",
    "strimzi, KafkaNodePool, /spec, role, x",
    "full, ServiceMonitor, /spec/endpoints/0/authorization, credential, x",
    "full, PodMonitor, /spec/podMetricsEndpoints/0, paths, x",
    "keda, ScaledObject, /spec/triggers/0, type, kafka",
    "keda, ScaledObject, /spec, maxReplicas, x"
  })
  void shouldSeeAMistake(String scenario, String kind, String place, String field, String value)
      throws IOException {
    Manifest manifest = CHART.render(scenario + "-values.yaml").all(kind).getFirst();
    JsonNode changed = manifest.json().deepCopy();
    ((ObjectNode) changed.at(place)).put(field, value);

    assertThat(Kinds.problems(new Manifest(changed))).isNotEmpty();
  }

  @Test
  void shouldHaveNoTwoObjectsOfOneName() throws IOException {
    for (String scenario : scenarios()) {
      assertThat(CHART.render(scenario).manifests())
          .extracting(Manifest::toString)
          .as(scenario)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void shouldSeeAKindThatNobodyKnows() {
    assertThatThrownBy(() -> Release.of("{apiVersion: apps/v2, kind: Deployment}").only("Job"))
        .isInstanceOf(AssertionError.class);
    assertThat(
            Kinds.problems(
                new Manifest(
                    Chart.YAML.createObjectNode().put("apiVersion", "v2").put("kind", "Pod"))))
        .containsExactly("v2/Pod is no kind that is known");
  }
}
