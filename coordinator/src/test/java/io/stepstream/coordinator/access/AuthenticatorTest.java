package io.stepstream.coordinator.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.coordinator.access.Authentication.Known;
import io.stepstream.coordinator.access.Authentication.Refused;
import io.stepstream.schemas.configured.WatchedFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthenticatorTest {

  @TempDir Path directory;

  private final ApiKey key = ApiKey.random();
  private Instant now = Instant.parse("2026-03-04T05:06:07Z");

  @Test
  void shouldAskNobodyWithoutKeys() {
    assertThat(Authenticator.of(new Settings(null, null, null, null), "1", () -> now)).isEmpty();
  }

  @Test
  void shouldNotStartHalfConfigured() throws Exception {
    Path keys = keys(key);
    Path policies = file("policies.json", "{}");
    Path node = file("node.keys", "k".repeat(32));

    assertRefused(new Settings(null, keys, null, node), "policies-file");
    assertRefused(new Settings(null, keys, policies, null), "node-keys-file");
    assertRefused(new Settings(null, null, policies, null), "access-keys-file");
    assertRefused(
        new Settings(directory.resolve("none"), null, policies, node), "access-keys-file");
    assertRefused(
        new Settings(null, keys, policies, file("short", "too short")), "at least 32 characters");
    assertRefused(
        new Settings(null, keys, file("bad", "{\"users\":"), node),
        "policies-file",
        "is not JSON: line 1");
    assertRefused(
        new Settings(null, keys, file("twice", "{\"users\":{},\"users\":{}}"), node),
        "policies-file",
        "is not JSON");
  }

  private void assertRefused(Settings settings, String... parts) {
    assertThatThrownBy(() -> Authenticator.of(settings, "1", () -> now))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void shouldTakeKeysFromBothHeaders() throws Exception {
    Authenticator authenticator = authenticator(keys(key));

    assertThat(authenticator.authenticate(request("authorization", "Bearer " + key.text()), null))
        .isInstanceOf(Known.class);
    assertThat(authenticator.authenticate(request("x-api-key", key.text()), null))
        .isInstanceOf(Known.class);
    assertThat(code(authenticator, request("x-api-key", key.text() + "x")))
        .isEqualTo("UnrecognizedClientException");
    assertThat(code(authenticator, request("authorization", "Basic dTpw")))
        .isEqualTo("UnrecognizedClientException");
    assertThat(code(authenticator, request("x-stepstream-node", "a.b.c")))
        .isEqualTo("UnrecognizedClientException");
    assertThat(code(authenticator, request("x-stepstream-forwarded", "true")))
        .isEqualTo("MissingAuthenticationTokenException");
    assertThat(code(authenticator, request("authorization", "AWS4-HMAC-SHA256 Credential=x")))
        .isEqualTo("UnrecognizedClientException");
  }

  @Test
  void shouldForgetAKeyThatIsTakenOutOfTheFile() throws Exception {
    Path keys = keys(key);
    Authenticator authenticator = authenticator(keys);
    SignedRequest request = request("x-api-key", key.text());
    String cookie = session(authenticator);

    Files.writeString(keys, "{\"apiKeys\":[]}");
    Files.setLastModifiedTime(keys, FileTime.fromMillis(1));
    assertThat(authenticator.authenticate(request, null)).isInstanceOf(Known.class);
    now = now.plus(WatchedFile.PAUSE).plusMillis(1);

    assertThat(authenticator.authenticate(request, null)).isInstanceOf(Refused.class);
    assertThat(authenticator.authenticate(request("a", "b"), cookie)).isInstanceOf(Refused.class);
  }

  @Test
  void shouldKeepWhatWasSaidWhenAFileBecomesUnusable() throws Exception {
    Path keys = keys(key);
    Authenticator authenticator = authenticator(keys);

    Files.writeString(keys, "{\"apiKeys\":[{}]}");
    Files.setLastModifiedTime(keys, FileTime.fromMillis(1));
    now = now.plus(WatchedFile.PAUSE).plusMillis(1);
    assertThat(authenticator.authenticate(request("x-api-key", key.text()), null))
        .isInstanceOf(Known.class);
    Files.delete(keys);
    now = now.plus(WatchedFile.PAUSE).plusMillis(1);

    assertThat(authenticator.authenticate(request("x-api-key", key.text()), null))
        .isInstanceOf(Known.class);
  }

  @Test
  void shouldKnowWhoHasLoggedInAtTheProviderForAsLongAsASessionLasts() throws Exception {
    Caller ada = Caller.user(Caller.Kind.TOKEN, "1", "oidc:ada", Set.of("oidc:ops"), "");
    try (Authenticator authenticator = withProvider("console");
        Authenticator withoutLogin = withProvider(null)) {
      String cookie = authenticator.beginProviderSession(ada);
      SignedRequest request = request("a", "b");

      assertThat(authenticator.authenticate(request, cookie))
          .isEqualTo(
              new Known(new Caller(Caller.Kind.SESSION, ada.arn(), ada.name(), ada.groups(), "")));
      assertThat(withoutLogin.authenticate(request, cookie)).isInstanceOf(Refused.class);
      for (String forged :
          List.of(
              cookie + "0",
              cookie.substring(2),
              "p." + CallerText.write(ada) + cookie.substring(cookie.indexOf('.', 2)),
              cookie.replaceFirst("\\.(\\d+)\\.", ".9$1."))) {
        assertThat(authenticator.authenticate(request, forged)).isInstanceOf(Refused.class);
      }
      now = now.plus(Duration.ofHours(1));
      assertThat(authenticator.authenticate(request, cookie)).isInstanceOf(Refused.class);
    }
  }

  @Test
  void shouldGiveNoSessionThatABrowserWouldDrop() throws Exception {
    Set<String> many =
        IntStream.range(0, 200).mapToObj("oidc:a-group-%d"::formatted).collect(Collectors.toSet());
    try (Authenticator authenticator = withProvider("console")) {
      assertThat(
              authenticator.beginProviderSession(
                  Caller.user(Caller.Kind.TOKEN, "1", "oidc:ada", many, "")))
          .isNull();
    }
  }

  @Test
  void shouldNotStartWithALoginThatCannotWork() throws Exception {
    Path policies = file("policies.json", "{}");
    Path node = file("node.keys", "k".repeat(32));
    String url = "http://127.0.0.1:1";

    assertRefused(
        new Settings(null, null, policies, node, new Provider(null, null, "c", null, "openid")),
        "client-id",
        "needs stepstream.security.oidc.issuer");
    assertRefused(
        new Settings(null, null, policies, node, new Provider(url, "a", "c", null, "profile")),
        "scopes",
        "'openid'");
    assertRefused(
        new Settings(
            null,
            null,
            policies,
            node,
            new Provider(url, "a", "c", file("empty", " \n"), "openid")),
        "client-secret-file",
        "is empty");
    assertRefused(
        new Settings(
            null,
            null,
            policies,
            node,
            new Provider(url, "a", "c", directory.resolve("none"), "openid")),
        "client-secret-file",
        "can't be read");
  }

  private Authenticator withProvider(@Nullable String client) throws Exception {
    return Authenticator.of(
            new Settings(
                null,
                null,
                file("policies.json", "{}"),
                file("node.keys", "k".repeat(32)),
                new Provider("http://127.0.0.1:1", "a", client, null, "openid")),
            "1",
            () -> now)
        .orElseThrow();
  }

  private String session(Authenticator authenticator) {
    return authenticator.beginSession(((Known) authenticator.login(key.text())).caller());
  }

  private static String code(Authenticator authenticator, SignedRequest request) {
    return ((Refused) authenticator.authenticate(request, null)).code();
  }

  private static SignedRequest request(String header, String value) {
    return new SignedRequest("GET", "/", null, List.of(Map.entry(header, value)), new byte[0]);
  }

  private Authenticator authenticator(Path keys) throws Exception {
    return Authenticator.of(
            new Settings(
                null, keys, file("policies.json", "{}"), file("node.keys", "k".repeat(32))),
            "111111111111",
            () -> now)
        .orElseThrow();
  }

  private Path keys(ApiKey some) throws Exception {
    return file(
        "keys.json",
        "{\"apiKeys\":[{\"id\":\"%s\",\"sha256\":\"%s\",\"user\":\"u\"}]}"
            .formatted(some.id(), some.hash()));
  }

  private Path file(String name, String content) throws Exception {
    return Files.writeString(directory.resolve(name), content);
  }

  record Provider(
      @Nullable String url,
      @Nullable String wanted,
      @Nullable String client,
      @Nullable Path secret,
      String scopes)
      implements OidcConfig {

    Provider(@Nullable String url, @Nullable String wanted) {
      this(url, wanted, null, null, "openid");
    }

    @Override
    public Optional<String> issuer() {
      return Optional.ofNullable(url);
    }

    @Override
    public Optional<String> audience() {
      return Optional.ofNullable(wanted);
    }

    @Override
    public String userClaim() {
      return "sub";
    }

    @Override
    public String groupsClaim() {
      return "groups";
    }

    @Override
    public String prefix() {
      return "oidc:";
    }

    @Override
    public Optional<String> clientId() {
      return Optional.ofNullable(client);
    }

    @Override
    public Optional<Path> clientSecretFile() {
      return Optional.ofNullable(secret);
    }

    @Override
    public Optional<String> name() {
      return Optional.empty();
    }
  }

  private record Settings(
      @Nullable Path access,
      @Nullable Path api,
      @Nullable Path policies,
      @Nullable Path nodes,
      OidcConfig oidc)
      implements SecurityConfig {

    Settings(
        @Nullable Path access, @Nullable Path api, @Nullable Path policies, @Nullable Path nodes) {
      this(access, api, policies, nodes, new Provider(null, null));
    }

    @Override
    public Optional<Path> accessKeysFile() {
      return Optional.ofNullable(access);
    }

    @Override
    public Optional<Path> apiKeysFile() {
      return Optional.ofNullable(api);
    }

    @Override
    public Optional<Path> policiesFile() {
      return Optional.ofNullable(policies);
    }

    @Override
    public Optional<Path> nodeKeysFile() {
      return Optional.ofNullable(nodes);
    }

    @Override
    public Duration sessionLifetime() {
      return Duration.ofHours(1);
    }

    @Override
    public boolean secureCookies() {
      return false;
    }

    @Override
    public Duration bodyPatience() {
      return Duration.ofSeconds(1);
    }

    @Override
    public int requestsPerSecond() {
      return 1;
    }

    @Override
    public int requestBurst() {
      return 1;
    }
  }
}
