package io.stepstream.dev.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import io.stepstream.integrations.HttpStub;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** SQS, SNS and EventBridge as far as an example uses them, by their wire protocols on one port. */
final class MessagingServices implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What arrived, each with the service before it. */
  final Queue<String> received = new ConcurrentLinkedQueue<>();

  private final HttpStub stub;

  MessagingServices() throws IOException {
    stub = new HttpStub((exchange, _) -> answer(exchange));
  }

  URI endpoint() {
    return stub.endpoint();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    switch (exchange.getRequestHeaders().getFirst("X-Amz-Target")) {
      case "AmazonSQS.SendMessage" -> queue(exchange, JSON.readTree(body));
      case "AWSEvents.PutEvents" -> {
        received.add("events " + JSON.readTree(body).at("/Entries/0/Detail").asText());
        HttpStub.send(
            exchange, 200, "{\"FailedEntryCount\":0,\"Entries\":[{\"EventId\":\"e-1\"}]}");
      }
      case null, default -> topic(exchange, body);
    }
  }

  private void queue(HttpExchange exchange, JsonNode request) throws IOException {
    if (request.path("QueueUrl").asText().endsWith("/missing")) {
      exchange.getResponseHeaders().set("x-amzn-query-error", "QueueDoesNotExist;Sender");
      HttpStub.send(
          exchange,
          400,
          "{\"__type\":\"com.amazonaws.sqs#QueueDoesNotExist\",\"message\":\"There is no such"
              + " queue\"}");
      return;
    }
    String message = request.path("MessageBody").asText();
    received.add("sqs " + message);
    HttpStub.send(
        exchange,
        200,
        "{\"MessageId\":\"m-1\",\"MD5OfMessageBody\":\"%s\"}".formatted(md5(message)));
  }

  private void topic(HttpExchange exchange, String form) throws IOException {
    for (String field : form.split("&")) {
      if (field.startsWith("Message=")) {
        received.add(
            "sns "
                + URLDecoder.decode(field.substring("Message=".length()), StandardCharsets.UTF_8));
      }
    }
    HttpStub.send(
        exchange,
        200,
        "<PublishResponse><PublishResult><MessageId>n-1</MessageId></PublishResult></PublishResponse>");
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
