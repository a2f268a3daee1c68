package io.stepstream.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.worker.handler.JsonText;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskFailedException;
import io.stepstream.worker.handler.TaskHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TaskInvokerTest {

  private static final String INVOKE = "arn:aws:states:::lambda:invoke";
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z"));

  private static final TaskHandler ECHO = TaskHandler.function("echo", input -> input);

  @Test
  void shouldGiveTheInputToTheFunctionOfALambdaArnAndItsResultUnwrapped() {
    Outcome outcome = invoke(Orders.ofFunction("echo", "{\"n\":1.0,\"s\":\"ä\"}").build(), ECHO);

    assertThat(output(outcome)).isEqualTo("{\"n\":1.0,\"s\":\"ä\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"echo", "echo:$LATEST", "echo:7", "111111111111:function:echo"})
  void shouldFindAFunctionByEachFormOfItsName(String name) {
    Outcome outcome =
        invoke(
            Orders.of(INVOKE, "{\"FunctionName\":\"" + name + "\",\"Payload\":5}").build(), ECHO);

    assertThat(json(outcome).path("Payload").asInt()).isEqualTo(5);
  }

  @Test
  void shouldWrapTheResultOfLambdaInvokeUnderTheKeysThatAwsGives() {
    Outcome outcome =
        invoke(
            Orders.of(INVOKE, "{\"FunctionName\":\"echo\",\"Payload\":{\"a\":[1, 2]}}").build(),
            ECHO);

    JsonNode envelope = json(outcome);
    assertThat(fieldNames(envelope))
        .containsExactlyInAnyOrder(
            "ExecutedVersion", "Payload", "SdkHttpMetadata", "SdkResponseMetadata", "StatusCode");
    assertThat(envelope.path("ExecutedVersion").asText()).isEqualTo("$LATEST");
    assertThat(envelope.path("StatusCode").asInt()).isEqualTo(200);
    assertThat(envelope.path("Payload")).hasToString("{\"a\":[1,2]}");
    JsonNode http = envelope.path("SdkHttpMetadata");
    String[] headers = {
      "Connection",
      "Content-Length",
      "Content-Type",
      "Date",
      "X-Amz-Executed-Version",
      "X-Amzn-Trace-Id",
      "x-amzn-Remapped-Content-Length",
      "x-amzn-RequestId"
    };
    assertThat(fieldNames(http))
        .containsExactlyInAnyOrder("AllHttpHeaders", "HttpHeaders", "HttpStatusCode");
    assertThat(fieldNames(http.path("HttpHeaders"))).containsExactlyInAnyOrder(headers);
    assertThat(fieldNames(http.path("AllHttpHeaders"))).containsExactlyInAnyOrder(headers);
    assertThat(http.path("HttpHeaders").path("Content-Length").asText()).isEqualTo("11");
    assertThat(http.path("HttpHeaders").path("Date").asText())
        .isEqualTo("Fri, 02 Jan 2026 03:04:05 GMT");
    assertThat(http.path("AllHttpHeaders").path("Content-Length").get(0).asText()).isEqualTo("11");
    assertThat(envelope.path("SdkResponseMetadata").path("RequestId").asText())
        .isEqualTo(http.path("HttpHeaders").path("x-amzn-RequestId").asText())
        .hasSize(36);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        // recorded: services/lambda_task_service.invoke_json_values.*
        "`\"\\\"HelloWorld\\\"\"`,`\"HelloWorld\"`",
        "`\"0.0\"`,`0.0`",
        "`\"{}\"`,`{}`",
        "`\"[]\"`,`[]`",
        "`{\"a\" : 1}`,`{\"a\":1}`",
        "`true`,`true`",
        "`-1.5e3`,`-1.5E+3`",
        "`null`,`null`"
      })
  void shouldSendAPayloadThatIsAStringVerbatim(String payload, String result) {
    Outcome outcome =
        invoke(
            Orders.of(INVOKE, "{\"Payload\":" + payload + ",\"FunctionName\":\"echo\"}").build(),
            ECHO);

    assertThat(json(outcome).path("Payload")).hasToString(result);
  }

  @Test
  void shouldSendAnEmptyObjectWithoutAPayload() {
    Outcome outcome = invoke(Orders.of(INVOKE, "{\"FunctionName\":\"echo\"}").build(), ECHO);

    assertThat(json(outcome).path("Payload")).hasToString("{}");
  }

  @Test
  void shouldFailAPayloadThatIsNoJsonAsLambdaDoes() {
    Outcome.Failed failed =
        failed(
            invoke(
                Orders.of(INVOKE, "{\"FunctionName\":\"echo\",\"Payload\":\"hello\"}").build(),
                ECHO));

    assertThat(failed.error()).isEqualTo("Lambda.InvalidRequestContentException");
    assertThat(failed.cause())
        .startsWith("Could not parse request body into json:")
        .contains("Status Code: 400");
  }

  @Test
  void shouldFailAnUnknownFunctionInTheWordsOfAws() {
    // recorded: error-handling/task_service_lambda.no_such_function
    Outcome.Failed failed =
        failed(
            invoke(
                Orders.of(INVOKE, "{\"FunctionName\":\"no_such\",\"Payload\":null}").build(),
                ECHO));

    assertThat(failed.error()).isEqualTo("Lambda.ResourceNotFoundException");
    assertThat(failed.cause())
        .matches(
            Pattern.quote(
                    "Function not found:"
                        + " arn:aws:lambda:us-east-1:111111111111:function:no_such:$LATEST"
                        + " (Service: AWSLambda; Status Code: 404; Error Code:"
                        + " ResourceNotFoundException; Request ID: ")
                + "[0-9a-f-]{36}"
                + Pattern.quote("; Proxy: null)"));
  }

  @Test
  void shouldNameTheAccountAndRegionThatTheArnOfAnUnknownFunctionNames() {
    Outcome.Failed failed =
        failed(
            invoke(
                Orders.of("arn:aws:lambda:eu-west-3:222222222222:function:none:5", "{}").build(),
                ECHO));

    assertThat(failed.error()).isEqualTo("Lambda.ResourceNotFoundException");
    assertThat(failed.cause())
        .startsWith("Function not found: arn:aws:lambda:eu-west-3:222222222222:function:none:5 (");
  }

  @Test
  void shouldAskForTheFunctionNameWhereThereIsNone() {
    Outcome.Failed failed = failed(invoke(Orders.of(INVOKE, "{\"Payload\":1}").build(), ECHO));

    assertThat(failed.error()).isEqualTo("States.Runtime");
    assertThat(failed.cause()).contains("'FunctionName' is required", "'Work'");
  }

  @Test
  void shouldSayWhatIsServedWhereAResourceIsNot() {
    Outcome.Failed failed =
        failed(invoke(Orders.of("arn:aws:states:::sqs:sendMessage", "{}").build(), ECHO));

    assertThat(failed.error()).isEqualTo("States.Runtime");
    assertThat(failed.cause())
        .contains("'arn:aws:states:::sqs:sendMessage'", "'Work'", "It serves: echo", "TaskHandler");
  }

  @Test
  void shouldPreferTheHandlerWithTheLongestMatchingResource() {
    TaskHandler all = serving("arn:aws:states:::aws-sdk:*", "all");
    TaskHandler some = serving("arn:aws:states:::aws-sdk:s3:*", "some");
    TaskHandler one = serving("arn:aws:states:::aws-sdk:s3:getObject", "one");

    assertThat(output(invoke(order("aws-sdk:s3:getObject"), all, some, one))).isEqualTo("\"one\"");
    assertThat(output(invoke(order("aws-sdk:s3:putObject"), all, some, one))).isEqualTo("\"some\"");
    assertThat(output(invoke(order("aws-sdk:sqs:send"), all, some, one))).isEqualTo("\"all\"");
  }

  private static TaskOrder order(String integration) {
    return Orders.of("arn:aws:states:::" + integration, "{}").build();
  }

  @Test
  void shouldLetAnIntegrationServeTheFunctionsThatNoHandlerIsNamedAfter() {
    TaskHandler lambda = serving(INVOKE, "remote");
    TaskOrder local = Orders.of(INVOKE, "{\"FunctionName\":\"echo\"}").build();
    TaskOrder remote = Orders.of(INVOKE, "{\"FunctionName\":\"other\"}").build();

    assertThat(json(invoke(local, ECHO, lambda)).path("StatusCode").asInt()).isEqualTo(200);
    assertThat(output(invoke(remote, ECHO, lambda))).isEqualTo("\"remote\"");
  }

  @Test
  void shouldNotEndATaskWhoseTokenWasPassedOn() {
    TaskOrder order =
        Orders.of(INVOKE + ".waitForTaskToken", "{\"FunctionName\":\"echo\"}")
            .setTaskToken("token")
            .build();

    assertThat(invoke(order, ECHO))
        .isInstanceOfSatisfying(
            Outcome.HandedOver.class,
            handed ->
                assertThat(new String(handed.output(), StandardCharsets.UTF_8))
                    .contains("\"StatusCode\":200"));
  }

  @Test
  void shouldFailATaskThatWaitsForItsTokenWhenItsFunctionFails() {
    TaskHandler failing =
        TaskHandler.function(
            "fails",
            _ -> {
              throw new TaskFailedException("CardDeclined", "no money");
            });
    TaskOrder order =
        Orders.of(INVOKE + ".waitForTaskToken", "{\"FunctionName\":\"fails\"}").build();

    assertThat(invoke(order, failing)).isEqualTo(new Outcome.Failed("CardDeclined", "no money"));
  }

  @Test
  void shouldNameAnUnforeseenExceptionByItsClassAsAJavaLambdaDoes() throws IOException {
    TaskHandler broken =
        TaskHandler.function(
            "broken",
            _ -> {
              throw new IllegalStateException("out of paper", new IOException("tray 2"));
            });

    Outcome.Failed failed = failed(invoke(Orders.ofFunction("broken", "{}").build(), broken));

    assertThat(failed.error()).isEqualTo("java.lang.IllegalStateException");
    JsonNode cause = JsonText.read(failed.cause().getBytes(StandardCharsets.UTF_8));
    assertThat(cause.path("errorMessage").asText()).isEqualTo("out of paper");
    assertThat(cause.path("errorType").asText()).isEqualTo("java.lang.IllegalStateException");
    assertThat(cause.path("stackTrace").get(0).asText()).contains("TaskInvokerTest");
    assertThat(cause.path("stackTrace")).hasSizeLessThanOrEqualTo(20);
    assertThat(cause.path("stackTrace").toString()).doesNotContain("TaskInvoker.invoke");
    assertThat(cause.path("cause").path("errorType").asText()).isEqualTo("java.io.IOException");
  }

  @Test
  void shouldFailTheTaskOfAHandlerThatOverflowsItsStack() {
    TaskHandler endless = TaskHandler.function("endless", TaskInvokerTest::recurse);

    Outcome.Failed failed = failed(invoke(Orders.ofFunction("endless", "{}").build(), endless));

    assertThat(failed.error()).isEqualTo("java.lang.StackOverflowError");
  }

  private static JsonNode recurse(JsonNode input) {
    JsonNode deeper = recurse(input);
    return deeper.isNull() ? input : deeper;
  }

  @Test
  void shouldAnswerTheSdksInvokeWithTheResultAsText() {
    String resource = "arn:aws:states:::aws-sdk:lambda:invoke";
    TaskHandler declines =
        TaskHandler.named(
            "declines",
            (_, _) -> {
              throw new TaskFailedException("Card.Declined", "no money");
            });
    TaskHandler breaks =
        TaskHandler.function(
            "breaks",
            _ -> {
              throw new IllegalStateException("broken");
            });

    Outcome echoed =
        invoke(
            Orders.of(resource, "{\"FunctionName\":\"echo\",\"Payload\":{\"a\":1}}").build(), ECHO);
    Outcome declined =
        invoke(Orders.of(resource, "{\"FunctionName\":\"declines\"}").build(), declines);
    JsonNode broken =
        json(invoke(Orders.of(resource, "{\"FunctionName\":\"breaks\"}").build(), breaks));

    assertThat(output(echoed))
        .isEqualTo(
            "{\"ExecutedVersion\":\"$LATEST\",\"Payload\":\"{\\\"a\\\":1}\",\"StatusCode\":200}");
    assertThat(output(declined))
        .isEqualTo(
            "{\"ExecutedVersion\":\"$LATEST\",\"FunctionError\":\"Unhandled\",\"Payload\":\"{\\\"errorMessage\\\":\\\"no"
                + " money\\\",\\\"errorType\\\":\\\"Card.Declined\\\"}\",\"StatusCode\":200}");
    assertThat(broken.path("Payload").asText())
        .startsWith(
            "{\"errorMessage\":\"broken\",\"errorType\":\"java.lang.IllegalStateException\",");
  }

  @Test
  void shouldTakeNullForNothing() {
    TaskHandler silent =
        TaskHandler.function("silent", _ -> JsonNodeFactory.instance.missingNode());

    assertThat(output(invoke(Orders.ofFunction("silent", "{}").build(), silent))).isEqualTo("null");
  }

  @Test
  void shouldRefuseAResultOverTheLimitInTheWordsOfAws() {
    // recorded: error-handling/states_errors.*_data_limit_exceeded_on_large_utf8_response
    TaskHandler large =
        TaskHandler.function(
            "large", _ -> JsonNodeFactory.instance.textNode("a".repeat(257 * 1024)));

    assertThat(invoke(Orders.ofFunction("large", "{}").build(), large))
        .isEqualTo(
            new Outcome.Failed(
                "States.DataLimitExceeded",
                "The state/task 'arn:aws:lambda:us-east-1:111111111111:function:large' returned a"
                    + " result with a size exceeding the maximum number of bytes service limit."));
    assertThat(invoke(Orders.of(INVOKE, "{\"FunctionName\":\"large\"}").build(), large))
        .isEqualTo(
            new Outcome.Failed(
                "States.DataLimitExceeded",
                "The state/task 'lambda' returned a result with a size exceeding the maximum"
                    + " number of bytes service limit."));
    TaskHandler object = serving("arn:aws:states:::aws-sdk:*", "a".repeat(257 * 1024));
    assertThat(invoke(Orders.of("arn:aws:states:::aws-sdk:s3:getObject", "{}").build(), object))
        .isEqualTo(
            new Outcome.Failed(
                "States.DataLimitExceeded",
                "The state/task 'aws-sdk:s3' returned a result with a size exceeding the maximum"
                    + " number of bytes service limit."));
  }

  @Test
  void shouldTakeAResultOfExactlyTheLimit() {
    TaskHandler full =
        TaskHandler.function("full", _ -> JsonNodeFactory.instance.textNode("a".repeat(262_142)));

    assertThat(output(invoke(Orders.ofFunction("full", "{}").build(), full))).hasSize(262_144);
  }

  private static TaskHandler serving(String resource, String answer) {
    return new TaskHandler() {
      @Override
      public List<String> serves() {
        return List.of(resource);
      }

      @Override
      public JsonNode handle(JsonNode input, TaskContext context) {
        return JsonNodeFactory.instance.textNode(answer);
      }
    };
  }

  private static Outcome invoke(TaskOrder order, TaskHandler... handlers) {
    var context = new RunningTask(order, 1, () -> false, 0);
    return new TaskInvoker(new HandlerDirectory(List.of(handlers)), CLOCK).invoke(order, context);
  }

  private static String output(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
    return new String(((Outcome.Succeeded) outcome).output(), StandardCharsets.UTF_8);
  }

  private static JsonNode json(Outcome outcome) {
    try {
      return JsonText.read(output(outcome).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Outcome.Failed failed(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    return (Outcome.Failed) outcome;
  }

  private static List<String> fieldNames(JsonNode object) {
    return object.properties().stream().map(java.util.Map.Entry::getKey).toList();
  }
}
