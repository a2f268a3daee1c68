package io.stepstream.loadtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scripts that measure nothing, and what the real ones have in common. */
final class PeerScriptTest {

  private static final Path PEERS = Path.of("peers").toAbsolutePath();

  private static final String FIGURES =
      """
      echo '{"work":"one-task","per_s":11.5}'
      echo 'the log of a peer'
      echo '{"work":"latency","p50_ms":1.5,"p99_ms":2.5}'
      echo '{"work":"five-nodes","per_s":12}'
      """;

  @TempDir private Path directory;

  private final List<String> progress = new CopyOnWriteArrayList<>();

  private Path script(String body) throws IOException {
    Path script = directory.resolve(Peer.ZEEBE_3.script());
    Files.createDirectories(script.getParent());
    Files.writeString(script, "#!/bin/sh\n" + body);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script;
  }

  private EngineFigures run() throws InterruptedException {
    return new PeerScript(directory, Duration.ofSeconds(3), Duration.ofSeconds(4), progress::add)
        .run(Peer.ZEEBE_3);
  }

  @Test
  void shouldReadTheFiguresOfAPeer() throws Exception {
    script(FIGURES + "echo '{\"work\":\"for-each\",\"per_s\":13}'\n");

    EngineFigures figures = run();

    assertThat(figures)
        .isEqualTo(
            new EngineFigures(
                "zeebe-3",
                Map.of(
                    Work.ONE_TASK,
                    new WorkFigure.Rate(11.5),
                    Work.FIVE_NODES,
                    new WorkFigure.Rate(12),
                    Work.FOR_EACH,
                    new WorkFigure.Rate(13),
                    Work.LATENCY,
                    new WorkFigure.Latency(1.5, 2.5)),
                null));
  }

  @Test
  void shouldTellAScriptItsTimesAndWhereJavaIs() throws Exception {
    script("echo \"$JAVA_HOME $*\" >&2");

    run();

    assertThat(progress)
        .containsExactly(
            System.getProperty("java.home") + " --seconds 3 --warm-up 4 --partitions 3");
  }

  @Test
  void shouldKeepWhatAFailingPeerHasDoneAndItsLastWords() throws Exception {
    script(FIGURES + "echo 'zeebe: starting' >&2\necho 'zeebe: no room' >&2\necho >&2\nexit 2\n");

    EngineFigures figures = run();

    assertThat(figures.figures()).containsOnlyKeys(Work.ONE_TASK, Work.FIVE_NODES, Work.LATENCY);
    assertThat(figures.failure()).isEqualTo("zeebe: no room");
  }

  @Test
  void shouldTellTheExitCodeOfAPeerWithoutLastWords() throws Exception {
    script("exit 7");

    assertThat(run().failure()).isEqualTo("it ended with exit code 7");
  }

  @Test
  void shouldNotTakeAPartForTheWhole() throws Exception {
    script(FIGURES);

    assertThat(run().failure()).isEqualTo("it ended well, but told only of 3 works");
  }

  @Test
  void shouldTellThatThereIsNoScript() throws Exception {
    assertThat(run().failure()).startsWith("it can't be started: ").contains("run.sh");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "zeebe | --seconds x | zeebe: --seconds needs a number, not 'x'",
        "zeebe | --seconds | zeebe: --seconds needs a number",
        "littlehorse | --minutes 5 | littlehorse: unknown option '--minutes'; there are --seconds,"
            + " --warm-up and --partitions"
      })
  void shouldRefuseBadUsageOfARealScript(String peer, String options, String message)
      throws Exception {
    Process process =
        new ProcessBuilder("sh", "-c", "exec \"$0\" " + options, PEERS + "/" + peer + "/run.sh")
            .start();

    assertThat(process.errorReader(StandardCharsets.UTF_8).lines()).containsExactly(message);
    assertThat(process.waitFor()).isEqualTo(2);
  }

  /** Starts a process and tells its number and the scratch directory. */
  private Process realScript(String end) throws IOException {
    Path script =
        script(
            """
            set -eu
            peer=fake
            . "%s/peer.sh"
            begin
            sleep 600 &
            started
            echo "$! $scratch"
            %s
            """
                .formatted(PEERS, end));
    ProcessBuilder builder = new ProcessBuilder(script.toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder.start();
  }

  private static void requireNothingLeft(String processAndScratch) {
    String[] told = processAndScratch.split(" ");
    assertThat(ProcessHandle.of(Long.parseLong(told[0])).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(Path.of(told[1])).doesNotExist();
  }

  @Test
  void shouldLeaveNothingBehindWhenAPeerFails() throws Exception {
    Process process = realScript("refuse 'it is not ready'");

    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      String told = out.readLine();
      assertThat(process.waitFor()).isEqualTo(2);
      requireNothingLeft(told);
    }
  }

  @Test
  void shouldLeaveNothingBehindWhenItIsStopped() throws Exception {
    Process process = realScript("wait $!");

    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      String told = out.readLine();
      process.destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(143);
      requireNothingLeft(told);
    }
  }

  @Test
  void shouldTellThatAPeerEndedBeforeItWasReady() throws Exception {
    Process process =
        realScript(
            """
            sh -c 'echo "port in use"; exit 1' >"$scratch/broker.log" 2>&1 &
            started
            await 60 $! broker false
            """);

    List<String> errors = process.errorReader(StandardCharsets.UTF_8).lines().toList();

    assertThat(process.waitFor()).isEqualTo(2);
    assertThat(errors).containsExactly("port in use", "fake: broker ended before it was ready");
  }
}
