package io.stepstream.dev.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Answers as a coordinator would in a state that is hard to bring one into. */
final class FakeNode implements AutoCloseable {

  /** What a request gets. */
  interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  private static final String ASKED = "asked";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Answer> answers = new HashMap<>();

  FakeNode() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  FakeNode with(String path, String body) {
    return with(path, text(200, body));
  }

  FakeNode with(String path, Answer answer) {
    answers.put(path, answer);
    return this;
  }

  static Answer text(int status, String body) {
    return exchange -> {
      byte[] bytes = body.getBytes(UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    };
  }

  /** The request's body. */
  static String asked(HttpExchange exchange) {
    return String.valueOf(exchange.getAttribute(ASKED));
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.setAttribute(ASKED, new String(exchange.getRequestBody().readAllBytes(), UTF_8));
      answers.getOrDefault(exchange.getRequestURI().getPath(), text(404, "{}")).to(exchange);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
