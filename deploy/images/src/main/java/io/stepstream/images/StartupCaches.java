package io.stepstream.images;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.dev.Refusal;
import io.stepstream.dev.broker.BrokerSettings;
import io.stepstream.dev.broker.EmbeddedBroker;
import io.stepstream.dev.broker.LoopbackPorts;
import io.stepstream.dev.client.ApiError;
import io.stepstream.dev.client.StepFunctionsClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * Runs a coordinator and a worker once, out of their stages, and has their JVMs keep the classes
 * that one execution with one task needed.
 */
final class StartupCaches {

  private static final Duration LONGEST_START = Duration.ofSeconds(120);

  /** The JVM writes the cache at its end, by another JVM. */
  private static final Duration LONGEST_STOP = Duration.ofSeconds(180);

  private static final String TOPIC = "training";

  private StartupCaches() {}

  private record Running(Application application, Process process, int port, Path log) {}

  /**
   * @param scratch for the broker's log, the stores and what the processes write
   * @throws IOException a process doesn't start, or has no cache at its end
   */
  static void write(Stage coordinator, Stage worker, Path scratch)
      throws IOException, InterruptedException {
    Files.createDirectories(scratch);
    try (EmbeddedBroker broker =
        EmbeddedBroker.start(BrokerSettings.in(Files.createTempDirectory(scratch, "kafka-")))) {
      Path state = Files.createTempDirectory(scratch, "state-");
      Running first = start(coordinator, broker.bootstrapServers(), state, scratch);
      Running second;
      try {
        awaitReady(first);
        second = start(worker, broker.bootstrapServers(), state, scratch);
      } catch (IOException | RuntimeException e) {
        first.process.destroyForcibly();
        throw e;
      }
      try {
        awaitReady(second);
        runATask(first.port, broker.bootstrapServers());
        stop(second);
        stop(first);
      } finally {
        second.process.destroyForcibly();
        first.process.destroyForcibly();
      }
    } catch (Refusal e) {
      throw new IOException(e.getMessage(), e);
    }
    for (Stage stage : List.of(coordinator, worker)) {
      if (!Files.isRegularFile(stage.at(Application.CACHE))) {
        throw new IOException(
            "The %s has left no cache; look into %s"
                .formatted(stage.application().label(), scratch));
      }
      stage.fixTimes();
    }
  }

  private static Running start(Stage stage, String bootstrapServers, Path state, Path scratch)
      throws IOException {
    Application application = stage.application();
    int port = LoopbackPorts.free();
    Path log = scratch.resolve(application.label() + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(application.training(stage.root()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    Map<String, String> settings = new HashMap<>();
    settings.put("STEPSTREAM_KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
    settings.put("STEPSTREAM_PARTITIONS", "2");
    settings.put("STEPSTREAM_STATE_DIR", state.toString());
    settings.put("STEPSTREAM_TOPICS_QUEUE_PARTITIONS", "1");
    settings.put("STEPSTREAM_TOPICS_REPLICATION_FACTOR", "1");
    settings.put("STEPSTREAM_TOPICS_MIN_INSYNC_REPLICAS", "1");
    settings.put("STEPSTREAM_API_DRAIN_DELAY", "0s");
    settings.put("QUARKUS_HTTP_PORT", String.valueOf(port));
    builder.environment().putAll(settings);
    return new Running(application, builder.start(), port, log);
  }

  private static void awaitReady(Running running) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + running.port + "/q/health/ready");
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(2)).build();
    long deadline = System.nanoTime() + LONGEST_START.toNanos();
    try (HttpClient http = HttpClient.newHttpClient()) {
      while (System.nanoTime() < deadline && running.process.isAlive()) {
        try {
          if (http.send(request, BodyHandlers.discarding()).statusCode() == 200) {
            return;
          }
        } catch (IOException _) {
          // It doesn't listen yet.
        }
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      }
    }
    throw new IOException(
        "The %s isn't ready: %s"
            .formatted(running.application.label(), Files.readString(running.log)));
  }

  /** One that the stock worker carries out with nothing but the broker. */
  private static void runATask(int port, String bootstrapServers)
      throws IOException, InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      admin
          .createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)))
          .all()
          .toCompletionStage()
          .toCompletableFuture()
          .join();
    }
    try (StepFunctionsClient client =
        new StepFunctionsClient(URI.create("http://127.0.0.1:" + port))) {
      ObjectNode machine =
          StepFunctionsClient.request()
              .put("name", TOPIC)
              .put("roleArn", "arn:aws:iam::000000000000:role/" + TOPIC)
              .put(
                  "definition",
                  """
                  {"QueryLanguage": "JSONata", "StartAt": "Publish", "States": {"Publish": {
                    "Type": "Task", "Resource": "arn:aws:states:::kafka:publish",
                    "Arguments": {"Topic": "training", "Value": "{% $states.input %}"},
                    "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 10}],
                    "End": true}}}
                  """);
      String machineArn =
          client.call("CreateStateMachine", machine).path("stateMachineArn").asText();
      String execution =
          client
              .call(
                  "StartExecution",
                  StepFunctionsClient.request()
                      .put("stateMachineArn", machineArn)
                      .put("input", "{\"n\": 1}"))
              .path("executionArn")
              .asText();
      long deadline = System.nanoTime() + LONGEST_START.toNanos();
      String status;
      do {
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        status =
            client
                .call(
                    "DescribeExecution",
                    StepFunctionsClient.request().put("executionArn", execution))
                .path("status")
                .asText();
      } while (status.equals("RUNNING") && System.nanoTime() < deadline);
      if (!status.equals("SUCCEEDED")) {
        throw new IOException("The execution " + execution + " is " + status);
      }
    } catch (ApiError e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static void stop(Running running) throws IOException, InterruptedException {
    running.process.destroy();
    if (!running.process.waitFor(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)) {
      throw new IOException("The %s doesn't end".formatted(running.application.label()));
    }
  }
}
