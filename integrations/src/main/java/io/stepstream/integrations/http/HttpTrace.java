package io.stepstream.integrations.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.worker.handler.JsonText;
import io.stepstream.worker.handler.TaskFailedException;
import io.stepstream.worker.handler.TaskHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What went over the wire, in the form of TestState's {@code InspectionDataRequest} and {@code
 * InspectionDataResponse}, with what became of it: {@code result}, or {@code error} and {@code
 * cause}.
 *
 * <p>The request is told as the state gives it. What a connection adds is never told, since all
 * this is in a record.
 */
final class HttpTrace {

  private static final String LEFT_OUT = "(left out: the answer would be too large with it)";

  private final ObjectNode told = JsonNodeFactory.instance.objectNode();

  HttpTrace(HttpCall call) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    headers.put("User-Agent", List.of(WebClient.AGENT));
    byte[] content = call.content();
    if (content != null) {
      headers.put("Content-Type", List.of(call.contentType()));
    }
    call.headers().forEach((name, value) -> headers.put(name, List.of(value)));
    ObjectNode request =
        told.putObject("request")
            .put("protocol", call.endpoint().getScheme())
            .put("method", call.method())
            .put("url", call.endpoint().toString())
            .put("headers", text(headers));
    if (content != null) {
      request.put("body", new String(content, StandardCharsets.UTF_8));
    }
  }

  void answered(HttpAnswer answer) {
    told.putObject("response")
        .put("protocol", told.at("/request/protocol").textValue())
        .put("statusCode", Integer.toString(answer.status()))
        .put("statusMessage", answer.reason())
        .put("headers", text(answer.headers()))
        .put("body", answer.body());
  }

  JsonNode succeeded(JsonNode result) {
    told.set("result", result);
    return bounded();
  }

  JsonNode failed(TaskFailedException failure) {
    told.put("error", failure.error()).put("cause", failure.causeText());
    return bounded();
  }

  /** The task's own result counts; what is told besides must not be why it is too large. */
  private JsonNode bounded() {
    for (String part : List.of("response", "request")) {
      if (size() > TaskHandler.MOST_RESULT_BYTES
          && told.path(part) instanceof ObjectNode message
          && message.has("body")) {
        message.put("body", LEFT_OUT);
      }
    }
    return told;
  }

  private int size() {
    try {
      return JsonText.write(told).length;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** AWS's form: {@code [Name: value, Name: value]}. */
  private static String text(Map<String, List<String>> headers) {
    return headers.entrySet().stream()
        .map(header -> header.getKey() + ": " + String.join(", ", header.getValue()))
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
