package io.stepstream.coordinator.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.coordinator.access.LoginAttempts.Attempt;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Logs people in at the provider: OpenID Connect's authorization code flow, with a state and a
 * nonce, and with PKCE, so that it is as good without a client's secret. Nothing is stored on the
 * node, and no token is kept or shown to the browser. Thread safe.
 *
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth">OpenID Connect
 *     Core, 3.1</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7636">RFC 7636, PKCE</a>
 */
public final class ProviderLogin implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ProviderLogin.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int LARGEST_ANSWER = 256 * 1024;

  /** Whoever has begun a login may make this node ask the provider: not all the time. */
  private static final int MOST_AT_ONCE = 16;

  /** What providers call their errors. */
  private static final Pattern ERROR = Pattern.compile("[A-Za-z_]{1,64}");

  private final IdentityProvider provider;
  private final String client;
  private final @Nullable String secret;
  private final String scopes;
  private final String name;
  private final LoginAttempts attempts;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final Semaphore exchanges = new Semaphore(MOST_AT_ONCE);

  /**
   * @throws IllegalStateException the configuration can't work
   */
  ProviderLogin(
      IdentityProvider provider, String client, OidcConfig config, LoginAttempts attempts) {
    this.provider = provider;
    this.client = client;
    this.secret = config.clientSecretFile().map(ProviderLogin::secret).orElse(null);
    this.scopes = config.scopes();
    if (!List.of(scopes.split(" ")).contains("openid")) {
      throw new IllegalStateException(
          "stepstream.security.oidc.scopes must have 'openid' among it, or the provider doesn't"
              + " say who has logged in: "
              + scopes);
    }
    this.name = config.name().or(() -> config.issuer().map(ProviderLogin::host)).orElse(client);
    this.attempts = attempts;
  }

  private static String secret(Path file) {
    try {
      String secret = Files.readString(file).strip();
      if (secret.isEmpty()) {
        throw new IllegalStateException(
            "stepstream.security.oidc.client-secret-file (%s) is empty".formatted(file));
      }
      return secret;
    } catch (IOException e) {
      throw new IllegalStateException(
          "stepstream.security.oidc.client-secret-file (%s) can't be read: %s".formatted(file, e),
          e);
    }
  }

  private static String host(String issuer) {
    String host = URI.create(issuer).getHost();
    return host == null ? issuer : host;
  }

  /** As people know the provider. */
  public String name() {
    return name;
  }

  /**
   * A login that has begun.
   *
   * @param address of the provider's, where the browser goes now
   * @param cookie what the browser keeps for {@link #finish}
   */
  public record Begun(URI address, String cookie) {}

  /** How long a browser keeps the cookie. */
  public static Duration lifetime() {
    return LoginAttempts.LIFETIME;
  }

  /**
   * @param redirect where the provider sends the browser back to; it must know it
   * @return empty: the provider has not been reached yet, or has no login
   */
  public Optional<Begun> begin(URI redirect) {
    URI authorization = provider.discovered().authorization();
    if (authorization == null) {
      return Optional.empty();
    }
    Attempt attempt = Attempt.random();
    String query =
        form(
            List.of(
                Map.entry("response_type", "code"),
                Map.entry("client_id", client),
                Map.entry("redirect_uri", redirect.toString()),
                Map.entry("scope", scopes),
                Map.entry("state", attempt.state()),
                Map.entry("nonce", attempt.nonce()),
                Map.entry("code_challenge", challenge(attempt.verifier())),
                Map.entry("code_challenge_method", "S256")));
    String separator = authorization.getRawQuery() == null ? "?" : "&";
    return Optional.of(
        new Begun(URI.create(authorization + separator + query), attempts.cookie(attempt)));
  }

  private static String challenge(String verifier) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Hmac.sha256(verifier.getBytes(UTF_8)));
  }

  /** What became of a login. */
  public sealed interface Outcome {

    record LoggedIn(Caller caller) implements Outcome {}

    /**
     * @param detail for the logs; has nothing of a token or a secret
     */
    record Failed(Reason reason, String detail) implements Outcome {}
  }

  /** Why somebody isn't logged in. */
  public enum Reason {
    /** This browser has not begun it, or too long ago. */
    STATE,
    /** The provider has not let them in, or they didn't want it. */
    DENIED,
    /** The provider can't be asked now. */
    UNAVAILABLE,
    /** What the provider says can't be accepted. */
    REFUSED
  }

  /**
   * What the browser comes back with.
   *
   * @param state null: it has none
   * @param code null: the provider has given none
   * @param error why; null: it doesn't say
   */
  public record Returned(@Nullable String state, @Nullable String code, @Nullable String error) {}

  /**
   * Ends a login. Never fails.
   *
   * @param cookie of this browser; null: it has none
   * @param redirect the same as at the beginning
   */
  public CompletionStage<Outcome> finish(@Nullable String cookie, Returned returned, URI redirect) {
    Attempt attempt = attempts.find(cookie, returned.state());
    if (attempt == null) {
      return failed(Reason.STATE, "the login has not begun in this browser, or too long ago");
    }
    if (returned.code() == null) {
      return failed(Reason.DENIED, "the provider says " + named(returned.error()));
    }
    URI token = provider.discovered().token();
    if (token == null || !exchanges.tryAcquire()) {
      return failed(Reason.UNAVAILABLE, "the provider is away, or asked by too many at once");
    }
    return http.sendAsync(
            exchange(token, returned.code(), attempt, redirect),
            BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_ANSWER))
        .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .handle(
            (answer, failure) ->
                failure == null
                    ? outcome(answer, attempt)
                    : fail(Reason.UNAVAILABLE, "the provider can't be asked: " + failure))
        .whenComplete((_, _) -> exchanges.release());
  }

  private HttpRequest exchange(URI token, String code, Attempt attempt, URI redirect) {
    List<Map.Entry<String, String>> fields = new ArrayList<>();
    fields.add(Map.entry("grant_type", "authorization_code"));
    fields.add(Map.entry("code", code));
    fields.add(Map.entry("redirect_uri", redirect.toString()));
    fields.add(Map.entry("code_verifier", attempt.verifier()));
    HttpRequest.Builder request = HttpRequest.newBuilder(token).timeout(PATIENCE);
    if (secret != null && !provider.discovered().postsSecret()) {
      // RFC 6749, 2.3.1: both are encoded as a form's before they are put together.
      String both = encoded(client) + ':' + encoded(secret);
      request.header(
          "Authorization", "Basic " + Base64.getEncoder().encodeToString(both.getBytes(UTF_8)));
    } else {
      fields.add(Map.entry("client_id", client));
      if (secret != null) {
        fields.add(Map.entry("client_secret", secret));
      }
    }
    return request
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Accept", "application/json")
        .POST(BodyPublishers.ofString(form(fields)))
        .build();
  }

  private Outcome outcome(HttpResponse<byte[]> answer, Attempt attempt) {
    JsonNode said;
    try {
      said = JSON.readTree(answer.body());
    } catch (IOException _) {
      return fail(Reason.UNAVAILABLE, "the provider's answer is no JSON: " + answer.statusCode());
    }
    if (answer.statusCode() != 200) {
      return fail(
          answer.statusCode() >= 500 ? Reason.UNAVAILABLE : Reason.REFUSED,
          "the provider answers %d, %s"
              .formatted(answer.statusCode(), named(said.path("error").textValue())));
    }
    String token = said.path("id_token").textValue();
    if (token == null) {
      return fail(Reason.REFUSED, "the provider has given no id_token");
    }
    return switch (provider.verifyLogin(token, client, attempt.nonce())) {
      case Authentication.Known(Caller caller) -> new Outcome.LoggedIn(caller);
      case Authentication.Refused _ ->
          fail(
              Reason.REFUSED,
              "the ID token is not of this login: its signature, issuer, audience, time, nonce or"
                  + " user's name");
    };
  }

  private static CompletionStage<Outcome> failed(Reason reason, String detail) {
    return CompletableFuture.completedFuture(fail(reason, detail));
  }

  private static Outcome fail(Reason reason, String detail) {
    // Anybody can come with a state of their own: that is nobody's fault here.
    LOG.atLevel(reason == Reason.STATE ? Level.DEBUG : Level.WARN)
        .log("A login at the provider failed: {}", detail);
    return new Outcome.Failed(reason, detail);
  }

  /** A provider's word for an error, unless it is none. */
  private static String named(@Nullable String error) {
    return error != null && ERROR.matcher(error).matches() ? error : "nothing more";
  }

  private static String form(List<Map.Entry<String, String>> fields) {
    return fields.stream()
        .map(field -> encoded(field.getKey()) + '=' + encoded(field.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
