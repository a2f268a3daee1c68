package io.stepstream.dev.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import io.stepstream.integrations.HttpStub;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** What tasks call: some of AWS's services by their wire protocols, and an API, on one port. */
final class OtherServices implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The bodies of the messages that a queue was sent. */
  final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();

  /** What the API was shown to authorise a call. */
  final Queue<String> shown = new ConcurrentLinkedQueue<>();

  private final AtomicInteger puts = new AtomicInteger();
  private final HttpStub stub;

  OtherServices() throws IOException {
    stub = new HttpStub((exchange, _) -> answer(exchange));
  }

  /** The settings of a worker that calls these services, by the names of the environment. */
  Map<String, String> environment(String secret) {
    return Map.of(
        "STEPSTREAM_HTTP_CONNECTIONS_CLIENT",
        """
        {"AllowedHosts":["127.0.0.1"],"AuthorizationType":"OAUTH_CLIENT_CREDENTIALS",
         "AuthParameters":{"OAuthParameters":{"AuthorizationEndpoint":"%s",
           "ClientParameters":{"ClientID":"shop","ClientSecret":"%s"}}}}\
        """
            .formatted(api("token"), secret),
        "AWS_ENDPOINT_URL",
        stub.endpoint().toString(),
        "AWS_REGION",
        "us-east-1",
        "AWS_ACCESS_KEY_ID",
        "any",
        "AWS_SECRET_ACCESS_KEY",
        "any",
        "STEPSTREAM_HTTP_ALLOWED_NETWORKS",
        "127.0.0.1/32",
        "STEPSTREAM_HTTP_CONNECTIONS_API",
        """
        {"AllowedHosts":["127.0.0.1"],"AuthorizationType":"BEARER",
         "AuthParameters":{"BearerAuthParameters":{"Token":"%s"}}}\
        """
            .formatted(secret));
  }

  String api(String path) {
    return stub.endpoint() + "/api/" + path;
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String path = exchange.getRequestURI().getPath();
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    if (target != null) {
      service(exchange, target, JSON.readTree(body));
    } else if (path.equals("/2015-03-31/functions/price/invocations")) {
      HttpStub.send(
          exchange, 200, "{\"cents\":%d}".formatted(JSON.readTree(body).path("n").asInt() * 5));
    } else if (path.startsWith("/2015-03-31/functions/")) {
      exchange.getResponseHeaders().set("x-amzn-ErrorType", "ResourceNotFoundException");
      HttpStub.send(exchange, 404, "{\"Type\":\"User\",\"Message\":\"Function not found: it\"}");
    } else if (path.equals("/api/token")) {
      String basic =
          exchange.getRequestHeaders().getFirst("Authorization").substring("Basic ".length());
      String client = new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8);
      // The token begins with the secret: wherever it is kept, the secret would be found.
      HttpStub.send(
          exchange,
          200,
          "{\"access_token\":\"%s-token\",\"expires_in\":600}"
              .formatted(client.substring(client.indexOf(':') + 1)));
    } else if (path.equals("/api/echo")) {
      String authorization = exchange.getRequestHeaders().getFirst("Authorization");
      shown.add(authorization);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      HttpStub.send(
          exchange,
          200,
          "{\"got\":%s,\"authorization\":\"%s\"}"
              .formatted(new String(body, StandardCharsets.UTF_8), authorization));
    } else {
      HttpStub.send(exchange, 200, "x".repeat(300_000));
    }
  }

  private void service(HttpExchange exchange, String target, JsonNode request) throws IOException {
    switch (target) {
      case "AmazonSQS.SendMessage" -> {
        String text = request.path("MessageBody").asText();
        messages.add(JSON.readTree(text));
        HttpStub.send(
            exchange,
            200,
            "{\"MessageId\":\"m\",\"MD5OfMessageBody\":\"%s\"}".formatted(md5(text)));
      }
      case "DynamoDB_20120810.PutItem" -> {
        if (puts.incrementAndGet() == 1) {
          HttpStub.send(
              exchange,
              400,
              "{\"__type\":\"x#ProvisionedThroughputExceededException\",\"message\":\"slower\"}");
        } else {
          HttpStub.send(exchange, 200, "{}");
        }
      }
      default -> HttpStub.send(exchange, 400, "{\"__type\":\"x#UnknownOperationException\"}");
    }
  }

  private static String md5(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    stub.close();
  }
}
