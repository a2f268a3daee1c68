package io.stepstream.integrations.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import io.stepstream.integrations.HttpStub;
import io.stepstream.worker.handler.JsonText;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Answers calls of services whose protocols are JSON, by what a test has put down for each: the
 * answers of an action in their order, the last of them for ever.
 */
final class FakeAws implements AutoCloseable {

  /**
   * @param error the name of the service's error; empty: there is none
   */
  record Answer(int status, String error, String body) {}

  /**
   * @param action the end of the header that names it, or method and path
   */
  record Call(String action, JsonNode body) {}

  private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
  final List<Call> calls = new CopyOnWriteArrayList<>();
  private final HttpStub stub;

  FakeAws() throws IOException {
    stub = new HttpStub((exchange, _) -> answer(exchange));
  }

  URI endpoint() {
    return stub.endpoint();
  }

  FakeAws on(String action, String body) {
    return on(action, 200, "", body);
  }

  FakeAws on(String action, int status, String error, String body) {
    answers
        .computeIfAbsent(action, _ -> new ArrayDeque<>())
        .add(new Answer(status, error, body.replace('\'', '"')));
    return this;
  }

  List<JsonNode> asked(String action) {
    return calls.stream().filter(call -> call.action().equals(action)).map(Call::body).toList();
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    String action =
        target == null
            ? exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath()
            : target.substring(target.indexOf('.') + 1);
    calls.add(
        new Call(
            action,
            JsonText.read(body.length == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : body)));
    Answer answer = next(action);
    if (!answer.error().isEmpty()) {
      exchange.getResponseHeaders().set("x-amzn-ErrorType", answer.error());
    }
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    HttpStub.send(exchange, answer.status(), answer.body());
  }

  private Answer next(String action) {
    Deque<Answer> left = answers.get(action);
    if (left == null) {
      return new Answer(404, "NobodyThoughtOf", "{\"message\":\"" + action + "\"}");
    }
    synchronized (left) {
      return left.size() > 1 ? left.remove() : left.element();
    }
  }

  @Override
  public void close() {
    stub.close();
  }
}
