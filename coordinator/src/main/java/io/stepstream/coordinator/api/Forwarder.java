package io.stepstream.coordinator.api;

import io.stepstream.coordinator.access.NodeCalls;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Hands a call on to the node that can answer it, as it came, and says who calls. Once only: a call
 * that was handed on before is answered by whoever got it, if only by "try again".
 */
final class Forwarder {

  static final String HEADER = "X-Stepstream-Forwarded";

  private static final Duration CONNECT = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final HttpClient client;
  private final Optional<NodeCalls> nodeCalls;

  /**
   * @param nodeCalls signs what is handed on; empty: no authentication is configured
   */
  Forwarder(Executor executor, Optional<NodeCalls> nodeCalls) {
    this.nodeCalls = nodeCalls;
    this.client = HttpClient.newBuilder().connectTimeout(CONNECT).executor(executor).build();
  }

  /**
   * The other node's answer, whatever it is; completes exceptionally when there is none.
   *
   * @param address {@code host:port}
   */
  CompletionStage<HttpAnswer> forward(String address, HttpCall call) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + address + "/"))
            .timeout(PATIENCE)
            .header("Content-Type", HttpAnswer.CONTENT_TYPE)
            .header(HEADER, "true")
            .POST(HttpRequest.BodyPublishers.ofByteArray(call.body()));
    header(request, "X-Amz-Target", call.target());
    // A caller's signature is for the host that he has called; this node vouches for him.
    nodeCalls.ifPresentOrElse(
        calls ->
            request.header(
                NodeCalls.HEADER, calls.sign(call.origin().caller(), call.target(), call.body())),
        () -> header(request, "Authorization", call.authorization()));
    header(request, "X-Amzn-Trace-Id", call.traceHeader());
    return client
        .sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray())
        .thenApply(
            response ->
                new HttpAnswer(
                    response.statusCode(),
                    response.headers().firstValue("x-amzn-RequestId").orElse(""),
                    retryAfter(response),
                    response.body()));
  }

  private static void header(HttpRequest.Builder request, String name, @Nullable String value) {
    if (value != null) {
      request.header(name, value);
    }
  }

  private static Optional<Long> retryAfter(HttpResponse<?> response) {
    return response.headers().firstValueAsLong("Retry-After").stream().boxed().findFirst();
  }
}
