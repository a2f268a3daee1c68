package io.stepstream.dev.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * The command line as a process of its own, as a user starts it. Ends with {@link #close} at the
 * latest.
 */
public final class StepstreamProcess implements AutoCloseable {
  private static final String READY = "ready ";

  /** Far above what is needed: the tests share their machine. */
  private static final Duration LONGEST_START = Duration.ofSeconds(120);

  private final Process process;
  private final Path out;
  private final Path err;

  private StepstreamProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Starts a command; what it prints goes to files in {@code directory}. */
  public static StepstreamProcess start(Path directory, String... args) throws IOException {
    return start(directory, Map.of(), List.of(args));
  }

  private static StepstreamProcess start(
      Path directory, Map<String, String> environment, List<String> args) throws IOException {
    return start("stepstream.app", directory, environment, args);
  }

  /**
   * Starts a coordinator of its own, which answers at the port when it is ready.
   *
   * @param environment its settings, by the names of their environment variables
   */
  public static StepstreamProcess coordinator(
      Path directory, int httpPort, Map<String, String> environment) throws IOException {
    Map<String, String> all = new HashMap<>(environment);
    all.put("QUARKUS_HTTP_PORT", String.valueOf(httpPort));
    return start("stepstream.coordinator.app", directory, all, List.of());
  }

  /**
   * @param property the system property that names the application
   */
  private static StepstreamProcess start(
      String property, Path directory, Map<String, String> environment, List<String> args)
      throws IOException {
    Path out = Files.createTempFile(directory, "out-", ".txt");
    Path err = Files.createTempFile(directory, "err-", ".txt");
    Path app = Path.of(System.getProperty(property));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:AOTCache=" + app.resolveSibling("app.aot"),
            "-Xlog:disable",
            "-Xlog:all=error:stderr",
            "-jar",
            app.toString()));
    command.addAll(args);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    return new StepstreamProcess(process, out, err);
  }

  /** Starts {@code dev} on free ports and returns when it is ready. */
  public static StepstreamProcess dev(Path directory, Path data, String... more)
      throws IOException {
    return dev(directory, data, Map.of(), more);
  }

  /** The same with settings, by the names of their environment variables. */
  public static StepstreamProcess dev(
      Path directory, Path data, Map<String, String> environment, String... more)
      throws IOException {
    List<String> args = new ArrayList<>();
    args.addAll(List.of("dev", "--port", "0", "--kafka-port", "0", "--data-dir", data.toString()));
    args.addAll(List.of(more));
    StepstreamProcess started = start(directory, environment, args);
    started.endpoint();
    return started;
  }

  /** The endpoint that {@code dev} announces; waits for it. */
  public URI endpoint() {
    Awaitility.await("ready")
        .atMost(LONGEST_START)
        .pollInterval(Duration.ofMillis(100))
        .failFast(
            "the process ended early",
            () -> assertThat(process.isAlive()).as(() -> "standard error: " + err()).isTrue())
        .until(() -> out().startsWith(READY) && out().endsWith("\n"));
    return URI.create(out().lines().findFirst().orElseThrow().substring(READY.length()));
  }

  /** The broker that {@code dev} tells of, after its endpoint; waits for it. */
  public String bootstrapServers() {
    return Awaitility.await("the broker's address")
        .atMost(LONGEST_START)
        .until(
            () ->
                err()
                    .lines()
                    .filter(line -> line.startsWith("Kafka: ") && line.contains(". "))
                    .map(line -> line.substring("Kafka: ".length(), line.indexOf(". ")))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  /** Waits for the end and returns the exit code. */
  public int exitCode() {
    return exitCode(LONGEST_START);
  }

  /** Waits for the end, so long at most, and returns the exit code. */
  public int exitCode(Duration longest) {
    try {
      boolean ended = process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS);
      assertThat(ended).as("ended within %s; standard error: %s", longest, err()).isTrue();
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  /** SIGKILL, and returns when the process is gone. */
  public void kill() {
    process.destroyForcibly();
    exitCode();
  }

  /** Standard output so far. */
  public String out() {
    return read(out);
  }

  /** Standard error so far. */
  public String err() {
    return read(err);
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      terminate();
      try {
        if (!process.waitFor(15, TimeUnit.SECONDS)) {
          kill();
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        process.destroyForcibly();
      }
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
