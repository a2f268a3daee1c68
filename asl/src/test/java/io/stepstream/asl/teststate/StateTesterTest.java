package io.stepstream.asl.teststate;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.engine.Limits;
import io.stepstream.asl.engine.StateVisit.Answer;
import io.stepstream.asl.engine.StateVisit.Status;
import io.stepstream.asl.teststate.StateTest.Configuration;
import io.stepstream.asl.teststate.StateTest.FieldValidation;
import io.stepstream.asl.teststate.StateTest.InspectionLevel;
import io.stepstream.asl.teststate.StateTest.Mock;
import io.stepstream.asl.teststate.StateTest.MockedError;
import io.stepstream.asl.teststate.StateTestResult.Refused;
import io.stepstream.asl.teststate.StateTestResult.Tested;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StateTesterTest {

  private static final String ROLE = "arn:aws:iam::111111111111:role/r";
  private static final StateTester.Moment MOMENT = new StateTester.Moment("m", "e", 0);
  private static final String MAP =
      """
      {"Type": "Map", "ItemsPath": "$.v", "Next": "Then", "ToleratedFailureCount": 1,
       "ItemSelector": {"i.$": "$$.Map.Item.Value"},
       "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
         "StartAt": "In", "States": {"In": {"Type": "Pass", "End": true}}},
       "Catch": [{"ErrorEquals": ["States.ExceedToleratedFailureThreshold"], "Next": "Caught"}]}
      """;

  private final List<String> called = new ArrayList<>();
  private final StateTester tester =
      new StateTester(
          "us-east-1",
          "111111111111",
          Limits.DEFAULT,
          (task, role) -> {
            if (task.resource().contains("sns")) {
              throw new TaskCaller.Refusal("no topics here");
            }
            called.add(role + " " + new String(task.input(), StandardCharsets.UTF_8));
            return new Answer.Succeeded("{\"done\": 1}".getBytes(StandardCharsets.UTF_8));
          });

  @Test
  void shouldShowWhatPassesThroughAState() {
    Tested tested =
        tested(
            new Given(
                    """
                    {"Type": "Pass", "InputPath": "$.a", "Parameters": {"x.$": "$.b"},
                     "ResultPath": "$.r", "OutputPath": "$.r", "Next": "Then"}
                    """)
                .input("{\"a\": {\"b\": [1, 2]}}"));

    assertThat(tested.status()).isEqualTo(Status.SUCCEEDED);
    assertThat(tested.nextState()).isEqualTo("Then");
    assertThat(tested.output()).isEqualTo("{\"x\":[1,2]}");
    assertThat(tested.inspection())
        .isEqualTo(
            Map.of(
                "input",
                "{\"a\": {\"b\": [1, 2]}}",
                "afterInputPath",
                "{\"b\": [1, 2]}",
                "afterParameters",
                "{\"x\":[1,2]}",
                "afterResultSelector",
                "{\"x\":[1,2]}",
                "afterResultPath",
                "{\"a\":{\"b\":[1,2]},\"r\":{\"x\":[1,2]}}"));
  }

  @Test
  void shouldShowVariablesAsTheyAreAfterwards() {
    Tested tested =
        tested(
            new Given(
                    """
                    {"Type": "Pass", "QueryLanguage": "JSONata", "End": true,
                     "Assign": {"y": "{% $x + 1 %}"}, "Output": "{% $x %}"}
                    """)
                .variables("{\"x\": 1}"));

    assertThat(tested.output()).isEqualTo("1");
    assertThat(tested.inspection()).containsEntry("variables", "{\"x\":1,\"y\":2}");
  }

  @Test
  void shouldGiveTheStateACompleteContextObject() {
    Tested tested =
        tested(
            new Given("{\"Type\": \"Pass\", \"InputPath\": \"$$\", \"End\": true}").input("[1]"));

    assertThat(tested.output())
        .isEqualTo(
            "{\"Execution\":{\"Id\":\"arn:aws:states:us-east-1:111111111111:express:m:e\","
                + "\"Input\":[1],\"StartTime\":\"1970-01-01T00:00:00.000Z\",\"Name\":\"e\","
                + "\"RoleArn\":null},\"StateMachine\":{\"Id\":"
                + "\"arn:aws:states:us-east-1:111111111111:stateMachine:m\",\"Name\":\"m\"},"
                + "\"State\":{\"Name\":\"StateName\",\"EnteredTime\":\"1970-01-01T00:00:00.000Z\"}}");
  }

  @Test
  void shouldCallATaskThatIsNotMocked() {
    Given task =
        new Given(
                """
                {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:1:function:f", "End": true}
                """)
            .input("{\"a\": 1}")
            .role();

    assertThat(tested(task).output()).isEqualTo("{\"done\": 1}");
    assertThat(called).containsExactly(ROLE + " {\"a\": 1}");
  }

  @Test
  void shouldTellWhyATaskCannotBeCalled() {
    Given task =
        new Given(
                """
                {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true,
                 "Parameters": {"TopicArn": "t", "Message": "m"}}
                """)
            .role();

    assertThat(refused(task).message()).isEqualTo("no topics here");
  }

  @Test
  void shouldLeaveOutWhereAFailureWasSinceThereIsOneStateOnly() {
    Tested tested =
        tested(
            new Given(
                """
                {"Type": "Choice", "Choices": [{"Variable": "$.a", "NumericEquals": 1, "Next": "A"}]}
                """));

    assertThat(tested.status()).isEqualTo(Status.FAILED);
    assertThat(tested.error()).isEqualTo("States.Runtime");
    assertThat(tested.cause()).startsWith("Invalid path");
  }

  @Test
  void shouldShowTheItemsOfAMapAsTheyStandInTheInput() {
    Tested tested = tested(new Given(MAP).input("{\"v\": [1,  2]}").result("[ 3,4 ]"));

    assertThat(tested.nextState()).isEqualTo("Then");
    assertThat(tested.output()).isEqualTo("[ 3,4 ]");
    assertThat(tested.inspection())
        .containsEntry("afterItemsPath", "[1,  2]")
        .containsEntry("afterItemSelector", "[{\"i\":1},{\"i\":2}]")
        .containsEntry("maxConcurrency", 0)
        .containsEntry("toleratedFailureCount", 1)
        .doesNotContainKey("result");
  }

  @ParameterizedTest
  @CsvSource({"1, SUCCEEDED, Then", "2, CAUGHT_ERROR, Caught"})
  void shouldBearSomeFailedIterations(int failures, Status status, String next) {
    Tested tested =
        tested(
            new Given(MAP)
                .input("{\"v\": [1, 2, 3]}")
                .result("[0, 0, 1]")
                .configuration(new Configuration(0, null, failures, null)));

    assertThat(tested.status()).isEqualTo(status);
    assertThat(tested.nextState()).isEqualTo(next);
  }

  @Test
  void shouldTakeTheItemsThatAReaderHasRead() {
    String map =
        """
        {"Type": "Map", "End": true, "ToleratedFailurePercentage": 40,
         "ItemReader": {"Resource": "arn:aws:states:::s3:getObject",
           "ReaderConfig": {"InputType": "JSON"}, "Parameters": {"Bucket": "b", "Key": "k"}},
         "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
           "StartAt": "In", "States": {"In": {"Type": "Pass", "End": true}}}}
        """;

    Tested borne =
        tested(
            new Given(map)
                .result("[1]")
                .configuration(new Configuration(0, null, 2, "[1, 2, 3, 4, 5]")));
    Tested exceeded =
        tested(
            new Given(map)
                .result("[1]")
                .configuration(new Configuration(0, null, 2, "[1, 2, 3, 4]")));

    assertThat(borne.status()).isEqualTo(Status.SUCCEEDED);
    assertThat(exceeded.error()).isEqualTo("States.ExceedToleratedFailureThreshold");
  }

  @Test
  void shouldShowWhatAReaderPointsAtAndWhatBecomesBatches() {
    String map =
        """
        {"Type": "Map", "End": true, "ItemSelector": {"n.$": "$$.Map.Item.Value.n",
           "from.$": "$$.Map.Item.Source"},
         "ItemReader": {"Resource": "arn:aws:states:::s3:getObject",
           "ReaderConfig": {"InputType": "JSON", "ItemsPointer": "/rows/all", "MaxItems": 3},
           "Parameters": {"Bucket": "b", "Key.$": "$.key"}},
         "ItemBatcher": {"MaxItemsPerBatch": 2, "BatchInput": {"key.$": "$.key"}},
         "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
           "StartAt": "In", "States": {"In": {"Type": "Pass", "End": true}}}}
        """;
    Given given =
        new Given(map)
            .input("{\"key\": \"k\"}")
            .result("[]")
            .configuration(
                new Configuration(
                    0,
                    null,
                    0,
                    "{\"rows\": {\"all\": [{\"n\":1},{\"n\":2},{\"n\":3},{\"n\":4}]}}"));

    assertThat(tested(given).inspection())
        .containsEntry("afterItemsPointer", "[{\"n\":1},{\"n\":2},{\"n\":3},{\"n\":4}]")
        .containsEntry(
            "afterItemSelector",
            "[{\"n\":1,\"from\":\"S3://b/k\"},{\"n\":2,\"from\":\"S3://b/k\"},"
                + "{\"n\":3,\"from\":\"S3://b/k\"}]")
        .containsEntry(
            "afterItemBatcher",
            "[{\"BatchInput\":{\"key\":\"k\"},\"Items\":["
                + "{\"n\":1,\"from\":\"S3://b/k\"},{\"n\":2,\"from\":\"S3://b/k\"}]},"
                + "{\"BatchInput\":{\"key\":\"k\"},\"Items\":[{\"n\":3,\"from\":\"S3://b/k\"}]}]")
        .doesNotContainKey("afterItemsPath");

    Tested unreadable =
        tested(given.configuration(new Configuration(0, null, 0, "{\"rows\": {\"all\": 1}}")));
    assertThat(unreadable.error()).isEqualTo("States.ItemReaderFailed");
    assertThat(unreadable.cause()).isEqualTo("Attempting to map over non-iterable node.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "s3:getObject | {\"InputType\": \"JSONL\"} | 1~2 | [1,2]",
        "s3:getObject | {\"InputType\": \"CSV\", \"CSVHeaderLocation\": \"FIRST_ROW\"} | h~1~2"
            + " | [{\"h\":\"1\"},{\"h\":\"2\"}]",
        "s3:getObject | {\"InputType\": \"CSV\", \"CSVHeaderLocation\": \"GIVEN\", \"CSVHeaders\":"
            + " [\"g\"], \"MaxItems\": 1} | 1~2 | [{\"g\":\"1\"}]",
        "s3:listObjectsV2 | {} | [{\"Key\": \"k\"}] | [{\"Key\":\"k\"}]"
      })
  void shouldReadTheItemsAsTheReaderIsConfigured(
      String reader, String config, String data, String batch) {
    String map =
        """
        {"Type": "Map", "End": true, "ItemBatcher": {"MaxItemsPerBatch": 9},
         "ItemReader": {"Resource": "arn:aws:states:::%s", "ReaderConfig": %s,
           "Parameters": {"Bucket": "b", %s}},
         "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
           "StartAt": "In", "States": {"In": {"Type": "Pass", "End": true}}}}
        """
            .formatted(
                reader, config, reader.endsWith("V2") ? "\"Prefix\": \"p\"" : "\"Key\": \"k\"");

    Tested tested =
        tested(
            new Given(map)
                .result("[]")
                .configuration(new Configuration(0, null, 0, data.replace('~', '\n'))));

    assertThat(tested.inspection())
        .containsEntry("afterItemBatcher", "[{\"Items\":" + batch + "}]");
  }

  @Test
  void shouldFindAStateAtAnyDepthOfAMachine() {
    String machine = "{\"StartAt\": \"M\", \"States\": {\"M\": " + MAP + "}}";
    String valid =
        machine
            .replace("\"Next\": \"Then\"", "\"End\": true")
            .replace("\"Next\": \"Caught\"", "\"Next\": \"M\"");

    assertThat(tested(new Given(valid).state("In").input("7")).output()).isEqualTo("7");
    assertThat(refused(new Given(valid).state("Out")))
        .isEqualTo(new Refused("ValidationException", "State not found in definition"));
    assertThat(refused(new Given(machine).state("In")).code()).isEqualTo("InvalidDefinition");
  }

  @Test
  void shouldPlaceTheProblemsOfALoneState() {
    Refused refused =
        refused(new Given("{\"Type\": \"Parallel\", \"Branches\": [], \"End\": true}"));

    assertThat(refused.message())
        .isEqualTo(
            "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Value cannot be empty at"
                + " /States/StateName/Branches'");
    assertThat(refused(new Given("[]")).message()).contains("/States/StateName");
    assertThat(refused(new Given("{")).code()).isEqualTo("InvalidDefinition");
  }

  @Test
  void shouldRefuseAnErrorFromAStateThatIsNotThere() {
    Given map = new Given(MAP).input("{\"v\": []}").error("E");

    assertThat(refused(map.configuration(new Configuration(0, "Nobody", 0, null))).message())
        .isEqualTo("State not found in definition");
    assertThat(tested(map.configuration(new Configuration(0, "In", 0, null))).error())
        .isEqualTo("E");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"Execution\": {\"Id\": 1}} | Field 'Id' must be a string",
        "{\"State\": {\"RetryCount\": \"1\"}} | Field 'RetryCount' must be a number",
        "{\"Map\": {\"Item\": {\"Nr\": 1}}} | Field 'Nr' is not allowed",
        "{\"StateMachine\": []} | Field 'StateMachine' must be an object",
        "[] | Context object must be a JSON object",
        "{ | Context object must be a JSON object"
      })
  void shouldRefuseAContextObjectOfAnotherForm(String context, String problem) {
    assertThat(refused(new Given(MAP).result("[]").context(context)).message())
        .isEqualTo("Invalid Context object provided: " + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "aws-sdk:s3:getObject | {\"ContentLength\": \"9\"} | Field 'ContentLength' must be a"
            + " number",
        "aws-sdk:s3:getObject | {\"DeleteMarker\": 1} | Field 'DeleteMarker' must be a boolean",
        "aws-sdk:s3:getObject | {\"Metadata\": {\"a\": 1}} | Field 'Metadata' must be a string",
        "aws-sdk:s3:getObject | [] | Field 'GetObject' must be an object",
        "aws-sdk:sfn:describeExecution | {\"ExecutionArn\": \"\"} | Field 'ExecutionArn' is smaller"
            + " than the minimum length",
        "dynamodb:putItem | {\"Attributes\": {\"k\": {\"L\": [{\"N\": 1}]}}} | Field 'N' must be a"
            + " string",
        "states:startExecution.sync | {\"ExecutionArn\": \"a\"} | Required field 'StateMachineArn'"
            + " is missing"
      })
  void shouldHoldAMockedResultAgainstTheApi(String resource, String result, String problem) {
    assertThat(refused(task(resource).result(result)).message())
        .isEqualTo("Mock result schema validation error: " + problem);
    assertThat(tested(task(resource).mock(new Mock(result, null, FieldValidation.NONE))).output())
        .isEqualTo(result);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lambda:invoke | {\"Payload\": {\"any\": 1}}",
        "sqs:sendMessage.waitForTaskToken | {\"MessageId\": 1}",
        "apigateway:invoke | {\"ResponseBody\": 1}",
        "aws-sdk:unheardof:getThing | {\"Thing\": 1}",
        "aws-sdk:s3:unheardOf | {\"Thing\": 1}"
      })
  void shouldTakeAnyResultOfWhatHasNoModel(String resource, String result) {
    assertThat(tested(task(resource).result(result)).output()).isEqualTo(result);
  }

  @Test
  void shouldNotMissRequiredFieldsWhereOnlyThePresentOnesCount() {
    Given task = task("aws-sdk:sfn:startExecution");

    assertThat(refused(task.result("{}")).message())
        .endsWith("Required field 'ExecutionArn' is missing");
    assertThat(tested(task.mock(new Mock("{}", null, FieldValidation.PRESENT))).output())
        .isEqualTo("{}");
  }

  @Test
  void shouldTellOfTheCallOfAnHttpApi() {
    String http =
        """
        {"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "End": true,
         "Parameters": {"Method": "GET", "ApiEndpoint": "https://api.test/"},
         "Catch": [{"ErrorEquals": ["States.Http.StatusCode.503"], "Next": "Mend"}]}
        """;
    String exchange =
        "\"request\": {\"method\": \"GET\"}, \"response\": {\"statusCode\": \"%s\"}, ";

    Tested good = traced(http, "{" + exchange.formatted(200) + "\"result\": {\"n\": 1}}");
    Tested bad =
        traced(
            http,
            "{"
                + exchange.formatted(503)
                + "\"error\": \"States.Http.StatusCode.503\", \"cause\": \"away\"}");

    assertThat(good.output()).isEqualTo("{\"n\":1}");
    assertThat(good.inspection())
        .containsEntry("request", Map.of("method", "GET"))
        .containsEntry("response", Map.of("statusCode", "200"));
    assertThat(bad.status()).isEqualTo(Status.CAUGHT_ERROR);
    assertThat(bad.cause()).isEqualTo("away");
    assertThat(bad.inspection()).containsEntry("response", Map.of("statusCode", "503"));
  }

  /** At TRACE, by a handler that answers so. */
  private static Tested traced(String state, String answer) {
    StateTester tester =
        new StateTester(
            "us-east-1",
            "111111111111",
            Limits.DEFAULT,
            (task, _) ->
                task.resource().equals("arn:aws:stepstream:::http:trace")
                    ? new Answer.Succeeded(answer.getBytes(StandardCharsets.UTF_8))
                    : new Answer.Failed("Untraced", task.resource()));
    StateTest test =
        new StateTest(
            state,
            null,
            ROLE,
            null,
            InspectionLevel.TRACE,
            false,
            null,
            null,
            null,
            Configuration.NONE);
    return (Tested) tester.test(test, MOMENT);
  }

  @Test
  void shouldWantAMockForWhatCannotBeCalled() {
    assertThat(refused(new Given(MAP).role()).code()).isEqualTo("InvalidDefinition");
    assertThat(refused(task("states:startExecution.sync").role()).message()).contains("mock");
    assertThat(refused(task("lambda:invoke").role().context("{}")).message()).contains("mock");
  }

  private static Given task(String resource) {
    String arn = "arn:aws:states:::" + resource;
    return new Given(
        """
        {"Type": "Task", "Resource": "%s", "End": true, "Parameters": {"FunctionName": "f",
         "StateMachineArn": "a", "TableName": "t", "Item": {}, "Bucket": "b", "Key": "k",
         "QueueUrl": "q", "MessageBody": "m", "ApiEndpoint": "e", "Method": "GET"}}
        """
            .formatted(arn));
  }

  private Tested tested(Given given) {
    StateTestResult result = tester.test(given.test(), MOMENT);
    assertThat(result).isInstanceOf(Tested.class);
    return (Tested) result;
  }

  private Refused refused(Given given) {
    StateTestResult result = tester.test(given.test(), MOMENT);
    assertThat(result).isInstanceOf(Refused.class);
    return (Refused) result;
  }

  /** A test with little in it. */
  private record Given(
      String definition,
      @Nullable String state,
      @Nullable String roleArn,
      @Nullable String json,
      @Nullable String given,
      @Nullable Mock mocked,
      @Nullable String object,
      Configuration configured) {

    Given(String definition) {
      this(definition, null, null, null, null, null, null, Configuration.NONE);
    }

    Given state(String name) {
      return new Given(definition, name, roleArn, json, given, mocked, object, configured);
    }

    Given role() {
      return new Given(definition, state, ROLE, json, given, mocked, object, configured);
    }

    Given input(String text) {
      return new Given(definition, state, roleArn, text, given, mocked, object, configured);
    }

    Given variables(String text) {
      return new Given(definition, state, roleArn, json, text, mocked, object, configured);
    }

    Given mock(Mock mock) {
      return new Given(definition, state, roleArn, json, given, mock, object, configured);
    }

    Given result(String result) {
      return mock(new Mock(result, null, FieldValidation.STRICT));
    }

    Given error(String error) {
      return mock(new Mock(null, new MockedError(error, null), FieldValidation.STRICT));
    }

    Given context(String text) {
      return new Given(definition, state, roleArn, json, given, mocked, text, configured);
    }

    Given configuration(Configuration configuration) {
      return new Given(definition, state, roleArn, json, given, mocked, object, configuration);
    }

    StateTest test() {
      return new StateTest(
          definition,
          state,
          roleArn,
          json,
          InspectionLevel.TRACE,
          false,
          given,
          mocked,
          object,
          configured);
    }
  }
}
