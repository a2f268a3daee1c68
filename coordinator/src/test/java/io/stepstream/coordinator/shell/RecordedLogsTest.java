package io.stepstream.coordinator.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.coordinator.executionlog.LogLevel;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Logs and events that were recorded at AWS, against ours of the same machines. */
@EnabledIfSystemProperty(named = "stepstream.conformance", matches = ".+")
class RecordedLogsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path CASES =
      Path.of(System.getProperty("stepstream.conformance", ""), "cases");

  @TempDir Path directory;

  /** What differs from execution to execution, or was replaced in the recording. */
  private static final List<String> ANY =
      List.of(
          "event_timestamp",
          "execution_arn",
          "roleArn",
          "id",
          "time",
          "region",
          "resources",
          "executionArn",
          "stateMachineArn",
          "name",
          "startDate",
          "stopDate");

  private static List<JsonNode> recorded(String category, String member) throws IOException {
    List<JsonNode> cases = new ArrayList<>();
    try (Stream<Path> files = Files.list(CASES.resolve(category))) {
      for (Path file : files.sorted().toList()) {
        JsonNode recorded = JSON.readTree(file.toFile());
        if (recorded.at("/expect/" + member).isArray()) {
          cases.add(recorded);
        }
      }
    }
    return cases;
  }

  private List<JsonNode> ours(JsonNode recorded, String topic) throws IOException {
    LaneSettings settings = LaneFixture.of(Lane.STANDARD).tellingStatusChanges(true);
    try (LaneFixture lane =
        new LaneFixture(settings, directory.resolve(recorded.path("id").asText()))) {
      String machine = lane.machine("m", recorded.path("definition").toString());
      JsonNode logging = recorded.path("loggingConfiguration");
      lane.log(
          machine,
          LogLevel.valueOf(logging.path("level").asText("OFF")),
          logging.path("includeExecutionData").asBoolean());
      lane.launch(machine, "e", recorded.path("input").toString());
      lane.advance(Duration.ofSeconds(61));
      List<JsonNode> told = new ArrayList<>();
      for (var record : lane.records(topic)) {
        told.add(JSON.readTree(new String(record.value(), UTF_8)));
      }
      return told;
    }
  }

  /** Payloads were recorded as trees. */
  private static JsonNode comparable(JsonNode told, boolean ours) throws JsonProcessingException {
    ObjectNode all = told.deepCopy();
    for (String details : List.of("details", "detail")) {
      if (all.path(details) instanceof ObjectNode inner) {
        for (String payload : List.of("input", "output")) {
          if (ours && inner.path(payload).isTextual()) {
            inner.set(payload, JSON.readTree(inner.path(payload).asText()));
          }
        }
        // The execution's in an event; in a log a state's.
        ANY.stream()
            .filter(name -> !name.equals("name") || details.equals("detail"))
            .forEach(inner::remove);
      }
    }
    ANY.stream().filter(name -> !name.equals("id") || all.has("version")).forEach(all::remove);
    return all;
  }

  private void assertAsRecorded(String category, String member, String topic, int least)
      throws IOException {
    int compared = 0;
    for (JsonNode recorded : recorded(category, member)) {
      List<JsonNode> theirs = new ArrayList<>();
      for (JsonNode each : recorded.at("/expect/" + member)) {
        if (!each.has("version") || each.path("source").asText().equals("aws.states")) {
          theirs.add(comparable(each, false));
        }
      }
      if (theirs.isEmpty()) {
        continue; // what tasks have sent to EventBridge
      }
      List<JsonNode> ours = new ArrayList<>();
      for (JsonNode each : ours(recorded, topic)) {
        ours.add(comparable(each, true));
      }
      // Some were recorded of several executions, one after another.
      List<JsonNode> one = List.copyOf(ours);
      while (ours.size() < theirs.size() && !one.isEmpty()) {
        ours.addAll(one);
      }
      assertThat(ours).as(recorded.path("id").asText()).isEqualTo(theirs);
      compared++;
    }
    assertThat(compared).isGreaterThanOrEqualTo(least);
  }

  @Test
  void shouldLogAsAwsHasLogged() throws IOException {
    assertAsRecorded("logs", "logs", Topics.EXECUTION_LOGS, 12);
  }

  @Test
  void shouldTellChangesOfStatusAsAwsHasTold() throws IOException {
    assertAsRecorded("eventbridge-events", "eventBridgeEvents", Topics.STATUS_CHANGES, 1);
  }
}
