package io.stepstream.dev.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.dev.client.StepFunctionsClient;
import io.stepstream.dev.testkit.StepstreamProcess;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a running process exports and logs, against what alerts, dashboards and documents name. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MetricsIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path DOCUMENT = OperationsFiles.ROOT.resolve("docs/metrics.md");

  /** What is asked for in the background is there after the second round. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** Legal in a name, and hostile to whoever puts a line together by hand. */
  private static final String HOSTILE = "a \"b\" \\ é 😀 }";

  private final HttpClient http = HttpClient.newHttpClient();
  private Path directory;
  private StepstreamProcess dev;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    directory = temporary;
    dev =
        StepstreamProcess.dev(
            directory,
            directory.resolve("data"),
            Map.of("QUARKUS_LOG_CONSOLE_JSON_ENABLED", "true"));
    run("STANDARD", "fails", "nobody-has-this");
    run("EXPRESS", "fails-fast", "nobody-has-this");
  }

  @AfterAll
  void stop() {
    dev.close();
    http.close();
  }

  /** An execution whose task no handler serves, which the worker logs. */
  private void run(String type, String machine, String function) throws Exception {
    try (StepFunctionsClient client = new StepFunctionsClient(dev.endpoint())) {
      ObjectNode create = JSON.createObjectNode();
      create.put("name", machine).put("type", type).put("roleArn", "arn:aws:iam::1:role/r");
      ObjectNode task = JSON.createObjectNode();
      task.put("Type", "Task").put("End", true);
      task.put("Resource", "arn:aws:lambda:us-east-1:111111111111:function:" + function);
      ObjectNode definition = JSON.createObjectNode();
      definition.put("StartAt", HOSTILE).putObject("States").set(HOSTILE, task);
      create.put("definition", definition.toString());
      String arn = client.call("CreateStateMachine", create).get("stateMachineArn").asText();
      client.call(
          "StartExecution",
          JSON.createObjectNode().put("stateMachineArn", arn).put("name", "x").put("input", "{}"));
    }
  }

  private String scrape() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(dev.endpoint().resolve("/q/metrics"))
            .header("Accept", "text/plain")
            .build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  /** When both executions have ended and the background has asked. */
  private String settled() {
    return await("all figures")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .until(
            this::scrape,
            scrape ->
                Pattern.compile(
                            "stepstream_executions_ended_total\\{[^}]*Machine:fails\"[^}]*} 1\\.0")
                        .matcher(scrape)
                        .find()
                    && Pattern.compile("stepstream_task_backlog\\{[^}]*queue=\"lambda\"")
                        .matcher(scrape)
                        .find()
                    && scrape.contains("stepstream_executions_open{lane=\"standard\",} 0.0"));
  }

  @Test
  void shouldExportWhatAlertsAskFor() throws Exception {
    Set<String> exported = MetricNames.inScrape(settled());
    exported.add("up"); // the scraper's own

    for (JsonNode alert : OperationsFiles.alerts()) {
      Set<String> asked = MetricNames.inQuery(alert.get("expr").asText());
      assertThat(asked).isNotEmpty();
      assertThat(exported).as(alert.get("alert").asText()).containsAll(asked);
    }
  }

  @Test
  void shouldExportWhatDashboardsAskFor() throws Exception {
    Set<String> exported = MetricNames.inScrape(settled());

    List<Path> dashboards = OperationsFiles.dashboards();
    assertThat(dashboards).hasSize(4);
    for (Path file : dashboards) {
      List<String> queries = OperationsFiles.queries(OperationsFiles.dashboard(file));
      assertThat(queries).as(file.toString()).hasSizeGreaterThan(5);
      for (String query : queries) {
        assertThat(exported).as("%s: %s", file, query).containsAll(MetricNames.inQuery(query));
      }
    }
  }

  @Test
  void shouldTellInTheDocumentOfEveryMetricOfItsOwnAndOfNoOther() throws Exception {
    Set<String> exported = new TreeSet<>();
    for (String name : MetricNames.inScrape(settled())) {
      if (name.startsWith("stepstream_")) {
        exported.add(name.replaceAll("_seconds_(bucket|count|sum|max)$", "_seconds"));
      }
    }
    Set<String> documented = new TreeSet<>();
    Pattern.compile("(?m)^\\| `(stepstream_\\w+)`")
        .matcher(Files.readString(DOCUMENT))
        .results()
        .forEach(name -> documented.add(name.group(1)));

    assertThat(documented).isEqualTo(exported);
  }

  @Test
  void shouldExportWhatPrometheusHoldsForGood() throws Exception {
    Path scrape =
        Files.writeString(
            directory.resolve("scrape.txt"),
            settled()
                .lines()
                // Micrometer's and Quarkus' own names are theirs.
                .filter(
                    line -> line.startsWith("stepstream_") || line.matches("# \\w+ stepstream_.*"))
                .reduce("", (all, line) -> all + line + "\n"));
    Promtool.Answer answer = Promtool.run(scrape, "check", "metrics");

    assertThat(answer.text()).isEmpty();
    assertThat(answer.exit()).isZero();
  }

  @Test
  void shouldHaveAFewHundredSeriesAndNotThousands() {
    long series = settled().lines().filter(line -> line.startsWith("stepstream_")).count();

    assertThat(series).isBetween(100L, 1_500L);
  }

  @Test
  void shouldCountWhatHasHappened() {
    String scrape = settled();

    assertThat(value(scrape, "stepstream_executions_started_total", "stateMachine:fails\""))
        .isEqualTo(1);
    assertThat(
            value(
                scrape, "stepstream_executions_ended_total", "Machine:fails-fast\"", "\"FAILED\""))
        .isEqualTo(1);
    assertThat(
            value(
                scrape, "stepstream_tasks_total", "nobody-has-this", "\"failed\"", "\"standard\""))
        .isEqualTo(1);
    assertThat(
            value(
                scrape,
                "stepstream_worker_handler_time_seconds_count",
                "\"lambda\"",
                "\"failed\"",
                "resource=\"lambda\""))
        .isEqualTo(2);
    assertThat(value(scrape, "stepstream_worker_orders_settled_total", "\"lambda\"", "accepted"))
        .isEqualTo(2);
    assertThat(
            value(scrape, "stepstream_api_calls_seconds_count", "\"StartExecution\"", "succeeded"))
        .isEqualTo(2);
    assertThat(value(scrape, "stepstream_lane_up", "\"express\"")).isEqualTo(1);
    assertThat(value(scrape, "stepstream_transactions_total", "\"standard\"", "committed"))
        .isPositive();
    assertThat(value(scrape, "stepstream_input_stalled_seconds", "\"standard\"")).isZero();
    assertThat(value(scrape, "stepstream_state_directory_size_bytes"))
        .isGreaterThan(value(scrape, "stepstream_state_directory_free_bytes"));
    assertThat(value(scrape, "stepstream_streams_commit_rate", "\"standard\"")).isNotNaN();
    assertThat(value(scrape, "stepstream_rocksdb_memory_bytes")).isPositive();
    assertThat(value(scrape, "stepstream_state_files_bytes", "stepstream-standard")).isPositive();
  }

  /** Of the one series with these texts in its labels. */
  private static double value(String scrape, String name, String... texts) {
    List<String> lines =
        scrape
            .lines()
            .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
            .filter(line -> List.of(texts).stream().allMatch(line::contains))
            .toList();
    assertThat(lines).as("%s %s", name, List.of(texts)).hasSize(1);
    String line = lines.getFirst();
    return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
  }

  @Test
  void shouldLogAnObjectOnEachLine() throws Exception {
    settled();
    List<String> lines = dev.err().lines().filter(line -> line.startsWith("{")).toList();

    assertThat(lines).isNotEmpty();
    boolean told = false;
    for (String line : lines) {
      JsonNode entry = JSON.readTree(line);
      assertThat(entry.get("level").asText()).isNotBlank();
      assertThat(entry.get("loggerName").asText()).isNotBlank();
      if (entry.path("message").asText().contains("nobody-has-this")) {
        told = true;
        assertThat(entry.get("message").asText()).contains(HOSTILE);
        assertThat(entry.at("/mdc/executionArn").asText())
            .matches("arn:aws:states:us-east-1:\\d+:(execution|express):fails.*");
      }
    }
    assertThat(told).isTrue();
    // What dev itself tells a person at a terminal is text.
    assertThat(dev.err().lines().filter(line -> !line.startsWith("{")))
        .noneMatch(line -> line.matches(".*(WARN|ERROR|INFO).*\\[.*"));
  }
}
