package io.stepstream.schemas.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Apicurio Registry as a process of its own, on loopback only, with its data in memory. */
final class ApicurioServer implements AutoCloseable {

  private static final Path HOME = Path.of("target/apicurio");
  private static final Path LOG = Path.of("target/apicurio.log");

  private final Process process;
  private final Thread killer;
  private final String url;

  private ApicurioServer(Process process, String url) {
    this.process = process;
    this.url = url;
    this.killer = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(killer);
  }

  static ApicurioServer start() throws IOException {
    assertThat(HOME.resolve("quarkus-run.jar"))
        .as("unpacked by Maven in the phase pre-integration-test")
        .exists();
    int port = freePort();
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:TieredStopAtLevel=1",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-Dquarkus.management.host=127.0.0.1",
                "-Dquarkus.management.port=" + freePort(),
                "-jar",
                "quarkus-run.jar"));
    Process process =
        builder
            .directory(HOME.toFile())
            .redirectErrorStream(true)
            .redirectOutput(LOG.toFile())
            .start();
    ApicurioServer server =
        new ApicurioServer(process, "http://127.0.0.1:" + port + "/apis/ccompat/v7");
    try {
      Awaitility.await("Apicurio Registry, see " + LOG.toAbsolutePath())
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofMillis(200))
          .until(server::answers);
    } catch (RuntimeException | Error e) {
      server.close();
      throw new IOException(Files.readString(LOG), e);
    }
    return server;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private boolean answers() {
    if (!process.isAlive()) {
      throw new IllegalStateException("It has ended with " + process.exitValue());
    }
    try {
      return send("GET", "/subjects", "").statusCode() == 200;
    } catch (IOException _) {
      return false;
    }
  }

  String url() {
    return url;
  }

  /** Sets the compatibility level of a subject. */
  void requireCompatibility(String subject, String level) throws IOException {
    HttpResponse<String> answer =
        send("PUT", "/config/" + subject, "{\"compatibility\":\"" + level + "\"}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private HttpResponse<String> send(String method, String path, String body) throws IOException {
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build()) {
      return client.send(
          HttpRequest.newBuilder(URI.create(url + path))
              .timeout(Duration.ofSeconds(5))
              .header("Content-Type", "application/vnd.schemaregistry.v1+json")
              .method(method, HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().removeShutdownHook(killer);
  }
}
