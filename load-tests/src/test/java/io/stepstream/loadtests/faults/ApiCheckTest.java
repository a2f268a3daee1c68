package io.stepstream.loadtests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.stepstream.schemas.Lane;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A check that finds nothing proves nothing: each violation of I9 once, by a node that lies. */
final class ApiCheckTest {

  private static final String MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:m";
  private static final Start ENDED =
      new Start(Lane.STANDARD, MACHINE, "e", Expected.succeeded(Api.request()), "F-01", true);

  private final List<String> told = new ArrayList<>();
  private final Violations violations = new Violations(told::add);
  private final Map<String, String> answers = new HashMap<>();

  /** How many calls are answered "not now" first. */
  private final AtomicInteger notNow = new AtomicInteger();

  private HttpServer node;
  private Api api;

  @BeforeEach
  void start() throws IOException {
    answers.put("ListExecutions", "{\"executions\": []}");
    answers.put("DescribeExecution", "{\"status\": \"SUCCEEDED\"}");
    answers.put(
        "GetExecutionHistory",
        "{\"events\": [{\"id\": 1, \"type\": \"ExecutionStarted\"}, {\"id\": 2, \"type\":"
            + " \"ExecutionSucceeded\"}]}");
    node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    node.createContext("/", this::answer);
    node.start();
    api = new Api();
  }

  @AfterEach
  void stop() {
    api.close();
    node.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String action = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    String answer = answers.get(action.substring(action.indexOf('.') + 1));
    boolean isRefused = answer == null || notNow.getAndDecrement() > 0;
    byte[] body =
        (isRefused ? "{\"__type\": \"ServiceUnavailable\"}" : answer)
            .getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(isRefused ? 503 : 200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private void check() throws InterruptedException {
    URI endpoint = URI.create("http://127.0.0.1:" + node.getAddress().getPort() + "/");
    new ApiCheck(List.of(endpoint), api, violations, Duration.ofMillis(600)).check(List.of(ENDED));
  }

  private void assertFound(String text) {
    assertThat(violations.counts()).containsOnly(Map.entry(Invariant.I9, violations.count()));
    assertThat(told).anySatisfy(line -> assertThat(line).contains(text));
  }

  @Test
  void shouldFindNothingWhereAllIsRight() throws Exception {
    check();
    assertThat(told).isEmpty();
  }

  @Test
  void shouldNotMindWhoSaysNotNowAtFirst() throws Exception {
    notNow.set(1);
    check();
    assertThat(told).isEmpty();
  }

  @Test
  void shouldNoticeANodeThatAnswersNothing() throws Exception {
    answers.remove("DescribeExecution");
    check();
    assertFound("DescribeExecution: Refused");
  }

  @Test
  void shouldNoticeWhatIsListedAsRunningAndHasEnded() throws Exception {
    answers.put("ListExecutions", "{\"executions\": [{\"name\": \"e\"}]}");
    check();
    assertFound("lists [e] as running, which have ended");
  }

  @Test
  void shouldNotMindWhatRuns() throws Exception {
    answers.put("ListExecutions", "{\"executions\": [{\"name\": \"another\"}]}");
    check();
    assertThat(told).isEmpty();
  }

  @Test
  void shouldNoticeAWrongStatus() throws Exception {
    answers.put("DescribeExecution", "{\"status\": \"RUNNING\"}");
    check();
    assertFound("describes it as {\"status\":\"RUNNING\"}");
    assertThat(told).anySatisfy(line -> assertThat(line).contains("(during F-01)"));
  }

  @Test
  void shouldNoticeAGapInAHistory() throws Exception {
    answers.put(
        "GetExecutionHistory",
        "{\"events\": [{\"id\": 1, \"type\": \"ExecutionStarted\"}, {\"id\": 3, \"type\":"
            + " \"ExecutionSucceeded\"}]}");
    check();
    assertFound("tells event 3 where 2 should be");
  }

  @Test
  void shouldNoticeAHistoryWithoutAnEnd() throws Exception {
    answers.put("GetExecutionHistory", "{\"events\": []}");
    check();
    assertFound("tells a history whose last event is ''");
    told.clear();
    answers.put(
        "GetExecutionHistory", "{\"events\": [{\"id\": 1, \"type\": \"ExecutionStarted\"}]}");
    check();
    assertFound("tells a history whose last event is 'ExecutionStarted'");
  }

  @Test
  void shouldNotMissTheEndOfAHistoryThatGoesOn() throws Exception {
    answers.put(
        "GetExecutionHistory",
        "{\"events\": [{\"id\": 1, \"type\": \"ExecutionStarted\"}], \"nextToken\": \"t\"}");
    check();
    assertThat(told).isEmpty();
  }
}
