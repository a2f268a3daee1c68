package io.stepstream.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.coordinator.api.ApiFixture.Result;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MachineActionsTest {

  private static final String READS_VARIABLES =
      """
      {"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Assign": {"x": 1, "y": 2}, "Next": "B"},
        "B": {"Type": "Pass", "Parameters": {"sum.$": "States.MathAdd($x, $y)"}, "End": true}}}\
      """;

  private static final String ARN = ApiFixture.ACCOUNT + "stateMachine:m";
  private static final Map<String, Object> DESTINATION =
      Map.of(
          "cloudWatchLogsLogGroup",
          Map.of("logGroupArn", "arn:aws:logs:us-east-1:111111111111:log-group:g:*"));

  private final ApiFixture api = new ApiFixture();

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void shouldDefineAMachineAndDescribeItAsAwsDoes() {
    Result created = create("name", "m", "type", null);
    Result described = api.call("DescribeStateMachine", "stateMachineArn", ARN);

    assertThat(created.status()).isEqualTo(200);
    assertThat(created.body().fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("stateMachineArn", "creationDate");
    assertThat(created.text("stateMachineArn")).isEqualTo(ARN);
    assertThat(created.body().get("creationDate").decimalValue().scale()).isLessThanOrEqualTo(3);
    assertThat(described.body())
        .isEqualTo(
            ApiFixture.json(
                    """
                    {"stateMachineArn": "%s", "name": "m", "status": "ACTIVE", "definition": "",
                     "roleArn": "%s", "type": "STANDARD", "creationDate": 0,
                     "loggingConfiguration": {"includeExecutionData": false, "level": "OFF"},
                     "tracingConfiguration": {"enabled": false},
                     "encryptionConfiguration": {"type": "AWS_OWNED_KEY"}}
                    """
                        .formatted(ARN, ApiFixture.ROLE))
                .<com.fasterxml.jackson.databind.node.ObjectNode>require()
                .put("definition", ApiFixture.PASS)
                .set("creationDate", created.body().get("creationDate")));
  }

  @Test
  void shouldKeepConfigurationsAsGiven() {
    create(
        "loggingConfiguration",
        Map.of("level", "ALL", "includeExecutionData", true, "destinations", List.of(DESTINATION)),
        "tracingConfiguration",
        Map.of("enabled", true),
        "encryptionConfiguration",
        Map.of("type", "AWS_OWNED_KEY"),
        "type",
        "EXPRESS");

    Result described = api.call("DescribeStateMachine", "stateMachineArn", ARN);

    assertThat(described.body().get("loggingConfiguration"))
        .isEqualTo(
            ApiFixture.json(
                """
                {"level": "ALL", "includeExecutionData": true, "destinations": [
                  {"cloudWatchLogsLogGroup":
                    {"logGroupArn": "arn:aws:logs:us-east-1:111111111111:log-group:g:*"}}]}
                """));
    assertThat(described.body().at("/tracingConfiguration/enabled").booleanValue()).isTrue();
    assertThat(described.body().at("/encryptionConfiguration/type").asText())
        .isEqualTo("AWS_OWNED_KEY");
    assertThat(described.text("type")).isEqualTo("EXPRESS");
  }

  @Test
  void shouldTellWhichVariablesTheStatesRead() {
    create("definition", READS_VARIABLES);

    assertThat(
            api.call("DescribeStateMachine", "stateMachineArn", ARN)
                .body()
                .get("variableReferences"))
        .isEqualTo(ApiFixture.json("{\"B\": [\"x\", \"y\"]}"));
  }

  @Test
  void shouldLeaveTheDefinitionOutWhenOnlyMetadataAreWanted() {
    create("definition", READS_VARIABLES);

    Result described =
        api.call("DescribeStateMachine", "stateMachineArn", ARN, "includedData", "METADATA_ONLY");

    assertThat(described.status()).isEqualTo(200);
    assertThat(described.body().has("definition")).isFalse();
    assertThat(described.body().has("variableReferences")).isFalse();
  }

  @Test
  void shouldAnswerARepeatedRequestAsTheFirst() {
    Result first = create();

    assertThat(create("roleArn", ApiFixture.ROLE + "2").body()).isEqualTo(first.body());
  }

  @Test
  void shouldRefuseAnotherMachineOfThatName() {
    create();

    Result again = create("definition", ApiFixture.PASS + " ");

    assertThat(again.status()).isEqualTo(400);
    assertThat(again.error()).isEqualTo("StateMachineAlreadyExists");
    assertThat(again.message()).isEqualTo("State Machine Already Exists: '" + ARN + "'");
  }

  @Test
  void shouldRefuseAnInvalidDefinitionInAwsWords() {
    Result result = create("definition", "{\"Comment\":\"x\",\"StartAt\":\"State_1\"}");

    assertThat(result.error()).isEqualTo("InvalidDefinition");
    assertThat(result.message())
        .isEqualTo(
            "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are"
                + " required: [States] at /'");
  }

  @Test
  void shouldRefuseWhatExpressCannotDo() {
    Result result =
        create(
            "type",
            "EXPRESS",
            "definition",
            """
            {"StartAt": "S", "States": {"S": {"Type": "Task", "End": true,
              "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
              "Parameters": {"QueueUrl": "q", "MessageBody.$": "$$.Task.Token"}}}}
            """);

    assertThat(result.error()).isEqualTo("InvalidDefinition");
    assertThat(result.message()).contains("Express state machine does not support");
  }

  @Test
  void shouldRefuseNamesAndRolesInAwsWords() {
    assertThat(create("name", "a*b").error()).isEqualTo("InvalidName");
    assertThat(create("name", "a*b").message()).isEqualTo("Invalid Name: 'a*b'");
    assertThat(create("name", "x".repeat(81)).error()).isEqualTo("ValidationException");
    assertThat(create("roleArn", "admin").message())
        .isEqualTo("Invalid Arn: 'Invalid ARN prefix: admin'");
  }

  @Test
  void shouldWantExactlyOneDestinationOfLogs() {
    List<Map<String, Object>> wrong =
        List.of(
            Map.of("level", "ALL"),
            Map.of("level", "FATAL", "destinations", List.of()),
            Map.of("level", "OFF", "destinations", List.of(DESTINATION, DESTINATION)));
    for (Map<String, Object> logging : wrong) {
      Result result = create("loggingConfiguration", logging);

      assertThat(result.error()).isEqualTo("InvalidLoggingConfiguration");
      assertThat(result.message())
          .isEqualTo("Invalid Logging Configuration: Must specify exactly one Log Destination.");
    }
    assertThat(create("loggingConfiguration", Map.of("destinations", List.of())).status())
        .isEqualTo(200);
  }

  @Test
  void shouldSayWhatIsNotSupportedInsteadOfIgnoringIt() {
    assertThat(create("versionDescription", "v").message())
        .isEqualTo("Version description can only be set when publish is true");
    assertThat(
            create("tags", IntStream.range(0, 51).mapToObj(i -> Map.of("key", "k" + i)).toList())
                .error())
        .isEqualTo("TooManyTags");
  }

  @Test
  void shouldNotKnowAMachineThatWasNeverDefined() {
    Result unknown = api.call("DescribeStateMachine", "stateMachineArn", ARN + ":1");
    Result invalid = api.call("DescribeStateMachine", "stateMachineArn", "not_a_valid_arn");

    assertThat(unknown.error()).isEqualTo("StateMachineDoesNotExist");
    assertThat(unknown.message()).isEqualTo("State Machine Does Not Exist: '" + ARN + ":1'");
    assertThat(invalid.message()).isEqualTo("Invalid Arn: 'Invalid ARN prefix: not_a_valid_arn'");
  }

  /** A valid request with some members replaced. */
  private Result create(@Nullable Object... replaced) {
    Map<String, Object> members = new java.util.LinkedHashMap<>();
    members.put("name", "m");
    members.put("definition", ApiFixture.PASS);
    members.put("roleArn", ApiFixture.ROLE);
    for (int i = 0; i < replaced.length; i += 2) {
      members.put((String) replaced[i], replaced[i + 1]);
    }
    return api.call(
        "CreateStateMachine",
        members.entrySet().stream()
            .flatMap(e -> java.util.stream.Stream.of(e.getKey(), e.getValue()))
            .toArray());
  }
}
