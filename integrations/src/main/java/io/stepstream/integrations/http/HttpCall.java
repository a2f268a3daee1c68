package io.stepstream.integrations.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.integrations.http.FormBody.ArrayFormat;
import io.stepstream.schemas.tracing.TraceContext;
import io.stepstream.worker.handler.JsonText;
import io.stepstream.worker.handler.TaskFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a state wants called: the arguments of {@code http:invoke}.
 *
 * @param endpoint with all of its query but what a connection adds
 * @param headers by their names, whatever their case
 * @param body JSON null: none
 * @param form how the body is encoded as a form; null: it isn't
 * @param connection the ARN of what authorises the call
 */
record HttpCall(
    String method,
    URI endpoint,
    Map<String, String> headers,
    JsonNode body,
    @Nullable ArrayFormat form,
    Optional<String> connection) {

  private static final String RESOURCE = "http:invoke";

  /**
   * @throws TaskFailedException the arguments are not what a call needs
   */
  static HttpCall of(JsonNode arguments) {
    CallArguments given = new CallArguments(RESOURCE, arguments);
    JsonNode transform = arguments.path("Transform");
    return new HttpCall(
        given.method(),
        withQuery(endpoint(given.required("ApiEndpoint")), given.query()),
        given.headers(),
        arguments.path("RequestBody").isMissingNode()
            ? JsonNodeFactory.instance.nullNode()
            : arguments.path("RequestBody"),
        form(transform),
        connection(arguments));
  }

  /**
   * The call with the task's span, in the W3C's form, for whoever is called; a header of the
   * state's own wins.
   */
  HttpCall tracedBy(Optional<String> traceParent) {
    if (traceParent.isEmpty()) {
      return this;
    }
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.put(TraceContext.TRACE_PARENT, traceParent.get());
    all.putAll(headers);
    return new HttpCall(method, endpoint, all, body, form, connection);
  }

  /** The call of a connection's endpoint for tokens. */
  static HttpCall of(
      String method,
      URI endpoint,
      Map<String, String> query,
      Map<String, String> headers,
      ObjectNode fields,
      boolean form) {
    List<String> pairs = new ArrayList<>();
    query.forEach((key, value) -> pairs.add(pair(key, value)));
    return new HttpCall(
        method,
        withQuery(endpoint, pairs),
        headers,
        form ? fields : JsonNodeFactory.instance.nullNode(),
        form ? ArrayFormat.REPEAT : null,
        Optional.empty());
  }

  private static URI endpoint(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw invalid("ApiEndpoint", "is no URL: " + e.getReason());
    }
    boolean web =
        "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
    if (!web || uri.getHost() == null || uri.getUserInfo() != null) {
      throw invalid("ApiEndpoint", "must be https://HOST/PATH, without a user");
    }
    return uri;
  }

  static String pair(String key, String value) {
    return FormBody.encoded(key) + "=" + FormBody.encoded(value);
  }

  static URI withQuery(URI uri, List<String> pairs) {
    if (pairs.isEmpty()) {
      return uri;
    }
    String text = uri.toString();
    int fragment = text.indexOf('#');
    String plain = fragment < 0 ? text : text.substring(0, fragment);
    return URI.create(plain + (uri.getRawQuery() == null ? "?" : "&") + String.join("&", pairs));
  }

  private static @Nullable ArrayFormat form(JsonNode transform) {
    String encoding = transform.path("RequestBodyEncoding").asText("NONE");
    if (encoding.equals("NONE")) {
      return null;
    }
    if (!encoding.equals("URL_ENCODED")) {
      throw invalid("Transform.RequestBodyEncoding", "must be NONE or URL_ENCODED");
    }
    String format =
        transform
            .path("RequestEncodingOptions")
            .path("ArrayFormat")
            .asText(ArrayFormat.INDICES.name());
    return Arrays.stream(ArrayFormat.values())
        .filter(known -> known.name().equals(format))
        .findFirst()
        .orElseThrow(
            () ->
                invalid(
                    "Transform.RequestEncodingOptions.ArrayFormat",
                    "must be one of " + Arrays.toString(ArrayFormat.values())));
  }

  private static Optional<String> connection(JsonNode arguments) {
    for (String holder : List.of("Authentication", "InvocationConfig")) {
      if (arguments.has(holder)) {
        return Optional.of(
            new CallArguments(RESOURCE, arguments.path(holder)).required("ConnectionArn"));
      }
    }
    return Optional.empty();
  }

  /** The same call with what a connection adds to it besides headers. */
  HttpCall with(Connection secret) {
    List<String> pairs = new ArrayList<>();
    secret.query().forEach((key, value) -> pairs.add(pair(key, value)));
    JsonNode whole = body;
    if (!secret.body().isEmpty()) {
      if (!body.isNull() && !body.isObject()) {
        throw invalid("RequestBody", "must be an object, since its connection adds members to it");
      }
      ObjectNode merged = body.isNull() ? JsonNodeFactory.instance.objectNode() : body.deepCopy();
      secret.body().forEach(merged::put);
      whole = merged;
    }
    return new HttpCall(method, withQuery(endpoint, pairs), headers, whole, form, connection);
  }

  /** The same call, with headers that are not the state's to set. */
  HttpCall with(Map<String, String> more) {
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.putAll(headers);
    all.putAll(more);
    return new HttpCall(method, endpoint, all, body, form, connection);
  }

  /** The same call where a redirect has led it: that has a query of its own. */
  HttpCall at(URI target) {
    return new HttpCall(method, target, headers, body, form, connection);
  }

  /** The body as it goes out; null: none. A text is sent as it is. */
  byte @Nullable [] content() {
    if (body.isNull()) {
      return null;
    }
    if (form != null) {
      if (!body.isObject()) {
        throw invalid("RequestBody", "must be an object to be URL_ENCODED");
      }
      return FormBody.encode(body, form).getBytes(StandardCharsets.UTF_8);
    }
    try {
      return body.isTextual()
          ? body.textValue().getBytes(StandardCharsets.UTF_8)
          : JsonText.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String contentType() {
    String byDefault =
        form == null ? "application/json; charset=UTF-8" : "application/x-www-form-urlencoded";
    return headers.getOrDefault("Content-Type", byDefault);
  }

  private static TaskFailedException invalid(String field, String what) {
    return CallArguments.invalid(RESOURCE, field, what);
  }
}
