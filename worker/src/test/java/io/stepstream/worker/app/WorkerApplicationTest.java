package io.stepstream.worker.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(WorkerApplicationTest.WithoutBroker.class)
final class WorkerApplicationTest {

  /** Nothing listens on port 1. */
  public static final class WithoutBroker implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "stepstream.kafka.bootstrap.servers", "127.0.0.1:1",
          "stepstream.kafka.client.reconnect.backoff.max.ms", "500",
          "stepstream.worker.queues", "payments,refunds",
          "stepstream.worker.source", "consumer-group",
          "stepstream.worker.drain", "100ms",
          "quarkus.http.test-port", "0",
          "quarkus.log.level", "ERROR");
    }
  }

  @ApplicationScoped
  static class Charge implements TaskHandler {
    @Override
    public List<String> serves() {
      return List.of("charge");
    }

    @Override
    public JsonNode handle(JsonNode input, TaskContext context) {
      return input;
    }
  }

  /** In {@code META-INF/services}, as in a jar that is added to a worker's class path. */
  public static final class Refund implements TaskHandler {
    @Override
    public List<String> serves() {
      return List.of("refund");
    }

    @Override
    public JsonNode handle(JsonNode input, TaskContext context) {
      return input;
    }
  }

  @TestHTTPResource("/q/metrics")
  URL metrics;

  @Inject WorkerApplication application;

  @Inject @Readiness WorkerReadiness readiness;

  @Test
  void shouldServeTheHandlersThatAreBeansOrServicesOnTheConfiguredQueues() {
    assertThat(application.worker())
        .hasValueSatisfying(
            worker -> {
              assertThat(worker.handlers()).containsExactly("charge", "refund");
              assertThat(worker.queues()).containsExactly("payments", "refunds");
            });
  }

  @Test
  void shouldNotBeReadyBeforeTheBrokerAnswers() {
    assertThat(readiness.call().getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
  }

  @Test
  void shouldExportItsMetricsOnItsOwnPort() throws Exception {
    String scrape;
    try (InputStream body = metrics.openStream()) {
      scrape = new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }

    assertThat(scrape)
        .contains("stepstream_worker_running 0.0")
        .contains("stepstream_worker_permits 256.0")
        .contains("stepstream_worker_ready 0.0")
        .contains("stepstream_worker_orders_settled_total{")
        .contains("stepstream_worker_handler_time_seconds_count{")
        .contains("stepstream_worker_order_wait_seconds_count{")
        .contains("queue=\"payments\"")
        .contains("queue=\"refunds\"");
  }
}
