package io.stepstream.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.stepstream.integrations.HttpStub;
import io.stepstream.integrations.SilentServer;
import io.stepstream.integrations.Visit;
import io.stepstream.worker.handler.JsonText;
import io.stepstream.worker.handler.TaskFailedException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
final class HttpInvokeHandlerTest {

  private static final String CONNECTION =
      "\"Authentication\":{\"ConnectionArn\":\"arn:aws:events:us-east-1:000000000000:connection/api/81210c42\"}";

  @TempDir Path directory;

  private final Map<String, String> connections = new HashMap<>();
  private final List<HttpExchangeSeen> seen = new ArrayList<>();

  private record HttpExchangeSeen(
      String method, String uri, Map<String, List<String>> headers, String body) {

    static HttpExchangeSeen of(HttpExchange exchange) throws IOException {
      return new HttpExchangeSeen(
          exchange.getRequestMethod(),
          exchange.getRequestURI().toString(),
          Map.copyOf(exchange.getRequestHeaders()),
          new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    }

    String header(String name) {
      return String.join(",", headers.getOrDefault(name, List.of()));
    }
  }

  private HttpInvokeHandler handler(String... allowed) {
    return handler(Duration.ofSeconds(20), InetAddress::getAllByName, allowed);
  }

  private HttpInvokeHandler handler(
      Duration timeout, AddressGuard.Lookup lookup, String... allowed) {
    return new HttpInvokeHandler(
        new HttpSettings(
            List.of(allowed).stream().map(Network::parse).toList(),
            new Connections(
                name -> Optional.ofNullable(connections.get(name)), Optional.of(directory)),
            lookup,
            timeout));
  }

  private HttpStub stub(HttpStub.Answer answer) throws IOException {
    return new HttpStub(
        (exchange, request) -> {
          seen.add(HttpExchangeSeen.of(exchange));
          answer.to(exchange, request);
        });
  }

  private static JsonNode json(String text) throws IOException {
    return JsonText.read(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A call of a loopback server with further arguments. */
  private JsonNode call(HttpStub stub, String path, String method, String... more)
      throws Exception {
    try (HttpInvokeHandler handler = handler("127.0.0.1")) {
      return call(handler, stub.endpoint() + path, method, more);
    }
  }

  private static JsonNode call(HttpInvokeHandler handler, String url, String method, String... more)
      throws Exception {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.add("\"ApiEndpoint\":\"%s\"".formatted(url));
    arguments.add("\"Method\":\"%s\"".formatted(method));
    return handler.handle(
        json("{" + String.join(",", arguments) + "}"), Visit.of("arn:aws:states:::http:invoke"));
  }

  private static TaskFailedException failure(ThrowingCall call) {
    return catchThrowableOfType(TaskFailedException.class, call::run);
  }

  private interface ThrowingCall {
    void run() throws Exception;
  }

  @Test
  void shouldCallAnApiAndTellOfItsAnswer() throws Exception {
    try (HttpStub stub =
        stub(
            (exchange, _) -> {
              exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
              exchange.getResponseHeaders().add("X-Two", "1");
              exchange.getResponseHeaders().add("X-Two", "2");
              HttpStub.send(exchange, 201, "{\"id\":\"ä\",\"n\":1.50}");
            })) {

      JsonNode result =
          call(
              stub,
              "/v1/bills?a=b%20c",
              "POST",
              "\"Headers\":{\"X-Mine\":\"m\",\"Accept\":[\"a/b\",\"c/d\"]}",
              "\"QueryParameters\":{\"id\":\"1 &2\",\"many\":[\"x\",3],\"on\":true}",
              "\"RequestBody\":{\"name\":\"Ada\"}");

      assertThat(result.path("StatusCode").asInt()).isEqualTo(201);
      assertThat(result.path("StatusText").asText()).isEqualTo("Created");
      assertThat(result.path("ResponseBody")).isEqualTo(json("{\"id\":\"ä\",\"n\":1.50}"));
      assertThat(result.path("Headers").path("X-two")).isEqualTo(json("[\"1\",\"2\"]"));
      HttpExchangeSeen request = seen.getFirst();
      assertThat(request.method()).isEqualTo("POST");
      assertThat(request.uri()).isEqualTo("/v1/bills?a=b%20c&id=1+%262&many=x&many=3&on=true");
      assertThat(request.body()).isEqualTo("{\"name\":\"Ada\"}");
      assertThat(request.header("Content-type")).isEqualTo("application/json; charset=UTF-8");
      assertThat(request.header("X-mine")).isEqualTo("m");
      assertThat(request.header("Accept")).isEqualTo("a/b, c/d");
      assertThat(request.headers())
          .doesNotContainKeys("Authorization", "Cookie", "Accept-encoding");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          INDICES  | list%5B0%5D=a&list%5B1%5D=b+c&o%5Bk%5D%5B0%5D%5Bd%5D=1&n=
          REPEAT   | list=a&list=b+c&o%5Bk%5D%5Bd%5D=1&n=
          COMMAS   | list=a,b+c&o%5Bk%5D%5B0%5D%5Bd%5D=1&n=
          BRACKETS | list%5B%5D=a&list%5B%5D=b+c&o%5Bk%5D%5B%5D%5Bd%5D=1&n=
          """)
  void shouldEncodeABodyAsAForm(String format, String expected) throws Exception {
    try (HttpStub stub = stub((exchange, _) -> HttpStub.send(exchange, 200, ""))) {

      call(
          stub,
          "/",
          "PUT",
          "\"RequestBody\":{\"list\":[\"a\",\"b c\"],\"o\":{\"k\":[{\"d\":1}]},\"n\":null}",
          "\"Transform\":{\"RequestBodyEncoding\":\"URL_ENCODED\",\"RequestEncodingOptions\":{\"ArrayFormat\":\"%s\"}}"
              .formatted(format));

      assertThat(seen.getFirst().body()).isEqualTo(expected);
      assertThat(seen.getFirst().header("Content-type"))
          .isEqualTo("application/x-www-form-urlencoded");
    }
  }

  @Test
  void shouldGiveTextWhereTheAnswerIsNoJson() throws Exception {
    try (HttpStub stub =
        stub(
            (exchange, request) -> {
              exchange
                  .getResponseHeaders()
                  .set(
                      "Content-Type",
                      request == 1 ? "text/plain; charset=ISO-8859-1" : "application/json");
              byte[] bytes =
                  request == 1
                      ? new byte[] {(byte) 0xe4}
                      : "{not json".getBytes(StandardCharsets.UTF_8);
              exchange.sendResponseHeaders(200, bytes.length);
              exchange.getResponseBody().write(bytes);
            })) {

      assertThat(call(stub, "/", "GET").path("ResponseBody").asText()).isEqualTo("ä");
      assertThat(call(stub, "/", "GET").path("ResponseBody").asText()).isEqualTo("{not json");
    }
  }

  @Test
  void shouldBoundWhatHeadersMayHold() throws Exception {
    try (HttpStub stub =
        stub(
            (exchange, request) -> {
              for (int i = 0; i < (request == 1 ? 300 : 1); i++) {
                exchange.getResponseHeaders().set("X-" + i, "x".repeat(request == 1 ? 1 : 40_000));
              }
              HttpStub.send(exchange, 200, "");
            })) {

      assertThat(failure(() -> call(stub, "/", "GET")).error()).isEqualTo("States.Http.Socket");
      assertThat(failure(() -> call(stub, "/", "GET")).error()).isEqualTo("States.Http.Socket");
      assertThat(seen).hasSize(2);
    }
  }

  @Test
  void shouldUseConnectionsAgain() throws Exception {
    Set<Integer> ports = new HashSet<>();
    try (HttpStub stub =
            stub(
                (exchange, request) -> {
                  ports.add(exchange.getRemoteAddress().getPort());
                  exchange.sendResponseHeaders(request == 2 ? 204 : 200, request == 2 ? -1 : 0);
                });
        HttpInvokeHandler handler = handler("127.0.0.1")) {
      for (String method : List.of("GET", "DELETE", "GET")) {
        call(handler, stub.endpoint().toString(), method);
      }

      assertThat(ports).hasSize(1);
    }
  }

  @Test
  void shouldFailWithTheStatusAndTheBodyOfARefusal() throws Exception {
    try (HttpStub stub =
        stub(
            (exchange, request) ->
                HttpStub.send(
                    exchange, request == 1 ? 429 : 503, request == 1 ? "slow down" : ""))) {

      TaskFailedException throttled = failure(() -> call(stub, "/", "GET"));
      TaskFailedException unavailable = failure(() -> call(stub, "/", "GET"));

      assertThat(throttled.error()).isEqualTo("States.Http.StatusCode.429");
      assertThat(throttled.causeText()).isEqualTo("slow down");
      assertThat(unavailable.error()).isEqualTo("States.Http.StatusCode.503");
      assertThat(unavailable.causeText()).isEqualTo("Service Unavailable");
      assertThat(seen).hasSize(2);
    }
  }

  @Test
  void shouldRefuseAnAnswerThatIsNoText() throws Exception {
    try (HttpStub stub =
        stub(
            (exchange, _) -> {
              exchange.getResponseHeaders().set("Content-Type", "image/png");
              HttpStub.send(exchange, 200, "PNG");
            })) {

      assertThatThrownBy(() -> call(stub, "/", "GET"))
          .hasMessageContaining("States.Runtime: The API answered with 'image/png'");
    }
  }

  @Test
  void shouldStopReadingWhereATaskMayHaveNoMore() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (HttpStub stub =
        stub(
            (exchange, _) -> {
              exchange.sendResponseHeaders(200, 10_000_000);
              exchange
                  .getResponseBody()
                  .write("x".repeat(300_000).getBytes(StandardCharsets.UTF_8));
              exchange.getResponseBody().flush();
              // The rest never comes: whoever waits for it waits in vain.
              assertThatNoException().isThrownBy(() -> over.await(20, TimeUnit.SECONDS));
            })) {

      assertThat(call(stub, "/", "GET").path("ResponseBody").asText()).hasSize(262_145);
    } finally {
      over.countDown();
    }
  }

  @Test
  void shouldGiveUpWhenTheTimeOfACallIsOver() throws Exception {
    try (SilentServer server = new SilentServer();
        HttpInvokeHandler handler =
            handler(Duration.ofMillis(300), InetAddress::getAllByName, "127.0.0.1")) {

      TaskFailedException late = failure(() -> call(handler, server.endpoint().toString(), "GET"));

      assertThat(late.error()).isEqualTo("States.Http.Socket");
      assertThat(late.causeText())
          .isEqualTo("SocketTimeoutException: no answer within the time that a call has");
    }
  }

  @Test
  void shouldStopWhenTheWorkerInterruptsIt() throws Exception {
    try (SilentServer server = new SilentServer();
        HttpInvokeHandler handler = handler("127.0.0.1")) {
      server.assertThatAnInterruptEnds(() -> call(handler, server.endpoint().toString(), "GET"));
    }
  }

  @Test
  void shouldTellThatNobodyAnswers() throws Exception {
    try (HttpInvokeHandler handler = handler("127.0.0.1")) {
      TaskFailedException refused = failure(() -> call(handler, "http://127.0.0.1:9/", "GET"));

      assertThat(refused.error()).isEqualTo("States.Http.Socket");
      assertThat(refused.causeText()).contains("127.0.0.1:9");
    }
  }

  @Test
  void shouldReachNothingInsideUnlessItIsAllowed() throws Exception {
    try (HttpStub stub = stub((exchange, _) -> HttpStub.send(exchange, 200, "secret"));
        HttpInvokeHandler handler = handler()) {
      int port = stub.endpoint().getPort();

      for (String url :
          List.of(
              "http://127.0.0.1:" + port,
              "https://127.0.0.1:" + port,
              "https://localhost:" + port,
              "https://2130706433:" + port,
              "https://[::1]:" + port,
              "https://[::ffff:127.0.0.1]:" + port,
              "https://0.0.0.0:" + port)) {
        assertThat(failure(() -> call(handler, url, "GET")).error())
            .as(url)
            .isEqualTo("States.Permissions");
      }
      assertThat(seen).isEmpty();
    }
  }

  @Test
  void shouldConnectToTheAddressThatWasJudged() throws Exception {
    AtomicInteger lookups = new AtomicInteger();
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    InetAddress metadata = InetAddress.ofLiteral("169.254.169.254");
    // Whoever looked twice would go where the first look-up didn't lead.
    AddressGuard.Lookup rebinding =
        _ -> new InetAddress[] {lookups.incrementAndGet() == 1 ? loopback : metadata};
    try (HttpStub stub = stub((exchange, _) -> HttpStub.send(exchange, 200, "ok"));
        HttpInvokeHandler handler = handler(Duration.ofSeconds(20), rebinding, "127.0.0.1")) {
      String url = "http://rebinding.example:" + stub.endpoint().getPort();

      assertThat(call(handler, url, "GET").path("ResponseBody").asText()).isEqualTo("ok");
      assertThat(lookups).hasValue(1);
      assertThat(seen.getFirst().header("Host"))
          .isEqualTo("rebinding.example:" + stub.endpoint().getPort());
    }
  }

  @Test
  void shouldJudgeWhereARedirectLeads() throws Exception {
    try (HttpStub stub =
            stub(
                (exchange, _) -> {
                  exchange
                      .getResponseHeaders()
                      .set("Location", "http://127.0.0.2:" + exchange.getLocalAddress().getPort());
                  HttpStub.send(exchange, 302, "");
                });
        HttpInvokeHandler handler = handler("127.0.0.1")) {

      assertThat(failure(() -> call(handler, stub.endpoint().toString(), "GET")).error())
          .isEqualTo("States.Permissions");
      assertThat(seen).hasSize(1);
    }
  }

  @Test
  void shouldFollowRedirectsOfWhatMayBeAskedForTwice() throws Exception {
    try (HttpStub stub =
        stub(
            (exchange, _) -> {
              String path = exchange.getRequestURI().getPath();
              if (path.equals("/end")) {
                HttpStub.send(exchange, 200, "there");
              } else {
                exchange
                    .getResponseHeaders()
                    .set("Location", path.equals("/loop") ? "/loop" : "/end");
                HttpStub.send(exchange, 307, "");
              }
            })) {

      assertThat(call(stub, "/start", "GET").path("ResponseBody").asText()).isEqualTo("there");
      assertThat(failure(() -> call(stub, "/start", "POST")).error())
          .isEqualTo("States.Http.StatusCode.307");
      seen.clear();
      assertThat(failure(() -> call(stub, "/loop", "GET")).error())
          .isEqualTo("States.Http.StatusCode.307");
      assertThat(seen).hasSize(6);
    }
  }

  private void connection(String type, String parameters) {
    connections.put(
        "api",
        "{\"AllowedHosts\":[\"127.0.0.1\"],\"AuthorizationType\":\"%s\",\"AuthParameters\":%s}"
            .formatted(type, parameters));
  }

  @Test
  void shouldAuthoriseACallByItsConnection() throws Exception {
    try (HttpStub stub = stub((exchange, _) -> HttpStub.send(exchange, 200, ""))) {
      connection(
          "BASIC", "{\"BasicAuthParameters\":{\"Username\":\"ada\",\"Password\":\"pass-word\"}}");
      call(stub, "/", "GET", CONNECTION);
      connection("BEARER", "{\"BearerAuthParameters\":{\"Token\":\"tok\"}}");
      call(stub, "/", "GET", CONNECTION.replace("Authentication", "InvocationConfig"));
      connections.clear();
      Files.writeString(
          directory.resolve("api.json"),
          """
          {"AllowedHosts":["127.0.0.1"],"AuthorizationType":"API_KEY","AuthParameters":{
            "ApiKeyAuthParameters":{"ApiKeyName":"X-Api-Key","ApiKeyValue":"key-value"},
            "InvocationHttpParameters":{
              "HeaderParameters":[{"Key":"X-More","Value":"m"}],
              "QueryStringParameters":[{"Key":"q","Value":"a b","IsValueSecret":true}],
              "BodyParameters":[{"Key":"client","Value":"c"}]}}}
          """);
      call(stub, "/?a=1", "POST", CONNECTION, "\"RequestBody\":{\"x\":1}");

      assertThat(seen.get(0).header("Authorization"))
          .isEqualTo(
              "Basic "
                  + Base64.getEncoder()
                      .encodeToString("ada:pass-word".getBytes(StandardCharsets.UTF_8)));
      assertThat(seen.get(1).header("Authorization")).isEqualTo("Bearer tok");
      HttpExchangeSeen third = seen.get(2);
      assertThat(third.header("X-api-key")).isEqualTo("key-value");
      assertThat(third.header("X-more")).isEqualTo("m");
      assertThat(third.uri()).isEqualTo("/?a=1&q=a+b");
      assertThat(json(third.body())).isEqualTo(json("{\"x\":1,\"client\":\"c\"}"));
    }
  }

  @Test
  void shouldShowSecretsToNobodyElse() throws Exception {
    connection("BEARER", "{\"BearerAuthParameters\":{\"Token\":\"canary-secret\"}}");
    try (HttpStub other = stub((exchange, _) -> HttpStub.send(exchange, 200, "there"));
        HttpStub first =
            stub(
                (exchange, _) -> {
                  exchange
                      .getResponseHeaders()
                      .set("Location", "http://127.0.0.1:" + other.endpoint().getPort());
                  HttpStub.send(exchange, 302, "");
                })) {

      call(first, "/", "GET", CONNECTION);

      assertThat(seen.get(0).header("Authorization")).isEqualTo("Bearer canary-secret");
      assertThat(seen.get(1).header("Authorization")).isEmpty();
      try (HttpInvokeHandler handler = handler("127.0.0.0/8")) {
        TaskFailedException elsewhere =
            failure(
                () ->
                    call(
                        handler,
                        "http://127.0.0.2:" + first.endpoint().getPort(),
                        "GET",
                        CONNECTION));
        assertThat(elsewhere.error()).isEqualTo("States.Permissions");
        assertThat(elsewhere.causeText()).endsWith("its AllowedHosts don't list it.");
      }
      assertThat(seen).hasSize(2);
    }
  }

  @ParameterizedTest
  @CsvSource({"200", "401"})
  void shouldStrikeSecretsOutOfWhatComesBack(int status) throws Exception {
    connection(
        "BASIC",
        "{\"BasicAuthParameters\":{\"Username\":\"ada\",\"Password\":\"canary \\\"secret\\\"\"}}");
    try (HttpStub stub =
        stub(
            (exchange, _) -> {
              String authorization = exchange.getRequestHeaders().getFirst("Authorization");
              exchange.getResponseHeaders().set("X-Echo", authorization);
              exchange.getResponseHeaders().set("Content-Type", "application/json");
              HttpStub.send(
                  exchange,
                  status,
                  "{\"got\":\"%s\",\"is\":\"canary \\\"secret\\\"\",\"form\":\"canary+%%22secret%%22\"}"
                      .formatted(authorization));
            })) {

      String told;
      if (status == 200) {
        told = call(stub, "/", "GET", CONNECTION).toString();
      } else {
        told = failure(() -> call(stub, "/", "GET", CONNECTION)).causeText();
      }

      assertThat(told).contains("\"got\":\"Basic ***\"", "\"is\":\"***\"", "\"form\":\"***\"");
      assertThat(told)
          .doesNotContain("canary")
          .doesNotContain(
              Base64.getEncoder()
                  .encodeToString("ada:canary \"secret\"".getBytes(StandardCharsets.UTF_8)));
    }
  }

  @Test
  void shouldTellWhatIsWrongWithAConnectionAndNotWhatIsInIt() throws Exception {
    try (HttpStub stub = stub((exchange, _) -> HttpStub.send(exchange, 200, ""))) {
      assertThatThrownBy(() -> call(stub, "/", "GET", CONNECTION))
          .hasMessageStartingWith(
              "Events.ConnectionResource.ResourceNotFound: This worker has no connection 'api': put"
                  + " it into the file api.json");
      assertThatThrownBy(
              () -> call(stub, "/", "GET", "\"Authentication\":{\"ConnectionArn\":\"../../etc\"}"))
          .hasMessageContaining("'../../etc' is not the ARN of a connection");
      for (String malformed :
          List.of(
              "canary",
              "{\"canary\"",
              "{\"AllowedHosts\":[],\"AuthorizationType\":\"canary\"}",
              "{\"AllowedHosts\":[\"h\"],\"AuthorizationType\":\"canary\"}",
              "{\"AllowedHosts\":[\"h\"],\"AuthorizationType\":\"BASIC\",\"AuthParameters\":{\"BasicAuthParameters\":{\"Username\":\"canary\"}}}",
              "{\"AllowedHosts\":[\"h\"],\"AuthorizationType\":\"BEARER\",\"AuthParameters\":{\"BearerAuthParameters\":{\"Token\":\"canary\"},\"InvocationHttpParameters\":{\"HeaderParameters\":[{\"Key\":\"canary\"}]}}}")) {
        connections.put("api", malformed);

        assertThatThrownBy(() -> call(stub, "/", "GET", CONNECTION))
            .as(malformed)
            .hasMessageStartingWith(
                "Events.ConnectionResource.InvalidConnectionState: The worker's connection 'api' is"
                    + " of no use: ")
            .hasMessageNotContaining("canary");
      }
      connections.clear();
      Files.writeString(directory.resolve("api.json"), "x".repeat(70_000));
      assertThatThrownBy(() -> call(stub, "/", "GET", CONNECTION))
          .hasMessageContaining("it has more than 65536 bytes");
      assertThat(
              Connection.parse(
                      json(
                          "{\"AllowedHosts\":[\"h\"],\"AuthorizationType\":\"BEARER\",\"AuthParameters\":{\"BearerAuthParameters\":{\"Token\":\"canary\"}}}"))
                  .toString())
          .doesNotContain("canary");
      assertThat(seen).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"Method":"GET"}                                          | 'ApiEndpoint' of http:invoke is required
          {"ApiEndpoint":"https://h/"}                              | 'Method' of http:invoke is required
          {"ApiEndpoint":"https://h/","Method":"TRACE"}             | 'Method' of http:invoke must be one of DELETE, GET,
          {"ApiEndpoint":"ftp://h/","Method":"GET"}                 | must be https://HOST/PATH
          {"ApiEndpoint":"https://u:p@h/","Method":"GET"}           | must be https://HOST/PATH, without a user
          {"ApiEndpoint":"https://h/ x","Method":"GET"}             | is no URL
          {"ApiEndpoint":"file:/etc/passwd","Method":"GET"}         | must be https://HOST/PATH
          {"ApiEndpoint":"https://h/","Method":"GET","Headers":1}   | 'Headers' of http:invoke must be an object
          {"ApiEndpoint":"https://h/","Method":"GET","Headers":{"Host":"x"}}          | 'Headers.Host' of http:invoke can't be set
          {"ApiEndpoint":"https://h/","Method":"GET","Headers":{"X-Amz-Date":"x"}}    | 'Headers.X-Amz-Date' of http:invoke can't be set
          {"ApiEndpoint":"https://h/","Method":"GET","Headers":{"authorization":"x"}} | 'Headers.authorization' of http:invoke can't be set
          {"ApiEndpoint":"https://h/","Method":"GET","Headers":{"A":"x\\r\\nHost: y"}}  | 'Headers.A' of http:invoke is no header
          {"ApiEndpoint":"https://h/","Method":"GET","Headers":{"A b":"x"}}           | 'Headers.A b' of http:invoke is no header
          {"ApiEndpoint":"https://h/","Method":"GET","QueryParameters":[]}            | 'QueryParameters' of http:invoke must be an object
          {"ApiEndpoint":"https://h/","Method":"GET","QueryParameters":{"a":{}}}      | 'QueryParameters.a' of http:invoke must be a text
          {"ApiEndpoint":"https://h/","Method":"GET","Authentication":{}}             | 'ConnectionArn' of http:invoke is required
          {"ApiEndpoint":"https://h/","Method":"GET","Transform":{"RequestBodyEncoding":"XML"}} | must be NONE or URL_ENCODED
          {"ApiEndpoint":"https://h/","Method":"GET","Transform":{"RequestBodyEncoding":"URL_ENCODED","RequestEncodingOptions":{"ArrayFormat":"x"}}} | must be one of [INDICES, REPEAT, COMMAS, BRACKETS]
          {"ApiEndpoint":"http://127.0.0.1:9/","Method":"GET","RequestBody":"a","Transform":{"RequestBodyEncoding":"URL_ENCODED"}} | 'RequestBody' of http:invoke must be an object
          """)
  void shouldSayWhatIsWrongWithTheArguments(String arguments, String expected) {
    assertThatThrownBy(
            () ->
                handler("127.0.0.1")
                    .handle(json(arguments), Visit.of("arn:aws:states:::http:invoke")))
        .isInstanceOf(TaskFailedException.class)
        .hasMessageStartingWith("States.Runtime: ")
        .hasMessageContaining(expected);
  }

  @Test
  void shouldSpeakTlsToWhoeverHasATrustedCertificate() throws Exception {
    Path keys = directory.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "api",
                "-dname",
                "CN=api.example",
                "-ext",
                "san=dns:api.example",
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                keys.toString())
            .redirectErrorStream(true)
            .start();
    assertThat(keytool.waitFor(20, TimeUnit.SECONDS)).isTrue();
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context(keys)));
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            HttpStub.send(exchange, 200, "encrypted");
          }
        });
    server.start();
    AddressGuard.Lookup loopback = _ -> new InetAddress[] {InetAddress.getLoopbackAddress()};
    String url = "https://api.example:" + server.getAddress().getPort();
    try (HttpInvokeHandler strangers = handler(Duration.ofSeconds(20), loopback, "127.0.0.1")) {
      TaskFailedException unknown = failure(() -> call(strangers, url, "GET"));
      System.setProperty("javax.net.ssl.trustStore", keys.toString());
      System.setProperty("javax.net.ssl.trustStorePassword", "changeit");
      try (HttpInvokeHandler friends = handler(Duration.ofSeconds(20), loopback, "127.0.0.1")) {
        JsonNode result = call(friends, url, "GET");
        TaskFailedException wrong =
            failure(() -> call(friends, url.replace("api.example", "other.example"), "GET"));

        assertThat(result.path("ResponseBody").asText()).isEqualTo("encrypted");
        assertThat(unknown.error()).isEqualTo("States.Http.Socket");
        assertThat(unknown.causeText()).startsWith("SSLHandshakeException: ");
        assertThat(wrong.error()).isEqualTo("States.Http.Socket");
        assertThat(wrong.causeText()).contains("other.example");
      } finally {
        System.clearProperty("javax.net.ssl.trustStore");
        System.clearProperty("javax.net.ssl.trustStorePassword");
      }
    } finally {
      server.stop(0);
    }
  }

  private static SSLContext context(Path keys) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      store.load(in, "changeit".toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, "changeit".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }
}
