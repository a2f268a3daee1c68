package io.stepstream.integrations.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.integrations.HttpStub;
import io.stepstream.integrations.Visit;
import io.stepstream.worker.handler.JsonText;
import io.stepstream.worker.handler.TaskFailedException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The public contract of Lambda's Invoke, against a server that answers as it does. */
@Timeout(30)
final class LambdaTest {

  private static final String INVOKE = "arn:aws:states:::lambda:invoke";
  private static final String FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:greet";

  private final List<String> seen = new ArrayList<>();

  private interface Attempt {
    void with(OptimizedHandler handler) throws Exception;
  }

  /**
   * @param error the header that tells of a function that failed
   */
  private record Reply(int status, String error, String type, String body) {

    static Reply of(String body) {
      return new Reply(200, "", "", body);
    }

    static Reply failed(String body) {
      return new Reply(200, "Unhandled", "", body);
    }
  }

  private void answering(Reply reply, Attempt test) throws Exception {
    try (HttpStub stub =
            new HttpStub(
                (http, _) -> {
                  seen.add(http.getRequestURI().toString());
                  seen.add(
                      new String(http.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                  http.getResponseHeaders().set("X-Amz-Executed-Version", "7");
                  http.getResponseHeaders().set("x-amzn-RequestId", "r-1");
                  if (!reply.error().isEmpty()) {
                    http.getResponseHeaders().set("X-Amz-Function-Error", reply.error());
                  }
                  if (!reply.type().isEmpty()) {
                    http.getResponseHeaders().set("x-amzn-ErrorType", reply.type());
                  }
                  HttpStub.send(http, reply.status(), reply.body());
                });
        AwsSettings settings = new AwsSettings(URI.create("http://127.0.0.1:9"));
        AwsServices services = new AwsServices()) {
      settings.set("aws.endpointUrlLambda", stub.endpoint().toString());
      test.with(new OptimizedHandler(services));
    }
  }

  private static JsonNode json(String text) throws IOException {
    return JsonText.read(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void shouldWrapTheResultOfAFunction() throws Exception {
    answering(
        Reply.of("{\"greeting\":\"Hello, Ada!\"}"),
        handler -> {
          JsonNode result =
              handler.handle(
                  json(
                      "{\"FunctionName\":\"greet\",\"Payload\":{\"name\":\"Ada\"},\"Qualifier\":\"live\"}"),
                  Visit.of(INVOKE + ".waitForTaskToken"));

          assertThat(seen)
              .containsExactly(
                  "/2015-03-31/functions/greet/invocations?Qualifier=live", "{\"name\":\"Ada\"}");
          assertThat(result.properties().stream().map(member -> member.getKey()))
              .containsExactlyInAnyOrder(
                  "ExecutedVersion",
                  "Payload",
                  "SdkHttpMetadata",
                  "SdkResponseMetadata",
                  "StatusCode");
          assertThat(result.path("Payload")).isEqualTo(json("{\"greeting\":\"Hello, Ada!\"}"));
          assertThat(result.path("ExecutedVersion").asText()).isEqualTo("7");
          assertThat(result.path("StatusCode").asInt()).isEqualTo(200);
          assertThat(result.path("SdkResponseMetadata").path("RequestId").asText())
              .isEqualTo("r-1");
        });
  }

  @Test
  void shouldGiveTheStatesInputToTheFunctionOfAnArn() throws Exception {
    answering(
        Reply.of("\"done\""),
        handler -> {
          JsonNode result = handler.handle(json("[1, \"ä\"]"), Visit.of(FUNCTION));

          assertThat(result).isEqualTo(json("\"done\""));
          assertThat(seen.get(0))
              .isEqualTo(
                  "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Agreet/invocations");
          assertThat(seen.get(1)).isEqualTo("[1,\"ä\"]");
        });
  }

  @Test
  void shouldFailAsTheFunctionDid() throws Exception {
    String payload =
        "{\"errorMessage\":\"Some exception was"
            + " raised.\",\"errorType\":\"Exception\",\"requestId\":\"1\",\"stackTrace\":[]}";
    answering(
        Reply.failed(payload),
        handler -> {
          for (String resource : List.of(INVOKE, FUNCTION)) {
            TaskFailedException failed =
                catchThrowableOfType(
                    TaskFailedException.class,
                    () -> handler.handle(json("{\"FunctionName\":\"greet\"}"), Visit.of(resource)));

            assertThat(failed.error()).isEqualTo("Exception");
            assertThat(failed.causeText()).isEqualTo(payload);
          }
        });
  }

  @Test
  void shouldNotMakeUpTheTypeOfAnError() throws Exception {
    answering(
        Reply.failed("{\"errorMessage\":\"Task timed out after 3.00 seconds\"}"),
        handler -> {
          TaskFailedException failed =
              catchThrowableOfType(
                  TaskFailedException.class,
                  () -> handler.handle(json("{\"FunctionName\":\"greet\"}"), Visit.of(INVOKE)));

          assertThat(failed.error()).isEqualTo("Lambda.Unknown");
          assertThat(failed.causeText()).endsWith("Task timed out after 3.00 seconds\"}");
        });
  }

  @Test
  void shouldTellErrorsOfTheServiceAsTheFormerSdkDid() throws Exception {
    answering(
        new Reply(
            404,
            "",
            "ResourceNotFoundException",
            "{\"Type\":\"User\",\"Message\":\"Function not found: arn:x\"}"),
        handler -> {
          TaskFailedException missing =
              catchThrowableOfType(
                  TaskFailedException.class,
                  () -> handler.handle(json("{\"FunctionName\":\"greet\"}"), Visit.of(INVOKE)));

          assertThat(missing.error()).isEqualTo("Lambda.ResourceNotFoundException");
          assertThat(missing.causeText())
              .isEqualTo(
                  "Function not found: arn:x (Service: AWSLambda; Status Code: 404; Error Code:"
                      + " ResourceNotFoundException; Request ID: r-1; Proxy: null)");
        });
    answering(
        new Reply(
            429,
            "",
            "TooManyRequestsException",
            "{\"Reason\":\"x\",\"message\":\"Rate Exceeded.\"}"),
        handler ->
            assertThat(
                    catchThrowableOfType(
                            TaskFailedException.class,
                            () -> handler.handle(json("{}"), Visit.of(FUNCTION)))
                        .error())
                .isEqualTo("Lambda.TooManyRequestsException"));
  }

  @Test
  void shouldHaveNoPayloadForACallThatIsNotWaitedFor() throws Exception {
    answering(
        new Reply(202, "", "", ""),
        handler -> {
          JsonNode result =
              handler.handle(
                  json("{\"FunctionName\":\"greet\",\"InvocationType\":\"Event\"}"),
                  Visit.of(INVOKE));

          assertThat(result.has("Payload")).isFalse();
          assertThat(result.path("StatusCode").asInt()).isEqualTo(202);
        });
  }

  @Test
  void shouldServeFunctionsOnlyWhereThereIsALambda() throws Exception {
    try (AwsSettings settings = new AwsSettings(URI.create("http://127.0.0.1:9"));
        AwsServices services = new AwsServices()) {
      assertThat(new OptimizedHandler(services).serves()).contains(INVOKE, "arn:aws:lambda:*");

      settings.unset("aws.endpointUrl");
      settings.unset("aws.region");
      settings.set("aws.profile", "no-such-profile");

      assertThat(new OptimizedHandler(services).serves())
          .contains("arn:aws:states:::sqs:sendMessage")
          .doesNotContain(INVOKE, "arn:aws:lambda:*");
    }
  }
}
