package io.stepstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Values: what is taken, and what is refused before anything is installed. */
class ValuesTest {

  private static final Chart CHART = Chart.shipped();

  /** Kubernetes' own structures, which the chart hands on as they are. */
  private static final Set<String> OPEN = Set.of("/definitions/passedOn", "/properties/global");

  static List<String> scenarios() throws IOException {
    return Chart.scenarios();
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void shouldPassHelmsStrictLint(String scenario, @TempDir Path directory) throws IOException {
    Chart chart = CHART.copyTo(directory.resolve("stepstream"));
    chart.adopt(scenario);

    LintResult result = chart.lint();

    assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "replica, replica",
    "coordinator.replica, replica",
    "coordinator.storage.sizes, sizes",
    "kafka.tls.secret, secret",
    "security.oidc.client, client",
    "api.ingress.host, host",
    "workerDefaults.autoscaling.max, max",
    "workerDefaults.resources.limit.cpu, limit",
    "networkPolicy.enable, enable",
    "monitoring.rules.on, on",
    "strimzi.kafka.storage.class, class",
    "strimzi.topics.keeps, keeps",
    "test.images, images"
  })
  void shouldRefuseNamesThatItDoesNotKnow(String name, String told) {
    assertThatThrownBy(() -> CHART.render("minimal-values.yaml", Map.of(name, "x")))
        .hasMessageContaining("values don't meet the specifications of the schema")
        .hasMessageContaining(told);
  }

  @ParameterizedTest
  @CsvSource({
    "coordinator.replicas, three, /coordinator/replicas",
    "coordinator.replicas, 0, /coordinator/replicas",
    "coordinator.heapPercent, 100, /coordinator/heapPercent",
    "coordinator.spread, Sometimes, /coordinator/spread",
    "coordinator.storage.size, plenty, /coordinator/storage/size",
    "aws.account, 1234, /aws/account",
    "kafka.bootstrapServers, kafka, /kafka/bootstrapServers",
    "kafka.authentication.type, kerberos, /kafka/authentication/type",
    "security.oidc.issuer, http://id.example.org, /security/oidc/issuer",
    "image.tag, a:b, /image/tag",
    "workerDefaults.autoscaling.type, manual, /workerDefaults/autoscaling/type"
  })
  void shouldRefuseValuesThatCanNotBeMeant(String name, String value, String place) {
    assertThatThrownBy(() -> CHART.render("minimal-values.yaml", Map.of(name, value)))
        .hasMessageContaining("values don't meet the specifications of the schema")
        .hasMessageContaining(place);
  }

  /** They would be shown to whoever may read Helm's releases. */
  @ParameterizedTest
  @CsvSource({"sasl.jaas.config", "ssl.truststore.password", "ssl.keystore.key"})
  void shouldTakeNoSecretsAsValues(String property, @TempDir Path directory) {
    assertThatThrownBy(
            () ->
                CHART.renderValues(
                    directory,
                    """
                    security: {secret: stepstream-security, apiKeys: true}
                    kafka:
                      bootstrapServers: kafka:9092
                      properties: {%s: hunter2}
                    """
                        .formatted(property)))
        .hasMessageContaining("values don't meet the specifications of the schema")
        .hasMessageContaining(property);
  }

  @Test
  void shouldLeaveNoObjectOpen() throws IOException {
    List<String> open = new ArrayList<>();
    walk(
        schema(),
        "",
        (place, node) -> {
          if (isObject(node) && !node.has("additionalProperties")) {
            open.add(place);
          }
        });

    assertThat(open).containsExactlyInAnyOrderElementsOf(OPEN);
  }

  /**
   * A value without a default would be known to nobody who reads values.yaml, and the other way
   * round.
   */
  @Test
  void shouldHaveADefaultForEachValueAndNoOther() throws IOException {
    Set<String> described = new TreeSet<>();
    names(schema(), schema(), "", described);
    Set<String> given = new TreeSet<>();
    defaults(schema(), CHART.yaml("values.yaml"), schema(), "", given);

    assertThat(given).isEqualTo(described);
  }

  private static JsonNode schema() throws IOException {
    return new ObjectMapper().readTree(CHART.directory().resolve("values.schema.json").toFile());
  }

  private static boolean isObject(JsonNode schema) {
    return schema.path("type").asText().equals("object");
  }

  private interface Visitor {
    void visit(String place, JsonNode node);
  }

  private static void walk(JsonNode node, String place, Visitor visitor) {
    if (node.isObject() && node.path("type").isTextual()) {
      visitor.visit(place, node);
    }
    node.properties()
        .forEach(field -> walk(field.getValue(), place + "/" + field.getKey(), visitor));
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      walk(node.get(i), place + "/" + i, visitor);
    }
  }

  /** Each value that the schema describes; items of arrays and free names are not looked into. */
  private static void names(JsonNode root, JsonNode schema, String place, Set<String> into) {
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      String name = place + "." + property.getKey();
      JsonNode type = resolved(root, property.getValue());
      if (name.equals(".global")) {
        continue; // Helm's
      }
      if (type.has("properties")) {
        names(root, type, name, into);
      } else {
        into.add(name);
      }
    }
  }

  private static void defaults(
      JsonNode root, JsonNode values, JsonNode schema, String place, Set<String> into) {
    for (Map.Entry<String, JsonNode> value : values.properties()) {
      String name = place + "." + value.getKey();
      JsonNode type = resolved(root, schema.path("properties").path(value.getKey()));
      if (type.has("properties")) {
        defaults(root, value.getValue(), type, name, into);
      } else {
        into.add(name);
      }
    }
  }

  private static JsonNode resolved(JsonNode root, JsonNode schema) {
    String reference = schema.path("$ref").asText();
    return reference.isEmpty() ? schema : root.at(reference.substring(1));
  }
}
