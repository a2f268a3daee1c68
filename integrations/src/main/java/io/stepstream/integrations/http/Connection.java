package io.stepstream.integrations.http;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What authorises calls of an API, in the form that EventBridge's CreateConnection takes, and whom
 * it may be shown to.
 *
 * @param hosts in lower case; the only ones that get to see the rest
 * @param headers by their names
 * @param credentials what a token is got by that authorises calls; null: no token is needed
 */
record Connection(
    Set<String> hosts,
    Map<String, String> headers,
    Map<String, String> query,
    Map<String, String> body,
    Set<String> secrets,
    @Nullable ClientCredentials credentials) {

  private static final Set<String> TOKEN_METHODS = Set.of("GET", "POST", "PUT");

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
    Set<String> hosts = new HashSet<>();
    for (JsonNode host : json.path("AllowedHosts")) {
      hosts.add(host.asText().toLowerCase(Locale.ROOT));
    }
    if (hosts.isEmpty()) {
      throw new Malformed("AllowedHosts must list the hosts that may see the secrets");
    }
    Set<String> secrets = new HashSet<>();
    JsonNode parameters = json.path("AuthParameters");
    JsonNode more = parameters.path("InvocationHttpParameters");
    Map<String, String> headers = parameters(more.path("HeaderParameters"), secrets);
    String type = json.path("AuthorizationType").asText();
    ClientCredentials credentials = null;
    if (type.equals("OAUTH_CLIENT_CREDENTIALS")) {
      credentials = credentials(parameters, secrets);
    } else {
      headers.putAll(authorization(type, parameters, secrets));
    }
    return new Connection(
        Set.copyOf(hosts),
        Map.copyOf(headers),
        Map.copyOf(parameters(more.path("QueryStringParameters"), secrets)),
        Map.copyOf(parameters(more.path("BodyParameters"), secrets)),
        Set.copyOf(secrets),
        credentials);
  }

  private static ClientCredentials credentials(JsonNode parameters, Set<String> secrets)
      throws Malformed {
    JsonNode given = parameters.path("OAuthParameters");
    String method = given.path("HttpMethod").asText("POST");
    if (!TOKEN_METHODS.contains(method)) {
      throw new Malformed("AuthParameters.OAuthParameters.HttpMethod must be GET, POST or PUT");
    }
    JsonNode more = given.path("OAuthHttpParameters");
    ClientCredentials credentials =
        new ClientCredentials(
            endpoint(text(parameters, "OAuthParameters", "AuthorizationEndpoint")),
            method,
            text(given, "AuthParameters.OAuthParameters.", "ClientParameters", "ClientID"),
            text(given, "AuthParameters.OAuthParameters.", "ClientParameters", "ClientSecret"),
            Map.copyOf(parameters(more.path("HeaderParameters"), secrets)),
            Map.copyOf(parameters(more.path("QueryStringParameters"), secrets)),
            Map.copyOf(parameters(more.path("BodyParameters"), secrets)));
    secrets.add(credentials.clientSecret());
    secrets.add(credentials.basic());
    return credentials;
  }

  private static URI endpoint(String text) throws Malformed {
    try {
      URI uri = new URI(text);
      boolean web =
          "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
      if (web && uri.getHost() != null && uri.getUserInfo() == null) {
        return uri;
      }
    } catch (URISyntaxException _) {
      // as another scheme
    }
    throw new Malformed(
        "AuthParameters.OAuthParameters.AuthorizationEndpoint must be https://HOST/PATH, without a"
            + " user");
  }

  /** The same with a token, which is a secret too. */
  Connection authorisedBy(String token) {
    Map<String, String> all = new HashMap<>(headers);
    all.put("Authorization", "Bearer " + token);
    Set<String> more = new HashSet<>(secrets);
    more.add(token);
    return new Connection(hosts, Map.copyOf(all), query, body, Set.copyOf(more), credentials);
  }

  /** The header that authorises a call. */
  private static Map<String, String> authorization(
      String type, JsonNode parameters, Set<String> secrets) throws Malformed {
    return switch (type) {
      case "BASIC" -> {
        String username = text(parameters, "BasicAuthParameters", "Username");
        String password = text(parameters, "BasicAuthParameters", "Password");
        String both =
            Base64.getEncoder()
                .encodeToString((username + ":" + password).getBytes(StandardCharsets.UTF_8));
        secrets.add(password);
        secrets.add(both);
        yield Map.of("Authorization", "Basic " + both);
      }
      case "API_KEY" -> {
        String value = text(parameters, "ApiKeyAuthParameters", "ApiKeyValue");
        secrets.add(value);
        yield Map.of(text(parameters, "ApiKeyAuthParameters", "ApiKeyName"), value);
      }
      case "BEARER" -> {
        String token = text(parameters, "BearerAuthParameters", "Token");
        secrets.add(token);
        yield Map.of("Authorization", "Bearer " + token);
      }
      default ->
          throw new Malformed(
              "AuthorizationType must be BASIC, API_KEY, BEARER or OAUTH_CLIENT_CREDENTIALS");
    };
  }

  private static Map<String, String> parameters(JsonNode given, Set<String> secrets)
      throws Malformed {
    Map<String, String> parameters = new HashMap<>();
    for (JsonNode parameter : given) {
      if (!parameter.path("Key").isTextual() || !parameter.path("Value").isTextual()) {
        throw new Malformed("each of InvocationHttpParameters must have a Key and a Value");
      }
      String value = parameter.path("Value").textValue();
      parameters.put(parameter.path("Key").textValue(), value);
      if (parameter.path("IsValueSecret").asBoolean()) {
        secrets.add(value);
      }
    }
    return parameters;
  }

  private static String text(JsonNode parameters, String object, String field) throws Malformed {
    return text(parameters, "AuthParameters.", object, field);
  }

  private static String text(JsonNode given, String path, String object, String field)
      throws Malformed {
    JsonNode value = given.path(object).path(field);
    if (!value.isTextual() || value.textValue().isEmpty()) {
      throw new Malformed("%s%s.%s is missing".formatted(path, object, field));
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
        .toList();
  }

  /** Nobody shall find secrets in a log. */
  @Override
  public String toString() {
    return "Connection" + hosts;
  }
}
