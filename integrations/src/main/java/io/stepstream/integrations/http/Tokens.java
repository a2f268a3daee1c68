package io.stepstream.integrations.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.stepstream.worker.handler.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens of OAuth, kept in memory only, until shortly before they expire. For each client at
 * most one call at a time asks for a token; the others wait for what it gets. Thread safe.
 */
final class Tokens {

  /** Bounds the memory; a worker has few connections, but each changed secret is a new client. */
  private static final int MOST_CLIENTS = 1_000;

  /** Of a token whose lifetime isn't told. */
  private static final Duration UNTOLD = Duration.ofMinutes(5);

  /** So much before its end a token isn't used any more: a call takes its time. */
  private static final Duration MARGIN = Duration.ofSeconds(30);

  /** A server could say anything. */
  private static final Duration LONGEST = Duration.ofDays(1);

  private static final int MOST_TOLD = 500;

  /** Gets an answer from the endpoint of tokens. */
  interface Endpoint {
    HttpAnswer ask(HttpCall call) throws InterruptedException;
  }

  /**
   * @param kept false: it was got for this call
   */
  record Token(String value, boolean kept) {}

  /** The endpoint gave no token; the message may have secrets in it that it was told. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  private static final class Client {
    final ReentrantLock lock = new ReentrantLock();
    // Guarded by lock.
    @Nullable String token;
    long untilNanos;
  }

  private final LongSupplier nanos;
  private final Map<ClientCredentials, Client> clients =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ClientCredentials, Client> eldest) {
          return size() > MOST_CLIENTS;
        }
      };

  /**
   * @param nanos the clock, as {@link System#nanoTime}
   */
  Tokens(LongSupplier nanos) {
    this.nanos = nanos;
  }

  private Client client(ClientCredentials credentials) {
    synchronized (clients) {
      return clients.computeIfAbsent(credentials, _ -> new Client());
    }
  }

  /**
   * A token that is not yet about to expire.
   *
   * @param not a token that an API has refused: it is not used again; null: none was
   */
  Token of(ClientCredentials credentials, @Nullable String not, Endpoint endpoint)
      throws InterruptedException, Refused {
    Client client = client(credentials);
    client.lock.lockInterruptibly();
    try {
      String known = client.token;
      if (known != null && !known.equals(not) && nanos.getAsLong() - client.untilNanos < 0) {
        return new Token(known, true);
      }
      client.token = null;
      return new Token(fetch(client, endpoint.ask(credentials.call())), false);
    } finally {
      client.lock.unlock();
    }
  }

  private String fetch(Client client, HttpAnswer answer) throws Refused {
    JsonNode json = parsed(answer.body());
    String token = json.path("access_token").asText("");
    if (answer.status() != 200 || token.isEmpty()) {
      throw new Refused(told(answer.status(), json));
    }
    String type = json.path("token_type").asText("Bearer");
    if (!type.equalsIgnoreCase("Bearer")) {
      throw new Refused(
          "it gives tokens of the type '%s', and only Bearer is known".formatted(type));
    }
    if (!token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new Refused("it gave a token that can't be sent in a header");
    }
    Duration lifetime =
        json.path("expires_in").isMissingNode()
            ? UNTOLD
            : Duration.ofSeconds(
                Math.clamp(json.path("expires_in").asLong(0), 0, LONGEST.toSeconds()));
    client.untilNanos = nanos.getAsLong() + lifetime.minus(MARGIN).toNanos();
    client.token = token;
    return token;
  }

  /** RFC 6749's words for a refusal; anything else that it says is left out. */
  private static String told(int status, JsonNode json) {
    StringBuilder told = new StringBuilder("it answered with status ").append(status);
    if (json.path("error").isTextual()) {
      told.append(": ").append(json.path("error").textValue());
      if (json.path("error_description").isTextual()) {
        told.append(", ").append(json.path("error_description").textValue());
      }
    } else if (status == 200) {
      told.append(" and without an access_token");
    }
    return told.substring(0, Math.min(told.length(), MOST_TOLD));
  }

  private static JsonNode parsed(String body) {
    try {
      return JsonText.read(body.getBytes(StandardCharsets.UTF_8));
    } catch (IOException _) {
      return MissingNode.getInstance();
    }
  }
}
