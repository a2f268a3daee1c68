package io.stepstream.images;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.dev.broker.BrokerSettings;
import io.stepstream.dev.broker.EmbeddedBroker;
import io.stepstream.dev.client.ApiError;
import io.stepstream.dev.client.StepFunctionsClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is in the real images, and that it runs, with the settings and secrets of Compose. */
@Timeout(value = 8, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ImagesIT {

  private static final String ROLE = "arn:aws:iam::000000000000:role/stepstream";

  @ParameterizedTest
  @EnumSource
  void shouldHoldWhatAProcessNeedsAndNoSecret(Application application) throws IOException {
    Unpacked unpacked = BuiltImages.unpacked(application);

    assertThat(unpacked.at(Application.RUNTIME + "/lib/security/cacerts")).isRegularFile();
    assertThat(Files.size(unpacked.at(Application.RUNTIME + "/lib/security/cacerts")))
        .isGreaterThan(50_000);
    assertThat(unpacked.at(Application.CACHE)).isNotEmptyFile();
    assertThat(unpacked.image().config().path("User").asText()).isEqualTo("10001:10001");
    List<String> layers = unpacked.image().layers();
    for (String layer : layers.subList(layers.size() - 4, layers.size())) {
      assertThat(unpacked.image().paths(layer))
          .isNotEmpty()
          .noneMatch(path -> path.matches("(?i).*([.](key|keys|p12|jks|env|sh)|settings[.]xml)"))
          .noneMatch(path -> path.endsWith("-sources.jar"));
    }
    assertThat(unpacked.image().image().toString())
        .doesNotContain(System.getProperty("user.home") + "/")
        .doesNotContainIgnoringCase("password");
  }

  @Test
  void shouldRunTasksOfTheStockWorkerAndOfAJarThatIsAdded(@TempDir Path directory)
      throws Exception {
    Unpacked coordinator = BuiltImages.coordinator();
    Unpacked worker = BuiltImages.worker();
    assertThat(Secrets.make(directory)).isZero();
    for (String secret :
        List.of("node-keys", "task-token-keys", "access-keys", "api-keys", "policies")) {
      coordinator.secret(secret, Files.readString(directory.resolve("secrets").resolve(secret)));
    }
    Shout.jar(worker.at(Application.EXTENSIONS + "/shout.jar"));
    ComposeFile compose = ComposeFile.read();

    try (EmbeddedBroker broker =
            EmbeddedBroker.start(BrokerSettings.in(directory.resolve("kafka")));
        Running node =
            Running.start(coordinator, directory, settings(compose, "coordinator-1", broker))) {
      Duration nodeReady = node.awaitReady();
      try (Running work = Running.start(worker, directory, settings(compose, "worker", broker));
          StepFunctionsClient client =
              new StepFunctionsClient(node.endpoint(), apiKey(directory))) {
        Duration workerReady = work.awaitReady();
        Duration workerTook = work.processorTime();
        System.out.printf(
            "ready: coordinator after %d ms, worker after %d ms, of processors %d ms%n",
            nodeReady.toMillis(), workerReady.toMillis(), workerTook.toMillis());

        assertThat(probe(worker, work.port())).isZero();
        createTopic(broker, "shouted");
        JsonNode end =
            execute(
                client,
                """
                {"QueryLanguage": "JSONata", "StartAt": "Shout", "States": {
                  "Shout": {"Type": "Task",
                    "Resource": "arn:aws:lambda:us-east-1:000000000000:function:shout",
                    "Retry": [{"ErrorEquals": ["Lambda.ResourceNotFoundException"],
                      "IntervalSeconds": 1, "BackoffRate": 1, "MaxAttempts": 60}],
                    "Next": "Publish"},
                  "Publish": {"Type": "Task", "Resource": "arn:aws:states:::kafka:publish",
                    "Arguments": {"Topic": "shouted", "Value": "{% $states.input %}"},
                    "Output": "{% $states.input %}", "End": true}}}
                """,
                "\"hello\"");

        assertThat(end.path("status").asText()).as(end::toString).isEqualTo("SUCCEEDED");
        assertThat(end.path("output").asText()).isEqualTo("\"HELLO\"");
        assertThat(records(broker, "shouted")).isEqualTo(1);

        try (Running slow =
            Running.start(
                worker, directory, settings(compose, "worker", broker), "-XX:AOTMode=off")) {
          Duration slowReady = slow.awaitReady();
          System.out.printf(
              "without its cache: worker after %d ms, of processors %d ms%n",
              slowReady.toMillis(), slow.processorTime().toMillis());
          assertThat(workerTook).isLessThan(slow.processorTime());
        }
      }
      assertThat(probe(worker, 1)).isEqualTo(1);
    } finally {
      Files.delete(worker.at(Application.EXTENSIONS + "/shout.jar"));
    }
  }

  @Test
  void shouldNotBeAskedByEverybody(@TempDir Path directory) throws Exception {
    // What the image says, and nothing that Compose says.
    try (Running node =
        Running.start(
            BuiltImages.coordinator(), directory, Map.of("QUARKUS_HTTP_HOST", "0.0.0.0"))) {
      assertThat(node.exitCode()).isNotZero();
      assertThat(node.log()).contains("stepstream.security.access-keys-file");
    }
  }

  /** So that {@link Running}, which insists on it, shows that it is used. */
  @ParameterizedTest
  @EnumSource
  void shouldLeaveACacheAsideThatDoesNotFit(Application application) throws Exception {
    Map<String, String> collector =
        Map.of("_JAVA_OPTIONS", "-XX:-UseSerialGC -XX:-UseG1GC -XX:+UseZGC");

    assertThat(version(application, collector)).isZero();
    Map<String, String> insisting = new HashMap<>(collector);
    insisting.put("JDK_JAVA_OPTIONS", "-XX:AOTMode=on");
    assertThat(version(application, insisting)).isNotZero();
    assertThat(version(application, Map.of("JDK_JAVA_OPTIONS", "-XX:AOTMode=on"))).isZero();
  }

  private static int version(Application application, Map<String, String> settings)
      throws Exception {
    List<String> command = new ArrayList<>(application.entrypoint());
    command.set(command.size() - 1, "-version");
    return end(BuiltImages.unpacked(application).run(command, settings));
  }

  private static int probe(Unpacked image, int port) throws Exception {
    List<String> command =
        new ArrayList<>(
            ComposeFile.texts(
                ComposeFile.map(ComposeFile.read().service("worker").get("healthcheck"))
                    .get("test")));
    command.removeFirst();
    command.set(command.size() - 1, String.valueOf(port));
    return end(image.run(command, Map.of()));
  }

  private static int end(ProcessBuilder builder) throws Exception {
    Process process = builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private static Map<String, String> settings(
      ComposeFile compose, String service, EmbeddedBroker broker) {
    Map<String, String> settings = new HashMap<>(compose.environment(service));
    settings.put("STEPSTREAM_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers());
    // There are no names of containers here; where it listens will do for one node.
    settings.remove("STEPSTREAM_COORDINATOR_ADDRESS");
    return settings;
  }

  private static String apiKey(Path directory) throws IOException {
    Matcher key =
        Pattern.compile("STEPSTREAM_API_KEY=(\\S+)")
            .matcher(Files.readString(directory.resolve("secrets/login.env")));
    assertThat(key.find()).isTrue();
    return key.group(1);
  }

  private static JsonNode execute(StepFunctionsClient client, String definition, String input)
      throws ApiError, IOException {
    String machine =
        client
            .call(
                "CreateStateMachine",
                StepFunctionsClient.request()
                    .put("name", "shouting")
                    .put("roleArn", ROLE)
                    .put("definition", definition))
            .path("stateMachineArn")
            .asText();
    String execution =
        client
            .call(
                "StartExecution",
                StepFunctionsClient.request().put("stateMachineArn", machine).put("input", input))
            .path("executionArn")
            .asText();
    return Awaitility.await(execution)
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(100))
        .until(
            () ->
                client.call(
                    "DescribeExecution",
                    StepFunctionsClient.request().put("executionArn", execution)),
            found -> !found.path("status").asText().equals("RUNNING"));
  }

  private static void createTopic(EmbeddedBroker broker, String topic) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    }
  }

  private static long records(EmbeddedBroker broker, String topic) throws Exception {
    TopicPartition partition = new TopicPartition(topic, 0);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      return admin
          .listOffsets(Map.of(partition, OffsetSpec.latest()))
          .partitionResult(partition)
          .get()
          .offset();
    }
  }
}
