package io.stepstream.coordinator.executionlog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryEventDetails;
import io.stepstream.schemas.HistoryEventType;
import io.stepstream.schemas.codec.Payloads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogEntryTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ARN = "arn:aws:states:us-east-1:111111111111:execution:m:e";

  private static ByteBuffer payload(String json) {
    return Payloads.of(json.getBytes(UTF_8));
  }

  private static HistoryEvent event(HistoryEventType type, HistoryEventDetails details) {
    return new HistoryEvent(7L, 6L, Instant.ofEpochMilli(1_588_262_423_943L), type, details);
  }

  private static JsonNode read(HistoryEvent event, LogEntry.Contents contents) throws IOException {
    byte[] line = LogEntry.of(ARN, 2, event, contents);
    assertThat(new String(line, UTF_8)).doesNotContain("\n");
    return JSON.readTree(line);
  }

  @Test
  void shouldBeWrittenAsAwsWritesIt() throws IOException {
    HistoryEventDetails exited = new HistoryEventDetails();
    exited.setName("Größe");
    exited.setOutput(payload("{\"a\":\"é\\n\"}"));
    exited.setAssignedVariables(Map.of("v", payload("[1]")));

    assertThat(read(event(HistoryEventType.TaskStateExited, exited), LogEntry.Contents.DATA))
        .isEqualTo(
            JSON.readTree(
                """
                {"id":"7","type":"TaskStateExited","redrive_count":"2","previous_event_id":"6",
                 "event_timestamp":"1588262423943","execution_arn":"%s",
                 "details":{"name":"Größe","output":"{\\"a\\":\\"é\\\\n\\"}",
                   "outputDetails":{"truncated":false},
                   "assignedVariables":{"v":"[1]"},"assignedVariablesDetails":{"truncated":false}}}
                """
                    .formatted(ARN)));
  }

  @Test
  void shouldHaveEmptyDetailsWhereTheEventHasNone() throws IOException {
    assertThat(
            read(event(HistoryEventType.MapStateSucceeded, null), LogEntry.Contents.DATA)
                .path("details"))
        .isEqualTo(JSON.createObjectNode());
  }

  @Test
  void shouldTellNoMoreThanItMay() throws IOException {
    HistoryEventDetails all = new HistoryEventDetails();
    all.setName("n");
    all.setResource("r");
    all.setError("E");
    all.setCause("because");
    all.setInput(payload("1"));
    all.setOutput(payload("2"));
    all.setParameters(payload("3"));
    all.setAssignedVariables(Map.of("v", payload("4")));
    all.setTimeoutInSeconds(5L);
    HistoryEvent event = event(HistoryEventType.TaskFailed, all);

    assertThat(names(read(event, LogEntry.Contents.NO_DATA).path("details")))
        .containsExactlyInAnyOrder("name", "resource", "error", "cause", "timeoutInSeconds");
    assertThat(names(read(event, LogEntry.Contents.NO_SEALED).path("details")))
        .containsExactlyInAnyOrder("name", "resource", "timeoutInSeconds");
  }

  private static List<String> names(JsonNode object) {
    return object.properties().stream().map(Map.Entry::getKey).toList();
  }

  /** Characters of one to six bytes as they are written, in front of and over the bound. */
  @ParameterizedTest
  @ValueSource(strings = {"x", "\\\"", "é", "€", "😀", "\\u0001"})
  void shouldCutOffWhatIsBeyondTheBound(String character) throws IOException {
    String text = '"' + character.repeat(LogEntry.TEXT_BYTES) + '"';
    HistoryEventDetails started = new HistoryEventDetails();
    started.setInput(payload(text));
    started.setRoleArn("role");
    byte[] line =
        LogEntry.of(
            ARN, 0, event(HistoryEventType.ExecutionStarted, started), LogEntry.Contents.DATA);

    assertThat(line.length).isBetween(LogEntry.TEXT_BYTES - 8, LogEntry.TEXT_BYTES + 1024);
    JsonNode details = JSON.readTree(line).path("details");
    assertThat(details.path("inputDetails").path("truncated").asBoolean()).isTrue();
    assertThat(text).startsWith(details.path("input").asText());
    assertThat(details.path("input").asText().getBytes(UTF_8)).asString(UTF_8).doesNotContain("?");
  }

  /** As a function of the language may make one: the step that tells of it must not fail. */
  @Test
  void shouldBearHalfACharacter() throws IOException {
    HistoryEventDetails failed = new HistoryEventDetails();
    failed.setCause("half \ud83d");
    assertThat(
            read(event(HistoryEventType.ExecutionFailed, failed), LogEntry.Contents.DATA)
                .at("/details/cause")
                .asText())
        .startsWith("half ");
  }

  @Test
  void shouldKeepWhatFitsExactly() throws IOException {
    HistoryEventDetails started = new HistoryEventDetails();
    String fits = '"' + "x".repeat(LogEntry.TEXT_BYTES - 4) + '"';
    started.setInput(payload(fits));
    HistoryEvent event = event(HistoryEventType.ExecutionStarted, started);

    JsonNode details = read(event, LogEntry.Contents.DATA).path("details");
    assertThat(details.path("input").asText()).isEqualTo(fits);
    assertThat(details.path("inputDetails").path("truncated").asBoolean()).isFalse();
  }

  /** The table of AWS's documentation, by its rule. */
  @Test
  void shouldLogByLevelAsAwsDoes() {
    List<HistoryEventType> ends =
        List.of(
            HistoryEventType.ExecutionAborted,
            HistoryEventType.ExecutionFailed,
            HistoryEventType.ExecutionTimedOut);
    for (HistoryEventType type : HistoryEventType.values()) {
      String name = type.name();
      boolean wrong =
          name.endsWith("Failed")
              || name.endsWith("TimedOut")
              || name.endsWith("Aborted")
              || type == HistoryEventType.FailStateEntered;
      assertThat(Arrays.stream(LogLevel.values()).filter(level -> level.includes(type)))
          .as(name)
          .containsExactlyElementsOf(
              ends.contains(type)
                  ? List.of(LogLevel.ALL, LogLevel.ERROR, LogLevel.FATAL)
                  : wrong ? List.of(LogLevel.ALL, LogLevel.ERROR) : List.of(LogLevel.ALL));
    }
  }

  @Test
  void shouldReadAConfigurationAsItIsStored() throws IOException {
    assertThat(ExecutionLogging.of(JSON.readTree("{\"level\":\"ERROR\",\"destinations\":[{}]}")))
        .isEqualTo(new ExecutionLogging(LogLevel.ERROR, false));
    assertThat(
            ExecutionLogging.of(JSON.readTree("{\"level\":\"ALL\",\"includeExecutionData\":true}")))
        .isEqualTo(new ExecutionLogging(LogLevel.ALL, true));
    assertThat(
            ExecutionLogging.of(JSON.readTree("{\"level\":\"OFF\",\"includeExecutionData\":true}")))
        .isEqualTo(ExecutionLogging.OFF);
    assertThat(ExecutionLogging.of(JSON.readTree("{}"))).isEqualTo(ExecutionLogging.OFF);
  }
}
