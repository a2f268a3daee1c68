package io.stepstream.dev.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.dev.client.ApiError;
import io.stepstream.dev.client.StepFunctionsClient;
import io.stepstream.dev.testkit.StepstreamProcess;
import io.stepstream.testkit.conformance.InMemoryRun;
import io.stepstream.testkit.conformance.Level;
import io.stepstream.testkit.conformance.RecordedCase;
import io.stepstream.testkit.conformance.RecordedWorld;
import io.stepstream.testkit.conformance.Report;
import io.stepstream.testkit.conformance.Verdict;
import io.stepstream.worker.StepstreamWorker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The recorded executions that need no service but functions and Step Functions itself, through the
 * API, Kafka, a coordinator and a worker. The folder is given by the system property {@code
 * stepstream.conformance}.
 */
final class ConformanceIT {

  /** Per thousand of the cases that can tell a level, how many agree up to it. It only rises. */
  private static final Map<Level, Integer> FLOOR =
      Map.of(Level.L1, 1000, Level.L2, 1000, Level.L3, 1000, Level.L4, 1000, Level.L5, 1000);

  /** By the simulated clock: what takes longer isn't run here, and the report says so. */
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private static final int AT_A_TIME = 32;

  private static final String PROBE = "probe";
  private static final Path REPORT = Path.of("target", "conformance", "report.md");

  @Test
  void shouldDoAsRecorded(@TempDir Path directory) throws Exception {
    String folder = System.getProperty("stepstream.conformance");
    String missing = "skipped: no -Dstepstream.conformance=FOLDER, nothing to compare with";
    if (folder == null) {
      System.out.println(getClass().getSimpleName() + " " + missing);
    }
    assumeTrue(folder != null, missing);
    Map<String, RecordedCase> cases = new LinkedHashMap<>();
    List<String> slow = new ArrayList<>();
    Set<String> functions = new TreeSet<>(Set.of(PROBE));
    for (RecordedCase each : RecordedCase.all(Path.of(String.valueOf(folder)))) {
      if (each.isSelfContained()) {
        InMemoryRun rehearsal = InMemoryRun.of(each);
        if (rehearsal.lasted().compareTo(LONGEST) > 0 && !isLeftRunning(each)) {
          slow.add(
              "%s/%s (%d s)".formatted(each.category(), each.id(), rehearsal.lasted().toSeconds()));
        } else {
          cases.put("conformance-case-" + cases.size() + "-", each);
          functions.addAll(rehearsal.functions());
        }
      } else if (each.isNested()) {
        // A simulation doesn't start other executions; each of the few is over within seconds.
        cases.put("conformance-case-" + cases.size() + "-", each);
        functions.addAll(each.functions());
      }
    }
    assertThat(cases).isNotEmpty();

    List<Verdict> verdicts;
    try (StepstreamProcess stack =
            StepstreamProcess.dev(
                directory,
                directory.resolve("data"),
                Map.of("STEPSTREAM_AWS_ACCOUNT", RecordedCase.ACCOUNT));
        StepFunctionsClient client = new StepFunctionsClient(stack.endpoint());
        StepstreamWorker worker = worker(stack.bootstrapServers(), functions, cases)) {
      worker.start();
      awaitRoutes(client);
      verdicts = verdicts(client, cases);
    }

    Report report =
        new Report(
            verdicts,
            Map.of("all that were run", _ -> true),
            List.of("too slow for real time: " + slow.size() + " " + slow));
    System.out.println(report.table());
    Files.createDirectories(REPORT.getParent());
    Files.writeString(REPORT, report.markdown());
    for (Level level : Level.values()) {
      assertThat(report.perThousand(level))
          .as("per thousand that agree up to %s, see %s", level, REPORT)
          .isGreaterThanOrEqualTo(FLOOR.get(level));
    }
  }

  /**
   * Whether a task has to be answered in time: it comes behind the others, when all is warm. Some
   * have a second, which is little for what a stack does first.
   */
  private static boolean isHurried(RecordedCase recorded) {
    return recorded.definition().contains("TimeoutSeconds")
        || recorded.definition().contains("HeartbeatSeconds");
  }

  private static boolean isLeftRunning(RecordedCase recorded) {
    return "RUNNING".equals(recorded.expect().get("status"));
  }

  private static StepstreamWorker worker(
      String bootstrapServers, Set<String> functions, Map<String, RecordedCase> cases) {
    Map<String, RecordedWorld> worlds = new ConcurrentHashMap<>();
    cases.forEach(
        (machine, recorded) -> {
          RecordedWorld world = new RecordedWorld(recorded);
          worlds.put(machine, world);
          StackCase.startedMachines(recorded, machine).values().forEach(m -> worlds.put(m, world));
        });
    StepstreamWorker.Builder worker =
        StepstreamWorker.builder().bootstrapServers(bootstrapServers).queues("conformance");
    for (String function : functions) {
      if (function.equals(PROBE)) {
        worker.function(PROBE, input -> input);
      } else {
        worker.handler(new RecordedFunction(function, worlds));
      }
    }
    return worker.build();
  }

  /** One announcement tells of all functions: when one is reached, all are. */
  private static void awaitRoutes(StepFunctionsClient client) throws ApiError, IOException {
    ObjectNode create =
        StepFunctionsClient.request()
            .put("name", PROBE)
            .put("type", "EXPRESS")
            .put("roleArn", "arn:aws:iam::111111111111:role/any")
            .put(
                "definition",
                """
                {"StartAt": "Probe", "States": {"Probe": {"Type": "Task", "End": true,
                 "Resource": "arn:aws:lambda:us-east-1:111111111111:function:probe"}}}\
                """);
    String machine = client.call("CreateStateMachine", create).path("stateMachineArn").asText();
    Awaitility.await("the functions are announced")
        .atMost(Duration.ofMinutes(3))
        .until(
            () ->
                client
                    .call(
                        "StartSyncExecution",
                        StepFunctionsClient.request().put("stateMachineArn", machine))
                    .path("status")
                    .asText()
                    .equals("SUCCEEDED"));
  }

  private static List<Verdict> verdicts(StepFunctionsClient client, Map<String, RecordedCase> cases)
      throws Exception {
    List<Callable<Verdict>> runs = new ArrayList<>();
    cases.entrySet().stream()
        .sorted(Comparator.comparing(each -> isHurried(each.getValue())))
        .forEach(
            each ->
                runs.add(() -> new StackCase(each.getValue(), each.getKey(), client).verdict()));
    List<Verdict> verdicts = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(AT_A_TIME)) {
      for (Future<Verdict> run : pool.invokeAll(runs)) {
        verdicts.add(run.get());
      }
    }
    return verdicts;
  }
}
