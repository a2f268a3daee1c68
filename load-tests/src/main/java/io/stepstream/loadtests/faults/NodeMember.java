package io.stepstream.loadtests.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A coordinator with its API, as it is deployed: the packaged application. */
final class NodeMember extends Member {

  private static final Duration LONGEST_HEALTH_CHECK = Duration.ofSeconds(2);

  private final Path stateDirectory;
  private final int port;
  private final Map<String, String> environment;
  private final HttpClient http;
  private volatile Path application;
  private volatile @Nullable FakeClock clock;

  /**
   * @param application {@code quarkus-run.jar}
   * @param port of the API
   * @param environment its settings, by the names of their environment variables
   */
  NodeMember(
      String name,
      Path scratch,
      Path application,
      int port,
      Map<String, String> environment,
      HttpClient http) {
    super(name, scratch.resolve(name + ".log"));
    this.stateDirectory = scratch.resolve(name);
    this.application = application;
    this.port = port;
    this.http = http;
    this.environment = new HashMap<>(environment);
    this.environment.put("QUARKUS_HTTP_PORT", String.valueOf(port));
    this.environment.put("STEPSTREAM_STATE_DIR", stateDirectory.toString());
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + port + "/");
  }

  Path stateDirectory() {
    return stateDirectory;
  }

  Path application() {
    return application;
  }

  /** What it is from its next start on. */
  void setApplication(Path other) {
    application = other;
  }

  /** What it takes for the time of day from its next start on; null: the machine's. */
  void setClock(@Nullable FakeClock other) {
    clock = other;
  }

  @Override
  List<String> command() {
    return JavaCommand.of(
        "384m",
        // The application first: whatever the run has in other versions is never seen.
        application + ":" + JavaCommand.ownClassPath().split(":")[0],
        List.of(Tether.class.getName(), application.toString()));
  }

  @Override
  Map<String, String> environment() {
    FakeClock current = clock;
    if (current == null) {
      return environment;
    }
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(current.environment());
    return all;
  }

  @Override
  boolean isReady() {
    try {
      HttpRequest ready =
          HttpRequest.newBuilder(endpoint().resolve("/q/health/ready"))
              .timeout(LONGEST_HEALTH_CHECK)
              .build();
      return http.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
