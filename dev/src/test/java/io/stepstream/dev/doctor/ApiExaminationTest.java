package io.stepstream.dev.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.stepstream.dev.broker.LoopbackPorts;
import io.stepstream.dev.doctor.Finding.Severity;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ApiExaminationTest {

  private static final Duration LONGEST = Duration.ofSeconds(20);
  private static final String READY = "{\"status\":\"UP\",\"checks\":[]}";
  private static final String WELL =
      """
      {"nodes":[{"id":"a","address":"10.0.0.1:8333","version":"1","startDate":"2026-01-01T00:00:00Z",
        "lanes":[{"lane":"standard lane","state":"RUNNING","since":"2026-01-01T00:00:00Z"}]}],
       "unreachable":[],
       "partitions":[{"lane":"standard lane","task":"0_0","partition":0,"inputs":[],"lag":3,
         "copies":[{"node":"a","role":"active"}]}]}
      """;

  private FakeNode node;

  @BeforeEach
  void start() throws Exception {
    node =
        new FakeNode()
            .with("/q/health/ready", READY)
            .with("/api/info", "{\"version\":\"1\"}")
            .with("/api/nodes", WELL)
            .with("/api/queues", "{\"queues\":[]}")
            .with("/api/dead-letters", "{\"deadLetters\":[]}")
            .with("/api/executions", "{\"executions\":[],\"total\":0}");
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private List<Finding> findings(URI... endpoints) throws InterruptedException {
    Installation installation =
        new Installation(null, Map.of(), null, List.of(endpoints), null, Path.of("."), null);
    try (ApiExamination api = new ApiExamination(installation)) {
      return Doctor.all(api.examinations(), LONGEST);
    }
  }

  private static Stream<Finding> bad(List<Finding> findings) {
    return findings.stream().filter(Finding::isBad);
  }

  @Test
  void shouldFindNothingWhereAllIsWell() throws Exception {
    List<Finding> findings = findings(node.endpoint());

    assertThat(findings).extracting(Finding::severity).containsOnly(Severity.OK);
    assertThat(findings)
        .extracting(Finding::subject)
        .contains("endpoint", "access", "nodes", "queues", "dead letters", "executions");
  }

  @Test
  void shouldTellOfNodesAndPartitionsThatAreNotThere() throws Exception {
    node.with(
        "/api/nodes",
        """
        {"nodes":[{"id":"a","address":"10.0.0.1:8333","version":"1",
           "lanes":[{"lane":"standard lane","state":"ERROR","since":"2026-01-01T00:00:00Z"},
                    {"lane":"express lane","state":"REBALANCING","since":"2026-01-01T00:00:00Z"}]},
          {"id":"b","address":"10.0.0.3:8333","version":"2","lanes":[]}],
         "unreachable":[{"address":"10.0.0.2:8333","reason":"HttpTimeoutException"}],
         "partitions":[
          {"lane":"standard lane","partition":0,"copies":[]},
          {"lane":"standard lane","partition":1,"lag":20000,"copies":[{"role":"active"}]},
          {"lane":"standard lane","partition":2,"copies":[{"role":"active",
            "restore":{"since":"2026-01-01T00:00:00Z","restored":5,"total":9}}]},
          {"lane":"standard lane","partition":3,"copies":[{"role":"active"},{"role":"standby",
            "restore":{"since":"2026-01-01T00:00:00Z","restored":5,"total":9}}]}]}
        """);

    assertThat(bad(findings(node.endpoint())))
        .extracting(Finding::severity, Finding::runbook)
        .containsExactlyInAnyOrder(
            tuple(Severity.FAULT, Runbook.LANE_DOWN), // the lane in ERROR
            tuple(Severity.WARNING, Runbook.REBALANCE_STORM),
            tuple(Severity.FAULT, Runbook.NODE_DOWN),
            tuple(Severity.WARNING, null), // two versions
            tuple(Severity.FAULT, Runbook.LANE_DOWN), // a partition that nobody has
            tuple(Severity.WARNING, Runbook.HANGING_TRANSACTION),
            tuple(Severity.WARNING, Runbook.RESTORING_LONG));
  }

  @Test
  void shouldTellQueuesThatNobodyServesFromThoseThatArePaused() throws Exception {
    Instant toCome = Instant.now().plusSeconds(3600);
    node.with(
        "/api/queues",
        """
        {"queues":[
          {"queue":"empty","limits":{"paused":false},"backlog":0,"workers":[],"pools":[]},
          {"queue":"alone","limits":{"paused":false},"backlog":1,"workers":[],"pools":[]},
          {"queue":"paused","limits":{"paused":true},"backlog":1,"workers":[],"pools":[]},
          {"queue":"busy","limits":{"paused":false},"backlog":5000,"workers":["w"],"pools":[]},
          {"queue":"ahead","limits":{"paused":false},"backlog":0,"workers":["w"],
            "pools":[{"pool":"p","lastSeen":"%s"}]}]}
        """
            .formatted(toCome));

    assertThat(bad(findings(node.endpoint())))
        .extracting(Finding::where, Finding::severity, Finding::runbook)
        .containsExactlyInAnyOrder(
            tuple("alone", Severity.FAULT, Runbook.NO_WORKERS),
            tuple("paused", Severity.WARNING, Runbook.TASK_BACKLOG_GROWING),
            tuple("busy", Severity.WARNING, Runbook.TASK_BACKLOG_GROWING),
            tuple("workers of pool p", Severity.WARNING, Runbook.CLOCK_SKEW));
  }

  @Test
  void shouldTellAnExecutionThatStandsStillFromOneThatWaits() throws Exception {
    node.with(
        "/api/executions",
        """
        {"total":2,"executions":[
          {"executionArn":"arn:stuck","startDate":"2026-01-01T00:00:00Z"},
          {"executionArn":"arn:waits","startDate":"2026-01-01T00:00:01Z"}]}
        """);
    node.with(
        "/",
        exchange ->
            FakeNode.text(
                    200,
                    "{\"events\":[{\"type\":\"%s\",\"timestamp\":1767225601.5}]}"
                        .formatted(
                            FakeNode.asked(exchange).contains("arn:stuck")
                                ? "TaskScheduled"
                                : "WaitStateEntered"))
                .to(exchange));

    assertThat(bad(findings(node.endpoint())))
        .extracting(Finding::where, Finding::runbook)
        .containsExactly(tuple("arn:stuck", Runbook.STUCK_EXECUTIONS));
  }

  @Test
  void shouldTellOfOpenLetters() throws Exception {
    node.with(
        "/api/dead-letters",
        """
        {"deadLetters":[{"id":"0-1","time":"2026-01-01T00:00:00Z","source":{"topic":"t"}}]}
        """);

    assertThat(bad(findings(node.endpoint())))
        .extracting(Finding::where, Finding::runbook)
        .containsExactly(tuple("t", Runbook.DEAD_LETTERS));
  }

  @Test
  void shouldAskTheNextWhereOneDoesNotAnswer() throws Exception {
    URI nobody = URI.create("http://127.0.0.1:" + LoopbackPorts.free());

    List<Finding> findings = findings(nobody, node.endpoint());

    assertThat(bad(findings))
        .extracting(Finding::where, Finding::severity, Finding::runbook)
        .containsExactly(tuple(nobody.toString(), Severity.FAULT, Runbook.NODE_DOWN));
    assertThat(findings)
        .filteredOn(finding -> finding.subject().equals("nodes"))
        .extracting(Finding::severity)
        .containsExactly(Severity.OK);
  }

  @Test
  void shouldSayWhyItMayNotLook() throws Exception {
    for (String path : List.of("/api/info", "/api/nodes", "/api/queues", "/api/dead-letters")) {
      node.with(path, FakeNode.text(403, "{}"));
    }

    List<Finding> findings = findings(node.endpoint());

    assertThat(findings)
        .filteredOn(finding -> finding.severity() == Severity.UNKNOWN)
        .extracting(Finding::subject)
        .containsExactly("nodes", "queues", "dead letters");
    assertThat(findings)
        .filteredOn(finding -> finding.subject().equals("nodes"))
        .allSatisfy(finding -> assertThat(finding.detail()).contains("STEPSTREAM_API_KEY"));
    assertThat(findings).anySatisfy(f -> assertThat(f.what()).isEqualTo("who calls is asked for"));
  }

  @Test
  void shouldNotWaitForWhoNeverAnswers() throws Exception {
    Examination hangs =
        new Examination(
            "nobody",
            () -> {
              Thread.sleep(Duration.ofHours(1)); // interrupted
              return List.of();
            });

    assertThat(Doctor.all(List.of(hangs), Duration.ofMillis(50)))
        .containsExactly(Finding.unknown("nobody", "nobody", "there was no answer in time", null));
  }
}
