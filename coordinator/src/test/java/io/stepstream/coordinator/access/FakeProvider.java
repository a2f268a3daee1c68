package io.stepstream.coordinator.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * An OpenID provider in this process, that logs in whom the address asks for: {@code user}, {@code
 * groups} and a {@code fault} beside what a client sends. Codes are good once, for the client that
 * has the secret and the verifier.
 */
public final class FakeProvider implements AutoCloseable {

  /** What it does wrong, once it is asked to. */
  public enum Fault {
    NONE,
    DENIED,
    NONCE,
    NO_NONCE,
    EXPIRED,
    AUDIENCE,
    PARTY,
    ISSUER,
    SIGNATURE,
    NO_TOKEN,
    NO_JSON,
    BROKEN
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final String issuer;
  private final String client;
  private final @Nullable String secret;
  private final boolean postsSecret;
  private final InstantSource clock;
  private final RsaJsonWebKey key = key();
  private final RsaJsonWebKey another = key();
  private final Set<String> used = ConcurrentHashMap.newKeySet();

  /**
   * @param secret null: of a public client
   * @param postsSecret whether it takes the secret in the body alone
   */
  public FakeProvider(
      String client, @Nullable String secret, boolean postsSecret, InstantSource clock)
      throws IOException {
    this.client = client;
    this.secret = secret;
    this.postsSecret = postsSecret;
    this.clock = clock;
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    issuer = "http://127.0.0.1:" + server.getAddress().getPort() + "/realm";
    server.createContext(
        "/realm/.well-known/openid-configuration", x -> answer(x, 200, configuration()));
    server.createContext(
        "/realm/keys",
        x -> answer(x, 200, new JsonWebKeySet(key).toJson(OutputControlLevel.PUBLIC_ONLY)));
    server.createContext("/realm/authorize", this::authorize);
    server.createContext("/realm/token", this::token);
    server.start();
  }

  public String issuer() {
    return issuer;
  }

  private String configuration() {
    ObjectNode said =
        JSON.createObjectNode()
            .put("issuer", issuer)
            .put("jwks_uri", issuer + "/keys")
            .put("authorization_endpoint", issuer + "/authorize?ui=plain")
            .put("token_endpoint", issuer + "/token");
    said.putArray("token_endpoint_auth_methods_supported")
        .add(postsSecret ? "client_secret_post" : "client_secret_basic");
    return said.toString();
  }

  /** Logs in without asking, and sends the browser back. */
  private void authorize(HttpExchange exchange) throws IOException {
    Map<String, String> asked = form(exchange.getRequestURI().getRawQuery());
    if (!"code".equals(asked.get("response_type"))
        || !client.equals(asked.get("client_id"))
        || !"S256".equals(asked.get("code_challenge_method"))
        || !"plain".equals(asked.get("ui"))
        || !List.of(asked.getOrDefault("scope", "").split(" ")).contains("openid")) {
      answer(exchange, 400, "a bad request: " + asked);
      return;
    }
    String back = asked.get("redirect_uri") + "?state=" + encoded(asked.get("state"));
    if (Fault.DENIED.name().equals(asked.get("fault"))) {
      back += "&error=access_denied&error_description=" + encoded("<b>no</b>");
    } else {
      String code =
          Base64.getUrlEncoder().withoutPadding().encodeToString(JSON.writeValueAsBytes(asked));
      back += "&code=" + encoded(code);
    }
    exchange.getResponseHeaders().add("Location", back);
    exchange.sendResponseHeaders(302, -1);
    exchange.close();
  }

  private void token(HttpExchange exchange) throws IOException {
    Map<String, String> given = form(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    String code = given.getOrDefault("code", "");
    JsonNode asked = JSON.readTree(Base64.getUrlDecoder().decode(code));
    String verifier = given.getOrDefault("code_verifier", "");
    String challenge =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(Hmac.sha256(verifier.getBytes(UTF_8)));
    if (!isClient(exchange.getRequestHeaders().getFirst("Authorization"), given)) {
      answer(exchange, 401, "{\"error\":\"invalid_client\"}");
    } else if (!"authorization_code".equals(given.get("grant_type"))
        || !asked.path("redirect_uri").asText().equals(given.get("redirect_uri"))
        || !asked.path("code_challenge").asText().equals(challenge)
        || !used.add(code)) {
      answer(exchange, 400, "{\"error\":\"invalid_grant\"}");
    } else {
      Fault fault = Fault.valueOf(asked.path("fault").asText("NONE"));
      switch (fault) {
        case BROKEN -> answer(exchange, 500, "{}");
        case NO_JSON -> answer(exchange, 200, "<html>");
        case NO_TOKEN -> answer(exchange, 200, "{\"access_token\":\"x\"}");
        default ->
            answer(
                exchange,
                200,
                JSON.createObjectNode()
                    .put("access_token", "x")
                    .put("id_token", idToken(asked, fault))
                    .toString());
      }
    }
  }

  private boolean isClient(@Nullable String authorization, Map<String, String> given) {
    if (secret == null || postsSecret) {
      return authorization == null
          && client.equals(given.get("client_id"))
          && Objects.equals(secret, given.get("client_secret"));
    }
    String both = encoded(client) + ':' + encoded(secret);
    return ("Basic " + Base64.getEncoder().encodeToString(both.getBytes(UTF_8)))
            .equals(authorization)
        && given.get("client_secret") == null;
  }

  private String idToken(JsonNode asked, Fault fault) throws IOException {
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(fault == Fault.ISSUER ? "http://127.0.0.1:1" : issuer);
    claims.setAudience(
        switch (fault) {
          case AUDIENCE -> List.of("another");
          case PARTY -> List.of(client, "another");
          default -> List.of(client);
        });
    if (fault == Fault.PARTY) {
      claims.setStringClaim("azp", "another");
    }
    claims.setSubject(asked.path("user").asText("ada"));
    claims.setExpirationTime(
        NumericDate.fromMilliseconds(
            clock
                .instant()
                .plus(fault == Fault.EXPIRED ? Duration.ofMinutes(-2) : Duration.ofMinutes(5))
                .toEpochMilli()));
    if (fault != Fault.NO_NONCE) {
      claims.setStringClaim(
          "nonce", fault == Fault.NONCE ? "n".repeat(43) : asked.path("nonce").asText());
    }
    if (asked.has("groups")) {
      claims.setStringListClaim("groups", List.of(asked.path("groups").asText().split(",")));
    }
    JsonWebSignature signature = new JsonWebSignature();
    signature.setPayload(claims.toJson());
    signature.setKeyIdHeaderValue("key");
    signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
    signature.setKey((fault == Fault.SIGNATURE ? another : key).getPrivateKey());
    try {
      return signature.getCompactSerialization();
    } catch (JoseException e) {
      throw new IOException(e);
    }
  }

  private static RsaJsonWebKey key() {
    try {
      RsaJsonWebKey key = RsaJwkGenerator.generateJwk(2048);
      key.setKeyId("key");
      return key;
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A form's fields, or a query's. */
  public static Map<String, String> form(String text) {
    Map<String, String> fields = new HashMap<>();
    for (String field : text.split("&")) {
      int equals = field.indexOf('=');
      fields.put(
          URLDecoder.decode(field.substring(0, equals), UTF_8),
          URLDecoder.decode(field.substring(equals + 1), UTF_8));
    }
    return fields;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** The address that a person with this name gets to from one of a client's. */
  public static URI as(URI address, String user, Fault fault) {
    return URI.create(address + "&user=" + encoded(user) + "&fault=" + fault.name());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
