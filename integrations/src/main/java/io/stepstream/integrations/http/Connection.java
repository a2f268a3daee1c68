package io.stepstream.integrations.http;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What authorises calls of an API, in the form that EventBridge's CreateConnection takes, and whom
 * it may be shown to.
 *
 * @param hosts in lower case; the only ones that get to see the rest
 * @param headers by their names
 */
record Connection(
    Set<String> hosts,
    Map<String, String> headers,
    Map<String, String> query,
    Map<String, String> body,
    Set<String> secrets) {

  private static final String STRUCK_OUT = "***";

  /** Whoever strikes out a shorter text hides more of an answer than of a secret. */
  private static final int SHORTEST_SECRET = 4;

  /** The connection is not what it must be. The message tells nothing of what is in it. */
  static final class Malformed extends Exception {

    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  static Connection parse(JsonNode json) throws Malformed {
    Set<String> hosts = new LinkedHashSet<>();
    for (JsonNode host : json.path("AllowedHosts")) {
      hosts.add(host.asText().toLowerCase(Locale.ROOT));
    }
    if (hosts.isEmpty()) {
      throw new Malformed("AllowedHosts must list the hosts that may see the secrets");
    }
    Connection connection =
        new Connection(
            hosts,
            new LinkedHashMap<>(),
            new LinkedHashMap<>(),
            new LinkedHashMap<>(),
            new LinkedHashSet<>());
    JsonNode parameters = json.path("AuthParameters");
    connection.authorize(json.path("AuthorizationType").asText(), parameters);
    JsonNode more = parameters.path("InvocationHttpParameters");
    connection.add(more.path("HeaderParameters"), connection.headers);
    connection.add(more.path("QueryStringParameters"), connection.query);
    connection.add(more.path("BodyParameters"), connection.body);
    return connection;
  }

  private void authorize(String type, JsonNode parameters) throws Malformed {
    switch (type) {
      case "BASIC" -> {
        String username = text(parameters, "BasicAuthParameters", "Username");
        String password = text(parameters, "BasicAuthParameters", "Password");
        String both =
            Base64.getEncoder()
                .encodeToString((username + ":" + password).getBytes(StandardCharsets.UTF_8));
        headers.put("Authorization", "Basic " + both);
        secrets.add(password);
        secrets.add(both);
      }
      case "API_KEY" -> {
        String value = text(parameters, "ApiKeyAuthParameters", "ApiKeyValue");
        headers.put(text(parameters, "ApiKeyAuthParameters", "ApiKeyName"), value);
        secrets.add(value);
      }
      case "BEARER" -> {
        String token = text(parameters, "BearerAuthParameters", "Token");
        headers.put("Authorization", "Bearer " + token);
        secrets.add(token);
      }
      default -> throw new Malformed("AuthorizationType must be BASIC, API_KEY or BEARER");
    }
  }

  private void add(JsonNode given, Map<String, String> parameters) throws Malformed {
    for (JsonNode parameter : given) {
      if (!parameter.path("Key").isTextual() || !parameter.path("Value").isTextual()) {
        throw new Malformed("each of InvocationHttpParameters must have a Key and a Value");
      }
      parameters.put(parameter.path("Key").textValue(), parameter.path("Value").textValue());
      if (parameter.path("IsValueSecret").asBoolean()) {
        secrets.add(parameter.path("Value").textValue());
      }
    }
  }

  private static String text(JsonNode parameters, String object, String field) throws Malformed {
    JsonNode value = parameters.path(object).path(field);
    if (!value.isTextual() || value.textValue().isEmpty()) {
      throw new Malformed("AuthParameters.%s.%s is missing".formatted(object, field));
    }
    return value.textValue();
  }

  boolean mayBeShownTo(String host) {
    return hosts.contains(host.toLowerCase(Locale.ROOT));
  }

  /** A text without the secrets: a server may send back what it got. */
  String strikeOut(String text) {
    String result = text;
    for (String form : forms()) {
      result = result.replace(form, STRUCK_OUT);
    }
    return result;
  }

  /** As they may stand in a text, the longest first: one may be part of another. */
  private List<String> forms() {
    List<String> forms = new ArrayList<>();
    for (String secret : secrets) {
      if (secret.length() >= SHORTEST_SECRET) {
        forms.add(secret);
        forms.add(new String(JsonStringEncoder.getInstance().quoteAsString(secret)));
        forms.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
      }
    }
    return forms.stream()
        .distinct()
        .sorted(Comparator.comparingInt(String::length).reversed())
        .collect(Collectors.toList());
  }

  /** Nobody shall find secrets in a log. */
  @Override
  public String toString() {
    return "Connection" + hosts;
  }
}
