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

  record Provider(@Nullable String url, @Nullable String wanted) implements OidcConfig {

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
  }

  private record Settings(
      @Nullable Path access, @Nullable Path api, @Nullable Path policies, @Nullable Path nodes)
      implements SecurityConfig {

    @Override
    public Optional<Path> accessKeysFile() {
      return Optional.ofNullable(access);
    }

    @Override
    public Optional<Path> apiKeysFile() {
      return Optional.ofNullable(api);
    }

    @Override
    public OidcConfig oidc() {
      return new Provider(null, null);
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
