package io.stepstream.coordinator.api.execution;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Rendering;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryEventDetails;
import io.stepstream.schemas.HistoryEventType;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HistoryEventRendererTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void shouldKnowAllTypes() throws Exception {
    assertThat(types().map(a -> HistoryEventType.valueOf((String) a.get()[0])))
        .containsExactlyInAnyOrder(
            Arrays.stream(HistoryEventType.values())
                .filter(type -> type != HistoryEventType.UNKNOWN)
                .toArray(HistoryEventType[]::new));
  }

  /** An event with all the fields that AWS gives its type shows exactly those, in AWS's member. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("types")
  void shouldRenderEachTypeInItsMember(String type, String member, String fields) throws Exception {
    boolean hasDetails = !member.equals("-");

    JsonNode event =
        render(
            HistoryEventType.valueOf(type), hasDetails ? details(fields.split(",")) : null, true);

    if (!hasDetails) {
      assertThat(event.fieldNames())
          .toIterable()
          .containsExactlyInAnyOrder("timestamp", "type", "id", "previousEventId");
      return;
    }
    assertThat(event.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("timestamp", "type", "id", "previousEventId", member);
    assertThat(event.get(member).fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(fields.split(","));
  }

  @Test
  void shouldRenderPayloadsAsStringsOfJson() throws Exception {
    HistoryEventDetails details =
        HistoryEventDetails.newBuilder()
            .setName("S")
            .setOutput(bytes("{ \"a\" : \"\u00e4\\n\" }"))
            .setAssignedVariables(Map.of("b", bytes("\"text\""), "a", bytes("{\"x\":1}")))
            .build();

    assertThat(render(HistoryEventType.PassStateExited, details, true))
        .isEqualTo(
            JSON.readTree(
                """
                {"id": 7, "previousEventId": 6, "timestamp": 1700000000.007,
                 "type": "PassStateExited",
                 "stateExitedEventDetails": {
                   "name": "S",
                   "output": "{ \\"a\\" : \\"ä\\\\n\\" }",
                   "outputDetails": {"truncated": false},
                   "assignedVariables": {"a": "{\\"x\\":1}", "b": "\\"text\\""},
                   "assignedVariablesDetails": {"truncated": false}}}
                """));
  }

  @Test
  void shouldRenderTheRoleOfATaskInItsCredentials() throws Exception {
    HistoryEventDetails details =
        HistoryEventDetails.newBuilder()
            .setResource("arn:aws:lambda:us-east-1:111111111111:function:f")
            .setInput(bytes("{}"))
            .setTimeoutInSeconds(5L)
            .setTaskCredentialsRoleArn("arn:role")
            .build();

    assertThat(
            render(HistoryEventType.LambdaFunctionScheduled, details, true)
                .get("lambdaFunctionScheduledEventDetails"))
        .isEqualTo(
            JSON.readTree(
                """
                {"resource": "arn:aws:lambda:us-east-1:111111111111:function:f", "input": "{}",
                 "inputDetails": {"truncated": false}, "timeoutInSeconds": 5,
                 "taskCredentials": {"roleArn": "arn:role"}}
                """));
  }

  /** Recorded with AWS: {@code "executionAbortedEventDetails": {}}. */
  @Test
  void shouldRenderEmptyDetailsOfAnAbortWithoutReasons() throws Exception {
    assertThat(
            render(HistoryEventType.ExecutionAborted, null, true)
                .get("executionAbortedEventDetails"))
        .isEqualTo(JSON.readTree("{}"));
  }

  @Test
  void shouldKeepErrorsButNoPayloadsWhenExecutionDataAreNotWanted() throws Exception {
    HistoryEventDetails details = details(new String[] {"error", "cause", "input", "output"});

    assertThat(
            render(HistoryEventType.TaskFailed, details, false)
                .get("taskFailedEventDetails")
                .fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("error", "cause");
  }

  static Stream<Arguments> types() throws Exception {
    try (InputStream in =
        HistoryEventRendererTest.class.getResourceAsStream("history-event-types.txt")) {
      return new String(in.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> Arguments.of((Object[]) line.split(" ")));
    }
  }

  private static JsonNode render(
      HistoryEventType type, @Nullable HistoryEventDetails details, boolean payloads)
      throws Exception {
    HistoryEvent event =
        HistoryEvent.newBuilder()
            .setId(7)
            .setPreviousEventId(6)
            .setTimestamp(Instant.ofEpochMilli(1_700_000_000_007L))
            .setType(type)
            .setDetails(details)
            .build();
    return JSON.readTree(
        Rendering.json(Answer.success(json -> HistoryEventRenderer.write(json, event, payloads))));
  }

  /** Details with these fields, named as AWS names them. */
  private static HistoryEventDetails details(String[] fields) {
    HistoryEventDetails.Builder details = HistoryEventDetails.newBuilder();
    for (String field : fields) {
      switch (field) {
        case "name" -> details.setName("n");
        case "input" -> details.setInput(bytes("1"));
        case "output" -> details.setOutput(bytes("2"));
        case "error" -> details.setError("e");
        case "cause" -> details.setCause("c");
        case "resourceType" -> details.setResourceType("t");
        case "resource" -> details.setResource("r");
        case "region" -> details.setRegion("us-east-1");
        case "parameters" -> details.setParameters(bytes("{}"));
        case "timeoutInSeconds" -> details.setTimeoutInSeconds(1L);
        case "heartbeatInSeconds" -> details.setHeartbeatInSeconds(2L);
        case "taskCredentials" -> details.setTaskCredentialsRoleArn("a");
        case "index" -> details.setIndex(0);
        case "length" -> details.setLength(3);
        case "workerName" -> details.setWorkerName("w");
        case "mapRunArn" -> details.setMapRunArn("m");
        case "state" -> details.setState("s");
        case "location" -> details.setLocation("l");
        case "redriveCount" -> details.setRedriveCount(1);
        case "assignedVariables" -> details.setAssignedVariables(Map.of("v", bytes("1")));
        case "roleArn" -> details.setRoleArn("a");
        case "stateMachineVersionArn" -> details.setStateMachineVersionArn("a");
        case "stateMachineAliasArn" -> details.setStateMachineAliasArn("a");
        // Written with their payloads.
        case "inputDetails", "outputDetails", "assignedVariablesDetails" -> {}
        default -> throw new AssertionError("unknown field " + field);
      }
    }
    return details.build();
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }
}
