package io.stepstream.coordinator.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.stepstream.coordinator.cluster.InMemoryCluster;
import io.stepstream.coordinator.cluster.InputLag;
import io.stepstream.coordinator.execution.Unavailable;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The test's own HTTP servers are the other nodes. */
@QuarkusTest
class NodesHttpTest {

  @TestHTTPResource("/api/nodes")
  URI endpoint;

  @Inject InMemoryCluster cluster;

  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();

  @AfterEach
  void disconnect() {
    cluster.with(Set.of(), List.of());
    cluster.failWith(null);
    http.close();
  }

  private JsonNode get(String query, int status) throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(endpoint + query)).build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(status);
    return json.readTree(answer.body());
  }

  /** Another node, which answers so. */
  private static HttpServer node(int status, String body) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/api/nodes",
        exchange -> {
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          boolean asked = "local=true".equals(exchange.getRequestURI().getQuery());
          exchange.sendResponseHeaders(asked ? status : 400, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static String address(HttpServer server) {
    return "localhost:" + server.getAddress().getPort();
  }

  private static final String OTHER =
      """
      {"nodes": [{"id": "node-b", "address": "b:1", "version": "9", "startDate": "2026-01-01T00:00:00Z",
        "news": true, "lanes": [{"lane": "standard lane", "state": "RUNNING", "since": "2026-01-01T00:00:00Z",
          "tasks": [{"task": "0_1", "partition": 1, "role": "active", "inputs": ["inbox-1"]}]}]}],
       "unreachable": [], "partitions": []}
      """;

  @Test
  void shouldPutTogetherWhatTheNodesTellOfThemselves() throws Exception {
    HttpServer other = node(200, OTHER);
    try {
      cluster.with(
          Set.of(address(other)),
          List.of(
              new InputLag("standard lane", "inbox-0", 5, 0),
              new InputLag("standard lane", "peer-0", 2, 0),
              new InputLag("standard lane", "inbox-1", 0, 0),
              new InputLag("standard lane", "inbox-2", 7, 0),
              new InputLag("express lane", "inbox-0", 100, 0)));

      JsonNode answer = get("", 200);

      assertThat(answer.path("nodes").findValuesAsText("id")).containsExactly("node-a", "node-b");
      assertThat(answer.path("nodes").findValuesAsText("state"))
          .containsExactly("REBALANCING", "RUNNING");
      assertThat(answer.path("nodes").path(1).path("version").asText()).isEqualTo("9");
      assertThat(answer.path("nodes").findValues("tasks")).isEmpty();
      assertThat(answer.path("unreachable")).isEmpty();
      assertThat(answer.path("partitions"))
          .isEqualTo(
              json.readTree(
                  """
                  [{"lane": "express lane", "partition": 0, "inputs": ["inbox-0"], "lag": 100, "copies": []},
                   {"lane": "standard lane", "task": "0_0", "partition": 0, "inputs": ["inbox-0", "peer-0"],
                    "lag": 7, "copies": [{"node": "node-a", "role": "active", "storeLag": 40,
                      "restore": {"since": "2026-09-03T00:00:06Z", "restored": 60, "total": 100}}]},
                   {"lane": "standard lane", "task": "0_1", "partition": 1, "inputs": ["inbox-1"], "lag": 0,
                    "copies": [{"node": "node-b", "role": "active"},
                               {"node": "node-a", "role": "standby", "storeLag": 3}]},
                   {"lane": "standard lane", "partition": 2, "inputs": ["inbox-2"], "lag": 7, "copies": []}]
                  """));
    } finally {
      other.stop(0);
    }
  }

  @Test
  void shouldNameTheNodesThatDoNotAnswer() throws Exception {
    HttpServer ill = node(503, "no");
    HttpServer strange = node(200, "{\"nodes\": []}");
    int nobody;
    try (ServerSocket free = new ServerSocket(0)) {
      nobody = free.getLocalPort();
    }
    try {
      Set<String> others =
          new TreeSet<>(
              List.of(address(ill), address(strange), "127.0.0.1:" + nobody, "no.such.invalid:1"));
      cluster.with(others, List.of());

      JsonNode answer = get("", 200);

      assertThat(answer.path("nodes").findValuesAsText("id")).containsExactly("node-a");
      assertThat(answer.path("unreachable").findValuesAsText("address"))
          .containsExactlyElementsOf(others);
      assertThat(answer.path("unreachable").findValuesAsText("reason"))
          .anySatisfy(reason -> assertThat(reason).contains("HTTP status 503"))
          .anySatisfy(reason -> assertThat(reason).contains("no description of a node"))
          .anySatisfy(reason -> assertThat(reason).contains("doesn't answer"))
          .anySatisfy(reason -> assertThat(reason).contains("name is not known"));
    } finally {
      ill.stop(0);
      strange.stop(0);
    }
  }

  @Test
  void shouldSayWhyThereAreNoLags() throws Exception {
    cluster.failWith(new Unavailable("no broker", Duration.ofSeconds(1)));

    JsonNode answer = get("", 200);

    assertThat(answer.path("lagsUnknown").asText()).isEqualTo("no broker");
    assertThat(answer.path("partitions").size()).isEqualTo(2);
    assertThat(answer.path("partitions").findValues("lag")).isEmpty();
  }

  @Test
  void shouldTellOfThisNodeAloneIfAsked() throws Exception {
    cluster.with(
        Set.of("no.such.invalid:1"), List.of(new InputLag("standard lane", "inbox-0", 5, 0)));

    JsonNode answer = get("?local=true", 200);

    assertThat(answer.path("nodes").path(0).at("/lanes/0/tasks/0/task").asText()).isEqualTo("0_0");
    assertThat(answer.path("unreachable")).isEmpty();
    assertThat(answer.path("partitions")).isEmpty();
  }

  @Test
  void shouldSayWhatIsWrong() throws Exception {
    assertThat(get("?local=yes", 400).at("/where/parameter").asText()).isEqualTo("local");
    assertThat(get("?lane=x", 400).at("/where/parameter").asText()).isEqualTo("lane");
  }
}
