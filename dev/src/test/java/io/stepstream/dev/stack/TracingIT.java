package io.stepstream.dev.stack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.dev.broker.BrokerSettings;
import io.stepstream.dev.broker.EmbeddedBroker;
import io.stepstream.dev.client.StepFunctionsClient;
import io.stepstream.dev.testkit.Collector;
import io.stepstream.dev.testkit.Collector.Received;
import io.stepstream.dev.testkit.CommittedRecords;
import io.stepstream.dev.testkit.Coordinator;
import io.stepstream.dev.testkit.StepstreamProcess;
import io.stepstream.schemas.topic.Topics;
import io.stepstream.schemas.tracing.TraceContext;
import io.stepstream.worker.StepstreamWorker;
import io.stepstream.worker.handler.TaskFailedException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a collector gets of executions, and that nobody needs one. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class TracingIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:";
  private static final String HEADER =
      "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
  private static final String TRACE = "5759e988bd862e3fe1be46a994272793";

  private static final String STANDARD =
      """
      {"StartAt": "Flaky", "States": {
        "Flaky": {"Type": "Task", "Resource": "%1$sflaky", "Next": "Quote", "ResultPath": null,
          "Retry": [{"ErrorEquals": ["Once"], "IntervalSeconds": 1, "MaxAttempts": 1}]},
        "Quote": {"Type": "Task", "Resource": "%1$squote-price", "ResultPath": null, "Next": "Each"},
        "Each": {"Type": "Map", "ItemsPath": "$.items", "Next": "Pause", "ItemProcessor": {
          "StartAt": "Item", "States": {"Item": {"Type": "Pass", "End": true}}}},
        "Pause": {"Type": "Wait", "Seconds": 1, "End": true}}}
      """
          .formatted(FUNCTION);

  private static final String EXPRESS =
      """
      {"StartAt": "Quick", "States": {"Quick": {"Type": "Pass", "End": true}}}
      """;

  private static ObjectNode machine(String name, String type, String definition, boolean traced) {
    ObjectNode request =
        StepFunctionsClient.request()
            .put("name", name)
            .put("type", type)
            .put("roleArn", "arn:aws:iam::000000000000:role/any")
            .put("definition", definition);
    request.putObject("tracingConfiguration").put("enabled", traced);
    return request;
  }

  private static ObjectNode start(String machine) {
    return StepFunctionsClient.request()
        .put("stateMachineArn", machine)
        .put("input", "{\"items\":[1,2],\"secret\":\"s3cret\"}");
  }

  private static String get(URI uri) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private static List<Received> of(Collector collector, String executionArn) {
    return collector.spans().stream()
        .filter(span -> executionArn.equals(span.attributes().get("stepstream.execution.arn")))
        .toList();
  }

  private static List<Received> named(List<Received> spans, String name) {
    return spans.stream().filter(span -> span.name().equals(name)).toList();
  }

  private static Received only(List<Received> spans, String name) {
    List<Received> found = named(spans, name);
    assertThat(found).as(name).hasSize(1);
    return found.getFirst();
  }

  @Test
  void shouldTellACollectorOfEachVisitAndTheTasksInIt(@TempDir Path directory) throws Exception {
    List<String> contexts = new CopyOnWriteArrayList<>();
    try (Collector collector = Collector.start();
        StepstreamProcess dev =
            StepstreamProcess.dev(
                directory,
                directory.resolve("data"),
                Map.of("STEPSTREAM_TRACING_ENDPOINT", collector.endpoint()));
        StepstreamWorker worker =
            StepstreamWorker.builder()
                .bootstrapServers(dev.bootstrapServers())
                .queues("flaky")
                .handler(
                    "flaky",
                    (input, context) -> {
                      contexts.add(context.traceParent().orElse("none"));
                      if (context.retryCount() == 0) {
                        throw new TaskFailedException("Once", "s3cret");
                      }
                      return input;
                    })
                .build()
                .start();
        StepFunctionsClient client = new StepFunctionsClient(dev.endpoint())) {
      String traced =
          client
              .call("CreateStateMachine", machine("traced", "STANDARD", STANDARD, true))
              .path("stateMachineArn")
              .asText();
      String express =
          client
              .call("CreateStateMachine", machine("quick", "EXPRESS", EXPRESS, true))
              .path("stateMachineArn")
              .asText();
      String untraced =
          client
              .call("CreateStateMachine", machine("untraced", "STANDARD", EXPRESS, false))
              .path("stateMachineArn")
              .asText();
      Awaitility.await("the worker").atMost(PATIENCE).until(worker::isReady);
      Awaitility.await("the route to it")
          .atMost(PATIENCE)
          .until(() -> get(dev.endpoint().resolve("/api/queues")).contains("\"flaky\""));
      // until the group that follows the histories has its partitions
      Awaitility.await("the follower")
          .atMost(PATIENCE)
          .until(
              () -> {
                client.call("StartExecution", start(express));
                return !collector.spans().isEmpty();
              });

      String silent = client.call("StartExecution", start(untraced)).path("executionArn").asText();
      String quick =
          client
              .call("StartExecution", start(express).put("traceHeader", HEADER))
              .path("executionArn")
              .asText();
      String arn =
          client
              .call("StartExecution", start(traced).put("traceHeader", HEADER))
              .path("executionArn")
              .asText();

      Awaitility.await("all spans")
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(named(of(collector, arn), "traced")).isNotEmpty();
                assertThat(named(of(collector, arn), "Quote handler")).isNotEmpty();
                assertThat(named(of(collector, quick), "quick")).isNotEmpty();
              });
      JsonNode described =
          client.call("DescribeExecution", StepFunctionsClient.request().put("executionArn", arn));
      assertThat(described.path("traceHeader").asText()).isEqualTo(HEADER);
      assertThat(described.path("status").asText()).isEqualTo("SUCCEEDED");

      List<Received> spans = of(collector, arn);
      assertThat(spans.stream().map(Received::name))
          .containsExactlyInAnyOrder(
              "Flaky attempt",
              "Flaky attempt",
              "Flaky",
              "Quote attempt",
              "Quote handler",
              "Quote",
              "Item",
              "Item",
              "Each",
              "Pause",
              "traced");
      Received root = only(spans, "traced");
      assertThat(root.traceId()).isEqualTo(TRACE);
      assertThat(root.parentSpanId()).isEqualTo("53995c3f42cd8ad8");
      for (String visit : List.of("Flaky", "Quote", "Each", "Pause")) {
        Received span = only(spans, visit);
        assertThat(span.parentSpanId()).as(visit).isEmpty();
        assertThat(span.linkedSpanIds()).as(visit).containsExactly(root.spanId());
        assertThat(span.error()).as(visit).isFalse();
      }
      Received each = only(spans, "Each");
      assertThat(named(spans, "Item"))
          .allSatisfy(
              item ->
                  assertThat(item.linkedSpanIds()).containsExactly(root.spanId(), each.spanId()));
      assertThat(
              spans.stream().filter(span -> span.parentSpanId().isEmpty()).map(Received::traceId))
          .as("a trace for each visit")
          .doesNotHaveDuplicates()
          .hasSize(6);
      Received pause = only(spans, "Pause");
      assertThat(pause.endNanos() - pause.startNanos()).isGreaterThanOrEqualTo(1_000_000_000L);

      // attempts are in the trace of their visit, and are what handlers were told
      List<Received> attempts = named(spans, "Flaky attempt");
      assertThat(attempts)
          .allMatch(attempt -> attempt.parentSpanId().equals(only(spans, "Flaky").spanId()))
          .allMatch(attempt -> attempt.kind().equals("SPAN_KIND_PRODUCER"));
      assertThat(attempts).extracting(Received::error).containsExactlyInAnyOrder(true, false);
      assertThat(contexts)
          .hasSize(2)
          .containsExactlyInAnyOrderElementsOf(
              attempts.stream()
                  .map(span -> new TraceContext(span.traceId(), span.spanId(), true).traceParent())
                  .toList());
      Received handler = only(spans, "Quote handler");
      assertThat(handler.parentSpanId()).isEqualTo(only(spans, "Quote attempt").spanId());
      assertThat(handler.traceId()).isEqualTo(only(spans, "Quote").traceId());
      assertThat(handler.service()).isEqualTo("stepstream-worker");
      assertThat(handler.kind()).isEqualTo("SPAN_KIND_CONSUMER");

      List<Received> quickSpans = of(collector, quick);
      assertThat(quickSpans).hasSize(2).allMatch(span -> span.traceId().equals(TRACE));
      assertThat(only(quickSpans, "Quick").parentSpanId())
          .isEqualTo(only(quickSpans, "quick").spanId());

      assertThat(of(collector, silent)).isEmpty();
      assertThat(collector.spans().toString()).doesNotContain("s3cret");
    }
  }

  @Test
  void shouldNeedNoCollectorAndDoNothingWhereNothingIsSampled(@TempDir Path directory)
      throws Exception {
    int closed;
    try (ServerSocket free = new ServerSocket(0)) {
      closed = free.getLocalPort();
    }
    String nowhere = "http://127.0.0.1:" + closed + "/v1/traces";
    AtomicReference<String> context = new AtomicReference<>();
    String definition =
        """
        {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "%sseen", "End": true}}}
        """
            .formatted(FUNCTION);
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.in(directory.resolve("k")));
        Coordinator node =
            Coordinator.start(
                directory,
                "a",
                broker.bootstrapServers(),
                Map.of(
                    "STEPSTREAM_TRACING_ENDPOINT", nowhere, "STEPSTREAM_TRACING_SAMPLING", "0"))) {
      node.awaitReady();
      try (StepstreamWorker worker =
          StepstreamWorker.builder()
              .bootstrapServers(broker.bootstrapServers())
              .handler(
                  "seen",
                  (input, task) -> {
                    context.set(task.traceParent().orElse("none"));
                    return input;
                  })
              .build()
              .start()) {
        Awaitility.await("the worker").atMost(PATIENCE).until(worker::isReady);
        String machine =
            node.call("CreateStateMachine", machine("m", "STANDARD", definition, true))
                .path("stateMachineArn")
                .asText();
        node.call("StartExecution", start(machine));
        CommittedRecords.atLeast(broker.bootstrapServers(), Topics.COMPLETIONS, 1);
        assertThat(context.get()).isEqualTo("none");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
          assertThat(admin.listGroups().all().get().stream().map(GroupListing::groupId))
              .contains("stepstream-standard")
              .doesNotContain("stepstream-tracing");
        }
      }
    }
    // the same with all of them sampled, and still nobody there
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.in(directory.resolve("k2")));
        Coordinator node =
            Coordinator.start(
                directory,
                "b",
                broker.bootstrapServers(),
                Map.of("STEPSTREAM_TRACING_ENDPOINT", nowhere))) {
      node.awaitReady();
      String machine =
          node.call("CreateStateMachine", machine("m", "STANDARD", EXPRESS, true))
              .path("stateMachineArn")
              .asText();
      for (int i = 0; i < 50; i++) {
        node.call("StartExecution", start(machine));
      }
      List<ConsumerRecord<byte[], byte[]>> ends =
          CommittedRecords.atLeast(broker.bootstrapServers(), Topics.COMPLETIONS, 50);
      assertThat(ends).hasSize(50);
      assertThat(ends).allMatch(end -> !new String(end.key(), UTF_8).isEmpty());
    }
  }
}
