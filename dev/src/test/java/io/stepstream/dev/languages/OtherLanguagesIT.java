package io.stepstream.dev.languages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.dev.client.StepFunctionsClient;
import io.stepstream.dev.testkit.CommittedRecords;
import io.stepstream.dev.testkit.StepstreamProcess;
import io.stepstream.schemas.topic.DeadLetter;
import io.stepstream.schemas.topic.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract of docs/workers-in-other-languages.md, kept by the workers in examples/workers. */
final class OtherLanguagesIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LONG = Duration.ofMinutes(3);

  /** How each worker is started; nothing if what it needs is not installed. */
  private static final Map<Language, Optional<List<String>>> COMMANDS =
      new EnumMap<>(Language.class);

  @TempDir private static Path directory;
  private static StepstreamProcess dev;
  private static StepFunctionsClient client;

  @BeforeAll
  static void start() throws Exception {
    for (Language language : Language.values()) {
      COMMANDS.put(language, language.command());
    }
    dev = StepstreamProcess.dev(directory, directory.resolve("data"));
    client = new StepFunctionsClient(dev.endpoint());
  }

  @AfterAll
  static void stop() {
    client.close();
    dev.close();
  }

  @ParameterizedTest
  @EnumSource
  void shouldPassTheTestsThatItBringsAlong(Language language) throws Exception {
    Path output = Files.createTempFile(directory, language.queue, ".log");
    Process tests =
        new ProcessBuilder(language.tests(command(language).getFirst()))
            .directory(language.folder().toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();

    assertThat(tests.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(tests.exitValue()).as(Files.readString(output)).isZero();
  }

  private static List<String> command(Language language) {
    Optional<List<String>> command = COMMANDS.get(language);
    assumeTrue(command.isPresent(), () -> language + " is skipped: it needs " + language.needs);
    return command.orElseThrow();
  }

  @ParameterizedTest
  @EnumSource
  void shouldTellWhatBecameOfATask(Language language) throws Exception {
    try (WorkerProcess worker = WorkerProcess.start(language)) {
      worker.awaitRoute();

      JsonNode counted = ended(run(language, function(language, "count-words"), "a b  c"));
      JsonNode failed = ended(run(language, function(language, "count-words"), " "));
      JsonNode invoked = ended(run(language, invocation(language, ""), "a b"));

      assertThat(counted.path("output").asText()).isEqualTo("{\"words\":3,\"attempt\":1}");
      assertThat(failed.path("status").asText()).isEqualTo("FAILED");
      assertThat(failed.path("error").asText()).isEqualTo("Texts.Empty");
      assertThat(failed.path("cause").asText()).isEqualTo("There is no word in the text");
      JsonNode answer = JSON.readTree(invoked.path("output").asText());
      assertThat(answer.path("StatusCode").asInt()).isEqualTo(200);
      assertThat(answer.path("Payload").toString()).isEqualTo("{\"words\":2,\"attempt\":1}");
    }
  }

  @ParameterizedTest
  @EnumSource
  @Tag("slow")
  void shouldTellOfAnExceptionAsLambdaDoes(Language language) throws Exception {
    try (WorkerProcess worker = WorkerProcess.start(language)) {
      worker.awaitRoute();

      JsonNode failed = ended(start(language, function(language, "count-words"), "{}"));

      assertThat(failed.path("status").asText()).isEqualTo("FAILED");
      assertThat(failed.path("error").asText())
          .isEqualTo(
              switch (language) {
                case PYTHON -> "KeyError";
                case TYPESCRIPT -> "TypeError";
              });
      assertThat(JSON.readTree(failed.path("cause").asText()).path("errorType").asText())
          .isEqualTo(failed.path("error").asText());
    }
  }

  @ParameterizedTest
  @EnumSource
  @Tag("slow")
  void shouldLeaveTheEndOfATaskToItsToken(Language language) throws Exception {
    try (WorkerProcess worker = WorkerProcess.start(language)) {
      worker.awaitRoute();

      String execution = run(language, invocation(language, ".waitForTaskToken"), "a b");
      JsonNode history =
          Awaitility.await("TaskSubmitted")
              .atMost(LONG)
              .until(
                  () ->
                      client.call(
                          "GetExecutionHistory",
                          StepFunctionsClient.request().put("executionArn", execution)),
                  answer ->
                      answer.path("events").findValuesAsText("type").contains("TaskSubmitted"));
      client.call(
          "SendTaskSuccess",
          StepFunctionsClient.request().put("taskToken", token(history)).put("output", "\"done\""));

      assertThat(ended(execution).path("output").asText()).isEqualTo("\"done\"");
    }
  }

  private static String token(JsonNode history) throws IOException {
    for (JsonNode event : history.path("events")) {
      if (event.has("taskScheduledEventDetails")) {
        return JSON.readTree(event.at("/taskScheduledEventDetails/parameters").asText())
            .at("/Payload/token")
            .asText();
      }
    }
    throw new AssertionError("no task was scheduled: " + history);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("slow")
  void shouldBeatWhileATaskRunsAndCommitItWhenItsResultIsThere(Language language) throws Exception {
    try (WorkerProcess worker = WorkerProcess.start(language)) {
      worker.awaitRoute();
      String state =
          """
          "Resource": "arn:aws:lambda:us-east-1:000000000000:function:%s-read-slowly",
          "HeartbeatSeconds": 2, "TimeoutSeconds": 60\
          """
              .formatted(language.prefix);

      // It takes twice as long as the state is patient with a task that says nothing.
      JsonNode read = ended(start(language, state, "{\"pages\": 4}"));

      assertThat(read.path("output").asText()).as(read.toString()).isEqualTo("{\"pages\":4}");
      Awaitility.await("all orders are committed")
          .atMost(LONG)
          .untilAsserted(
              () -> assertThat(committed(language)).isEqualTo(behindLastOrders(language)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldSetAsideWhatItCannotReadAndGoOn(Language language) throws Exception {
    try (WorkerProcess worker = WorkerProcess.start(language)) {
      worker.awaitRoute();
      String topic = Topics.tasks(language.queue);
      byte[] garbage = "no order".getBytes(StandardCharsets.UTF_8);
      var bytes = new ByteArraySerializer();
      try (var producer =
          new KafkaProducer<>(
              Map.<String, Object>of("bootstrap.servers", dev.bootstrapServers()), bytes, bytes)) {
        producer.send(new ProducerRecord<>(topic, 0, null, garbage)).get(30, TimeUnit.SECONDS);
      }

      List<ConsumerRecord<byte[], byte[]>> letters =
          Awaitility.await("a dead letter")
              .atMost(LONG)
              .until(
                  () ->
                      CommittedRecords.all(dev.bootstrapServers(), Topics.DLQ).stream()
                          .filter(letter -> header(letter, DeadLetter.TOPIC).equals(topic))
                          .toList(),
                  found -> !found.isEmpty());
      JsonNode counted = ended(run(language, function(language, "count-words"), "a"));

      assertThat(letters).hasSize(1);
      assertThat(letters.getFirst().value()).isEqualTo(garbage);
      assertThat(header(letters.getFirst(), DeadLetter.PARTITION)).isEqualTo("0");
      assertThat(header(letters.getFirst(), DeadLetter.REASON)).contains("wire format");
      assertThat(counted.path("status").asText()).isEqualTo("SUCCEEDED");
    }
  }

  @ParameterizedTest
  @EnumSource
  @Tag("slow")
  void shouldEndWhatItRunsAndLeaveTheRestToTheNextWorker(Language language) throws Exception {
    String next;
    try (WorkerProcess first = WorkerProcess.start(language)) {
      first.awaitRoute();
      String slow = start(language, function(language, "read-slowly"), "{\"pages\": 3}");
      Awaitility.await("the task runs")
          .atMost(LONG)
          .until(() -> first.log().contains(slow + "#1#1: begins"));

      assertThat(first.terminate()).as(first.log()).isZero();

      assertThat(ended(slow).path("status").asText()).isEqualTo("SUCCEEDED");
      next = run(language, function(language, "count-words"), "a b");
    }
    try (WorkerProcess _ = WorkerProcess.start(language)) {
      assertThat(ended(next).path("output").asText()).isEqualTo("{\"words\":2,\"attempt\":1}");
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldLeaveTheOrderOfAKilledWorkerToTheNext(Language language) throws Exception {
    String slow;
    try (WorkerProcess killed = WorkerProcess.start(language)) {
      killed.awaitRoute();
      slow = start(language, function(language, "read-slowly"), "{\"pages\": 3}");
      Awaitility.await("the task runs")
          .atMost(LONG)
          .until(() -> killed.log().contains(slow + "#1#1: begins"));

      killed.process.destroyForcibly();
    }
    try (WorkerProcess next = WorkerProcess.start(language)) {
      JsonNode read = ended(slow);

      assertThat(read.path("output").asText()).as(read.toString()).isEqualTo("{\"pages\":3}");
      assertThat(next.log()).contains(slow + "#1#1: begins");
    }
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  /** What the group of the language's workers has committed, by partition. */
  private static Map<Integer, Long> committed(Language language) throws Exception {
    Map<Integer, Long> offsets = new HashMap<>();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", dev.bootstrapServers()))) {
      admin
          .listConsumerGroupOffsets(Topics.workerGroup(language.queue))
          .partitionsToOffsetAndMetadata()
          .get(30, TimeUnit.SECONDS)
          .forEach(
              (place, offset) -> {
                if (offset != null) {
                  offsets.put(place.partition(), offset.offset());
                }
              });
    }
    return offsets;
  }

  /** The offsets behind the last orders; what follows there are markers of transactions. */
  private static Map<Integer, Long> behindLastOrders(Language language) {
    Map<Integer, Long> offsets = new HashMap<>();
    CommittedRecords.all(dev.bootstrapServers(), Topics.tasks(language.queue))
        .forEach(order -> offsets.merge(order.partition(), order.offset() + 1, Math::max));
    return offsets;
  }

  private static String function(Language language, String name) {
    return "\"Resource\": \"arn:aws:lambda:us-east-1:000000000000:function:%s-%s\""
        .formatted(language.prefix, name);
  }

  private static String invocation(Language language, String suffix) {
    String token = suffix.isEmpty() ? "" : ", \"token.$\": \"$$.Task.Token\"";
    return """
    "Resource": "arn:aws:states:::lambda:invoke%s",
    "Parameters": {"FunctionName": "%s-count-words", "Payload": {"text.$": "$.text"%s}}\
    """
        .formatted(suffix, language.prefix, token);
  }

  private static String run(Language language, String state, String text) throws Exception {
    return start(language, state, JSON.createObjectNode().put("text", text).toString());
  }

  /** Starts an execution of a machine with one Task state of these fields. */
  private static String start(Language language, String state, String input) throws Exception {
    String name = language.queue + "-" + Integer.toHexString(state.hashCode());
    String machine =
        client
            .call(
                "CreateStateMachine",
                StepFunctionsClient.request()
                    .put("name", name)
                    .put("roleArn", "arn:aws:iam::000000000000:role/any")
                    .put(
                        "definition",
                        "{\"StartAt\": \"T\", \"States\": {\"T\": {\"Type\": \"Task\", %s, \"End\": true}}}"
                            .formatted(state)))
            .path("stateMachineArn")
            .asText();
    return client
        .call(
            "StartExecution",
            StepFunctionsClient.request().put("stateMachineArn", machine).put("input", input))
        .path("executionArn")
        .asText();
  }

  private static JsonNode ended(String execution) {
    return Awaitility.await(execution)
        .atMost(LONG)
        .until(
            () ->
                client.call(
                    "DescribeExecution",
                    StepFunctionsClient.request().put("executionArn", execution)),
            answer -> !answer.path("status").asText().equals("RUNNING"));
  }

  /** A worker as a process of its own. */
  private record WorkerProcess(Language language, Process process, Path output)
      implements AutoCloseable {

    static WorkerProcess start(Language language) throws Exception {
      List<String> command = new ArrayList<>(command(language));
      command.add(dev.bootstrapServers());
      Path output = Files.createTempFile(directory, language.queue, ".log");
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      return new WorkerProcess(language, process, output);
    }

    /** Until then orders go to the default queue, whose worker doesn't know the functions. */
    void awaitRoute() {
      Awaitility.await("the announcement of " + language)
          .atMost(LONG)
          .failFast("the worker has ended", () -> assertThat(process.isAlive()).as(log()).isTrue())
          .until(
              () ->
                  ended(OtherLanguagesIT.run(language, function(language, "count-words"), "a"))
                      .path("status")
                      .asText()
                      .equals("SUCCEEDED"));
    }

    /** SIGTERM; the exit code. */
    int terminate() throws InterruptedException, IOException {
      process.destroy();
      assertThat(process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).as(log()).isTrue();
      return process.exitValue();
    }

    String log() throws IOException {
      return Files.readString(output);
    }

    @Override
    public void close() {
      process.destroy();
      try {
        if (process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)) {
          return;
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
      process.destroyForcibly();
    }
  }
}
