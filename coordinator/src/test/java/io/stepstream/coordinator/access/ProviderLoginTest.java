package io.stepstream.coordinator.access;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepstream.coordinator.access.FakeProvider.Fault;
import io.stepstream.coordinator.access.ProviderLogin.Begun;
import io.stepstream.coordinator.access.ProviderLogin.Outcome;
import io.stepstream.coordinator.access.ProviderLogin.Reason;
import io.stepstream.coordinator.access.ProviderLogin.Returned;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Logins at a provider that runs here. */
class ProviderLoginTest {

  private static final URI BACK = URI.create("http://127.0.0.1:8333/api/login/provider/return");

  @TempDir Path directory;

  private final HttpClient browser = HttpClient.newHttpClient();
  private volatile Instant now = Instant.parse("2026-03-04T05:06:07Z");
  private FakeProvider fake;
  private IdentityProvider provider;
  private ProviderLogin login;

  @AfterEach
  void stop() {
    login.close();
    provider.close();
    fake.close();
    browser.close();
  }

  private void start(@Nullable String secret, boolean posts) throws IOException {
    fake = new FakeProvider("the console", secret, posts, () -> now);
    Path file =
        secret == null ? null : Files.writeString(directory.resolve("secret"), secret + "\n");
    var config =
        new AuthenticatorTest.Provider(
            fake.issuer(), "stepstream", "the console", file, "openid profile");
    provider = new IdentityProvider(fake.issuer(), config, "1", () -> now);
    login = new ProviderLogin(provider, "the console", config, attempts("k"));
    await().until(() -> login.begin(BACK).isPresent());
  }

  private LoginAttempts attempts(String secret) {
    return new LoginAttempts(
        NodeKeys.of(List.of(secret.repeat(32)), LoginAttempts.PURPOSE), () -> now);
  }

  /** What the provider sends the browser back with. */
  private Returned atTheProvider(Begun begun, String user, Fault fault) throws Exception {
    var answer =
        browser.send(
            HttpRequest.newBuilder(FakeProvider.as(begun.address(), user, fault)).build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(302);
    URI back = URI.create(answer.headers().firstValue("Location").orElseThrow());
    assertThat(back.toString()).startsWith(BACK + "?");
    Map<String, String> fields = FakeProvider.form(back.getRawQuery());
    return new Returned(fields.get("state"), fields.get("code"), fields.get("error"));
  }

  private Outcome finish(@Nullable String cookie, Returned returned) throws Exception {
    return login.finish(cookie, returned, BACK).toCompletableFuture().get(20, SECONDS);
  }

  private static Reason reason(Outcome outcome) {
    return ((Outcome.Failed) outcome).reason();
  }

  @ParameterizedTest
  @CsvSource({", false", "s€cret: with+all%, false", "s€cret: with+all%, true"})
  void shouldKnowWhoComesBackWithACode(@Nullable String secret, boolean posts) throws Exception {
    start(secret, posts);
    Begun begun = login.begin(BACK).orElseThrow();

    Outcome outcome = finish(begun.cookie(), atTheProvider(begun, "ada", Fault.NONE));

    assertThat(outcome)
        .isEqualTo(
            new Outcome.LoggedIn(Caller.user(Caller.Kind.TOKEN, "1", "oidc:ada", Set.of(), "")));
    assertThat(login.name()).isEqualTo("127.0.0.1");
  }

  @Test
  void shouldAskForACodeThatNobodyElseCanUse() throws Exception {
    start(null, false);
    Begun begun = login.begin(BACK).orElseThrow();
    Map<String, String> asked = FakeProvider.form(begun.address().getRawQuery());

    assertThat(asked)
        .containsEntry("response_type", "code")
        .containsEntry("redirect_uri", BACK.toString())
        .containsEntry("scope", "openid profile")
        .containsEntry("code_challenge_method", "S256")
        .containsKeys("state", "nonce", "code_challenge");
    // What the provider is told must not be what the code is exchanged with.
    String verifier = begun.cookie().split("\\.")[2];
    assertThat(asked.get("code_challenge")).isNotEqualTo(verifier);
    assertThat(FakeProvider.form(login.begin(BACK).orElseThrow().address().getRawQuery()))
        .doesNotContainEntry("state", asked.get("state"))
        .doesNotContainEntry("nonce", asked.get("nonce"));
  }

  @Test
  void shouldTakeNoCodeForAnotherBrowsersLogin() throws Exception {
    start(null, false);
    Begun begun = login.begin(BACK).orElseThrow();
    Begun another = login.begin(BACK).orElseThrow();
    Returned returned = atTheProvider(begun, "ada", Fault.NONE);

    for (String cookie :
        new String[] {
          null,
          "",
          "x",
          another.cookie(),
          begun.cookie() + "0",
          begun.cookie().replaceFirst("\\.(\\d+)\\.", ".9$1.")
        }) {
      assertThat(reason(finish(cookie, returned))).as(cookie).isEqualTo(Reason.STATE);
    }
    for (String state : new String[] {null, "", "x"}) {
      assertThat(reason(finish(begun.cookie(), new Returned(state, returned.code(), null))))
          .isEqualTo(Reason.STATE);
    }
    // None of it has used the code up.
    assertThat(finish(begun.cookie(), returned)).isInstanceOf(Outcome.LoggedIn.class);
    assertThat(reason(finish(begun.cookie(), returned))).isEqualTo(Reason.REFUSED);
  }

  @Test
  void shouldForgetALoginThatTookTooLong() throws Exception {
    start(null, false);
    Begun begun = login.begin(BACK).orElseThrow();
    now = now.plus(LoginAttempts.LIFETIME);

    assertThat(reason(finish(begun.cookie(), atTheProvider(begun, "ada", Fault.NONE))))
        .isEqualTo(Reason.STATE);
  }

  @Test
  void shouldTakeNoAttemptThatIsSignedWithAnotherKey() throws Exception {
    start(null, false);
    var attempt = LoginAttempts.Attempt.random();

    assertThat(attempts("k").find(attempts("k").cookie(attempt), attempt.state()))
        .isEqualTo(attempt);
    assertThat(attempts("k").find(attempts("o").cookie(attempt), attempt.state())).isNull();
  }

  @Test
  void shouldNotExchangeACodeThatWasBegunWithAnotherVerifier() throws Exception {
    start(null, false);
    Begun begun = login.begin(BACK).orElseThrow();
    Begun another = login.begin(BACK).orElseThrow();
    Returned stolen = atTheProvider(begun, "ada", Fault.NONE);
    String own = another.cookie().split("\\.")[0];

    assertThat(reason(finish(another.cookie(), new Returned(own, stolen.code(), null))))
        .isEqualTo(Reason.REFUSED);
  }

  @ParameterizedTest
  @CsvSource({
    "DENIED,    DENIED",
    "NONCE,     REFUSED",
    "NO_NONCE,  REFUSED",
    "EXPIRED,   REFUSED",
    "AUDIENCE,  REFUSED",
    "PARTY,     REFUSED",
    "ISSUER,    REFUSED",
    "SIGNATURE, REFUSED",
    "NO_TOKEN,  REFUSED",
    "NO_JSON,   UNAVAILABLE",
    "BROKEN,    UNAVAILABLE"
  })
  void shouldLetNobodyInWhomTheProviderDoesNotVouchFor(Fault fault, Reason reason)
      throws Exception {
    start(null, false);
    Begun begun = login.begin(BACK).orElseThrow();

    Outcome outcome = finish(begun.cookie(), atTheProvider(begun, "ada", fault));

    assertThat(reason(outcome)).isEqualTo(reason);
    assertThat(((Outcome.Failed) outcome).detail()).doesNotContain("<b>").isNotEmpty();
  }

  @Test
  void shouldSayThatAProviderIsAway() throws Exception {
    start(null, false);
    Begun begun = login.begin(BACK).orElseThrow();
    Returned returned = atTheProvider(begun, "ada", Fault.NONE);
    fake.close();

    assertThat(reason(finish(begun.cookie(), returned))).isEqualTo(Reason.UNAVAILABLE);
  }
}
