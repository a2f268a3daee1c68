package io.stepstream.coordinator.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.stepstream.coordinator.access.Authentication.Known;
import io.stepstream.coordinator.access.Authentication.Refused;
import java.net.InetSocketAddress;
import java.security.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens of a provider that runs here. */
class IdentityProviderTest {

  private final AtomicInteger asked = new AtomicInteger();
  private volatile Instant now = Instant.parse("2026-03-04T05:06:07Z");
  private volatile RsaJsonWebKey published;
  private HttpServer server;
  private String issuer;
  private IdentityProvider provider;

  @BeforeEach
  void start() throws Exception {
    published = key("one");
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    issuer = "http://127.0.0.1:" + server.getAddress().getPort() + "/realm";
    server.createContext(
        "/realm/",
        exchange -> {
          asked.incrementAndGet();
          byte[] answer =
              (exchange.getRequestURI().getPath().endsWith("openid-configuration")
                      ? "{\"issuer\":\"%1$s\",\"jwks_uri\":\"%1$s/keys\"}".formatted(issuer)
                      : new JsonWebKeySet(published).toJson(OutputControlLevel.PUBLIC_ONLY))
                  .getBytes(UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    provider =
        new IdentityProvider(
            issuer, new AuthenticatorTest.Provider(issuer, "stepstream"), "1", () -> now);
  }

  @AfterEach
  void stop() {
    provider.close();
    server.stop(0);
  }

  @Test
  void shouldKnowWhomATokenNamesApartFromTheUsersOfFiles() throws Exception {
    String token = signed(claims(), published);

    await().until(() -> provider.verify(token) instanceof Known);
    assertThat(provider.verify(token))
        .isEqualTo(
            new Known(
                Caller.user(
                    Caller.Kind.TOKEN, "1", "oidc:ada", Set.of("oidc:ops", "oidc:dev"), "")));
  }

  @Test
  void shouldRefuseTokensThatAreNotForUsOrNotNow() throws Exception {
    String good = signed(claims(), published);
    await().until(() -> provider.verify(good) instanceof Known);

    JwtClaims foreign = claims();
    foreign.setIssuer("https://other");
    JwtClaims forOthers = claims();
    forOthers.setAudience("other");
    JwtClaims forNobody = claims();
    forNobody.unsetClaim("aud");
    JwtClaims eternal = claims();
    eternal.unsetClaim("exp");
    JwtClaims nobodys = claims();
    nobodys.unsetClaim("sub");
    JwtClaims hostile = claims();
    hostile.setSubject("a\nb");
    JwtClaims later = claims();
    later.setNotBefore(NumericDate.fromMilliseconds(now.plusSeconds(120).toEpochMilli()));
    for (JwtClaims claims :
        List.of(foreign, forOthers, forNobody, eternal, nobodys, hostile, later)) {
      assertThat(provider.verify(signed(claims, published))).isInstanceOf(Refused.class);
    }
    now = now.plus(Duration.ofMinutes(5)).plusSeconds(61);
    assertThat(provider.verify(good)).isInstanceOf(Refused.class);
  }

  @Test
  void shouldRefuseSignaturesThatAnybodyCouldMake() throws Exception {
    String good = signed(claims(), published);
    await().until(() -> provider.verify(good) instanceof Known);

    JsonWebSignature unsigned = signature(claims(), "one");
    unsigned.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
    unsigned.setAlgorithmHeaderValue(AlgorithmIdentifiers.NONE);
    // The public key as the secret of a MAC.
    Key publicKey = new HmacKey(published.getPublicKey().getEncoded());
    JsonWebSignature confused = signature(claims(), "one");
    confused.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
    confused.setKey(publicKey);

    assertThat(provider.verify(unsigned.getCompactSerialization())).isInstanceOf(Refused.class);
    assertThat(provider.verify(confused.getCompactSerialization())).isInstanceOf(Refused.class);
    assertThat(provider.verify(signed(claims(), key("one")))).isInstanceOf(Refused.class);
    assertThat(provider.verify(good.substring(0, good.lastIndexOf('.') + 1)))
        .isInstanceOf(Refused.class);
    assertThat(provider.verify("a.b.c")).isInstanceOf(Refused.class);
    assertThat(provider.verify("x".repeat(20_000) + "..")).isInstanceOf(Refused.class);
  }

  @Test
  void shouldLearnNewKeysAndNotBeMadeToAskForThemAllTheTime() throws Exception {
    String old = signed(claims(), published);
    await().until(() -> provider.verify(old) instanceof Known);
    int before = asked.get();

    published = key("two");
    String fresh = signed(claims(), published);
    for (int i = 0; i < 100; i++) {
      assertThat(provider.verify(fresh)).isInstanceOf(Refused.class);
    }
    assertThat(asked.get()).isEqualTo(before);
    now = now.plusSeconds(11);

    await().until(() -> provider.verify(fresh) instanceof Known);
    assertThat(asked.get()).isEqualTo(before + 2);
    assertThat(provider.verify(old)).isInstanceOf(Refused.class);
  }

  @Test
  void shouldNotTakeKeysFromWhereTheyCouldBeForged() {
    assertThatThrownBy(
            () ->
                new IdentityProvider(
                    "http://id.example.org",
                    new AuthenticatorTest.Provider("http://id.example.org", "a"),
                    "1",
                    () -> now))
        .hasMessageContaining("must be an https address");
    assertThatThrownBy(
            () ->
                new IdentityProvider(
                    issuer, new AuthenticatorTest.Provider(issuer, null), "1", () -> now))
        .hasMessageContaining("stepstream.security.oidc.audience");
  }

  private JwtClaims claims() {
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(issuer);
    claims.setAudience("stepstream");
    claims.setSubject("ada");
    claims.setExpirationTime(
        NumericDate.fromMilliseconds(now.plus(Duration.ofMinutes(5)).toEpochMilli()));
    claims.setStringListClaim("groups", "ops", "dev");
    return claims;
  }

  private static RsaJsonWebKey key(String id) throws Exception {
    RsaJsonWebKey key = RsaJwkGenerator.generateJwk(2048);
    key.setKeyId(id);
    return key;
  }

  private static String signed(JwtClaims claims, RsaJsonWebKey key) throws Exception {
    JsonWebSignature signature = signature(claims, key.getKeyId());
    signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
    signature.setKey(key.getPrivateKey());
    return signature.getCompactSerialization();
  }

  private static JsonWebSignature signature(JwtClaims claims, String keyId) {
    JsonWebSignature signature = new JsonWebSignature();
    signature.setPayload(claims.toJson());
    signature.setKeyIdHeaderValue(keyId);
    return signature;
  }
}
