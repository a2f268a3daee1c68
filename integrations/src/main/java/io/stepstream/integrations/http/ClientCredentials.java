package io.stepstream.integrations.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/**
 * How tokens are got by OAuth 2.0's client credentials (RFC 6749, section 4.4), in the form that
 * EventBridge's CreateConnection takes.
 *
 * @param endpoint that gives tokens, without a query
 * @param method GET sends the parameters in the query, POST and PUT send a form
 * @param headers besides those of the protocol
 * @param query besides
 * @param body parameters besides {@code grant_type=client_credentials}; if {@code client_secret} is
 *     among them, the client authenticates itself by them rather than by HTTP Basic
 */
record ClientCredentials(
    URI endpoint,
    String method,
    String clientId,
    String clientSecret,
    Map<String, String> headers,
    Map<String, String> query,
    Map<String, String> body) {

  private static final String SECRET = "client_secret";

  /** The client's name and password as one; RFC 6749 wants each encoded as in a form. */
  String basic() {
    return Base64.getEncoder()
        .encodeToString(
            (FormBody.encoded(clientId) + ":" + FormBody.encoded(clientSecret))
                .getBytes(StandardCharsets.UTF_8));
  }

  /** The call that asks for a token. */
  HttpCall call() {
    Map<String, String> parameters = new TreeMap<>(body);
    parameters.putIfAbsent("grant_type", "client_credentials");
    Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.put("Accept", "application/json");
    all.putAll(headers);
    if (!parameters.containsKey(SECRET)) {
      all.putIfAbsent("Authorization", "Basic " + basic());
    }
    boolean form = !method.equals("GET");
    Map<String, String> inQuery = new TreeMap<>(query);
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    if (form) {
      parameters.forEach(fields::put);
    } else {
      inQuery.putAll(parameters);
    }
    return HttpCall.of(method, endpoint, inQuery, all, fields, form);
  }

  /** Nobody shall find secrets in a log. */
  @Override
  public String toString() {
    return "ClientCredentials[" + endpoint + "]";
  }
}
