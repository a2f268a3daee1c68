package io.stepstream.schemas.registry;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One base URL of a registry. Its name and its errors never contain the password. */
final class RegistryEndpoint {

  private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";

  record Answer(int status, String body) {}

  private final String base;
  private final @Nullable String authorization;
  private final HttpClient client;
  private final Duration timeout;

  RegistryEndpoint(URI url, HttpClient client, Duration timeout) {
    String plain = RegistrySettings.withoutPassword(url);
    this.base = plain.endsWith("/") ? plain.substring(0, plain.length() - 1) : plain;
    this.authorization = authorization(url.getRawUserInfo());
    this.client = client;
    this.timeout = timeout;
  }

  private static @Nullable String authorization(@Nullable String rawUserInfo) {
    if (rawUserInfo == null) {
      return null;
    }
    // In a URL's user info a plus is a plus, unlike in a form.
    String userInfo = URLDecoder.decode(rawUserInfo.replace("+", "%2B"), StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
  }

  String name() {
    return base;
  }

  Answer get(String path) throws IOException {
    return send(request(path).GET());
  }

  Answer post(String path, String json) throws IOException {
    return send(
        request(path)
            .header("Content-Type", MEDIA_TYPE)
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .header("Accept", MEDIA_TYPE + ", application/json");
    return authorization == null ? request : request.header("Authorization", authorization);
  }

  private Answer send(HttpRequest.Builder request) throws IOException {
    CompletableFuture<HttpResponse<String>> sent =
        client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    try {
      // The client's own request timeout ends with the headers; a body may stall for ever.
      HttpResponse<String> response = sent.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(response.statusCode(), response.body());
    } catch (TimeoutException _) {
      sent.cancel(true);
      throw new SocketTimeoutException("No complete answer within " + timeout);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      sent.cancel(true);
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("Interrupted").initCause(e);
    }
  }
}
