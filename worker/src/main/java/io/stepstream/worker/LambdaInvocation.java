package io.stepstream.worker;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.worker.handler.JsonText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of {@code arn:aws:states:::lambda:invoke} and of its {@code aws-sdk} form, and what
 * AWS wraps the results in.
 *
 * @param functionName as given; null if there is none
 * @param payload the JSON text that the function receives
 */
record LambdaInvocation(@Nullable String functionName, byte[] payload) {

  private static final byte[] EMPTY_OBJECT = {'{', '}'};

  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /**
   * Reads the arguments without building a tree: the payload is a slice of the text. A payload
   * which is a JSON string is itself the JSON text that the function receives: AWS sends it
   * verbatim.
   *
   * @throws IOException the arguments are no JSON object
   */
  static LambdaInvocation parse(byte[] arguments) throws IOException {
    String functionName = null;
    byte[] payload = EMPTY_OBJECT;
    try (JsonParser parser = JsonText.factory().createParser(arguments)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("The arguments of lambda:invoke must be a JSON object.");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        JsonToken value = parser.nextToken();
        if (field.equals("FunctionName") && value == JsonToken.VALUE_STRING) {
          functionName = parser.getText();
        } else if (field.equals("Payload") && value == JsonToken.VALUE_STRING) {
          payload = parser.getText().getBytes(StandardCharsets.UTF_8);
        } else if (field.equals("Payload")) {
          int start = (int) parser.currentTokenLocation().getByteOffset();
          parser.skipChildren();
          parser.finishToken();
          payload =
              Arrays.copyOfRange(arguments, start, (int) parser.currentLocation().getByteOffset());
        } else {
          parser.skipChildren();
        }
      }
    }
    return new LambdaInvocation(functionName, payload);
  }

  /**
   * The result under AWS's keys; values that only AWS's servers could know are made up in their
   * form.
   */
  static byte[] envelope(byte[] result, String version, @Nullable String traceHeader, Instant now) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    String requestId = new UUID(random.nextLong(), random.nextLong()).toString();
    String trace =
        traceHeader == null
            ? "root=1-%08x-%08x%016x;sampled=0"
                .formatted(now.getEpochSecond(), random.nextInt(), random.nextLong())
            : traceHeader.replaceAll("[^ -~]|[\"\\\\]", "");
    String length = Integer.toString(result.length);
    String date = HTTP_DATE.format(now);
    var out = new ByteArrayOutputStream(result.length + 1_024);
    out.writeBytes(ascii("{\"ExecutedVersion\":\"" + version + "\",\"Payload\":"));
    out.writeBytes(result);
    out.writeBytes(
        ascii(
            ",\"SdkHttpMetadata\":{\"AllHttpHeaders\":{"
                + "\"X-Amz-Executed-Version\":[\""
                + version
                + "\"],"
                + "\"x-amzn-Remapped-Content-Length\":[\"0\"],"
                + "\"Connection\":[\"keep-alive\"],"
                + "\"x-amzn-RequestId\":[\""
                + requestId
                + "\"],"
                + "\"Content-Length\":[\""
                + length
                + "\"],"
                + "\"Date\":[\""
                + date
                + "\"],"
                + "\"X-Amzn-Trace-Id\":[\""
                + trace
                + "\"],"
                + "\"Content-Type\":[\"application/json\"]},"
                + "\"HttpHeaders\":{"
                + "\"Connection\":\"keep-alive\","
                + "\"Content-Length\":\""
                + length
                + "\","
                + "\"Content-Type\":\"application/json\","
                + "\"Date\":\""
                + date
                + "\","
                + "\"X-Amz-Executed-Version\":\""
                + version
                + "\","
                + "\"x-amzn-Remapped-Content-Length\":\"0\","
                + "\"x-amzn-RequestId\":\""
                + requestId
                + "\","
                + "\"X-Amzn-Trace-Id\":\""
                + trace
                + "\"},"
                + "\"HttpStatusCode\":200},"
                + "\"SdkResponseMetadata\":{\"RequestId\":\""
                + requestId
                + "\"},"
                + "\"StatusCode\":200}"));
    return out.toByteArray();
  }

  /**
   * What {@code aws-sdk:lambda:invoke} gives: the payload as text, also of a function that failed.
   */
  static byte[] answer(Outcome outcome, String version) throws IOException {
    ObjectNode answer = JsonNodeFactory.instance.objectNode().put("ExecutedVersion", version);
    switch (outcome) {
      case Outcome.Succeeded(byte[] output) -> answer.put("Payload", text(output));
      case Outcome.HandedOver(byte[] output) -> answer.put("Payload", text(output));
      case Outcome.Failed(String error, String cause) ->
          answer.put("FunctionError", "Unhandled").put("Payload", failure(error, cause));
      case Outcome.JobRuns _, Outcome.Nothing _ ->
          throw new IllegalStateException("handlers of jobs serve no functions");
    }
    return JsonText.write(answer.put("StatusCode", 200));
  }

  /**
   * As a function on AWS Lambda tells of its failure: an exception's cause has that form already.
   */
  private static String failure(@Nullable String error, @Nullable String cause) throws IOException {
    if (cause != null && cause.startsWith("{\"errorMessage\":")) {
      return cause;
    }
    return text(
        JsonText.write(
            JsonNodeFactory.instance
                .objectNode()
                .put("errorMessage", cause)
                .put("errorType", error)));
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
