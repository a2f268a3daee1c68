package io.stepstream.integrations.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.integrations.aws.AwsAccess;
import io.stepstream.worker.handler.JsonText;
import io.stepstream.worker.handler.TaskFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The arguments of {@code apigateway:invoke}.
 *
 * @param signed the call is to be signed
 */
record ApiGatewayCall(HttpCall call, boolean signed) {

  static final String RESOURCE = "apigateway:invoke";

  private static final Set<String> AUTH_TYPES = Set.of("NO_AUTH", "IAM_ROLE", "RESOURCE_POLICY");

  /** The region in the name of an API's host. */
  private static final Pattern HOST =
      Pattern.compile("[a-z0-9-]+\\.execute-api\\.([a-z0-9-]+)\\.amazonaws\\.com(\\.cn)?");

  /**
   * @throws TaskFailedException the arguments are not what a call needs
   */
  static ApiGatewayCall of(JsonNode arguments) {
    CallArguments named = new CallArguments(RESOURCE, arguments);
    if (!arguments.path("AllowNullValues").asBoolean()) {
      named = new CallArguments(RESOURCE, withoutNulls(arguments));
    }
    String type = named.given().path("AuthType").asText("NO_AUTH");
    if (!AUTH_TYPES.contains(type)) {
      throw named.invalid(
          "AuthType", "must be one of " + String.join(", ", AUTH_TYPES.stream().sorted().toList()));
    }
    return new ApiGatewayCall(
        new HttpCall(
            named.method(),
            HttpCall.withQuery(endpoint(named), named.query()),
            named.headers(),
            body(named.given().path("RequestBody")),
            null,
            Optional.empty()),
        !type.equals("NO_AUTH"));
  }

  /** Host, stage and path, each but the first as it may be left out. */
  private static URI endpoint(CallArguments arguments) {
    String given = arguments.required("ApiEndpoint");
    StringBuilder text = new StringBuilder(given.contains("://") ? given : "https://" + given);
    for (String field : new String[] {"Stage", "Path"}) {
      JsonNode part = arguments.given().path(field);
      if (part.isMissingNode() || part.isNull()) {
        continue;
      }
      if (!part.isTextual()) {
        throw arguments.invalid(field, "must be a text");
      }
      text.append(part.textValue().startsWith("/") ? "" : "/").append(part.textValue());
    }
    try {
      URI uri = new URI(text.toString());
      boolean web =
          "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
      boolean plain = uri.getUserInfo() == null && uri.getQuery() == null;
      if (web && uri.getHost() != null && plain && uri.getFragment() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw arguments.invalid("ApiEndpoint", "with Stage and Path is no URL: " + e.getReason());
    }
    throw arguments.invalid(
        "ApiEndpoint", "must be the name of a host, and Stage and Path have no query");
  }

  /** Always JSON, a text too, as recorded on AWS. Null: there is none. */
  private static JsonNode body(JsonNode given) {
    if (given.isMissingNode() || given.isNull()) {
      return JsonNodeFactory.instance.nullNode();
    }
    try {
      return JsonNodeFactory.instance.textNode(
          new String(JsonText.write(given), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode withoutNulls(JsonNode node) {
    if (node instanceof ArrayNode array) {
      ArrayNode kept = JsonNodeFactory.instance.arrayNode();
      array.forEach(element -> kept.add(withoutNulls(element)));
      return kept;
    }
    if (node instanceof ObjectNode object) {
      ObjectNode kept = JsonNodeFactory.instance.objectNode();
      for (Map.Entry<String, JsonNode> member : object.properties()) {
        if (!member.getValue().isNull()) {
          kept.set(member.getKey(), withoutNulls(member.getValue()));
        }
      }
      return kept;
    }
    return node;
  }

  /** That of the API's host, or of the worker for a host of another name. */
  String region() {
    Matcher host = HOST.matcher(call.endpoint().getHost());
    return host.matches() ? host.group(1) : AwsAccess.regionOfTheSdk().id();
  }
}
