package io.stepstream.testkit.conformance;

import io.stepstream.asl.json.Decoded;
import io.stepstream.asl.json.Json;
import io.stepstream.asl.simulation.TaskAttempt;
import io.stepstream.asl.simulation.TaskReport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The few functions that the recordings call, by what they say that these return. */
final class LambdaFunctions {

  private static final Duration SOON = Duration.ofMillis(20);
  private static final String REQUEST_ID = "a3b1a7f0-1111-4222-8333-444455556666";

  /** What a function gave: a payload, or an error as Lambda tells it. */
  private record Answer(
      Duration after, String payload, @Nullable String errorType, @Nullable String cause) {}

  private LambdaFunctions() {}

  /** Null: the case has no such function. */
  static @Nullable List<TaskReport> answer(RecordedCase recorded, TaskAttempt attempt) {
    Map<?, ?> function = find(recorded, String.valueOf(attempt.function()));
    if (function == null) {
      return null;
    }
    if (!attempt.resource().contains(":states:::")) {
      Answer answer = answer(function, new String(attempt.input(), StandardCharsets.UTF_8));
      return answer == null ? null : List.of(report(answer, answer.payload()));
    }
    Object payload = ((Map<?, ?>) attempt.payload()).get("Payload");
    // A string is sent as it stands, everything else as JSON.
    String event =
        payload == null || payload == Json.NULL
            ? "{}"
            : payload instanceof String text ? text : Json.encode(payload);
    Answer answer = answer(function, event);
    if (answer == null) {
      return null;
    }
    Object shown =
        Json.decode(answer.payload()) instanceof Decoded.Tree(Object json)
            ? json
            : answer.payload();
    Map<String, Object> response =
        RecordedWorld.object(
            "ExecutedVersion",
            "$LATEST",
            "Payload",
            shown,
            "SdkHttpMetadata",
            RecordedWorld.object("HttpStatusCode", 200),
            "SdkResponseMetadata",
            RecordedWorld.object("RequestId", REQUEST_ID),
            "StatusCode",
            200);
    return List.of(report(answer, Json.encode(response)));
  }

  private static TaskReport report(Answer answer, String output) {
    return answer.errorType() != null
        ? new TaskReport.Failed(answer.after(), answer.errorType(), answer.cause())
        : new TaskReport.Succeeded(answer.after(), output.getBytes(StandardCharsets.UTF_8));
  }

  private static @Nullable Map<?, ?> find(RecordedCase recorded, String name) {
    for (Object function : recorded.list("lambdas")) {
      Map<?, ?> json = (Map<?, ?>) function;
      if (name.equals(json.get("functionName"))) {
        return json;
      }
    }
    return null;
  }

  /** Null: it is not known what the function does. */
  private static @Nullable Answer answer(Map<?, ?> function, String event) {
    String handler = String.valueOf(function.get("handler"));
    String file = handler.substring(handler.lastIndexOf('/') + 1);
    return switch (file) {
      case "id_function.py" -> new Answer(SOON, event, null, null);
      case "return_bytes_str.py" -> new Answer(SOON, "\"HelloWorld!\"", null, null);
      case "large_output_string.py" ->
          new Answer(SOON, "\"" + "a".repeat(257 * 1024) + "\"", null, null);
      case "echo_function.py" -> new Answer(SOON, "{\"Return\":\"HelloWorld\"}", null, null);
      case "wait_60_seconds.py" -> new Answer(Duration.ofSeconds(60), event, null, null);
      case "raise_exception.py" ->
          raised(
              "Exception",
              "Some exception was raised.",
              "raise Exception(\"Some exception was raised.\")");
      case "raise_custom_exception.py" -> raised("CustomException", "", "raise CustomException()");
      default -> null;
    };
  }

  private static Answer raised(String type, String message, String line) {
    String cause =
        Json.encode(
            RecordedWorld.object(
                "errorMessage",
                message,
                "errorType",
                type,
                "requestId",
                REQUEST_ID,
                "stackTrace",
                List.of(
                    "  File \"/var/task/handler.py\", line 2, in handler\n    " + line + "\n")));
    return new Answer(SOON, cause, type, cause);
  }
}
