package io.stepstream.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import io.stepstream.integrations.HttpStub;
import io.stepstream.integrations.Visit;
import io.stepstream.worker.handler.JsonText;
import io.stepstream.worker.handler.TaskFailedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Connections with OAuth's client credentials, against a server of tokens and an API on one port.
 */
@Timeout(60)
final class OAuthConnectionTest {

  private static final String SECRET = "canary s+cret";

  private final AtomicLong clock = new AtomicLong();
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private final List<String> shown = Collections.synchronizedList(new ArrayList<>());
  private volatile int tokenStatus = 200;
  private volatile String tokenAnswer =
      "{\"access_token\":\"canary-token-%d\",\"token_type\":\"bearer\",\"expires_in\":3600}";
  private volatile int apiStatus = 200;
  private volatile String refused = "";
  private volatile String connection = "";
  private final CountDownLatch let = new CountDownLatch(1);
  private volatile boolean holds;
  private HttpStub server;
  private HttpInvokeHandler handler;

  @BeforeEach
  void start() throws IOException {
    server =
        new HttpStub(
            (exchange, _) -> {
              if (exchange.getRequestURI().getPath().startsWith("/token")) {
                token(exchange);
              } else {
                api(exchange);
              }
            });
    connection = connection(server.endpoint() + "/token", "");
    handler =
        new HttpInvokeHandler(
            new HttpSettings(
                List.of(Network.parse("127.0.0.1")),
                new Connections(_ -> Optional.of(connection), Optional.empty()),
                InetAddress::getAllByName,
                Duration.ofSeconds(20)),
            clock::get);
  }

  @AfterEach
  void stop() {
    let.countDown();
    handler.close();
    server.close();
  }

  private static String connection(String endpoint, String more) {
    return """
    {"AllowedHosts":["127.0.0.1"],"AuthorizationType":"OAUTH_CLIENT_CREDENTIALS","AuthParameters":{
      "OAuthParameters":{"AuthorizationEndpoint":"%s",%s
        "ClientParameters":{"ClientID":"shop","ClientSecret":"%s"}}}}\
    """
        .formatted(endpoint, more, SECRET);
  }

  private void token(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    asked.add(
        "%s %s %s %s"
            .formatted(
                exchange.getRequestMethod(),
                exchange.getRequestURI(),
                exchange.getRequestHeaders().getFirst("Authorization"),
                body));
    if (holds) {
      try {
        let.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    HttpStub.send(exchange, tokenStatus, tokenAnswer.replace("%d", "" + asked.size()));
  }

  private void api(HttpExchange exchange) throws IOException {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    shown.add(authorization);
    boolean accepted = !authorization.equals(refused);
    exchange.getResponseHeaders().set("X-Echo", authorization);
    HttpStub.send(exchange, accepted ? apiStatus : 401, "you sent " + authorization);
  }

  private JsonNode call() throws Exception {
    return handler.handle(
        JsonText.read(
            """
            {"ApiEndpoint":"%s/api","Method":"POST","RequestBody":{"a":1},
             "Authentication":{"ConnectionArn":"arn:aws:events:us-east-1:1:connection/api/1"}}\
            """
                .formatted(server.endpoint())
                .getBytes(StandardCharsets.UTF_8)),
        Visit.of("arn:aws:states:::http:invoke"));
  }

  private static String basic() {
    // Each of them as in a form, as RFC 6749 wants it.
    return "Basic "
        + Base64.getEncoder()
            .encodeToString("shop:canary+s%2Bcret".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void shouldGetATokenAndKeepItUntilItIsAboutToExpire() throws Exception {
    JsonNode first = call();
    clock.addAndGet(Duration.ofMinutes(59).toNanos());
    call();
    clock.addAndGet(Duration.ofSeconds(31).toNanos());
    call();

    assertThat(asked)
        .hasSize(2)
        .containsOnly("POST /token " + basic() + " grant_type=client_credentials");
    assertThat(shown)
        .containsExactly("Bearer canary-token-1", "Bearer canary-token-1", "Bearer canary-token-2");
    assertThat(first.toString()).contains("you sent Bearer ***").doesNotContain("canary");
  }

  @Test
  void shouldGetANewTokenOnceWhenTheApiRefusesTheOneItHas() throws Exception {
    call();
    refused = "Bearer canary-token-1";

    JsonNode answer = call();

    assertThat(answer.path("StatusCode").intValue()).isEqualTo(200);
    assertThat(answer.toString()).doesNotContain("canary");
    assertThat(shown)
        .containsExactly("Bearer canary-token-1", "Bearer canary-token-1", "Bearer canary-token-2");

    apiStatus = 401;
    assertThatThrownBy(this::call)
        .isInstanceOf(TaskFailedException.class)
        .hasMessage("States.Http.StatusCode.401: you sent Bearer ***");
    assertThat(asked).as("one new token for the call, however often it is refused").hasSize(3);
    assertThat(shown).hasSize(5);
  }

  @Test
  void shouldNotAskAgainWhenAFreshTokenIsRefused() {
    apiStatus = 401;

    assertThatThrownBy(this::call).hasMessageStartingWith("States.Http.StatusCode.401");

    assertThat(asked).hasSize(1);
    assertThat(shown).hasSize(1);
  }

  @Test
  void shouldForgetATokenWithItsSecret() throws Exception {
    call();
    connection = connection.replace(SECRET, "canary other");
    call();

    assertThat(asked).hasSize(2);
    assertThat(shown).containsExactly("Bearer canary-token-1", "Bearer canary-token-2");
  }

  @Test
  void shouldLetManyCallsWaitForOneToken() throws Exception {
    holds = true;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<JsonNode>> calls = new ArrayList<>();
      Callable<JsonNode> one = this::call;
      for (int i = 0; i < 20; i++) {
        calls.add(threads.submit(one));
      }
      let.countDown();
      for (Future<JsonNode> each : calls) {
        assertThat(each.get().path("StatusCode").intValue()).isEqualTo(200);
      }
    }
    assertThat(asked).hasSize(1);
  }

  @Test
  void shouldSendWhatTheEndpointWantsBesides() throws Exception {
    connection =
        connection(
            server.endpoint() + "/token?v=2",
            """
            "HttpMethod":"PUT","OAuthHttpParameters":{
              "QueryStringParameters":[{"Key":"tenant","Value":"7"}],
              "BodyParameters":[{"Key":"scope","Value":"a b"},{"Key":"client_id","Value":"shop"},
                {"Key":"client_secret","Value":"in body","IsValueSecret":true}]},\
            """);
    call();
    connection =
        connection(
            server.endpoint() + "/token",
            """
            "HttpMethod":"GET","OAuthHttpParameters":{
              "HeaderParameters":[{"Key":"Authorization","Value":"Own way"}]},\
            """);
    call();

    assertThat(asked)
        .containsExactly(
            "PUT /token?v=2&tenant=7 null"
                + " client_id=shop&client_secret=in+body&grant_type=client_credentials&scope=a+b",
            "GET /token?grant_type=client_credentials Own way ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          401 | {"error":"invalid_client","error_description":"canary s+cret is wrong"} | it answered with status 401: invalid_client, *** is wrong.
          503 | canary                                                                 | it answered with status 503.
          302 | {}                                                                     | it answered with status 302.
          200 | {"token":"canary"}                                                     | it answered with status 200 and without an access_token.
          200 | {"access_token":"canary","token_type":"mac"}                           | it gives tokens of the type 'mac', and only Bearer is known.
          200 | {"access_token":"canary\\r\\nHost: x"}                                 | it gave a token that can't be sent in a header.
          """)
  void shouldSayWhyThereIsNoTokenAndNotWhatIsSecret(int status, String answer, String reason) {
    tokenStatus = status;
    tokenAnswer = answer;

    assertThatThrownBy(this::call)
        .isInstanceOf(TaskFailedException.class)
        .hasMessageStartingWith(
            "Events.ConnectionResource.InvalidConnectionState: The AuthorizationEndpoint of the"
                + " connection 'arn:aws:events:us-east-1:1:connection/api/1' gave no token: ")
        .hasMessageEndingWith(reason)
        .hasMessageNotContaining("canary");
    assertThat(shown).isEmpty();
  }

  @Test
  void shouldAskForTokensWhereCallsMayGoOnly() throws Exception {
    connection = connection("http://127.0.0.2:9/token", "");
    assertThatThrownBy(this::call).hasMessageStartingWith("States.Permissions: '127.0.0.2'");
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    connection = connection("http://127.0.0.1:" + port + "/token", "");
    assertThatThrownBy(this::call)
        .hasMessageStartingWith("States.Http.Socket: ")
        .hasMessageNotContaining("canary");
    assertThat(shown).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "ClientSecret":"canary s+cret"  | "X":"canary"         | AuthParameters.OAuthParameters.ClientParameters.ClientSecret is missing
          "ClientID":"shop"               | "X":"canary"         | AuthParameters.OAuthParameters.ClientParameters.ClientID is missing
          "AuthorizationEndpoint":        | "X":                 | AuthParameters.OAuthParameters.AuthorizationEndpoint is missing
          "AuthorizationEndpoint":"http:  | "AuthorizationEndpoint":"ftp:                | must be https://HOST/PATH, without a user
          "AuthorizationEndpoint":"http:  | "HttpMethod":"DELETE","AuthorizationEndpoint":"http: | HttpMethod must be GET, POST or PUT
          """)
  void shouldSayWhatTheConnectionLacks(String part, String instead, String reason) {
    assertThat(connection).contains(part);
    connection = connection.replace(part, instead);

    assertThatThrownBy(this::call)
        .hasMessageStartingWith("Events.ConnectionResource.InvalidConnectionState: ")
        .hasMessageContaining(reason)
        .hasMessageNotContaining("canary");
  }
}
