package io.stepstream.dev.sdk;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Hands requests on to a stack, except for as many as are to go wrong. */
final class FlakyProxy implements AutoCloseable {

  /** What goes wrong with one request. */
  sealed interface Fault {
    /** It is answered so, and not handed on. */
    record Refused(int status, Map<String, String> headers, String body) implements Fault {}

    /** It is handed on, and the connection breaks before the answer. */
    record AnswerLost() implements Fault {}
  }

  private static final List<String> HANDED_ON =
      List.of("Content-Type", "X-Amz-Target", "Authorization");

  private final URI target;
  private final HttpServer server;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
  private final AtomicInteger requests = new AtomicInteger();

  FlakyProxy(URI target, Fault... faults) throws IOException {
    this.target = target;
    this.faults.addAll(List.of(faults));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  int requests() {
    return requests.get();
  }

  private void handle(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    byte[] body = exchange.getRequestBody().readAllBytes();
    switch (faults.poll()) {
      case Fault.Refused(int status, Map<String, String> headers, String text) -> {
        headers.forEach(exchange.getResponseHeaders()::set);
        answer(exchange, status, text.getBytes(StandardCharsets.UTF_8));
      }
      case Fault.AnswerLost _ -> {
        handOn(exchange, body);
        exchange.close();
      }
      case null -> {
        HttpResponse<byte[]> answer = handOn(exchange, body);
        answer(exchange, answer.statusCode(), answer.body());
      }
    }
  }

  private HttpResponse<byte[]> handOn(HttpExchange exchange, byte[] body) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target).POST(HttpRequest.BodyPublishers.ofByteArray(body));
    HANDED_ON.forEach(name -> request.header(name, exchange.getRequestHeaders().getFirst(name)));
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    http.close();
  }
}
