package io.stepstream.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.dev.broker.LoopbackPorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A process of an image, on the loopback address. */
public final class Running implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final Process process;
  private final Path log;
  private final int port;
  private final long begun = System.nanoTime();
  private final HttpClient http = HttpClient.newHttpClient();

  private Running(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /**
   * @param directory for its log
   */
  public static Running start(Unpacked image, Path directory, Map<String, String> settings)
      throws IOException {
    // A cache that isn't used would stay unnoticed otherwise.
    return start(image, directory, settings, "-XX:AOTMode=on");
  }

  /**
   * @param flags for the JVM
   */
  static Running start(Unpacked image, Path directory, Map<String, String> settings, String flags)
      throws IOException {
    Path log = Files.createTempFile(directory, "log-", ".txt");
    int port = LoopbackPorts.free();
    Map<String, String> all = new HashMap<>(settings);
    all.putIfAbsent("QUARKUS_HTTP_HOST", "127.0.0.1");
    all.put("QUARKUS_HTTP_PORT", String.valueOf(port));
    all.put("JDK_JAVA_OPTIONS", flags);
    Process process = image.run(all).redirectOutput(log.toFile()).start();
    return new Running(process, log, port);
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  int port() {
    return port;
  }

  /**
   * @return how long it took since its start
   */
  public Duration awaitReady() {
    HttpRequest ready =
        HttpRequest.newBuilder(endpoint().resolve("/q/health/ready"))
            .timeout(Duration.ofSeconds(2))
            .build();
    return Awaitility.await("ready")
        .atMost(PATIENCE)
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .ignoreExceptionsInstanceOf(IOException.class)
        .failFast(
            "the process ended early", () -> assertThat(process.isAlive()).as(this::log).isTrue())
        .until(
            () ->
                http.send(ready, BodyHandlers.discarding()).statusCode() == 200
                    ? Duration.ofNanos(System.nanoTime() - begun)
                    : Duration.ZERO,
            Duration::isPositive);
  }

  /** What it has had of the processors: what it takes on a machine that has nothing else to do. */
  Duration processorTime() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  /** Waits for its end. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("it runs still: " + log());
    }
    return process.exitValue();
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** SIGTERM, and waits for what comes of it. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    http.close();
  }
}
