package io.stepstream.dev.stack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.dev.broker.BrokerSettings;
import io.stepstream.dev.broker.EmbeddedBroker;
import io.stepstream.dev.client.StepFunctionsClient;
import io.stepstream.dev.testkit.CommittedRecords;
import io.stepstream.dev.testkit.Coordinator;
import io.stepstream.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What executions tell of themselves, for consumers and on standard output. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LogsAndStatusChangesIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final String FAILS =
      """
      {"StartAt": "P", "States": {
        "P": {"Type": "Pass", "Next": "F"}, "F": {"Type": "Fail", "Error": "Over", "Cause": "and out"}}}
      """;

  private static String create(Coordinator node, String name, String type, String level) {
    ObjectNode request =
        StepFunctionsClient.request()
            .put("name", name)
            .put("type", type)
            .put("roleArn", "arn:aws:iam::000000000000:role/any")
            .put("definition", FAILS);
    ObjectNode logging =
        request
            .putObject("loggingConfiguration")
            .put("level", level)
            .put("includeExecutionData", true);
    logging
        .putArray("destinations")
        .addObject()
        .putObject("cloudWatchLogsLogGroup")
        .put("logGroupArn", "arn:aws:logs:us-east-1:000000000000:log-group:any:*");
    String arn = node.call("CreateStateMachine", request).path("stateMachineArn").asText();
    JsonNode described =
        node.call(
            "DescribeStateMachine", StepFunctionsClient.request().put("stateMachineArn", arn));
    assertThat(described.path("loggingConfiguration")).isEqualTo(logging);
    return arn;
  }

  private static String start(Coordinator node, String machine) {
    return node.call(
            "StartExecution",
            StepFunctionsClient.request().put("stateMachineArn", machine).put("input", "{\"n\":1}"))
        .path("executionArn")
        .asText();
  }

  private static List<String> types(List<JsonNode> entries, String arn) {
    return entries.stream()
        .filter(entry -> entry.path("execution_arn").asText().equals(arn))
        .map(entry -> entry.path("type").asText())
        .toList();
  }

  private static List<JsonNode> read(List<ConsumerRecord<byte[], byte[]>> records)
      throws Exception {
    List<JsonNode> read = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      read.add(JSON.readTree(record.value()));
    }
    return read;
  }

  /** Lines that are JSON objects with an execution's ARN. */
  private static List<JsonNode> lines(String out) throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : out.lines().toList()) {
      if (line.startsWith("{\"id\":")) {
        lines.add(JSON.readTree(line));
      }
    }
    return lines;
  }

  @Test
  void shouldReachConsumersAndStandardOutput(@TempDir Path directory) throws Exception {
    Map<String, String> settings =
        Map.of(
            "STEPSTREAM_EXECUTION_LOGS_CONSOLE", "true",
            "STEPSTREAM_STATUS_CHANGES_ENABLED", "true");
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.in(directory.resolve("k")));
        Coordinator node = Coordinator.start(directory, "a", broker.bootstrapServers(), settings)) {
      node.awaitReady();
      String all = create(node, "all", "STANDARD", "ALL");
      String errors = create(node, "errors", "EXPRESS", "ERROR");
      // until the group that repeats entries on the console has its partitions
      Awaitility.await()
          .atMost(PATIENCE)
          .until(
              () -> {
                start(node, errors);
                return !lines(node.out()).isEmpty();
              });

      String standard = start(node, all);
      String express = start(node, errors);

      List<String> whole =
          List.of(
              "ExecutionStarted",
              "PassStateEntered",
              "PassStateExited",
              "FailStateEntered",
              "ExecutionFailed");
      List<String> wrong = List.of("FailStateEntered", "ExecutionFailed");
      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                List<JsonNode> told = lines(node.out());
                assertThat(types(told, standard)).isEqualTo(whole);
                assertThat(types(told, express)).isEqualTo(wrong);
              });
      List<JsonNode> entries =
          read(CommittedRecords.all(broker.bootstrapServers(), Topics.EXECUTION_LOGS));
      assertThat(types(entries, standard)).isEqualTo(whole);
      assertThat(types(entries, express)).isEqualTo(wrong);
      assertThat(entries)
          .anyMatch(entry -> entry.at("/details/input").asText().equals("{\"n\":1}"));

      // as a handler of EventBridge's events would filter
      List<ConsumerRecord<byte[], byte[]>> changes =
          CommittedRecords.atLeast(broker.bootstrapServers(), Topics.STATUS_CHANGES, 2);
      assertThat(changes)
          .extracting(
              change -> new String(change.headers().lastHeader("stepstream.status").value(), UTF_8))
          .containsExactly("RUNNING", "FAILED");
      assertThat(changes).allMatch(change -> new String(change.key(), UTF_8).equals(standard));
      JsonNode failed = read(changes).getLast();
      assertThat(failed.path("source").asText()).isEqualTo("aws.states");
      assertThat(failed.path("detail-type").asText())
          .isEqualTo("Step Functions Execution Status Change");
      assertThat(failed.at("/detail/stateMachineArn").asText()).isEqualTo(all);
      assertThat(failed.at("/detail/error").asText()).isEqualTo("Over");
      assertThat(failed.at("/detail/input").asText()).isEqualTo("{\"n\":1}");
    }
  }

  @Test
  void shouldLogNothingWhereTheOperatorSaysSo(@TempDir Path directory) throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.in(directory.resolve("k")));
        Coordinator node =
            Coordinator.start(
                directory,
                "a",
                broker.bootstrapServers(),
                Map.of("STEPSTREAM_EXECUTION_LOGS_ENABLED", "false"))) {
      node.awaitReady();
      start(node, create(node, "all", "STANDARD", "ALL"));
      CommittedRecords.atLeast(broker.bootstrapServers(), Topics.COMPLETIONS, 1);
      assertThat(CommittedRecords.all(broker.bootstrapServers(), Topics.EXECUTION_LOGS)).isEmpty();
      assertThat(CommittedRecords.all(broker.bootstrapServers(), Topics.STATUS_CHANGES)).isEmpty();
    }
  }
}
