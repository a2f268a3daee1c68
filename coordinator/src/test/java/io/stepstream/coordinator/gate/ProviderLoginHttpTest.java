package io.stepstream.coordinator.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.stepstream.coordinator.access.FakeProvider;
import io.stepstream.coordinator.access.FakeProvider.Fault;
import io.stepstream.coordinator.audit.InMemoryAudit;
import io.stepstream.schemas.AuditEvent;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The login at a provider as a browser goes through it, step by step. */
@QuarkusTest
@TestProfile(ProviderProfile.class)
class ProviderLoginHttpTest {

  private static final String ATTEMPT = ConsoleCookies.ATTEMPT + "=";
  private static final String SESSION = ConsoleCookies.SESSION + "=";

  @TestHTTPResource("/")
  URI endpoint;

  @Inject InMemoryAudit audit;

  private final HttpClient browser = HttpClient.newHttpClient();

  @BeforeEach
  void waitForTheProvider() {
    await()
        .until(
            () ->
                get(LoginRoutes.PATH + "/provider", null)
                    .headers()
                    .firstValue("location")
                    .filter(address -> !address.startsWith("/console"))
                    .isPresent());
    audit.drain();
  }

  @AfterEach
  void disconnect() {
    browser.close();
  }

  // ------------------------------------------------------------------ a browser

  private HttpResponse<String> get(String path, @Nullable String cookie) throws Exception {
    return call("GET", path, cookie, null);
  }

  private HttpResponse<String> call(
      String method, String path, @Nullable String cookie, @Nullable String origin)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.resolve(path))
            .method(
                method,
                method.equals("POST") ? BodyPublishers.ofString("{}") : BodyPublishers.noBody());
    if (cookie != null) {
      request.header("Cookie", cookie);
    }
    if (origin != null) {
      request.header("Origin", origin);
    }
    if (path.equals("/")) {
      request.header("X-Amz-Target", "AWSStepFunctions.ListStateMachines");
    }
    return browser.send(request.build(), BodyHandlers.ofString());
  }

  /** As a browser sends it; null: it isn't set. */
  private static @Nullable String cookie(HttpResponse<?> answer, String name) {
    return answer.headers().allValues("set-cookie").stream()
        .filter(cookie -> cookie.startsWith(name))
        .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
        .findAny()
        .orElse(null);
  }

  private static String location(HttpResponse<?> answer) {
    assertThat(answer.statusCode()).isEqualTo(302);
    assertThat(answer.headers().firstValue("cache-control")).contains("no-store");
    return answer.headers().firstValue("location").orElseThrow();
  }

  /** Where the provider leads back to: the path with code and state. */
  private String atTheProvider(HttpResponse<?> begun, String user, Fault fault) throws Exception {
    HttpResponse<String> answer =
        browser.send(
            HttpRequest.newBuilder(FakeProvider.as(URI.create(location(begun)), user, fault))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(302);
    URI back = URI.create(answer.headers().firstValue("location").orElseThrow());
    assertThat(back.getAuthority()).isEqualTo(endpoint.getAuthority());
    return back.getRawPath() + "?" + back.getRawQuery();
  }

  private HttpResponse<String> login(String user, Fault fault) throws Exception {
    HttpResponse<String> begun = get(LoginRoutes.PATH + "/provider", null);
    return get(atTheProvider(begun, user, fault), cookie(begun, ATTEMPT));
  }

  private String origin() {
    return "http://" + endpoint.getAuthority();
  }

  // ------------------------------------------------------------------ tests

  @Test
  void shouldTellHowToLogIn() throws Exception {
    HttpResponse<String> ways = get(LoginRoutes.PATH, null);

    assertThat(ways.statusCode()).isEqualTo(200);
    assertThat(new ObjectMapper().readTree(ways.body()))
        .isEqualTo(
            new ObjectMapper()
                .createObjectNode()
                .put("apiKeys", false)
                .put("provider", "Our <b>provider</b>"));
  }

  @Test
  void shouldGiveASessionToWhomTheProviderKnows() throws Exception {
    HttpResponse<String> end = login("ada", Fault.NONE);
    String session = cookie(end, SESSION);

    assertThat(location(end)).isEqualTo("/console/?login=done");
    assertThat(end.headers().allValues("set-cookie"))
        .anySatisfy(
            set ->
                assertThat(set)
                    .startsWith(SESSION)
                    .contains("HTTPOnly", "SameSite=Strict", "Path=/", "Max-Age=28800"))
        .anySatisfy(set -> assertThat(set).startsWith(ATTEMPT).contains("Max-Age=0"));
    assertThat(get("/api/session", session).body())
        .contains("\"user\":\"oidc:ada\"", "arn:aws:iam::111111111111:user/oidc:ada");
    assertThat(call("POST", "/", session, origin()).statusCode()).isEqualTo(200);
    assertThat(audit.drain())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getEventName()).isEqualTo("ConsoleLogin");
              assertThat(event.getErrorCode()).isNull();
              assertThat(event.getUserIdentity().getUserName()).isEqualTo("oidc:ada");
            });
  }

  @Test
  void shouldKeepTheAttemptWhereNoScriptReadsItAndNobodyElseGetsIt() throws Exception {
    HttpResponse<String> begun = get(LoginRoutes.PATH + "/provider", null);

    assertThat(begun.headers().firstValue("referrer-policy")).contains("no-referrer");
    assertThat(begun.headers().firstValue("set-cookie").orElseThrow())
        .startsWith(ATTEMPT)
        // Lax, or it would not come back from another site.
        .contains("HTTPOnly", "SameSite=Lax", "Path=/api/login", "Max-Age=600");
  }

  @Test
  void shouldLetASessionDoNoMoreThanItsUserMay() throws Exception {
    String nobody = cookie(login("bob", Fault.NONE), SESSION);
    String ada = cookie(login("ada", Fault.NONE), SESSION);

    assertThat(call("POST", "/", nobody, origin()).body())
        .contains("AccessDeniedException", "user/oidc:bob is not authorized");
    assertThat(get("/api/info", nobody).statusCode()).isEqualTo(403);
    assertThat(get("/api/info", ada).statusCode()).isEqualTo(403);
    assertThat(get("/api/session", nobody).body()).contains("oidc:bob");
    // Another page's request comes with the cookie, if a browser is old, and with its own origin.
    assertThat(call("POST", "/", ada, "http://localhost:1").body())
        .contains("AccessDeniedException");
    assertThat(audit.drain())
        .allSatisfy(
            event -> assertThat(event.getUserIdentity().getType()).isEqualTo("WebIdentityUser"));
  }

  @Test
  void shouldKnowGroupsUnlessThereAreTooMany() throws Exception {
    assertThat(get("/api/info", cookie(login("bob&groups=dev,ops"), SESSION)).statusCode())
        .isEqualTo(200);
    String many =
        IntStream.range(100, 350).mapToObj("g%d"::formatted).collect(Collectors.joining(","));

    HttpResponse<String> end = login("bob&groups=" + many);

    assertThat(location(end)).isEqualTo("/console/?login=too-many-groups");
    assertThat(cookie(end, SESSION)).isNull();
  }

  private HttpResponse<String> login(String rawUser) throws Exception {
    HttpResponse<String> begun = get(LoginRoutes.PATH + "/provider", null);
    HttpResponse<String> answer =
        browser.send(
            HttpRequest.newBuilder(URI.create(location(begun) + "&user=" + rawUser)).build(),
            BodyHandlers.ofString());
    URI back = URI.create(answer.headers().firstValue("location").orElseThrow());
    return get(back.getRawPath() + "?" + back.getRawQuery(), cookie(begun, ATTEMPT));
  }

  @ParameterizedTest
  @CsvSource({
    "DENIED,    denied",
    "NONCE,     refused",
    "EXPIRED,   refused",
    "SIGNATURE, refused",
    "BROKEN,    unavailable"
  })
  void shouldSayOnAPageOfItsOwnWhyALoginFailed(Fault fault, String reason) throws Exception {
    HttpResponse<String> end = login("ada", fault);

    assertThat(location(end)).isEqualTo("/console/?login=" + reason);
    assertThat(cookie(end, SESSION)).isNull();
    assertThat(audit.drain())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getEventName()).isEqualTo("ConsoleLogin");
              assertThat(event.getErrorCode()).isEqualTo("LoginFailed");
            });
  }

  @Test
  void shouldGiveNoSessionForAStateThatThisBrowserDidNotBegin() throws Exception {
    HttpResponse<String> begun = get(LoginRoutes.PATH + "/provider", null);
    HttpResponse<String> another = get(LoginRoutes.PATH + "/provider", null);
    String back = atTheProvider(begun, "ada", Fault.NONE);

    for (HttpResponse<String> end :
        List.of(
            get(back, null),
            get(back, cookie(another, ATTEMPT)),
            get(back.replaceFirst("state=.", "state=."), cookie(begun, ATTEMPT)),
            get(LoginRoutes.PATH + "/provider/return", cookie(begun, ATTEMPT)))) {
      assertThat(location(end)).isEqualTo("/console/?login=state");
      assertThat(cookie(end, SESSION)).isNull();
    }
    assertThat(audit.drain()).extracting(AuditEvent::getErrorCode).containsOnly("LoginFailed");
  }

  @Test
  void shouldEndASessionInThisBrowser() throws Exception {
    String session = cookie(login("ada", Fault.NONE), SESSION);
    HttpResponse<String> end = call("DELETE", "/api/session", session, origin());

    assertThat(end.statusCode()).isEqualTo(204);
    assertThat(cookie(end, SESSION)).isEqualTo(SESSION);
    assertThat(get("/api/session", SESSION).statusCode()).isEqualTo(401);
    assertThat(call("DELETE", "/api/session", session, "http://localhost:1").statusCode())
        .isEqualTo(403);
  }

  @Test
  void shouldTakeNoApiKeys() throws Exception {
    HttpRequest login =
        HttpRequest.newBuilder(endpoint.resolve("/api/session"))
            .header("Origin", origin())
            .POST(BodyPublishers.ofString("{\"apiKey\":\"x\"}"))
            .build();

    assertThat(browser.send(login, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
  }
}
