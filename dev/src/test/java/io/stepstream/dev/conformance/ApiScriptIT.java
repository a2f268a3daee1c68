package io.stepstream.dev.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.stepstream.dev.testkit.StepstreamProcess;
import io.stepstream.integrations.s3.S3Server;
import io.stepstream.testkit.conformance.RecordedCase;
import io.stepstream.testkit.conformance.Report;
import io.stepstream.testkit.conformance.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The recorded sequences of API calls, over HTTP against a whole stack. The folder is given by the
 * system property {@code stepstream.conformance}.
 */
final class ApiScriptIT {

  /** How many agree in everything. It only rises. */
  private static final int FLOOR = 115;

  /** Which can't be run, and why. */
  private static final Map<String, String> NOT_RUN =
      Map.of(
          "sfn_api.start_execution_idempotent",
          "needs SQS: without it the execution fails at some time before it is started again");

  /** Which do not agree, and why. */
  private static final Map<String, String> NOT_PASSED =
      Map.of(
          "sfn_api_aliasing.error_create_alias_invalid_router_configs",
          "AWS's message tells the list as its own program prints it",
          "sfn_api_aliasing.idempotent_create_alias",
          "aliases are listed the latest first",
          "sfn_api_logs.deleted_log_group",
          "log groups are names: nobody here knows which there are");

  private static final int AT_A_TIME = 16;

  private static final Path REPORT = Path.of("target", "conformance", "api-scripts.md");

  @Test
  void shouldAnswerAsRecorded(@TempDir Path directory) throws Exception {
    String folder = System.getProperty("stepstream.conformance");
    String missing = "skipped: no -Dstepstream.conformance=FOLDER, nothing to compare with";
    if (folder == null) {
      System.out.println(getClass().getSimpleName() + " " + missing);
    }
    assumeTrue(folder != null, missing);
    List<RecordedCase> scripts =
        RecordedCase.all(Path.of(String.valueOf(folder))).stream()
            .filter(each -> each.kind().equals("api-script"))
            .filter(each -> !NOT_RUN.containsKey(each.id()))
            .toList();
    assertThat(scripts).isNotEmpty();

    List<Verdict> verdicts;
    try (S3Server s3 = new S3Server();
        StepstreamProcess stack =
            StepstreamProcess.dev(
                directory,
                directory.resolve("data"),
                Map.of(
                    "STEPSTREAM_AWS_ACCOUNT",
                    RecordedCase.ACCOUNT,
                    "STEPSTREAM_API_ACTIVITY_WAIT",
                    "1s",
                    "AWS_ENDPOINT_URL_S3",
                    s3.endpoint().toString()));
        ApiEndpoint api = new ApiEndpoint(stack.endpoint())) {
      verdicts = verdicts(scripts, api, s3);
    }

    Map<String, Predicate<RecordedCase>> subjects = new LinkedHashMap<>();
    scripts.forEach(
        each -> subjects.put(subject(each), script -> subject(script).equals(subject(each))));
    subjects.put("all that were run", _ -> true);
    Report report = new Report(verdicts, subjects, List.of("not run: " + NOT_RUN));
    System.out.println(report.table());
    Files.createDirectories(REPORT.getParent());
    Files.writeString(REPORT, report.markdown());
    Map<String, String> differences = new TreeMap<>();
    verdicts.stream()
        .filter(verdict -> verdict.difference() != null)
        .forEach(verdict -> differences.put(verdict.recordedCase().id(), verdict.difference()));
    assertThat(differences.keySet())
        .as(() -> "which do not agree: " + differences)
        .containsExactlyInAnyOrderElementsOf(NOT_PASSED.keySet());
    assertThat(verdicts.size() - differences.size()).isGreaterThanOrEqualTo(FLOOR);
  }

  /** What the suite's file was about: {@code sfn_api_tagging.create_state_machine} on tagging. */
  private static String subject(RecordedCase script) {
    return script.id().substring(0, script.id().indexOf('.'));
  }

  private static List<Verdict> verdicts(List<RecordedCase> cases, ApiEndpoint api, S3Server s3)
      throws Exception {
    List<Callable<Verdict>> runs = new ArrayList<>();
    for (RecordedCase recorded : cases) {
      ApiScript script = new ApiScript(recorded, runs.size() + 1, api);
      for (ApiScript.StoredObject object : script.storedObjects()) {
        s3.bucket(object.bucket());
        s3.put(object.bucket(), object.key(), object.body());
      }
      runs.add(script::verdict);
    }
    List<Verdict> verdicts = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(AT_A_TIME)) {
      for (Future<Verdict> run : pool.invokeAll(runs)) {
        verdicts.add(run.get());
      }
    }
    return verdicts;
  }
}
