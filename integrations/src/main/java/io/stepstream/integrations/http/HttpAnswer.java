package io.stepstream.integrations.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.worker.handler.JsonText;
import io.stepstream.worker.handler.TaskFailedException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an API answered.
 *
 * @param type in lower case, without parameters; empty: not said
 * @param body as text, up to a little more than a task's result may have
 */
record HttpAnswer(
    int status, String reason, Map<String, List<String>> headers, String type, String body) {

  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  /** As on AWS: what is no text can't be a task's result. */
  private static final List<String> NO_TEXT =
      List.of("application/octet-stream", "image/", "video/", "audio/");

  /**
   * Where the answer leads, or null: it is meant for us, or leads to no place that HTTP reaches.
   */
  @Nullable URI redirect(URI from) {
    List<String> location = header("Location");
    if (!REDIRECTS.contains(status) || location.isEmpty()) {
      return null;
    }
    try {
      URI target = from.resolve(location.getFirst());
      boolean web =
          "https".equalsIgnoreCase(target.getScheme())
              || "http".equalsIgnoreCase(target.getScheme());
      return web && target.getHost() != null && target.getUserInfo() == null ? target : null;
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  private List<String> header(String name) {
    return headers.entrySet().stream()
        .filter(header -> header.getKey().equalsIgnoreCase(name))
        .findFirst()
        .map(Map.Entry::getValue)
        .orElse(List.of());
  }

  HttpAnswer without(Connection secret) {
    Map<String, List<String>> struck = new LinkedHashMap<>();
    headers.forEach(
        (name, values) ->
            struck.put(secret.strikeOut(name), values.stream().map(secret::strikeOut).toList()));
    return new HttpAnswer(status, secret.strikeOut(reason), struck, type, secret.strikeOut(body));
  }

  /**
   * @throws TaskFailedException the API refused the call, or answered with what is no text
   */
  ObjectNode result() {
    if (status < 200 || status > 299) {
      throw new TaskFailedException(
          "States.Http.StatusCode." + status, body.isEmpty() ? reason : body);
    }
    return told("http:invoke");
  }

  /**
   * Whatever its status is.
   *
   * @param resource for people
   * @throws TaskFailedException the API answered with what is no text
   */
  ObjectNode told(String resource) {
    if (NO_TEXT.stream().anyMatch(type::startsWith)) {
      throw new TaskFailedException(
          "States.Runtime",
          "The API answered with '%s', which %s can't give as a result: only text can be."
              .formatted(type, resource));
    }
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    ObjectNode told = result.putObject("Headers");
    headers.forEach((name, values) -> values.forEach(told.withArray(name)::add));
    result.set("ResponseBody", parsed());
    return result.put("StatusCode", status).put("StatusText", reason);
  }

  private JsonNode parsed() {
    boolean json = type.equals("application/json") || type.endsWith("+json");
    if (json) {
      try {
        return JsonText.read(body.getBytes(StandardCharsets.UTF_8));
      } catch (IOException _) {
        // What the API calls JSON is none.
      }
    }
    return JsonNodeFactory.instance.textNode(body);
  }

  /** The media type of a Content-Type. */
  static String type(@Nullable String header) {
    return header == null ? "" : header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }
}
