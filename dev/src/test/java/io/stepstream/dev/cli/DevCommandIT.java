package io.stepstream.dev.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.dev.client.StepFunctionsClient;
import io.stepstream.dev.testkit.StepstreamProcess;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One {@code dev} process, and the examples run against it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class DevCommandIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path EXAMPLES = Path.of(System.getProperty("stepstream.examples"));

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path directory;
  private StepstreamProcess dev;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    directory = temporary;
    dev = StepstreamProcess.dev(directory, directory.resolve("data"));
  }

  @AfterAll
  void stop() {
    dev.close();
  }

  @Test
  @Order(1)
  void shouldPrintOneReadyLineAndTellHowToGoOn() {
    assertThat(dev.out()).matches("ready http://127\\.0\\.0\\.1:\\d+\n");
    assertThat(dev.err())
        .contains("export AWS_ENDPOINT_URL_SFN=" + dev.endpoint())
        .contains("./stepstream run examples/order-fulfilment/machine.asl.json");
  }

  @ParameterizedTest
  @Order(2)
  @CsvSource({
    "order-fulfilment, STANDARD, input.json,          output.json",
    "order-fulfilment, STANDARD, input-declined.json, output-declined.json",
    "invoice-total,    STANDARD, input.json,          output.json",
    "invoice-total,    EXPRESS,  input.json,          output.json",
    "price-quote,      EXPRESS,  input.json,          output.json",
    "price-quote,      EXPRESS,  input-large.json,    output-large.json",
    "price-quote,      STANDARD, input.json,          output.json",
  })
  void shouldRunEachExample(String example, String type, String input, String expected)
      throws Exception {
    Path files = EXAMPLES.resolve(example);

    int exit = run(files.resolve("machine.asl.json"), type, "@" + files.resolve(input));

    assertThat(exit).as(err.toString()).isZero();
    assertThat(JSON.readTree(out.toString()))
        .isEqualTo(JSON.readTree(Files.readString(files.resolve(expected))));
  }

  @Test
  @Order(2)
  void shouldExitWith1WhenAnExpressExecutionFails() throws Exception {
    Path machine =
        Files.writeString(
            directory.resolve("fails.asl.json"),
            "{\"StartAt\":\"F\",\"States\":{\"F\":{\"Type\":\"Fail\",\"Error\":\"E\",\"Cause\":\"c\"}}}");

    assertThat(run(machine, "EXPRESS", "{}")).isEqualTo(1);
    assertThat(err.toString().lines().toList().getLast())
        .isEqualTo("{\"error\":\"E\",\"cause\":\"c\"}");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  @Order(2)
  void shouldFailAsAwsDoesWhenNoHandlerHasTheName() throws Exception {
    Path machine =
        Files.writeString(
            directory.resolve("unknown.asl.json"),
            """
            {"StartAt": "T", "States": {"T": {"Type": "Task", "End": true,
             "Resource": "arn:aws:lambda:us-east-1:123456789012:function:nobody-has-this"}}}
            """);

    assertThat(run(machine, "STANDARD", "{}")).isEqualTo(1);
    assertThat(err.toString().lines().toList().getLast())
        .startsWith("{\"error\":\"Lambda.ResourceNotFoundException\"");
  }

  @Test
  @Order(2)
  void shouldRefuseASecondProcessOnTheSameDataDirectory() throws Exception {
    try (StepstreamProcess second =
        StepstreamProcess.start(
            directory,
            "dev",
            "--port",
            "0",
            "--kafka-port",
            "0",
            "--data-dir",
            directory.resolve("data").toString())) {
      assertThat(second.exitCode()).isEqualTo(2);
      assertThat(second.err()).contains("is in use by another process").hasLineCount(1);
      assertThat(second.out()).isEmpty();
    }
  }

  @Test
  @Order(3)
  void shouldStopWithin10SecondsOfSigterm() {
    dev.terminate();

    assertThat(dev.exitCode(Duration.ofSeconds(10))).isIn(0, 143);
    assertThat(dev.err()).doesNotContain("ERROR").doesNotContain("\tat ");
  }

  @Test
  @Order(4)
  void shouldGrowADataDirectoryAndKeepWhatIsInIt() throws Exception {
    Path data = directory.resolve("grown");
    String execution;
    JsonNode before;
    try (StepstreamProcess few = StepstreamProcess.dev(directory, data);
        StepFunctionsClient client = new StepFunctionsClient(few.endpoint())) {
      String machine =
          client
              .call(
                  "CreateStateMachine",
                  StepFunctionsClient.request()
                      .put("name", "kept")
                      .put("roleArn", "arn:aws:iam::123456789012:role/any")
                      .put(
                          "definition",
                          "{\"StartAt\":\"W\",\"States\":{\"W\":{\"Type\":\"Wait\",\"Seconds\":3600,"
                              + "\"End\":true}}}"))
              .path("stateMachineArn")
              .asText();
      execution =
          client
              .call(
                  "StartExecution",
                  StepFunctionsClient.request().put("stateMachineArn", machine).put("name", "kept"))
              .path("executionArn")
              .asText();
      before = describe(client, execution);
    }

    try (StepstreamProcess more = StepstreamProcess.dev(directory, data, "--partitions", "8");
        StepFunctionsClient client = new StepFunctionsClient(more.endpoint())) {
      assertThat(describe(client, execution)).isEqualTo(before);
      client.call("StopExecution", StepFunctionsClient.request().put("executionArn", execution));
      assertThat(describe(client, execution).path("status").asText()).isEqualTo("ABORTED");
    }

    try (StepstreamProcess few =
        StepstreamProcess.start(
            directory, "dev", "--port", "0", "--kafka-port", "0", "--data-dir", data.toString())) {
      assertThat(few.exitCode()).isEqualTo(2);
      assertThat(few.err()).contains("has 8 partitions, not 4").contains("--partitions 8");
    }
  }

  private static JsonNode describe(StepFunctionsClient client, String execution) throws Exception {
    return client.call(
        "DescribeExecution", StepFunctionsClient.request().put("executionArn", execution));
  }

  private int run(Path machine, String type, String input) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    URI endpoint = dev.endpoint();
    return new CommandLineInterface(new PrintWriter(out), new PrintWriter(err), false)
        .execute(
            "run",
            machine.toString(),
            "--type",
            type,
            "--input",
            input,
            "--endpoint",
            endpoint.toString());
  }
}
