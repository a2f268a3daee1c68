package io.stepstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.deploy.Release.Manifest;
import io.stepstream.schemas.acl.Component;
import io.stepstream.schemas.acl.Grant;
import io.stepstream.schemas.topic.TopicLayout;
import io.stepstream.schemas.topic.TopicSpec;
import io.stepstream.schemas.topic.Topics;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.resource.PatternType;
import org.junit.jupiter.api.Test;

/** Topics and users as our code has them, and a cluster that they fit. */
class StrimziTest {

  private static final Chart CHART = Chart.shipped();

  /**
   * A right in one line: type, name, pattern and operations, in the words of Kafka's enums without
   * underscores.
   */
  private record Right(String resource, String name, String pattern, Set<String> operations) {

    static Right of(Grant grant) {
      return new Right(
          plain(grant.resource().resourceType().name()),
          grant.resource().name(),
          grant.resource().patternType() == PatternType.PREFIXED ? "prefix" : "literal",
          grant.operations().stream()
              .map(operation -> plain(operation.name()))
              .collect(Collectors.toCollection(TreeSet::new)));
    }

    static Right of(JsonNode acl) {
      JsonNode resource = acl.path("resource");
      return new Right(
          plain(resource.path("type").asText()),
          resource.path("name").asText(),
          resource.path("patternType").asText(),
          Release.texts(acl.path("operations")).stream()
              .map(Right::plain)
              .collect(Collectors.toCollection(TreeSet::new)));
    }

    private static String plain(String name) {
      return name.replace("_", "").toLowerCase(Locale.ROOT);
    }
  }

  @Test
  void shouldHaveEachTopicOfTheCatalogueAsACoordinatorWouldMakeIt() throws IOException {
    Map<String, Manifest> topics = new TreeMap<>();
    for (Manifest topic : CHART.render("full-values.yaml").all("KafkaTopic")) {
      topics.put(topic.spec().path("topicName").asText(), topic);
    }
    TopicLayout layout = new TopicLayout(24, 6, 5, 3);

    assertThat(topics.keySet())
        .containsExactlyInAnyOrderElementsOf(
            Topics.catalogue(layout).stream().map(TopicSpec::name).toList());
    for (TopicSpec expected : Topics.catalogue(layout)) {
      JsonNode spec = topics.get(expected.name()).spec();
      assertThat(spec.path("partitions").asInt())
          .as(expected.name())
          .isEqualTo(expected.partitions());
      assertThat(spec.path("replicas").asInt())
          .as(expected.name())
          .isEqualTo(expected.replicationFactor());
      assertThat(Release.strings(spec.path("config")))
          .as(expected.name())
          .isEqualTo(expected.config());
    }
  }

  /** All executions are in them. */
  @Test
  void shouldKeepTopicsWhenTheReleaseGoes() throws IOException {
    for (Manifest topic : CHART.render("strimzi-values.yaml").all("KafkaTopic")) {
      assertThat(topic.json().path("metadata").path("annotations").path("helm.sh/resource-policy"))
          .as("%s", topic)
          .hasToString("\"keep\"");
    }
    for (Manifest topic : CHART.render("full-values.yaml").all("KafkaTopic")) {
      assertThat(topic.json().path("metadata").has("annotations")).as("%s", topic).isFalse();
    }
  }

  @Test
  void shouldGiveEachComponentItsRightsAndNoOthers() throws IOException {
    Release release = CHART.render("strimzi-values.yaml");

    assertThat(release.all("KafkaUser")).hasSameSizeAs(Component.values());
    for (Component component : Component.values()) {
      assertThat(rights(release, component))
          .as("%s", component)
          .isEqualTo(component.grants().stream().map(Right::of).collect(Collectors.toSet()));
    }
  }

  @Test
  void shouldAddTheRightsOfTheValues() throws IOException {
    Release release = CHART.render("full-values.yaml");

    assertThat(rights(release, Component.COORDINATOR))
        .hasSize(Component.COORDINATOR.grants().size() + 1)
        .contains(new Right("topic", "orders", "literal", Set.of("read", "describeconfigs")));
    assertThat(rights(release, Component.WORKER))
        .hasSize(Component.WORKER.grants().size() + 1)
        .contains(new Right("topic", "shipments.", "prefix", Set.of("read", "write")));
    assertThat(rights(release, Component.STARTER)).hasSameSizeAs(Component.STARTER.grants());
  }

  @Test
  void shouldBelongToTheClusterOfTheValues() throws IOException {
    Release release = CHART.render("full-values.yaml");
    for (String kind : Set.of("KafkaTopic", "KafkaUser")) {
      for (Manifest manifest : release.all(kind)) {
        assertThat(manifest.labels()).containsEntry("strimzi.io/cluster", "main");
        assertThat(manifest.json().path("metadata").path("namespace").asText()).isEqualTo("kafka");
      }
    }
  }

  @Test
  void shouldLogInAsPodsDo() throws IOException {
    assertThat(authentication("strimzi-values.yaml")).containsOnly("scram-sha-512");
    assertThat(authentication("tls-values.yaml")).containsOnly("tls");
  }

  private static Set<String> authentication(String scenario) throws IOException {
    return CHART.render(scenario).all("KafkaUser").stream()
        .map(user -> user.spec().path("authentication").path("type").asText())
        .collect(Collectors.toSet());
  }

  /** Pods find the cluster, its certificate and their users without any value of kafka. */
  @Test
  void shouldLeadPodsToTheClusterThatItBrings() throws IOException {
    Release release = CHART.render("strimzi-values.yaml");
    Manifest kafka = release.only("Kafka");
    Manifest pool = release.only("KafkaNodePool");

    assertThat(pool.labels()).containsEntry("strimzi.io/cluster", kafka.name());
    assertThat(Release.texts(pool.spec().path("roles"))).containsExactly("controller", "broker");
    JsonNode listener = kafka.spec().path("kafka").path("listeners").get(0);
    assertThat(release.coordinator().environment())
        .containsEntry(
            "STEPSTREAM_KAFKA_BOOTSTRAP_SERVERS",
            "%s-kafka-bootstrap.%s.svc:%s"
                .formatted(kafka.name(), Chart.NAMESPACE, listener.path("port").asText()))
        .containsEntry("STEPSTREAM_KAFKA_CLIENT_SECURITY_PROTOCOL", "SASL_SSL")
        .containsEntry("STEPSTREAM_KAFKA_CLIENT_SASL_MECHANISM", "SCRAM-SHA-512");
    assertThat(listener.path("tls").asBoolean()).isTrue();
    assertThat(listener.path("authentication").path("type").asText()).isEqualTo("scram-sha-512");
    assertThat(kafka.spec().path("kafka").path("authorization").path("type").asText())
        .isEqualTo("simple");
    assertThat(secrets(release.coordinator()))
        .containsExactlyInAnyOrder(
            kafka.name() + "-cluster-ca-cert",
            Component.COORDINATOR.defaultUser(),
            "stepstream-security");
    assertThat(secrets(release.worker("default")))
        .containsExactlyInAnyOrder(
            kafka.name() + "-cluster-ca-cert", Component.WORKER.defaultUser());
    assertThat(release.all("KafkaUser"))
        .extracting(Manifest::name)
        .contains(Component.COORDINATOR.defaultUser(), Component.WORKER.defaultUser());
  }

  private static Set<String> secrets(Release.Pod pod) {
    Set<String> names = new TreeSet<>();
    pod.spec().findValues("secretName").forEach(name -> names.add(name.asText()));
    pod.spec()
        .findValues("secretKeyRef")
        .forEach(reference -> names.add(reference.path("name").asText()));
    return names;
  }

  private static Set<Right> rights(Release release, Component component) {
    Set<Right> rights = new java.util.HashSet<>();
    release
        .named("KafkaUser", component.defaultUser())
        .spec()
        .path("authorization")
        .path("acls")
        .forEach(acl -> rights.add(Right.of(acl)));
    return rights;
  }
}
