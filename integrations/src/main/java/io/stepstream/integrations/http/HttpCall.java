package io.stepstream.integrations.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.integrations.http.FormBody.ArrayFormat;
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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
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

  private static final Set<String> METHODS =
      Set.of("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD");

  /** AWS leaves these to itself. */
  private static final Set<String> RESERVED =
      Set.of(
          "a-im",
          "accept-charset",
          "accept-datetime",
          "accept-encoding",
          "authorization",
          "cache-control",
          "connection",
          "content-encoding",
          "content-length",
          "content-md5",
          "date",
          "expect",
          "forwarded",
          "from",
          "host",
          "http2-settings",
          "if-match",
          "if-modified-since",
          "if-none-match",
          "if-range",
          "if-unmodified-since",
          "max-forwards",
          "origin",
          "pragma",
          "proxy-authorization",
          "referer",
          "server",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "via",
          "warning");

  private static final List<String> RESERVED_BEGINNINGS =
      List.of("x-forwarded", "x-amz-", "x-amzn-");

  private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08\\x0a-\\x1f\\x7f]");

  /**
   * @throws TaskFailedException the arguments are not what a call needs
   */
  static HttpCall of(JsonNode arguments) {
    String method = required(arguments, "Method");
    if (!METHODS.contains(method)) {
      throw invalid(
          "Method", "must be one of " + String.join(", ", METHODS.stream().sorted().toList()));
    }
    JsonNode transform = arguments.path("Transform");
    return new HttpCall(
        method,
        endpoint(required(arguments, "ApiEndpoint"), arguments.path("QueryParameters")),
        headers(arguments.path("Headers")),
        arguments.path("RequestBody").isMissingNode()
            ? JsonNodeFactory.instance.nullNode()
            : arguments.path("RequestBody"),
        form(transform),
        connection(arguments));
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

  private static String required(JsonNode arguments, String field) {
    JsonNode value = arguments.path(field);
    if (!value.isTextual()) {
      throw invalid(field, "is required and must be a text");
    }
    return value.textValue();
  }

  private static URI endpoint(String text, JsonNode query) {
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
    return withQuery(uri, pairs(query));
  }

  private static List<String> pairs(JsonNode query) {
    if (!query.isMissingNode() && !query.isObject()) {
      throw invalid("QueryParameters", "must be an object");
    }
    List<String> pairs = new ArrayList<>();
    for (Map.Entry<String, JsonNode> parameter : query.properties()) {
      JsonNode value = parameter.getValue();
      for (JsonNode each : value.isArray() ? value : List.of(value)) {
        if (each.isContainerNode()) {
          throw invalid(
              "QueryParameters." + parameter.getKey(),
              "must be a text, a number, a boolean or an array of them");
        }
        pairs.add(pair(parameter.getKey(), FormBody.text(each)));
      }
    }
    return pairs;
  }

  private static String pair(String key, String value) {
    return FormBody.encoded(key) + "=" + FormBody.encoded(value);
  }

  private static URI withQuery(URI uri, List<String> pairs) {
    if (pairs.isEmpty()) {
      return uri;
    }
    String text = uri.toString();
    int fragment = text.indexOf('#');
    String plain = fragment < 0 ? text : text.substring(0, fragment);
    return URI.create(plain + (uri.getRawQuery() == null ? "?" : "&") + String.join("&", pairs));
  }

  private static Map<String, String> headers(JsonNode given) {
    if (!given.isMissingNode() && !given.isObject()) {
      throw invalid("Headers", "must be an object");
    }
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Map.Entry<String, JsonNode> header : given.properties()) {
      String name = header.getKey();
      String lower = name.toLowerCase(Locale.ROOT);
      if (RESERVED.contains(lower) || RESERVED_BEGINNINGS.stream().anyMatch(lower::startsWith)) {
        throw invalid(
            "Headers." + name,
            "can't be set by a state; what authorises a call is in its connection");
      }
      List<String> values = new ArrayList<>();
      JsonNode value = header.getValue();
      for (JsonNode each : value.isArray() ? value : List.of(value)) {
        values.add(FormBody.text(each));
      }
      String joined = String.join(", ", values);
      if (!HEADER_NAME.matcher(name).matches() || CONTROL.matcher(joined).find()) {
        throw invalid("Headers." + name, "is no header: no name or value may have such characters");
      }
      headers.put(name, joined);
    }
    return headers;
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
        return Optional.of(required(arguments.path(holder), "ConnectionArn"));
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
    return new TaskFailedException(
        "States.Runtime", "The field '%s' of http:invoke %s.".formatted(field, what));
  }
}
