package io.stepstream.integrations.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.worker.handler.JsonText;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskFailedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Functions of AWS Lambda's, for those names that no handler of a worker has. */
final class Lambda {

  static final AwsErrors ERRORS = AwsErrors.former("Lambda", "AWSLambdaException", "AWSLambda");

  private static final String PAYLOAD = "Payload";

  private Lambda() {}

  /**
   * Whether there is a Lambda to ask: its endpoint or a region is set. Otherwise an unknown
   * function is told of at once, and not after a search for credentials.
   */
  static boolean isReachable() {
    return AwsAccess.endpoint("Lambda", System::getProperty, System::getenv) != null
        || AwsAccess.region().isPresent();
  }

  /** Of a function's ARN as a Resource: it receives what the state has. */
  static ObjectNode arguments(JsonNode input, TaskContext context) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("FunctionName", context.resource())
        .set(PAYLOAD, JsonNodeFactory.instance.textNode(text(input)));
  }

  /**
   * The result of {@code lambda:invoke}.
   *
   * @throws TaskFailedException the function failed
   */
  static ObjectNode envelope(AwsAnswer answer) {
    ObjectNode result = FormerResult.withMetadata(answer);
    JsonNode payload = payload(result);
    if (payload.isMissingNode()) {
      result.remove(PAYLOAD);
    } else {
      result.set(PAYLOAD, payload);
    }
    return result;
  }

  /**
   * What the function returned.
   *
   * @throws TaskFailedException the function failed
   */
  static JsonNode result(AwsAnswer answer) {
    return payload(FormerResult.of(answer));
  }

  /** Missing: the function is not waited for. */
  private static JsonNode payload(ObjectNode result) {
    String text = result.path(PAYLOAD).asText();
    JsonNode payload = parse(text);
    if (result.has("FunctionError")) {
      JsonNode type = payload.path("errorType");
      throw type.isTextual()
          ? new TaskFailedException(type.textValue(), text)
          : new TaskFailedException(
              "Lambda.Unknown",
              "The cause could not be determined because Lambda did not return an error type."
                  + " Returned payload: "
                  + text);
    }
    return payload;
  }

  private static JsonNode parse(String text) {
    if (text.isEmpty()) {
      return JsonNodeFactory.instance.missingNode();
    }
    try {
      return JsonText.read(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException _) {
      return JsonNodeFactory.instance.textNode(text);
    }
  }

  private static String text(JsonNode input) {
    try {
      return new String(JsonText.write(input), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }
}
