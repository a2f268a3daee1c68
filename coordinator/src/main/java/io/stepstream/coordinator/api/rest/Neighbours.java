package io.stepstream.coordinator.api.rest;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.coordinator.access.Authenticator;
import io.stepstream.coordinator.access.Caller;
import io.stepstream.coordinator.access.NodeCalls;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Asks the other nodes what each of them alone knows: of itself. */
@Singleton
final class Neighbours {

  /** More than any cluster has; a list of partitions of so many would be of use to nobody. */
  private static final int MOST = 64;

  private static final int LARGEST_ANSWER = 4 << 20;
  private static final Duration CONNECT = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** A newer node may tell more. */
  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private final ExecutorService executor =
      Executors.newThreadPerTaskExecutor(
          Thread.ofVirtual().name("stepstream-neighbours-", 0).factory());

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(CONNECT).executor(executor).build();

  private final Optional<NodeCalls> nodeCalls;

  /**
   * @param authenticator signs that a node asks; empty: no authentication is configured
   */
  Neighbours(Optional<Authenticator> authenticator) {
    this.nodeCalls = authenticator.map(Authenticator::nodeCalls);
  }

  /** What one of them has said. */
  sealed interface Told {
    record Of(NodesAnswer.Node node) implements Told {}

    record Nothing(NodesAnswer.Unreachable address) implements Told {}
  }

  /**
   * All at the same time; completes within seconds, and not exceptionally.
   *
   * @param caller whom this node has let in, and vouches for; null: no authentication is configured
   */
  CompletionStage<List<Told>> ask(Set<String> addresses, @Nullable Caller caller) {
    List<CompletableFuture<Told>> asked =
        addresses.stream()
            .limit(MOST)
            .map(address -> ask(address, caller))
            .map(CompletionStage::toCompletableFuture)
            .toList();
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
        .thenApply(_ -> asked.stream().map(CompletableFuture::join).toList());
  }

  private CompletionStage<Told> ask(String address, @Nullable Caller caller) {
    return CompletableFuture.supplyAsync(() -> request(address, caller), executor)
        .thenCompose(
            request ->
                client.sendAsync(
                    request,
                    HttpResponse.BodyHandlers.limiting(
                        HttpResponse.BodyHandlers.ofByteArray(), LARGEST_ANSWER)))
        .thenApply(response -> read(address, response))
        .exceptionally(failure -> new Told.Nothing(unreachable(address, failure)));
  }

  /**
   * By the IP address: under a name, {@code /api} is served to those only whom an operator has let
   * in, as a browser may have been led there.
   */
  private HttpRequest request(String address, @Nullable Caller caller) {
    int colon = address.lastIndexOf(':');
    try {
      InetAddress ip = InetAddress.getByName(address.substring(0, colon));
      String host =
          ip instanceof Inet6Address ? '[' + ip.getHostAddress() + ']' : ip.getHostAddress();
      HttpRequest.Builder request =
          HttpRequest.newBuilder(
                  URI.create("http://" + host + address.substring(colon) + NodesResource.LOCAL))
              .timeout(PATIENCE);
      if (caller != null) {
        nodeCalls.ifPresent(
            calls -> request.header(NodeCalls.HEADER, calls.sign(caller, null, new byte[0])));
      }
      return request.build();
    } catch (UnknownHostException e) {
      throw new UncheckedIOException("Its name is not known: " + e.getMessage(), e);
    }
  }

  private static Told read(String address, HttpResponse<byte[]> response) {
    if (response.statusCode() != 200) {
      return new Told.Nothing(
          new NodesAnswer.Unreachable(
              address, "It answers with HTTP status " + response.statusCode()));
    }
    try {
      List<NodesAnswer.Node> nodes = JSON.readValue(response.body(), NodesAnswer.class).nodes();
      return new Told.Of(nodes.getFirst());
    } catch (IOException | RuntimeException _) {
      return new Told.Nothing(
          new NodesAnswer.Unreachable(address, "What it answers is no description of a node"));
    }
  }

  private static NodesAnswer.Unreachable unreachable(String address, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return new NodesAnswer.Unreachable(
        address,
        cause instanceof UncheckedIOException
            ? String.valueOf(cause.getMessage())
            : "It doesn't answer: " + cause);
  }

  @PreDestroy
  void close() {
    client.shutdownNow();
    executor.shutdown();
  }
}
