package io.stepstream.integrations.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.worker.handler.TaskFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What the arguments of calls over HTTP have in common. Each method fails the task where an
 * argument is not what a call needs.
 *
 * @param resource for people
 */
record CallArguments(String resource, JsonNode given) {

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

  String method() {
    String method = required("Method");
    if (!METHODS.contains(method)) {
      throw invalid(
          "Method", "must be one of " + String.join(", ", METHODS.stream().sorted().toList()));
    }
    return method;
  }

  String required(String field) {
    JsonNode value = given.path(field);
    if (!value.isTextual()) {
      throw invalid(field, "is required and must be a text");
    }
    return value.textValue();
  }

  /** Pairs of names and values, as they stand in a URL. */
  List<String> query() {
    JsonNode query = given.path("QueryParameters");
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
        pairs.add(HttpCall.pair(parameter.getKey(), FormBody.text(each)));
      }
    }
    return pairs;
  }

  /** By their names, whatever their case; several values are joined. */
  Map<String, String> headers() {
    JsonNode headers = given.path("Headers");
    if (!headers.isMissingNode() && !headers.isObject()) {
      throw invalid("Headers", "must be an object");
    }
    Map<String, String> found = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Map.Entry<String, JsonNode> header : headers.properties()) {
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
      found.put(name, joined);
    }
    return found;
  }

  TaskFailedException invalid(String field, String what) {
    return invalid(resource, field, what);
  }

  static TaskFailedException invalid(String resource, String field, String what) {
    return new TaskFailedException(
        "States.Runtime", "The field '%s' of %s %s.".formatted(field, resource, what));
  }
}
