package io.stepstream.coordinator.gate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.stepstream.coordinator.access.ApiKey;
import io.stepstream.coordinator.access.Authenticator;
import io.stepstream.coordinator.access.Caller;
import io.stepstream.coordinator.access.NodeCalls;
import io.stepstream.coordinator.audit.InMemoryAudit;
import io.stepstream.coordinator.gate.Routes.Call;
import io.stepstream.coordinator.trigger.InMemoryTriggerCluster;
import io.stepstream.schemas.AuditEvent;
import io.vertx.ext.web.Router;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.SfnException;

/** The application with authentication: who gets in, where, and what is told of it (INV-28). */
@QuarkusTest
@TestProfile(SecuredProfile.class)
class SecuredHttpTest {

  private static final String ACCOUNT = "arn:aws:states:us-east-1:111111111111:";
  private static final String ROLE = "arn:aws:iam::111111111111:role/r";
  private static final String PASS =
      "{\"StartAt\":\"S\",\"States\":{\"S\":{\"Type\":\"Pass\",\"End\":true}}}";

  @TestHTTPResource("/")
  URI endpoint;

  @Inject Router router;
  @Inject InMemoryAudit audit;
  @Inject InMemoryTriggerCluster triggers;
  @Inject Optional<Authenticator> authenticator;

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeEach
  void forget() {
    // Definitions are read at the start.
    await()
        .until(
            () -> action("ListStateMachines", "{}", SecuredProfile.ADMIN.text()).status() == 200);
    audit.drain();
  }

  @AfterEach
  void disconnect() {
    http.close();
  }

  // ------------------------------------------------------------------ every route

  @Test
  void shouldAnswerNothingWithoutCredentialsButWhatIsOpen() throws Exception {
    List<Call> calls = Routes.all(router);
    assertThat(calls).hasSizeGreaterThan(37 + 15);

    for (Call call : calls) {
      boolean open = OpenRoutes.contains(call.method(), call.path());
      for (String key : new String[] {null, ApiKey.random().text(), "ssk_", "x"}) {
        Result result = send(call, key);
        if (open) {
          assertThat(result.status()).as("%s with %s", call, key).isNotEqualTo(404);
        } else if (call.action() == null) {
          assertThat(result.status()).as("%s with %s", call, key).isEqualTo(401);
        } else {
          assertThat(result.status()).as("%s with %s", call, key).isEqualTo(400);
          assertThat(result.code())
              .as("%s with %s", call, key)
              .isEqualTo(
                  key == null
                      ? "MissingAuthenticationTokenException"
                      : "UnrecognizedClientException");
        }
      }
    }
  }

  @Test
  void shouldLetNobodyDoWhatNoPolicyAllows() throws Exception {
    for (Call call : Routes.all(router)) {
      if (isAboutSessions(call) || OpenRoutes.contains(call.method(), call.path())) {
        continue;
      }
      Result result = send(call, SecuredProfile.NOBODY.text());

      if (call.action() == null) {
        assertThat(result.status()).as(call.toString()).isEqualTo(403);
        assertThat(result.text())
            .as(call.toString())
            .contains("is not authorized to perform: stepstream:");
      } else {
        assertThat(result.code()).as(call.toString()).isEqualTo("AccessDeniedException");
        assertThat(result.message())
            .as(call.toString())
            .startsWith(
                "User: arn:aws:iam::111111111111:user/nobody is not authorized to perform: states:"
                    + call.action()
                    + " on resource: ");
      }
    }
  }

  @Test
  void shouldLetWhoMayDoAllGoEverywhere() throws Exception {
    for (Call call : Routes.all(router)) {
      if (isAboutSessions(call)) {
        continue;
      }
      Result result = send(call, SecuredProfile.ADMIN.text());

      // What they are told then is not about who they are: there is no such machine, say.
      assertThat(result.status()).as(call.toString()).isNotIn(401, 403);
      assertThat(result.text())
          .as(call.toString())
          .doesNotContain("not authorized")
          .doesNotContain("AuthenticationToken");
      assertThat(result.status() == 404 && result.text().contains("Not served"))
          .as("%s is known to the gate", call)
          .isFalse();
    }
  }

  @Test
  void shouldNotBeTakenInByDisguises() throws Exception {
    Set<Integer> seen = new java.util.TreeSet<>();
    for (String path :
        List.of(
            "/", "/api/info", "/api/executions", "/api/queues/x", "/api/session", "/q/metrics")) {
      for (String disguised : Routes.disguised(path).toList()) {
        for (String method : List.of("GET", "POST", "HEAD", "OPTIONS", "PUT", "TRACE")) {
          HttpRequest.Builder request = request(disguised, method);
          if (request == null) {
            continue;
          }
          HttpResponse<String> answer =
              http.send(
                  request
                      .header("X-Amz-Target", "AWSStepFunctions.ListStateMachines")
                      .header("X-HTTP-Method-Override", "GET")
                      .header("X-Original-URL", "/q/health")
                      .header("X-Rewrite-URL", "/q/health")
                      .header("X-Forwarded-For", "127.0.0.1")
                      .header("X-Stepstream-Forwarded", "true")
                      .build(),
                  BodyHandlers.ofString());
          seen.add(answer.statusCode());
          if (answer.statusCode() / 100 == 2) {
            // The console's page, which answers every path below its own, and holds nothing.
            assertThat(disguised).as("%s %s", method, disguised).startsWith("/console");
            assertThat(answer.body()).doesNotContain("\"version\"").doesNotContain("jvm_");
          } else {
            assertThat(answer.statusCode()).as("%s %s", method, disguised).isBetween(400, 499);
          }
        }
      }
    }
    assertThat(seen).contains(400, 401);
  }

  @Test
  void shouldKeepMetricsForWhoMayAndHealthForAll() throws Exception {
    Call metrics = new Call("GET", "/q/metrics", null, null);

    assertThat(send(metrics, null).status()).isEqualTo(401);
    assertThat(send(metrics, SecuredProfile.NOBODY.text()).status()).isEqualTo(403);
    assertThat(send(metrics, SecuredProfile.ADMIN.text()).text()).contains("jvm_");
    for (String open : List.of("/q/health/live", "/q/health/ready", "/console")) {
      assertThat(send(new Call("GET", open, null, null), null).status()).isIn(200, 404);
    }
  }

  private static boolean isAboutSessions(Call call) {
    return call.path().equals(SessionRoutes.PATH);
  }

  // ------------------------------------------------------------------ AWS's client

  @Test
  void shouldServeAwsClientThatSigns() {
    try (SfnClient sfn = client(SecuredProfile.ACCESS_KEY, SecuredProfile.SECRET)) {
      String machine =
          sfn.createStateMachine(
                  r -> r.name(UUID.randomUUID().toString()).definition(PASS).roleArn(ROLE))
              .stateMachineArn();

      String execution =
          sfn.startExecution(r -> r.stateMachineArn(machine).input("{\"ä\":\"*'() ~\"}"))
              .executionArn();

      assertThat(sfn.describeExecution(r -> r.executionArn(execution)).input()).contains("ä");
    }
  }

  @Test
  void shouldGiveAwsClientItsErrors() {
    try (SfnClient unknown = client("SSAKNOBODY", SecuredProfile.SECRET);
        SfnClient forger = client(SecuredProfile.ACCESS_KEY, "another secret altogether")) {
      assertThatThrownBy(unknown::listStateMachines)
          .isInstanceOfSatisfying(
              SfnException.class,
              e ->
                  assertThat(e.awsErrorDetails().errorCode())
                      .isEqualTo("UnrecognizedClientException"));
      assertThatThrownBy(forger::listStateMachines)
          .isInstanceOfSatisfying(
              SfnException.class,
              e ->
                  assertThat(e.awsErrorDetails().errorCode())
                      .isEqualTo("InvalidSignatureException"));
    }
  }

  private SfnClient client(String id, String secret) {
    return SfnClient.builder()
        .endpointOverride(endpoint)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(id, secret)))
        .overrideConfiguration(
            c ->
                c.putAdvancedOption(SdkAdvancedClientOption.DISABLE_HOST_PREFIX_INJECTION, true)
                    .retryStrategy(r -> r.maxAttempts(1)))
        .build();
  }

  // ------------------------------------------------------------------ what is in a call

  @Test
  void shouldAskForEverythingThatACallNames() throws Exception {
    String start = "{\"stateMachineArn\":\"" + ACCOUNT + "stateMachine:%s\"}";
    String create = "{\"name\":\"m\",\"definition\":\"{}\",\"roleArn\":\"" + ROLE + "\"%s}";
    String clerk = SecuredProfile.CLERK.text();

    assertThat(action("StartExecution", start.formatted("allowed"), clerk).code())
        .isEqualTo("StateMachineDoesNotExist");
    assertThat(action("StartExecution", start.formatted("allowed:live"), clerk).code())
        .isNotEqualTo("AccessDeniedException");
    assertThat(action("StartExecution", start.formatted("other"), clerk).code())
        .isEqualTo("AccessDeniedException");
    assertThat(action("CreateStateMachine", create.formatted(""), clerk).message())
        .contains("iam:PassRole on resource: " + ROLE);
    assertThat(
            action(
                    "CreateStateMachine",
                    create.formatted(",\"tags\":[{\"key\":\"k\",\"value\":\"v\"}]"),
                    clerk)
                .message())
        .contains("states:TagResource");
    Result trigger =
        send(
            new Call(
                "POST",
                "/api/triggers",
                null,
                "{\"name\":\"t\",\"topic\":\"x\",\"stateMachineArn\":\""
                    + ACCOUNT
                    + "stateMachine:other\"}"),
            clerk);
    assertThat(trigger.status()).isEqualTo(403);
    assertThat(trigger.text()).contains("states:StartExecution");
  }

  @Test
  void shouldAskForAllMachinesThatASearchTellsOf() throws Exception {
    String allowed = ACCOUNT + "stateMachine:allowed";
    String clerk = SecuredProfile.CLERK.text();

    assertThat(search("machine=" + allowed, clerk)).isEqualTo(200);
    for (String query :
        List.of(
            "",
            "machine=",
            "machine=allowed",
            "machine=" + allowed + "&machine=" + ACCOUNT + "stateMachine:other",
            "machine=" + ACCOUNT + "stateMachine:other",
            "Machine=" + allowed)) {
      assertThat(search(query, clerk)).as(query).isEqualTo(403);
    }
    assertThat(search("q=*;machine=" + allowed, clerk)).isEqualTo(400);
    // One name in another's value is no name.
    assertThat(search("q=*%3Bmachine=" + allowed, clerk)).isEqualTo(403);
    assertThat(search("q=*%26machine=" + allowed, clerk)).isEqualTo(403);
  }

  private int search(String query, String key) throws Exception {
    return send(new Call("GET", "/api/executions?" + query, null, null), key).status();
  }

  @Test
  void shouldTakeNoMemberTwice() throws Exception {
    Result twice =
        action(
            "StartExecution",
            "{\"stateMachineArn\":\"%1$sallowed\",\"stateMachineArn\":\"%1$sother\"}"
                .formatted(ACCOUNT + "stateMachine:"),
            SecuredProfile.CLERK.text());

    assertThat(twice.code()).isEqualTo("SerializationException");
    assertThat(twice.message()).contains("Duplicate");
  }

  @Test
  void shouldLetNodesSpeakForCallersAndNobodyElse() throws Exception {
    byte[] body = "{}".getBytes(UTF_8);
    NodeCalls node = authenticator.orElseThrow().nodeCalls();
    Caller admin =
        new Caller(
            Caller.Kind.API_KEY, "arn:aws:iam::111111111111:user/x", "x", Set.of("admins"), "k");
    String target = "AWSStepFunctions.ListStateMachines";

    assertThat(forwarded(node.sign(admin, target, body), target).statusCode()).isEqualTo(200);
    assertThat(forwarded(node.sign(admin, target, body), "AWSStepFunctions.ListActivities").body())
        .contains("UnrecognizedClientException");
    assertThat(forwarded("eyJraW5kIjoiTk9ERSJ9.1.0", target).body())
        .contains("UnrecognizedClientException");
    // What another node has let in, it has audited: of the two others nobody else tells.
    assertThat(audit.drain()).hasSize(4).allMatch(e -> e.getErrorCode() != null);
  }

  /** By a client that asks for HTTP/2, as that of nodes does. */
  private HttpResponse<String> forwarded(String header, String target) throws Exception {
    try (HttpClient node = HttpClient.newHttpClient()) {
      forwarded(node, header, target);
      return forwarded(node, header, target);
    }
  }

  private HttpResponse<String> forwarded(HttpClient node, String header, String target)
      throws Exception {
    return node.send(
        HttpRequest.newBuilder(endpoint)
            .header(NodeCalls.HEADER, header)
            .header("X-Amz-Target", target)
            .POST(BodyPublishers.ofString("{}"))
            .build(),
        BodyHandlers.ofString());
  }

  // ------------------------------------------------------------------ sessions

  @Test
  void shouldGiveTheConsoleASessionForAKey() throws Exception {
    HttpResponse<String> login = login(SecuredProfile.ADMIN.text(), origin());
    String cookie = login.headers().firstValue("set-cookie").orElseThrow();

    assertThat(login.statusCode()).isEqualTo(200);
    assertThat(login.body()).contains("\"user\":\"admin\"");
    assertThat(cookie)
        .startsWith("stepstream-session=")
        .containsIgnoringCase("HttpOnly")
        .contains("SameSite=Strict")
        .contains("Max-Age=")
        .doesNotContain(SecuredProfile.ADMIN.text());
    String sent = cookie.substring(0, cookie.indexOf(';'));
    assertThat(withCookie("GET", "/api/session", sent, null).body()).contains("\"user\":\"admin\"");
    assertThat(withCookie("GET", "/api/info", sent, null).statusCode()).isEqualTo(200);
    assertThat(withCookie("GET", "/api/info", sent + "0", null).statusCode()).isEqualTo(401);
    assertThat(withCookie("POST", "/", sent, origin()).statusCode()).isEqualTo(200);
  }

  @Test
  void shouldNotLetOtherPagesUseASession() throws Exception {
    String cookie =
        login(SecuredProfile.ADMIN.text(), origin())
            .headers()
            .firstValue("set-cookie")
            .orElseThrow();
    String sent = cookie.substring(0, cookie.indexOf(';'));
    audit.drain();

    // Each is of this machine, so that no check of names turns it away first.
    for (String origin :
        new String[] {null, "http://localhost:1", "http://127.0.0.1", "https://[::1]:9", "null"}) {
      assertThat(withCookie("POST", "/", sent, origin).statusCode())
          .as(String.valueOf(origin))
          .isIn(400, 421);
    }
    assertThat(audit.drain())
        .isNotEmpty()
        .allMatch(e -> e.getErrorCode().equals("AccessDeniedException"));
    assertThat(login(SecuredProfile.ADMIN.text(), null).statusCode()).isEqualTo(403);
    assertThat(login(SecuredProfile.ADMIN.text(), "http://localhost:1").statusCode())
        .isEqualTo(403);
    assertThat(login(ApiKey.random().text(), origin()).statusCode()).isEqualTo(401);
    assertThat(audit.drain())
        .extracting(AuditEvent::getEventName)
        .containsExactly("ConsoleLogin", "ConsoleLogin", "ConsoleLogin");
  }

  private String origin() {
    return "http://" + endpoint.getAuthority();
  }

  private HttpResponse<String> login(String key, String origin) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.resolve("/api/session"))
            .POST(BodyPublishers.ofString("{\"apiKey\":\"" + key + "\"}"));
    if (origin != null) {
      request.header("Origin", origin);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> withCookie(String method, String path, String cookie, String origin)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.resolve(path))
            .header("Cookie", cookie)
            .header("X-Amz-Target", "AWSStepFunctions.ListStateMachines")
            .method(
                method,
                method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString("{}"));
    if (origin != null) {
      request.header("Origin", origin);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  // ------------------------------------------------------------------ the audit log

  @Test
  void shouldTellOfEachChangeOnceAndOfNoPayload() throws Exception {
    String secret = "canary-" + UUID.randomUUID();
    String admin = SecuredProfile.ADMIN.text();
    String name = UUID.randomUUID().toString();
    String definition = PASS.replace("\"Pass\"", "\"Pass\",\"Comment\":\"" + secret + "\"");

    Result created =
        action(
            "CreateStateMachine",
            json.createObjectNode()
                .put("name", name)
                .put("definition", definition)
                .put("roleArn", ROLE)
                .toString(),
            admin);
    action(
        "StartExecution",
        json.createObjectNode()
            .put("stateMachineArn", ACCOUNT + "stateMachine:" + name)
            .put("input", "{\"a\":\"" + secret + "\"}")
            .toString(),
        admin);
    action("ListStateMachines", "{}", admin);
    action(
        "StopExecution",
        "{\"executionArn\":\"" + ACCOUNT + "execution:m:none\",\"cause\":\"" + secret + "\"}",
        admin);
    send(new Call("PUT", "/api/queues/q", null, "{\"maxConcurrency\":3}"), admin);

    List<AuditEvent> events = new ArrayList<>();
    await()
        .until(
            () -> {
              events.addAll(audit.drain());
              return events.size() >= 4;
            });
    assertThat(events)
        .extracting(AuditEvent::getEventName)
        .containsExactly("CreateStateMachine", "StartExecution", "StopExecution", "UpdateQueue");
    AuditEvent first = events.getFirst();
    assertThat(first.getEventSource()).isEqualTo("states.amazonaws.com");
    assertThat(first.getUserIdentity().getArn()).isEqualTo("arn:aws:iam::111111111111:user/admin");
    assertThat(first.getUserIdentity().getAccessKeyId()).isEqualTo(SecuredProfile.ADMIN.id());
    assertThat(first.getSourceIPAddress()).isEqualTo("127.0.0.1");
    assertThat(first.getRequestID()).isEqualTo(created.requestId());
    assertThat(first.getReadOnly()).isFalse();
    assertThat(first.getErrorCode()).isNull();
    assertThat(json.readTree(first.getRequestParameters()).path("name").asText()).isEqualTo(name);
    assertThat(first.getResponseElements()).contains("stateMachine:" + name);
    assertThat(events.get(2).getErrorCode()).isEqualTo("ExecutionDoesNotExist");
    assertThat(events.get(3).getRequestParameters()).isEqualTo("{\"maxConcurrency\":3}");
    assertThat(events.toString()).doesNotContain(secret).doesNotContain(admin);
  }

  @Test
  void shouldTellOfEachRefusalOnce() throws Exception {
    action("ListStateMachines", "{}", SecuredProfile.NOBODY.text());
    action("StartExecution", "{\"stateMachineArn\":\"" + ACCOUNT + "stateMachine:m\"}", null);
    send(new Call("GET", "/api/queues", null, null), SecuredProfile.NOBODY.text());
    send(new Call("GET", "/api/queues", null, null), "wrong");

    assertThat(audit.drain())
        .extracting(
            AuditEvent::getEventName,
            AuditEvent::getErrorCode,
            AuditEvent::getReadOnly,
            e -> e.getUserIdentity().getType())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "ListStateMachines", "AccessDeniedException", true, "IAMUser"),
            org.assertj.core.groups.Tuple.tuple(
                "StartExecution", "MissingAuthenticationTokenException", false, "Unknown"),
            org.assertj.core.groups.Tuple.tuple(
                "ListQueues", "AccessDeniedException", true, "IAMUser"),
            org.assertj.core.groups.Tuple.tuple(
                "ListQueues", "UnrecognizedClientException", true, "Unknown"));
  }

  // ------------------------------------------------------------------ bounds

  @Test
  void shouldBoundWhatOneUserAsks() throws Exception {
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      Result result = action("ListStateMachines", "{", SecuredProfile.BUSY.text());
      results.add(result);
      if (result.code().equals("ThrottlingException")) {
        break;
      }
    }

    assertThat(results.getLast().code()).isEqualTo("ThrottlingException");
    assertThat(action("ListStateMachines", "{}", SecuredProfile.ADMIN.text()).status())
        .isEqualTo(200);
  }

  @Test
  void shouldNotWaitForSlowBodies() throws Exception {
    String answer = raw("Content-Length: 100\r\n\r\n{\"a");

    assertThat(answer).startsWith("HTTP/1.1 408");
  }

  @Test
  void shouldCutOffABodyThatHidesItsSizeBeforeItKnowsWhoSends() throws Exception {
    String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";

    String answer = raw("Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(40));

    assertThat(answer).matches(a -> a.isEmpty() || a.startsWith("HTTP/1.1 413"));
  }

  /** The answer; empty where the connection was closed before it could be read. */
  private String raw(String rest) throws Exception {
    try (Socket socket = new Socket(endpoint.getHost(), endpoint.getPort())) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write(("POST / HTTP/1.1\r\nHost: localhost\r\n" + rest).getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    } catch (IOException e) {
      assertThat(e.getMessage()).doesNotContain("timed out");
      return "";
    }
  }

  // ------------------------------------------------------------------ requests

  private record Result(int status, String requestId, String text) {
    private JsonNode body() {
      try {
        return new ObjectMapper().readTree(text);
      } catch (IOException e) {
        throw new AssertionError(text, e);
      }
    }

    String code() {
      return body().path("__type").asText();
    }

    String message() {
      return body().path("message").asText();
    }
  }

  private Result action(String action, String body, String key) throws Exception {
    return send(new Call("POST", "/", action, body), key);
  }

  private Result send(Call call, String key) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(origin() + call.path()))
            .timeout(Duration.ofSeconds(30))
            .method(
                call.method(),
                call.body() == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(call.body()));
    if (call.action() != null) {
      request.header("X-Amz-Target", "AWSStepFunctions." + call.action());
    } else if (call.body() != null) {
      request.header("Content-Type", "application/json");
    }
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    HttpResponse<InputStream> response = http.send(request.build(), BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      // A stream of events has no end.
      boolean endless =
          response
              .headers()
              .firstValue("content-type")
              .filter(t -> t.startsWith("text/event-stream"))
              .isPresent();
      return new Result(
          response.statusCode(),
          response.headers().firstValue("x-amzn-requestid").orElse(""),
          endless ? "" : new String(body.readAllBytes(), UTF_8));
    }
  }

  private HttpRequest.Builder request(String path, String method) {
    try {
      return HttpRequest.newBuilder(URI.create(origin() + path))
          .timeout(Duration.ofSeconds(10))
          .method(method, BodyPublishers.noBody());
    } catch (IllegalArgumentException _) {
      return null;
    }
  }
}
