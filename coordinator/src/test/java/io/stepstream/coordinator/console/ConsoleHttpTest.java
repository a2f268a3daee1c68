package io.stepstream.coordinator.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class ConsoleHttpTest {

  /** In the build without Node there is none. */
  private static final boolean BUILT =
      ConsoleHttpTest.class.getResource("/stepstream-console/index.html") != null;

  @TestHTTPResource("/")
  URI root;

  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void disconnect() {
    http.close();
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(root.resolve(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/console",
        "/console/",
        "/console/machines/arn%3Aaws%3Astates%3Aus-east-1%3A1%3AstateMachine%3Am",
        "/console/search?q=x"
      })
  void everyPageIsTheSameFileUnderAPolicyOfItsOwn(String path) throws Exception {
    HttpResponse<String> answer = get(path);

    assertThat(answer.statusCode()).isEqualTo(BUILT ? 200 : 404);
    assertThat(header(answer, "content-type")).isEqualTo("text/html; charset=utf-8");
    assertThat(header(answer, "cache-control")).isEqualTo("no-store");
    assertThat(header(answer, "x-content-type-options")).isEqualTo("nosniff");
    assertThat(header(answer, "x-frame-options")).isEqualTo("DENY");
    assertThat(header(answer, "referrer-policy")).isEqualTo("no-referrer");
    assertThat(header(answer, "content-security-policy"))
        .contains("default-src 'none'", "script-src 'self';", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    if (!BUILT) {
      assertThat(answer.body()).contains("This build has no console", "-Dconsole.skip");
    }
  }

  @Test
  void theNonceOfThePolicyIsInThePageAndNewEachTime() throws Exception {
    assumeTrue(BUILT, "skipped: built without the console");
    String first = nonce(get("/console"));
    String second = nonce(get("/console"));

    assertThat(first).hasSize(22).isNotEqualTo(second);
  }

  private static String nonce(HttpResponse<String> answer) {
    Matcher matcher =
        Pattern.compile("'nonce-([^']+)'").matcher(header(answer, "content-security-policy"));
    assertThat(matcher.find()).isTrue();
    assertThat(answer.body())
        .contains("content=\"" + matcher.group(1) + "\"")
        .doesNotContain("{{nonce}}");
    return matcher.group(1);
  }

  @Test
  void filesAreCompressedAndKept() throws Exception {
    assumeTrue(BUILT, "skipped: built without the console");
    Matcher script =
        Pattern.compile("src=\"(/console/assets/[^\"]+\\.js)\"").matcher(get("/console").body());
    assertThat(script.find()).isTrue();

    HttpResponse<String> plain = get(script.group(1));
    HttpResponse<String> packed = get(script.group(1), "Accept-Encoding", "br, gzip");

    assertThat(plain.statusCode()).isEqualTo(200);
    assertThat(header(plain, "content-type")).isEqualTo("text/javascript; charset=utf-8");
    assertThat(header(plain, "cache-control")).contains("immutable");
    assertThat(header(plain, "content-encoding")).isEmpty();
    assertThat(header(packed, "content-encoding")).isEqualTo("gzip");
    assertThat(Integer.parseInt(header(packed, "content-length")))
        .isLessThan(Integer.parseInt(header(plain, "content-length")) / 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/console/assets/none.js",
        "/console/assets/..%2f..%2fstepstream-openapi.json",
        "/console/assets/%2e%2e/index.html.js",
        "/console/assets/.hidden.js",
        "/console/assets/"
      })
  void whatIsNotThereIsNoPage(String path) throws Exception {
    HttpResponse<String> answer = get(path);

    // The document itself, not a link to it: the page of a build without the console has one.
    assertThat(answer.body()).doesNotContain("\"openapi\"").doesNotContain("\"paths\"");
    if (answer.statusCode() != 404) {
      // The dots were resolved on the way: then it is the page itself.
      assertThat(header(answer, "content-type")).startsWith("text/html");
    }
  }

  /** What a browser says of where it got its page, and under which name it reached this node. */
  @ParameterizedTest
  @CsvSource({
    "GET,  /console,      localhost:8333,       ,                       true",
    "GET,  /console,      127.0.0.1:8333,       ,                       true",
    "GET,  /console,      [::1]:8333,           ,                       true",
    "GET,  /console,      node.localhost,       ,                       true",
    "GET,  /console,      rebound.example:8333, ,                       false",
    "GET,  /api/openapi,  rebound.example:8333, ,                       false",
    "GET,  /api/openapi,  127.0.0.1.example,    ,                       false",
    "GET,  /api/openapi,  127.0.0.1:8333,       ,                       true",
    "GET,  /api/openapi,  127.0.0.1:8333,       http://evil.example,    false",
    "GET,  /api/openapi,  127.0.0.1:8333,       null,                   false",
    "POST, /,             127.0.0.1:8333,       http://127.0.0.1:8333,  true",
    "POST, /,             rebound.example:8333, http://rebound.example, false",
    "POST, /,             127.0.0.1:8333,       http://rebound.example, false",
    "POST, /,             sync-states.example,  ,                       true",
  })
  void browsersAreServedUnderOurOwnNamesOnly(
      String method, String path, String host, String origin, boolean served) throws Exception {
    String answer = raw(method, path, host, origin);

    if (served) {
      assertThat(answer).doesNotStartWith("HTTP/1.1 421");
    } else {
      assertThat(answer)
          .startsWith("HTTP/1.1 421")
          .contains("application/problem+json", "stepstream.api.hosts");
    }
  }

  /** The client of the JDK lets nobody choose the name. */
  private String raw(String method, String path, String host, String origin) throws IOException {
    String request =
        "%s %s HTTP/1.1\r\nHost: %s\r\n%sConnection: close\r\nContent-Length: 0\r\n\r\n"
            .formatted(
                method, path, host, origin == null ? "" : "Origin: %s\r\n".formatted(origin));
    try (Socket socket = new Socket(root.getHost(), root.getPort())) {
      socket.getOutputStream().write(request.getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }
}
