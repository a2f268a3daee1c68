package io.stepstream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.deploy.Release.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alerts and dashboards reach the operators as they are in their files. */
class MonitoringTest {

  private static final String RULES =
      """
      groups:
        - name: stepstream
          rules:
            - alert: Backlog
              expr: max by (queue) (stepstream_task_backlog) > 1000
              for: 10m
              labels: {severity: warning}
              annotations:
                summary: "{{ $labels.queue }} has {{ $value | humanize }} orders"
      """;

  private static final String DASHBOARD =
      """
      {"title": "Queues", "panels": [{"legendFormat": "{{queue}}", "expr": "rate(x[5m])"}]}
      """;

  private Path alerts = Path.of("");
  private Path dashboards = Path.of("");
  private Chart chart = Chart.shipped();

  @BeforeEach
  void startWithoutFiles(@TempDir Path directory) throws IOException {
    chart = Chart.shipped().copyTo(directory.resolve("stepstream"));
    alerts = emptied("alerts");
    dashboards = emptied("dashboards");
  }

  private Path emptied(String name) throws IOException {
    Path directory = chart.directory().resolve("files").resolve(name);
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : (Iterable<Path>) files::iterator) {
          Files.delete(file);
        }
      }
    }
    return Files.createDirectories(directory);
  }

  @Test
  void shouldHandOnAlertsWithTheirTemplates() throws IOException {
    Files.writeString(alerts.resolve("stepstream.rules.yaml"), RULES);

    Manifest rule = chart.render("full-values.yaml").only("PrometheusRule");

    assertThat(rule.name()).isEqualTo("flow-stepstream-rules");
    assertThat(rule.spec()).isEqualTo(Chart.YAML.readTree(RULES));
    assertThat(rule.labels()).containsEntry("release", "prometheus");
    assertThat(Kinds.problems(rule)).isEmpty();
  }

  @Test
  void shouldHandOnDashboardsWithTheirTemplates() throws IOException {
    Files.writeString(dashboards.resolve("queues.json"), DASHBOARD);
    Files.writeString(dashboards.resolve("lanes.json"), "{}");

    Release release = chart.render("full-values.yaml");

    Manifest dashboard = release.named("ConfigMap", "flow-dashboard-queues");
    assertThat(dashboard.json().path("data").path("queues.json").asText()).isEqualTo(DASHBOARD);
    assertThat(dashboard.labels()).containsEntry("grafana_dashboard", "1");
    assertThat(dashboard.json().path("metadata").path("annotations").path("grafana_folder"))
        .hasToString("\"Stepstream\"");
    assertThat(Kinds.problems(dashboard)).isEmpty();
    assertThat(release.all("ConfigMap")).hasSize(2);
  }

  @Test
  void shouldMakeNoneWhereThereAreNoFilesOrNobodyAsks() throws IOException {
    assertThat(chart.render("full-values.yaml").all("PrometheusRule")).isEmpty();
    assertThat(chart.render("full-values.yaml").all("ConfigMap")).isEmpty();

    Files.writeString(alerts.resolve("stepstream.rules.yaml"), RULES);
    Files.writeString(dashboards.resolve("queues.json"), DASHBOARD);

    assertThat(chart.render("minimal-values.yaml").all("PrometheusRule")).isEmpty();
    assertThat(chart.render("minimal-values.yaml").all("ConfigMap")).isEmpty();
  }

  /** Without a key a coordinator tells nobody its metrics. */
  @Test
  void shouldScrapeCoordinatorsWithAKey() throws IOException {
    JsonNode endpoint =
        chart.render("full-values.yaml").only("ServiceMonitor").spec().path("endpoints").get(0);

    assertThat(endpoint.path("path").asText()).isEqualTo("/q/metrics");
    assertThat(endpoint.path("authorization").path("type").asText()).isEqualTo("Bearer");
    assertThat(Release.strings(endpoint.path("authorization").path("credentials")))
        .containsEntry("name", "stepstream-metrics")
        .containsEntry("key", "api-key");
  }
}
