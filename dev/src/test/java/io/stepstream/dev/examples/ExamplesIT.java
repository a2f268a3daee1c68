package io.stepstream.dev.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import io.stepstream.dev.client.StepFunctionsClient;
import io.stepstream.dev.testkit.StepstreamProcess;
import io.stepstream.integrations.s3.S3Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every input of every example on one stack, with the handlers of the examples, and the services
 * and people that some of them need.
 */
final class ExamplesIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path EXAMPLES = Path.of(System.getProperty("stepstream.examples"));

  private static final String ACTIVITY = "arn:aws:states:us-east-1:000000000000:activity:translate";

  /** Where the inputs of carrier-quotes say that the carriers' API is. */
  private static final String CARRIERS = "http://127.0.0.1:9180";

  private static final String DEFINITION = ".asl.json";

  @TempDir private static Path directory;
  private static S3Server s3;
  private static MessagingServices messaging;
  private static HttpServer carriers;
  private static StepstreamProcess dev;
  private static StepFunctionsClient client;

  @BeforeAll
  static void start() throws Exception {
    s3 = new S3Server();
    s3.bucket("sales");
    for (String file : List.of("sales.csv", "sales-broken.csv")) {
      s3.put("sales", file, Files.readString(EXAMPLES.resolve("sales-totals").resolve(file)));
    }
    messaging = new MessagingServices();
    carriers =
        SimpleFileServer.createFileServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            EXAMPLES.resolve("carrier-quotes/api").toAbsolutePath().normalize(),
            SimpleFileServer.OutputLevel.NONE);
    carriers.start();
    dev =
        StepstreamProcess.dev(
            directory,
            directory.resolve("data"),
            Map.of(
                "AWS_ENDPOINT_URL", messaging.endpoint().toString(),
                "AWS_ENDPOINT_URL_S3", s3.endpoint().toString(),
                "AWS_REGION", "us-east-1",
                "AWS_ACCESS_KEY_ID", "any",
                "AWS_SECRET_ACCESS_KEY", "any",
                "STEPSTREAM_HTTP_ALLOWED_NETWORKS", "127.0.0.1/32",
                "STEPSTREAM_API_ACTIVITY_WAIT", "2s"));
    client = new StepFunctionsClient(dev.endpoint());
    client.call("CreateActivity", StepFunctionsClient.request().put("name", "translate"));
    try (Admin admin =
        Admin.create(
            Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, dev.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic("order-journal", 3, (short) 1))).all().get();
    }
  }

  @AfterAll
  static void stop() {
    client.close();
    dev.close();
    carriers.stop(0);
    messaging.close();
    s3.close();
  }

  static List<Arguments> inputs() throws IOException {
    List<Arguments> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(EXAMPLES, 2)) {
      files
          .filter(file -> Files.exists(file.resolveSibling("machine.asl.json")))
          .filter(file -> file.getFileName().toString().matches("input.*\\.json"))
          .sorted()
          .forEach(
              file ->
                  all.add(
                      Arguments.of(
                          file.getParent().getFileName().toString(),
                          file.getFileName().toString())));
    }
    return all;
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("inputs")
  void shouldEndAsTheExampleSays(String example, String input) throws Exception {
    String execution = start(example, input);
    takePart(example, input, execution);
    JsonNode ended = ended(execution);

    Path output = EXAMPLES.resolve(example).resolve(input.replaceFirst("^input", "output"));
    if (Files.exists(output)) {
      assertThat(ended.path("status").asText()).as(ended.toString()).isEqualTo("SUCCEEDED");
      assertThat(JSON.readTree(ended.path("output").asText())).isEqualTo(json(output));
    } else {
      JsonNode error =
          json(EXAMPLES.resolve(example).resolve(input.replaceFirst("^input", "error")));
      assertThat(ended.path("status").asText()).as(ended.toString()).isEqualTo("FAILED");
      assertThat(ended.path("error").asText()).isEqualTo(error.path("error").asText());
      assertThat(ended.path("cause").asText()).isEqualTo(error.path("cause").asText());
    }
  }

  /** The people of some examples. */
  private static void takePart(String example, String input, String execution) throws Exception {
    switch (example + "/" + input) {
      case "expense-approval/input-approved.json" ->
          client.call(
              "SendTaskSuccess",
              StepFunctionsClient.request()
                  .put("taskToken", tokenOf(execution))
                  .put("output", "{\"by\":\"ada@example.com\"}"));
      case "expense-approval/input-rejected.json" ->
          client.call(
              "SendTaskFailure",
              StepFunctionsClient.request()
                  .put("taskToken", tokenOf(execution))
                  .put("error", "Expenses.Rejected")
                  .put("cause", "No receipt"));
      case "document-translation/input.json", "document-translation/input-unknown.json" ->
          translate();
      default -> {}
    }
  }

  /** What the mail to the approver would have in it. */
  private static String tokenOf(String execution) {
    return Awaitility.await("the token")
        .atMost(Duration.ofMinutes(3))
        .until(
            () -> {
              for (JsonNode event :
                  client
                      .call(
                          "GetExecutionHistory",
                          StepFunctionsClient.request().put("executionArn", execution))
                      .path("events")) {
                JsonNode details = event.path("taskScheduledEventDetails");
                if (!details.isMissingNode()) {
                  return JSON.readTree(details.path("parameters").asText())
                      .at("/Payload/token")
                      .asText();
                }
              }
              return "";
            },
            token -> !token.isEmpty());
  }

  /** A worker of the activity, for one task. */
  private static void translate() throws Exception {
    JsonNode task =
        Awaitility.await("a document")
            .atMost(Duration.ofMinutes(3))
            .until(
                () ->
                    client.call(
                        "GetActivityTask",
                        StepFunctionsClient.request()
                            .put("activityArn", ACTIVITY)
                            .put("workerName", "translator")),
                answer -> answer.hasNonNull("taskToken"));
    JsonNode document = JSON.readTree(task.path("input").asText());
    var answer = StepFunctionsClient.request().put("taskToken", task.path("taskToken").asText());
    if (document.path("language").asText().equals("pt")) {
      client.call("SendTaskSuccess", answer.put("output", "{\"text\":\"bom dia\"}"));
    } else {
      client.call(
          "SendTaskFailure",
          answer
              .put("error", "Translations.UnknownLanguage")
              .put("cause", "Nobody here speaks " + document.path("language").asText()));
    }
  }

  @Test
  void shouldWriteTheTotalsOfSalesBack() throws Exception {
    JsonNode ended = ended(start("sales-totals", "input.json"));

    assertThat(ended.path("status").asText()).as(ended.toString()).isEqualTo("SUCCEEDED");
    assertThat(JSON.readTree(s3.get("sales", "totals/sales.csv.json")))
        .isEqualTo(json(EXAMPLES.resolve("sales-totals/output.json")));
  }

  @Test
  void shouldPublishAnOrderEverywhere() throws Exception {
    messaging.received.clear();

    JsonNode ended = ended(start("order-events", "input.json"));

    assertThat(ended.path("status").asText()).as(ended.toString()).isEqualTo("SUCCEEDED");
    String order = "{\"orderId\":\"O-1001\",\"totalCents\":9645}";
    assertThat(messaging.received)
        .containsExactlyInAnyOrder("sqs " + order, "sns " + order, "events " + order);
  }

  private static String start(String example, String input) throws Exception {
    Path folder = EXAMPLES.resolve(example);
    createWhatItStarts(folder);
    String machine = create(example, folder.resolve("machine.asl.json"));
    String text =
        Files.readString(folder.resolve(input))
            .replace(CARRIERS, "http://127.0.0.1:" + carriers.getAddress().getPort());
    return client
        .call(
            "StartExecution",
            StepFunctionsClient.request().put("stateMachineArn", machine).put("input", text))
        .path("executionArn")
        .asText();
  }

  private static void createWhatItStarts(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(DEFINITION) && !name.equals("machine" + DEFINITION)) {
          create(name.substring(0, name.length() - DEFINITION.length()), file);
        }
      }
    }
  }

  private static String create(String name, Path definition) throws Exception {
    return client
        .call(
            "CreateStateMachine",
            StepFunctionsClient.request()
                .put("name", name)
                .put("roleArn", "arn:aws:iam::000000000000:role/any")
                .put("definition", Files.readString(definition)))
        .path("stateMachineArn")
        .asText();
  }

  private static JsonNode ended(String execution) {
    return Awaitility.await(execution)
        .atMost(Duration.ofMinutes(3))
        .until(
            () ->
                client.call(
                    "DescribeExecution",
                    StepFunctionsClient.request().put("executionArn", execution)),
            answer -> !answer.path("status").asText().equals("RUNNING"));
  }

  private static JsonNode json(Path file) throws IOException {
    return JSON.readTree(Files.readString(file));
  }
}
