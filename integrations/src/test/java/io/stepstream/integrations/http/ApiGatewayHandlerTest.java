package io.stepstream.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.stepstream.integrations.HttpStub;
import io.stepstream.integrations.SilentServer;
import io.stepstream.integrations.Visit;
import io.stepstream.integrations.aws.AwsServices;
import io.stepstream.integrations.aws.AwsSettings;
import io.stepstream.worker.handler.JsonText;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskFailedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class ApiGatewayHandlerTest {

  private record Seen(HttpExchange exchange, String body) {

    String header(String name) {
      return exchange.getRequestHeaders().getFirst(name);
    }
  }

  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private volatile int status = 200;
  private volatile String answer = "{\"hello\":\"world\"}";
  private volatile String type = "application/json";

  private HttpStub api;
  private AwsSettings settings;
  private AwsServices aws;
  private ApiGatewayHandler handler;

  @BeforeEach
  void open() throws IOException {
    api = new HttpStub((exchange, _) -> answer(exchange));
    settings = new AwsSettings(URI.create("http://127.0.0.1:9"));
    aws = new AwsServices();
    handler = handler("127.0.0.1/32");
  }

  private ApiGatewayHandler handler(String... allowed) {
    return new ApiGatewayHandler(
        new HttpSettings(
            Stream.of(allowed).map(Network::parse).toList(),
            new Connections(_ -> Optional.empty(), Optional.empty()),
            InetAddress::getAllByName,
            Duration.ofSeconds(2)),
        aws);
  }

  @AfterEach
  void close() {
    handler.close();
    aws.close();
    settings.close();
    api.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    seen.add(new Seen(exchange, body));
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().put("X-Two", List.of("a", "b"));
    HttpStub.send(exchange, status, answer);
  }

  private JsonNode invoke(String arguments) throws Exception {
    return invoke(arguments, Visit.of("arn:aws:states:::apigateway:invoke"));
  }

  private JsonNode invoke(String arguments, TaskContext context) throws Exception {
    ObjectNode all = (ObjectNode) json("{'ApiEndpoint':'" + api.endpoint() + "'}");
    return handler.handle(all.setAll((ObjectNode) json(arguments)), context);
  }

  private TaskFailedException failure(String arguments) {
    return catchThrowableOfType(TaskFailedException.class, () -> invoke(arguments));
  }

  @Test
  void shouldCallTheStageAndThePathAndGiveTheAnswer() throws Exception {
    JsonNode result =
        invoke(
            "{'Method':'POST','Stage':'dev','Path':'pets/7','QueryParameters':{'kind':['a"
                + " b','c&d'],'page':['1']},"
                + "'Headers':{'tenant':['7','8']},'RequestBody':{'name':'Rex','age':null,'tags':[{'x':null}]}}");

    Seen call = seen.getFirst();
    assertThat(call.exchange().getRequestMethod()).isEqualTo("POST");
    assertThat(call.exchange().getRequestURI())
        .hasToString("/dev/pets/7?kind=a+b&kind=c%26d&page=1");
    assertThat(call.header("tenant")).isEqualTo("7, 8");
    assertThat(call.header("Content-Type")).isEqualTo("application/json; charset=UTF-8");
    assertThat(call.header("Authorization")).isNull();
    assertThat(json(call.body())).isEqualTo(json("{'name':'Rex','tags':[{}]}"));
    assertThat(result.path("ResponseBody")).isEqualTo(json("{'hello':'world'}"));
    assertThat(result.path("StatusCode").asInt()).isEqualTo(200);
    assertThat(result.path("StatusText").asText()).isEqualTo("OK");
    assertThat(result.at("/Headers/X-two")).isEqualTo(json("['a','b']"));
  }

  @Test
  void shouldSendNullsIfTheStateWantsIt() throws Exception {
    invoke("{'Method':'PUT','AllowNullValues':true,'RequestBody':{'age':null}}");

    assertThat(json(seen.getFirst().body())).isEqualTo(json("{'age':null}"));
  }

  /** As recorded: a text goes as JSON, and null is no body. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"'HelloWorld'|\"HelloWorld\"", "''|\"\"", "null|``", "[1]|[1]"})
  void shouldSendTheBodyAsJson(String given, String sent) throws Exception {
    invoke("{'Method':'POST','RequestBody':" + given + "}");

    assertThat(seen.getFirst().body()).isEqualTo(sent);
  }

  @ParameterizedTest
  @CsvSource({
    "'','',''",
    "Prod,,/Prod",
    "Prod,/@connections/L0SM=,/Prod/@connections/L0SM=",
    ",/dev/checkout,/dev/checkout"
  })
  void shouldTakeStageAndPathWithOrWithoutASlash(String stage, String path, String called)
      throws Exception {
    ObjectNode arguments = (ObjectNode) json("{'Method':'GET'}");
    if (stage != null && !stage.isEmpty()) {
      arguments.put("Stage", stage);
    }
    if (path != null && !path.isEmpty()) {
      arguments.put("Path", path);
    }

    invoke(arguments.toString());

    assertThat(seen.getFirst().exchange().getRequestURI().toString())
        .isEqualTo(called == null || called.isEmpty() ? "/" : called);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 429, 500, 504})
  void shouldFailWithTheStatusAndTheBodyOfTheAnswer(int code) {
    status = code;
    answer = "{\"message\":\"Missing Authentication Token\"}";

    TaskFailedException failed = failure("{'Method':'GET'}");

    assertThat(failed.error()).isEqualTo("ApiGateway." + code);
    assertThat(failed.causeText()).isEqualTo("{\"message\":\"Missing Authentication Token\"}");
  }

  @Test
  void shouldGiveARedirectAsItIs() throws Exception {
    status = 302;

    assertThat(invoke("{'Method':'GET'}").path("StatusCode").asInt()).isEqualTo(302);
    assertThat(seen).hasSize(1);
  }

  @Test
  void shouldFailWhereTheAnswerIsNoText() {
    type = "image/png";

    TaskFailedException failed = failure("{'Method':'GET'}");

    assertThat(failed.error()).isEqualTo("States.Runtime");
    assertThat(failed.causeText()).contains("apigateway:invoke can't give");
  }

  // ------------------------------------------------------------------ signatures

  /** Checked by the documented algorithm, not by the SDK's. */
  @ParameterizedTest
  @ValueSource(strings = {"IAM_ROLE", "RESOURCE_POLICY"})
  void shouldSignWithTheWorkersCredentials(String authType) throws Exception {
    invoke(
        "{'Method':'POST','Stage':'dev','Path':'/a(b)/@c','AuthType':'%s','QueryParameters':{'q':['x y+z','é'],'a':['1']},'RequestBody':{'n':1}}"
            .formatted(authType));

    Seen call = seen.getFirst();
    assertThat(call.header("Authorization"))
        .startsWith("AWS4-HMAC-SHA256 Credential=test/")
        .contains("/us-east-1/execute-api/aws4_request, ");
    assertThat(call.header("Authorization")).endsWith("Signature=" + signature(call, "test"));
    assertThat(json(call.body())).isEqualTo(json("{'n':1}"));
  }

  @Test
  void shouldSignForTheRegionOfTheApi() {
    ApiGatewayCall call =
        ApiGatewayCall.of(
            json("{'ApiEndpoint':'a1b2c3.execute-api.eu-central-1.amazonaws.com','Method':'GET'}"));

    assertThat(call.region()).isEqualTo("eu-central-1");
    assertThat(call.call().endpoint())
        .hasToString("https://a1b2c3.execute-api.eu-central-1.amazonaws.com");
  }

  /** Nobody is at the endpoint of STS. */
  @Test
  void shouldNotSignAsTheWorkerWhenTheStateHasARole() {
    TaskFailedException failed =
        catchThrowableOfType(
            TaskFailedException.class,
            () ->
                invoke(
                    "{'Method':'GET','AuthType':'IAM_ROLE'}",
                    Visit.of("arn:aws:states:::apigateway:invoke").as("arn:aws:iam::1:role/r")));

    assertThat(failed.error()).isEqualTo("ApiGateway.SdkClientException");
    assertThat(failed.causeText()).contains("could not be assumed");
    assertThat(seen).isEmpty();
  }

  private static String signature(Seen call, String secret) throws GeneralSecurityException {
    String authorization = call.header("Authorization");
    String scope = authorization.replaceAll(".*Credential=[^/]*/([^,]*),.*", "$1");
    String names = authorization.replaceAll(".*SignedHeaders=([^,]*),.*", "$1");
    assertThat(names.split(";")).contains("host", "x-amz-date");
    URI uri = call.exchange().getRequestURI();
    // Every service but S3 has the path encoded once more.
    String path =
        uri.getRawPath()
            .replace("%", "%25")
            .replace("(", "%28")
            .replace(")", "%29")
            .replace("@", "%40");
    String query =
        Stream.of(uri.getRawQuery().split("&")).sorted().collect(Collectors.joining("&"));
    String headers =
        Stream.of(names.split(";"))
            .map(name -> name + ":" + call.header(name) + "\n")
            .collect(Collectors.joining());
    String canonical =
        String.join(
            "\n",
            call.exchange().getRequestMethod(),
            path,
            query,
            headers,
            names,
            sha256(call.body()));
    String toSign =
        String.join("\n", "AWS4-HMAC-SHA256", call.header("X-Amz-Date"), scope, sha256(canonical));
    byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
    for (String part : scope.split("/")) {
      key = hmac(key, part);
    }
    return HexFormat.of().formatHex(hmac(key, toSign));
  }

  private static String sha256(String text) throws GeneralSecurityException {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  // ------------------------------------------------------------------ what goes wrong

  @Test
  void shouldGoOnlyWhereCallsMayLead() {
    handler.close();
    handler = handler();

    TaskFailedException refused = failure("{'Method':'GET'}");

    assertThat(refused.error()).isEqualTo("States.Permissions");
    assertThat(seen).isEmpty();
  }

  @Test
  void shouldFailWithoutAnAnswer() throws Exception {
    try (SilentServer silent = new SilentServer()) {
      assertThatThrownBy(
              () ->
                  handler.handle(
                      json("{'ApiEndpoint':'" + silent.endpoint() + "','Method':'GET'}"),
                      Visit.of("arn:aws:states:::apigateway:invoke")))
          .isInstanceOfSatisfying(
              TaskFailedException.class,
              failed -> assertThat(failed.error()).isEqualTo("ApiGateway.SdkClientException"));
    }
  }

  @Test
  void shouldEndByAnInterrupt() throws Exception {
    try (SilentServer silent = new SilentServer()) {
      silent.assertThatAnInterruptEnds(
          () ->
              handler.handle(
                  json("{'ApiEndpoint':'" + silent.endpoint() + "','Method':'GET'}"),
                  Visit.of("arn:aws:states:::apigateway:invoke")));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'ApiEndpoint':null,'Method':'GET'}|ApiEndpoint",
        "{'ApiEndpoint':'ftp://h','Method':'GET'}|ApiEndpoint",
        "{'ApiEndpoint':'u@h','Method':'GET'}|ApiEndpoint",
        "{'ApiEndpoint':'h','Method':'GET','Path':'a?b=c'}|ApiEndpoint",
        "{'ApiEndpoint':'h','Method':'GET','Path':'a b'}|ApiEndpoint",
        "{'ApiEndpoint':'h','Method':'GET','Stage':7}|Stage",
        "{'Method':'TRACE'}|Method",
        "{}|Method",
        "{'Method':'GET','AuthType':'KEY'}|AuthType",
        "{'Method':'GET','Headers':{'Authorization':'x'}}|Headers.Authorization",
        "{'Method':'GET','QueryParameters':7}|QueryParameters"
      })
  void shouldTellWhichArgumentIsWrong(String arguments, String field) {
    TaskFailedException failed = failure(arguments);

    assertThat(failed.error()).isEqualTo("States.Runtime");
    assertThat(failed.causeText()).startsWith("The field '" + field + "' of apigateway:invoke ");
    assertThat(seen).isEmpty();
  }

  private static JsonNode json(String text) {
    try {
      return JsonText.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
