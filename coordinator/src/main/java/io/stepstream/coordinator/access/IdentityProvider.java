package io.stepstream.coordinator.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.coordinator.access.Authentication.Known;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A provider of OpenID Connect, whose access tokens (JWTs) show who calls. Its keys are fetched in
 * the background and kept, so that a token is checked without asking anybody: the provider may be
 * away, and whoever sends nonsense makes no call to it but one in ten seconds. Thread safe.
 *
 * @see <a href="https://openid.net/specs/openid-connect-discovery-1_0.html">OpenID Connect
 *     Discovery</a>
 */
final class IdentityProvider implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(IdentityProvider.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Duration REFRESH = Duration.ofMinutes(5);
  private static final Duration RETRY = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int LARGEST_ANSWER = 1024 * 1024;
  private static final int LONGEST_TOKEN = 16 * 1024;
  private static final int SKEW_SECONDS = 60;
  private static final int MOST_GROUPS = 500;

  /** A name is in ARNs, messages and the log. */
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_+=,.@|:/ -]{1,128}");

  private final String issuer;
  private final String audience;
  private final OidcConfig config;
  private final String account;
  private final InstantSource clock;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final ScheduledExecutorService background =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("stepstream-oidc").daemon().factory());
  private volatile Discovered discovered = new Discovered(List.of(), null, null, false);
  private volatile Instant asked;

  /**
   * What the provider has said of itself.
   *
   * @param keys its tokens are signed with one of them; none: it hasn't answered yet
   * @param authorization where people log in; null: it doesn't say
   * @param token where codes are exchanged; null: it doesn't say
   * @param postsSecret whether a client's secret is sent in the body alone
   */
  record Discovered(
      List<JsonWebKey> keys,
      @Nullable URI authorization,
      @Nullable URI token,
      boolean postsSecret) {}

  /**
   * @throws IllegalStateException the configuration is not complete, or the provider's keys could
   *     be forged on their way
   */
  IdentityProvider(String issuer, OidcConfig config, String account, InstantSource clock) {
    URI uri = URI.create(issuer);
    if (!"https".equals(uri.getScheme()) && !isThisMachine(uri)) {
      throw new IllegalStateException(
          "stepstream.security.oidc.issuer must be an https address: " + issuer);
    }
    this.issuer = issuer;
    this.audience =
        config
            .audience()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "stepstream.security.oidc.issuer needs stepstream.security.oidc.audience:"
                            + " whom the provider's tokens must be for"));
    this.config = config;
    this.account = account;
    this.clock = clock;
    this.asked = clock.instant();
    background.execute(this::refresh);
  }

  private static boolean isThisMachine(URI uri) {
    return "http".equals(uri.getScheme())
        && ("127.0.0.1".equals(uri.getHost()) || "localhost".equals(uri.getHost()));
  }

  /** Whether a text may be one of the provider's tokens: three parts. */
  static boolean isToken(String text) {
    return text.chars().filter(c -> c == '.').count() == 2;
  }

  /** Whose access token this is. */
  Authentication verify(String token) {
    return verify(token, audience, _ -> true);
  }

  /**
   * Who has logged in.
   *
   * @param token the ID token that the provider has given for a code
   * @param client whom it must be for
   * @param nonce of the attempt that it must be of
   */
  Authentication verifyLogin(String token, String client, String nonce) {
    return verify(token, client, claims -> isOf(claims, client, nonce));
  }

  /** OpenID Connect Core, 3.1.3.7, 3 to 5 and 11. */
  private static boolean isOf(JwtClaims claims, String client, String nonce) {
    try {
      String given = claims.getStringClaimValue("nonce");
      String party = claims.getStringClaimValue("azp");
      return given != null
          && Hmac.same(given, nonce)
          && (party == null ? claims.getAudience().size() == 1 : party.equals(client));
    } catch (MalformedClaimException _) {
      return false;
    }
  }

  private Authentication verify(String token, String wanted, Predicate<JwtClaims> more) {
    if (token.length() > LONGEST_TOKEN) {
      return Authentication.unrecognized();
    }
    try {
      JwtClaims claims = claims(token, wanted);
      return more.test(claims) ? known(claims) : Authentication.unrecognized();
    } catch (InvalidJwtException | MalformedClaimException e) {
      // Never the token itself, which may be good elsewhere.
      LOG.debug("A token was refused: {}", e.getClass().getSimpleName());
      // The provider may have changed its keys since.
      askAgain();
      return Authentication.unrecognized();
    }
  }

  private JwtClaims claims(String token, String wanted) throws InvalidJwtException {
    return new JwtConsumerBuilder()
        .setRequireExpirationTime()
        .setAllowedClockSkewInSeconds(SKEW_SECONDS)
        .setEvaluationTime(NumericDate.fromMilliseconds(clock.millis()))
        .setExpectedIssuer(issuer)
        .setExpectedAudience(wanted)
        // Signatures by key pairs alone: with others a public key would be a secret, or none
        // needed.
        .setJwsAlgorithmConstraints(
            ConstraintType.PERMIT,
            AlgorithmIdentifiers.RSA_USING_SHA256,
            AlgorithmIdentifiers.RSA_USING_SHA384,
            AlgorithmIdentifiers.RSA_USING_SHA512,
            AlgorithmIdentifiers.RSA_PSS_USING_SHA256,
            AlgorithmIdentifiers.RSA_PSS_USING_SHA384,
            AlgorithmIdentifiers.RSA_PSS_USING_SHA512,
            AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
            AlgorithmIdentifiers.ECDSA_USING_P384_CURVE_AND_SHA384,
            AlgorithmIdentifiers.ECDSA_USING_P521_CURVE_AND_SHA512)
        .setVerificationKeyResolver(new JwksVerificationKeyResolver(discovered.keys()))
        .build()
        .processToClaims(token);
  }

  private Authentication known(JwtClaims claims) throws MalformedClaimException {
    String name = claims.getStringClaimValue(config.userClaim());
    if (name == null || !NAME.matcher(name).matches()) {
      return Authentication.unrecognized();
    }
    Set<String> groups = new HashSet<>();
    if (claims.hasClaim(config.groupsClaim())) {
      List<String> given = claims.getStringListClaimValue(config.groupsClaim());
      given.stream().limit(MOST_GROUPS).forEach(group -> groups.add(config.prefix() + group));
    }
    return new Known(Caller.user(Caller.Kind.TOKEN, account, config.prefix() + name, groups, ""));
  }

  // ------------------------------------------------------------------ keys

  private void askAgain() {
    if (Duration.between(asked, clock.instant()).compareTo(RETRY) > 0) {
      asked = clock.instant();
      try {
        background.execute(this::fetch);
      } catch (RejectedExecutionException _) {
        // The node stops.
      }
    }
  }

  private void refresh() {
    Duration next = fetch() ? REFRESH : RETRY;
    try {
      background.schedule(this::refresh, next.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException _) {
      // The node stops.
    }
  }

  /** False: there are no new keys; the former ones stay. */
  private boolean fetch() {
    asked = clock.instant();
    try {
      String slash = issuer.endsWith("/") ? "" : "/";
      JsonNode said =
          JSON.readTree(get(URI.create(issuer + slash + ".well-known/openid-configuration")));
      if (!issuer.equals(said.path("issuer").textValue())) {
        throw new IOException("the provider says that its issuer is " + said.path("issuer"));
      }
      URI jwks = safe(said, "jwks_uri");
      if (jwks == null) {
        throw new IOException("the provider has no jwks_uri");
      }
      discovered =
          new Discovered(
              List.copyOf(new JsonWebKeySet(get(jwks)).getJsonWebKeys()),
              safe(said, "authorization_endpoint"),
              safe(said, "token_endpoint"),
              posts(said.path("token_endpoint_auth_methods_supported")));
      return true;
    } catch (IOException | JoseException | IllegalArgumentException e) {
      LOG.warn("The keys of {} can't be fetched: {}", issuer, e.toString());
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Null: there is none. */
  private static @Nullable URI safe(JsonNode said, String member) throws IOException {
    if (!said.path(member).isTextual()) {
      return null;
    }
    URI uri = URI.create(said.path(member).textValue());
    if (!"https".equals(uri.getScheme()) && !isThisMachine(uri)) {
      throw new IOException(member + " is no https address: " + uri);
    }
    return uri;
  }

  /** A provider that doesn't say takes it in the header. */
  private static boolean posts(JsonNode methods) {
    Set<String> named = new HashSet<>();
    methods.forEach(method -> named.add(method.asText()));
    return named.contains("client_secret_post") && !named.contains("client_secret_basic");
  }

  /** What the provider last said of itself. */
  Discovered discovered() {
    return discovered;
  }

  private String get(URI uri) throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        http.send(
            HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      byte[] bytes = body.readNBytes(LARGEST_ANSWER);
      if (response.statusCode() != 200) {
        throw new IOException(uri + " answers " + response.statusCode());
      }
      return new String(bytes, UTF_8);
    }
  }

  @Override
  public void close() {
    background.shutdownNow();
    http.shutdownNow();
  }
}
