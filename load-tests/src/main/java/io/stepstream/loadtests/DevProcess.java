package io.stepstream.loadtests;

import io.stepstream.dev.Refusal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code stepstream dev} as a user starts it: the whole application, its broker and its worker. */
final class DevProcess implements AutoCloseable {

  /** Names the packaged application. */
  static final String APP = "stepstream.app";

  private static final String READY = "ready ";
  private static final int LONGEST_STOP_SECONDS = 15;

  private final Process process;
  private final URI endpoint;
  private final String bootstrapServers;

  private DevProcess(Process process, URI endpoint, String bootstrapServers) {
    this.process = process;
    this.endpoint = endpoint;
    this.bootstrapServers = bootstrapServers;
  }

  /**
   * Returns when its API takes requests.
   *
   * @param directory of its own, for its data and what it says on standard error
   * @throws Refusal if there is no packaged application
   */
  static DevProcess start(Path directory, int partitions) throws Refusal, InterruptedException {
    String app = System.getProperty(APP);
    if (app == null || !Files.isRegularFile(Path.of(app))) {
      throw new Refusal(
          "There is no packaged application to start (" + app + ")",
          "Build it with: mvn package, and run ./stepstream bench");
    }
    Path log = directory.resolve("dev.log");
    int kafkaPort = freePort();
    // As the launcher does it.
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx768m",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Xlog:disable",
            "-Xlog:all=error:stderr",
            "-jar",
            app,
            "dev",
            "--port",
            "0",
            "--kafka-port",
            String.valueOf(kafkaPort),
            "--partitions",
            String.valueOf(partitions),
            "--data-dir",
            directory.resolve("data").toString());
    try {
      Files.createDirectories(directory);
      Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
      BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
      String line = out.readLine();
      if (line == null || !line.startsWith(READY)) {
        process.destroy();
        throw new BenchFailure(
            "The application ended with exit code %d before it was ready: %s"
                .formatted(process.waitFor(), lastLine(log)));
      }
      return new DevProcess(
          process, URI.create(line.substring(READY.length())), "127.0.0.1:" + kafkaPort);
    } catch (IOException e) {
      throw new UncheckedIOException("starting the application", e);
    }
  }

  private static String lastLine(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return lines.isEmpty() ? "it said nothing" : lines.getLast();
  }

  URI endpoint() {
    return endpoint;
  }

  /** Of its broker. */
  String bootstrapServers() {
    return bootstrapServers;
  }

  /** Free a moment ago: an application that doesn't get it says so and ends. */
  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("looking for a free port", e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(LONGEST_STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
