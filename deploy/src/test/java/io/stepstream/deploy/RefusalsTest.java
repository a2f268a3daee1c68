package io.stepstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What can't work is refused when it is installed, with the value's name and what to do. */
class RefusalsTest {

  private static final Chart CHART = Chart.withoutHooks();

  private static final String SECURITY = "security: {secret: s, apiKeys: true}\n";
  private static final String KAFKA = "kafka: {bootstrapServers: 'kafka:9092'}\n";

  static Stream<Arguments> unfit() {
    return Stream.of(
        Arguments.of(KAFKA, "security.secret is missing"),
        Arguments.of(KAFKA + "security: {secret: s}\n", "Nobody could call"),
        Arguments.of(SECURITY, "kafka.bootstrapServers is missing"),
        Arguments.of(
            KAFKA + "security: {secret: s, oidc: {issuer: 'https://id.example.org'}}\n",
            "without security.oidc.audience"),
        Arguments.of(
            KAFKA + "security: {secret: s, apiKeys: true, oidc: {clientId: c}}\n",
            "without security.oidc.issuer"),
        Arguments.of(
            KAFKA + "security: {secret: s, apiKeys: true, oidc: {clientSecret: true}}\n",
            "without security.oidc.clientId"),
        Arguments.of(
            SECURITY + KAFKA + "strimzi: {kafka: {enabled: true}, users: {enabled: true}}\n",
            "set one of the two"),
        Arguments.of(
            SECURITY + "strimzi: {kafka: {enabled: true}}\n", "needs strimzi.users.enabled"),
        Arguments.of(
            SECURITY
                + "strimzi: {namespace: kafka, kafka: {enabled: true}, users: {enabled: true}}\n",
            "needs strimzi.namespace to be the release's"),
        Arguments.of(
            SECURITY + "strimzi: {kafka: {enabled: true, replicas: 2}, users: {enabled: true}}\n",
            "topics.replicationFactor is 3, and strimzi.kafka.replicas only 2"),
        Arguments.of(
            SECURITY + "kafka: {bootstrapServers: 'k:1', authentication: {type: tls}}\n",
            "needs kafka.tls.enabled"),
        Arguments.of(
            SECURITY + "kafka: {bootstrapServers: 'k:1', authentication: {type: sasl}}\n",
            "kafka.authentication.coordinatorSecret is missing"),
        Arguments.of(
            SECURITY
                + "kafka: {bootstrapServers: 'k:1', authentication: {type: sasl,"
                + " coordinatorSecret: c}}\n",
            "The pool default has no credentials"),
        Arguments.of(
            SECURITY + KAFKA + "topics: {minInsyncReplicas: 4}\n",
            "topics.minInsyncReplicas is 4, more than the topics.replicationFactor of 3"),
        Arguments.of(
            SECURITY + KAFKA + "api: {ingress: {enabled: true}}\n", "needs api.ingress.hosts"),
        Arguments.of(
            SECURITY + KAFKA + "monitoring: {serviceMonitor: {enabled: true}}\n",
            "monitoring.serviceMonitor.apiKeySecret is missing"),
        Arguments.of(
            SECURITY + KAFKA + "workers: [{name: a, queues: [x]}, {name: a, queues: [z]}]\n",
            "Two pools in workers are called a"),
        Arguments.of(
            SECURITY
                + KAFKA
                + "workers: [{name: a, queues: [x], autoscaling: {minReplicas: 11}}]\n",
            "more autoscaling.minReplicas than maxReplicas"),
        Arguments.of(
            SECURITY
                + KAFKA
                + "workers: [{name: a, queues: [x], autoscaling: {type: hpa, minReplicas: 0}}]\n",
            "an HPA doesn't scale to 0"),
        Arguments.of(
            SECURITY + KAFKA + "workers: [{name: a, queues: [x], autoscaling: {type: keda}}]\n",
            "needs autoscaling.prometheus.serverAddress"),
        Arguments.of(
            SECURITY + KAFKA + "workers: [{name: a, queues: [x], encryption: true}]\n",
            "encryption.secret is missing"));
  }

  @ParameterizedTest
  @MethodSource("unfit")
  void shouldSayWhatIsMissing(String values, String message, @TempDir Path directory) {
    assertThatThrownBy(() -> CHART.renderValues(directory, values)).hasMessageContaining(message);
  }

  /** The values of the cases above are complete but for what each is about. */
  @Test
  void shouldTakeTheRestOfThoseValues(@TempDir Path directory) throws IOException {
    assertThat(CHART.renderValues(directory, SECURITY + KAFKA).pods()).hasSize(3);
  }

  @Test
  void shouldRefuseItsOwnDefaults() {
    assertThatThrownBy(() -> CHART.template().call())
        .hasMessageContaining("docs/kubernetes.md#authentication");
  }

  @Test
  void shouldRefuseAFileThatIsNoYaml(@TempDir Path directory) throws IOException {
    Path values = Files.writeString(directory.resolve("values.yaml"), "security: {secret: [\n");

    assertThatThrownBy(() -> CHART.template().withValuesFile(values).call())
        .isInstanceOf(IllegalStateException.class);
  }

  /** Only then do the pages that messages point to exist. */
  @Test
  void shouldPointToPagesThatAreThere() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "kubernetes.md"));

    assertThat(page).contains("\n## Authentication\n").contains("\n## Metrics\n");
  }
}
