package io.stepstream.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.stepstream.schemas.TaskFailed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that a healthy registry doesn't give; the healthy ones are in ApicurioRegistryIT. */
class RestSchemaRegistryTest {

  private static final Schema SCHEMA = TaskFailed.getClassSchema();

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private HttpServer server;
  private volatile int status = 200;
  private volatile String body = "{\"id\":7}";
  private volatile boolean stalls;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          requests.add(
              "%s %s %s"
                  .formatted(
                      exchange.getRequestMethod(),
                      exchange.getRequestURI(),
                      exchange.getRequestHeaders().getFirst("Authorization")));
          byte[] answer = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, answer.length);
          if (stalls) {
            await();
          }
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
  }

  private void await() {
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @AfterEach
  void stop() {
    released.countDown();
    server.stop(0);
  }

  private String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private SchemaRegistry registry() {
    return SchemaRegistry.at("http://" + host() + "/base/");
  }

  @Test
  void shouldSendUserAndPasswordButNeverShowThem() {
    String url = "http://user:p%40ss+w%3Ard@" + host();
    String encoded =
        Base64.getEncoder().encodeToString("user:p@ss+w:rd".getBytes(StandardCharsets.UTF_8));
    try (SchemaRegistry registry = SchemaRegistry.at(url)) {
      status = 401;

      assertThatThrownBy(() -> registry.register("s", SCHEMA))
          .isInstanceOf(RegistryUnavailableException.class)
          .hasMessageContaining("password in schema.registry.url")
          .hasMessageNotContaining("p%40ss")
          .hasMessageNotContaining("p@ss");
      assertThat(requests).containsExactly("POST /subjects/s/versions Basic " + encoded);
    }
    assertThat(RegistrySettings.at(url).toString()).contains(host()).doesNotContain("p%40ss");
  }

  @Test
  void shouldAskOncePerSubjectAndOncePerId() {
    try (SchemaRegistry registry = registry()) {
      assertThat(registry.register("a b/c", SCHEMA)).isEqualTo(7);
      assertThat(registry.register("a b/c", SCHEMA)).isEqualTo(7);
      body = "{\"schema\":\"\\\"string\\\"\"}";
      assertThat(registry.byId(7)).isEqualTo(registry.byId(7));
    }
    assertThat(requests)
        .containsExactly(
            "POST /base/subjects/a%20b%2Fc/versions null", "GET /base/schemas/ids/7 null");
  }

  @Test
  void shouldBelieveForAWhileThatAnIdIsMissing() {
    status = 404;
    body = "{\"error_code\":40403,\"message\":\"Schema not found\"}";
    RegistrySettings forgetful =
        new RegistrySettings(
            List.of(URI.create("http://" + host())),
            true,
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ZERO);
    try (SchemaRegistry registry = registry();
        SchemaRegistry impatient = SchemaRegistry.at(forgetful)) {
      assertThat(registry.byId(5)).isEqualTo(registry.byId(5));
      assertThat(requests).hasSize(1);

      impatient.byId(5);
      status = 200;
      body = "{\"schema\":\"\\\"string\\\"\"}";
      assertThat(impatient.byId(5)).isInstanceOf(SchemaLookup.Found.class);
    }
  }

  @Test
  void shouldTellTheLatestSchemaOfASubjectForAWhile() {
    body = "{\"subject\":\"a b-value\",\"version\":3,\"id\":9,\"schema\":\"\\\"string\\\"\"}";
    try (SchemaRegistry registry = registry()) {
      SubjectLookup found = registry.latest("a b-value");

      assertThat(found)
          .isEqualTo(new SubjectLookup.Found(9, Schema.create(Schema.Type.STRING)))
          .isEqualTo(registry.latest("a b-value"));
      assertThat(registry.byId(9)).isInstanceOf(SchemaLookup.Found.class);
      assertThat(requests).containsExactly("GET /base/subjects/a%20b-value/versions/latest null");

      body = "{\"schema\":\"\\\"string\\\"\"}";
      assertThatThrownBy(() -> registry.latest("without-id"))
          .isInstanceOf(RegistryUnavailableException.class);
      status = 404;
      body = "{\"error_code\":40401,\"message\":\"Subject not found\"}";
      assertThat(registry.latest("none"))
          .isInstanceOfSatisfying(
              SubjectLookup.Missing.class,
              missing -> assertThat(missing.reason()).contains("subject none", "no such subject"));
      body = "<html>Not found</html>";
      assertThatThrownBy(() -> registry.latest("other"))
          .isInstanceOf(RegistryUnavailableException.class)
          .hasMessageContaining("base URL");
    }
    assertThat(SchemaRegistry.bundled().latest("s"))
        .isInstanceOfSatisfying(
            SubjectLookup.Missing.class,
            missing -> assertThat(missing.reason()).contains("no schema registry is configured"));
  }

  @Test
  void shouldNotTakeAWrongUrlForAnUnknownId() {
    status = 404;
    body = "<html>Not found</html>";
    try (SchemaRegistry registry = registry()) {
      assertThatThrownBy(() -> registry.byId(5))
          .isInstanceOf(RegistryUnavailableException.class)
          .hasMessageContaining("base URL");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"schema":"syntax = \\"proto3\\";","schemaType":"PROTOBUF"}            | PROTOBUF
          {"schema":"\\"x.Other\\"","references":[{"name":"x.Other"}]}           | refers to other schemas
          {"schema":"{\\"type\\":\\"nonsense\\"}"}                               | not an Avro schema
          """)
  void shouldPutAsideWhatIsNoUsableSchema(String answer, String reason) {
    body = answer;
    try (SchemaRegistry registry = registry()) {
      assertThat(registry.byId(5))
          .isInstanceOfSatisfying(
              SchemaLookup.Missing.class,
              missing -> assertThat(missing.reason()).contains("schema id 5", reason));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "{}", "{\"id\":\"x\"}", "{\"id\":99999999999}", "nope"})
  void shouldNotBelieveNonsense(String answer) {
    body = answer;
    try (SchemaRegistry registry = registry()) {
      assertThatThrownBy(() -> registry.register("s", SCHEMA))
          .isInstanceOf(RegistryUnavailableException.class);
      assertThatThrownBy(() -> registry.byId(5)).isInstanceOf(RegistryUnavailableException.class);
    }
  }

  @ParameterizedTest
  @CsvSource({"409, incompatible", "422, invalid", "400, invalid"})
  void shouldTellARefusalFromAnOutage(int refusal, String reason) {
    status = refusal;
    body = "{\"error_code\":1,\"message\":\"field output is missing\"}";
    try (SchemaRegistry registry = registry()) {
      assertThatThrownBy(() -> registry.register("orders-value", SCHEMA))
          .isInstanceOf(SchemaRejectedException.class)
          .hasMessageContaining("subject orders-value")
          .hasMessageContaining(reason)
          .hasMessageContaining("field output is missing");
    }
  }

  @Test
  void shouldGoToTheNextUrlWhenOneIsDown() throws IOException {
    String dead;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      dead = "http://127.0.0.1:" + closed.getLocalPort();
    }
    try (SchemaRegistry registry = SchemaRegistry.at(dead + " , http://" + host());
        SchemaRegistry allDead = SchemaRegistry.at(dead)) {
      assertThat(registry.register("s", SCHEMA)).isEqualTo(7);
      assertThatThrownBy(() -> allDead.register("s", SCHEMA))
          .isInstanceOf(RegistryUnavailableException.class)
          .hasMessageContaining(dead);

      status = 503;
      assertThatThrownBy(() -> registry.byId(3))
          .isInstanceOf(RegistryUnavailableException.class)
          .hasMessageContaining("503")
          .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    }
  }

  @Test
  void shouldNotWaitForABodyThatNeverComes() {
    stalls = true;
    RegistrySettings settings =
        new RegistrySettings(
            List.of(URI.create("http://" + host())),
            true,
            Duration.ofSeconds(5),
            Duration.ofMillis(200),
            Duration.ZERO);
    SchemaRegistry registry = SchemaRegistry.at(settings);

    assertThatThrownBy(() -> registry.byId(3))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("PT0.2S");

    released.countDown();
    registry.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " , ", "registry:8081", "ftp://secret@x", "http://a:secret@ b"})
  void shouldRefuseUrlsWithoutRepeatingTheirPasswords(String urls) {
    assertThatThrownBy(() -> SchemaRegistry.at(urls))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("schema.registry.url")
        .hasMessageNotContaining("secret")
        .hasNoCause();
  }
}
