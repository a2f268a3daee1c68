package io.stepstream.coordinator.statuschange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.schemas.ExecutionStatus;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StatusChangeEventTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant START = Instant.parse("2026-02-26T19:42:21.984Z");
  private static final String MACHINE = "arn:aws:states:eu-west-1:111111111111:stateMachine:m";
  private static final String ARN = "arn:aws:states:eu-west-1:111111111111:execution:m:e";

  private static JsonNode event(
      String arn, ExecutionStatus status, String input, String output, boolean sealed)
      throws IOException {
    boolean running = status == ExecutionStatus.RUNNING;
    return JSON.readTree(
        new StatusChangeEvent(
                arn,
                MACHINE,
                "e",
                status,
                running ? 1 : 9,
                running ? START : START.plusSeconds(60),
                START,
                input == null ? null : input.getBytes(UTF_8),
                output == null ? null : output.getBytes(UTF_8),
                status == ExecutionStatus.FAILED ? "E" : null,
                status == ExecutionStatus.FAILED ? "because" : null,
                sealed,
                MACHINE + ":3",
                null,
                0,
                null)
            .toJson());
  }

  /** The members and their order of meaning are those of AWS's example. */
  @Test
  void shouldHaveTheShapeOfEventBridgesEvents() throws IOException {
    JsonNode running = event(ARN, ExecutionStatus.RUNNING, "{\"ü\":1}", null, false);
    assertThat(running.path("id").asText()).hasSize(36);
    ((com.fasterxml.jackson.databind.node.ObjectNode) running).remove("id");
    assertThat(running)
        .isEqualTo(
            JSON.readTree(
                """
                {"version":"0","detail-type":"Step Functions Execution Status Change",
                 "source":"aws.states","account":"111111111111","time":"2026-02-26T19:42:21Z",
                 "region":"eu-west-1","resources":["%1$s"],
                 "detail":{"executionArn":"%1$s","stateMachineArn":"%2$s","name":"e",
                   "status":"RUNNING","startDate":1772134941984,"stopDate":null,
                   "input":"{\\"ü\\":1}","inputDetails":{"included":true},
                   "output":null,"outputDetails":null,
                   "stateMachineVersionArn":"%2$s:3","stateMachineAliasArn":null,
                   "redriveCount":0,"redriveDate":null,"redriveStatus":"NOT_REDRIVABLE",
                   "redriveStatusReason":"Execution is RUNNING and cannot be redriven",
                   "error":null,"cause":null}}
                """
                    .formatted(ARN, MACHINE)));
  }

  @Test
  void shouldTellHowAnExecutionHasEnded() throws IOException {
    JsonNode succeeded = event(ARN, ExecutionStatus.SUCCEEDED, "1", "2", false).path("detail");
    assertThat(succeeded.path("stopDate").asLong() - succeeded.path("startDate").asLong())
        .isEqualTo(60_000);
    assertThat(succeeded.path("output").asText()).isEqualTo("2");
    assertThat(succeeded.at("/outputDetails/included").asBoolean()).isTrue();
    assertThat(succeeded.path("redriveStatus").asText()).isEqualTo("NOT_REDRIVABLE");

    JsonNode failed = event(ARN, ExecutionStatus.FAILED, "1", null, false).path("detail");
    assertThat(failed.path("error").asText()).isEqualTo("E");
    assertThat(failed.path("cause").asText()).isEqualTo("because");
    assertThat(failed.path("redriveStatus").asText()).isEqualTo("REDRIVABLE");
    assertThat(failed.path("redriveStatusReason").isNull()).isTrue();

    String child = ARN.replace(":m:", ":m/label:");
    assertThat(
            event(child, ExecutionStatus.ABORTED, "1", null, false)
                .at("/detail/redriveStatus")
                .asText())
        .isEqualTo("REDRIVABLE_BY_MAP_RUN");
  }

  @Test
  void shouldHaveTheSameIdWhenItIsToldAgainAndAnotherOneForAnotherChange() throws IOException {
    String id = event(ARN, ExecutionStatus.RUNNING, "1", null, false).path("id").asText();
    assertThat(event(ARN, ExecutionStatus.RUNNING, "1", null, false).path("id").asText())
        .isEqualTo(id);
    assertThat(event(ARN, ExecutionStatus.FAILED, "1", null, false).path("id").asText())
        .isNotEqualTo(id);
  }

  /** The input goes by what both have together, the output by its own size. */
  @Test
  void shouldLeaveOutPayloadsThatAreTooLargeForEventBridge() throws IOException {
    String half = "x".repeat(StatusChangeEvent.PAYLOAD_BYTES / 2);
    assertIncluded(event(ARN, ExecutionStatus.SUCCEEDED, half, half, false), true, true);
    assertIncluded(event(ARN, ExecutionStatus.SUCCEEDED, half + 'x', half, false), false, true);
    // Each quote is two bytes as it is written.
    String quotes = "\"".repeat(StatusChangeEvent.PAYLOAD_BYTES / 2);
    assertIncluded(event(ARN, ExecutionStatus.SUCCEEDED, "", quotes, false), true, true);
    assertIncluded(event(ARN, ExecutionStatus.SUCCEEDED, "", quotes + '"', false), false, false);
  }

  private static void assertIncluded(JsonNode event, boolean input, boolean output) {
    JsonNode detail = event.path("detail");
    assertThat(detail.at("/inputDetails/included").asBoolean()).isEqualTo(input);
    assertThat(detail.path("input").isNull()).isEqualTo(!input);
    assertThat(detail.at("/outputDetails/included").asBoolean()).isEqualTo(output);
    assertThat(detail.path("output").isNull()).isEqualTo(!output);
  }

  @Test
  void shouldTellNothingOfWhatIsSealed() throws IOException {
    JsonNode event = event(ARN, ExecutionStatus.FAILED, "1", "2", true);
    assertIncluded(event, false, false);
    assertThat(event.at("/detail/error").isNull()).isTrue();
    assertThat(event.at("/detail/cause").isNull()).isTrue();
    assertThat(event.at("/detail/status").asText()).isEqualTo("FAILED");
  }
}
