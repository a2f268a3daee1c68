package io.stepstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.deploy.Release.Manifest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Workers follow the backlog of their queues, which each coordinator tells of all of it. */
class ScalingTest {

  private static final Chart CHART = Chart.shipped();

  @Test
  void shouldAskPrometheusForTheBacklogOfEachQueue() throws IOException {
    Release release = CHART.render("keda-values.yaml");
    Manifest general = release.named("ScaledObject", "demo-stepstream-worker-default");

    List<String> queries = new ArrayList<>();
    for (JsonNode trigger : general.spec().path("triggers")) {
      queries.add(trigger.path("metadata").path("query").asText());
      assertThat(trigger.path("metadata").path("serverAddress").asText())
          .isEqualTo("https://prometheus.monitoring:9090");
      assertThat(trigger.path("metadata").path("threshold").asText()).isEqualTo("100");
      assertThat(trigger.path("authenticationRef").path("name").asText()).isEqualTo("prometheus");
    }
    assertThat(queries)
        .containsExactly(
            "max(stepstream_task_backlog{queue=\"lambda\",namespace=\"flows\"})",
            "max(stepstream_task_backlog{queue=\"s3\",namespace=\"flows\"})");
    assertThat(general.spec().path("minReplicaCount").asInt()).isEqualTo(1);
    assertThat(general.spec().path("fallback").path("replicas").asInt()).isEqualTo(2);
  }

  @Test
  void shouldScaleToNone() throws IOException {
    Manifest reports =
        CHART.render("keda-values.yaml").named("ScaledObject", "demo-stepstream-worker-reports");

    assertThat(reports.spec().path("minReplicaCount").asInt(-1)).isZero();
    assertThat(reports.spec().path("maxReplicaCount").asInt()).isEqualTo(5);
    assertThat(reports.spec().path("cooldownPeriod").asInt()).isEqualTo(300);
    assertThat(
            reports
                .spec()
                .path("triggers")
                .get(0)
                .path("metadata")
                .path("activationThreshold")
                .asText())
        .as("one order wakes it")
        .isEqualTo("0");
  }

  @Test
  void shouldAskTheAdapterForTheBacklogOfEachQueue() throws IOException {
    Manifest scaler =
        CHART.render("full-values.yaml").named("HorizontalPodAutoscaler", "flow-worker-payments");

    assertThat(scaler.spec().path("minReplicas").asInt()).isEqualTo(2);
    assertThat(scaler.spec().path("maxReplicas").asInt()).isEqualTo(20);
    List<String> queues = new ArrayList<>();
    for (JsonNode metric : scaler.spec().path("metrics")) {
      JsonNode external = metric.path("external");
      assertThat(external.path("metric").path("name").asText())
          .isEqualTo("stepstream_task_backlog");
      queues.add(
          external.path("metric").path("selector").path("matchLabels").path("queue").asText());
      assertThat(external.path("target").path("averageValue").asText()).isEqualTo("50");
    }
    assertThat(queues).containsExactly("payments", "Refunds_2.x");
  }

  /** An upgrade of the release would otherwise undo what the scaler has decided. */
  @Test
  void shouldLeaveTheNumberToTheScaler() throws IOException {
    Release scaled = CHART.render("keda-values.yaml");
    for (Manifest scaler : scaled.all("ScaledObject")) {
      Manifest target =
          scaled.named("Deployment", scaler.spec().path("scaleTargetRef").path("name").asText());
      assertThat(target.spec().has("replicas")).as("%s", target).isFalse();
    }
    Release mixed = CHART.render("full-values.yaml");
    Manifest scaler = mixed.only("HorizontalPodAutoscaler");
    Manifest target =
        mixed.named("Deployment", scaler.spec().path("scaleTargetRef").path("name").asText());
    assertThat(target.spec().has("replicas")).isFalse();
    assertThat(mixed.named("Deployment", "flow-worker-default").spec().path("replicas").asInt())
        .isEqualTo(2);
  }
}
