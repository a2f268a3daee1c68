package io.stepstream.dev.stack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.dev.client.StepFunctionsClient;
import io.stepstream.dev.testkit.CommittedRecords;
import io.stepstream.dev.testkit.StepstreamProcess;
import io.stepstream.dev.testkit.WorkerProcess;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.topic.DeadLetter;
import io.stepstream.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of tasks whose workers die, and of workers that are taken for dead. */
final class DeadlyOrderIT {

  /** A worker whose lock was lost, and which another one has replaced, answers all the same. */
  @Test
  void shouldRefuseTheLateResultOfAZombie(@TempDir Path directory) throws Exception {
    try (StepstreamProcess dev = StepstreamProcess.dev(directory, directory.resolve("data"));
        StepFunctionsClient client = new StepFunctionsClient(dev.endpoint());
        WorkerProcess _ = WorkerProcess.start(directory, dev.bootstrapServers())) {
      String machine = machine(client, "zombie", definition(5));
      awaitRoute(client, machine);
      String arn = start(client, machine, WorkerProcess.FUNCTION);
      Awaitility.await("the worker's result is accepted")
          .atMost(Duration.ofMinutes(3))
          .until(() -> events(client, arn, "TaskSucceeded") == 1);

      // while the execution waits in the next state, and once more after its end
      TaskOrder order = order(dev, arn);
      answer(dev, order, "\"zombie\"");
      assertThat(ends(client, arn)).isEqualTo("SUCCEEDED");
      answer(dev, order, "\"zombie\"");

      // A stop comes behind both in the same inbox, and is answered by whoever has judged them.
      client.call("StopExecution", StepFunctionsClient.request().put("executionArn", arn));
      assertThat(describe(client, arn).path("output").asText())
          .contains("\"Payload\":1")
          .doesNotContain("zombie");
      assertThat(describe(client, arn).path("status").asText()).isEqualTo("SUCCEEDED");
      assertThat(events(client, arn, "TaskSucceeded")).isEqualTo(1);
      assertThat(events(client, arn, "ExecutionSucceeded")).isEqualTo(1);
    }
  }

  @Test
  void shouldInterruptTheHandlerWhoseExecutionIsStopped(@TempDir Path directory) throws Exception {
    try (StepstreamProcess dev = StepstreamProcess.dev(directory, directory.resolve("data"));
        StepFunctionsClient client = new StepFunctionsClient(dev.endpoint());
        WorkerProcess worker = WorkerProcess.start(directory, dev.bootstrapServers())) {
      String machine = machine(client, "stopped", definition(1));
      awaitRoute(client, machine);
      String arn = start(client, machine, WorkerProcess.SLOW);
      Awaitility.await("the handler runs")
          .atMost(Duration.ofMinutes(3))
          .until(() -> worker.out().contains("begun"));

      client.call("StopExecution", StepFunctionsClient.request().put("executionArn", arn));

      long stopped = System.nanoTime();
      Awaitility.await("the handler is interrupted")
          .atMost(Duration.ofMinutes(3))
          .pollInterval(Duration.ofMillis(50))
          .until(() -> worker.out().contains("interrupted"));
      System.out.println(
          "DeadlyOrderIT: interrupted %d ms after the answer of StopExecution"
              .formatted((System.nanoTime() - stopped) / 1_000_000));
      assertThat(describe(client, arn).path("status").asText()).isEqualTo("ABORTED");
    }
  }

  private static TaskOrder order(StepstreamProcess dev, String arn) {
    String topic = Topics.tasks(WorkerProcess.QUEUE);
    WireCodec<TaskOrder> codec =
        WireCodec.forTopic(TaskOrder.class, topic, SchemaRegistry.bundled());
    return CommittedRecords.all(dev.bootstrapServers(), topic).stream()
        .map(
            record ->
                switch (codec.decode(record.value())) {
                  case Decoded.Read<TaskOrder>(TaskOrder order) -> order;
                  case Decoded.Unreadable<TaskOrder>(String reason) ->
                      throw new AssertionError(reason);
                })
        .filter(order -> order.getExecutionArn().equals(arn))
        .findFirst()
        .orElseThrow();
  }

  private static void answer(StepstreamProcess dev, TaskOrder order, String output)
      throws Exception {
    var envelope =
        Envelope.newBuilder()
            .setExecutionArn(order.getExecutionArn())
            .setFrameId(order.getFrameId())
            .setEpoch(order.getEpoch())
            .setBody(new TaskSucceeded(Payloads.of(output)))
            .build();
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", dev.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  order.getInboxTopic(),
                  order.getInboxPartition(),
                  order.getExecutionArn().getBytes(UTF_8),
                  WireCodec.forTopic(
                          Envelope.class, order.getInboxTopic(), SchemaRegistry.bundled())
                      .encode(envelope)))
          .get();
    }
  }

  private static long events(StepFunctionsClient client, String arn, String type) throws Exception {
    return client
        .call("GetExecutionHistory", StepFunctionsClient.request().put("executionArn", arn))
        .path("events")
        .findValuesAsText("type")
        .stream()
        .filter(type::equals)
        .count();
  }

  /**
   * The broker may count a delivery that reaches nobody: a worker fetches on several connections,
   * and one that isn't yet known to be gone is handed what another, known to be gone, gives back.
   */
  @Test
  void shouldFailTheTaskThatNoWorkerSurvives(@TempDir Path directory) throws Exception {
    try (StepstreamProcess dev = StepstreamProcess.dev(directory, directory.resolve("data"));
        StepFunctionsClient client = new StepFunctionsClient(dev.endpoint());
        WorkerProcess worker = WorkerProcess.start(directory, dev.bootstrapServers())) {
      String machine = machine(client, "deadly", definition(1));
      awaitRoute(client, machine);

      String arn = start(client, machine, WorkerProcess.FATAL);
      int[] deaths = {0};
      Awaitility.await("the execution ends")
          .atMost(Duration.ofSeconds(360))
          .pollInterval(Duration.ofMillis(200))
          .until(
              () -> {
                if (!worker.isAlive()) {
                  deaths[0]++;
                  worker.start();
                }
                return !describe(client, arn).path("status").asText().equals("RUNNING");
              });

      JsonNode execution = describe(client, arn);
      assertThat(execution.path("status").asText()).isEqualTo("SUCCEEDED");
      assertThat(execution.path("output").asText())
          .contains("Worker.DeliveryExhausted", "'Call'")
          // Five, and those that the broker counts though they reached nobody.
          .containsPattern("delivered [5-9] times");
      List<Integer> run = deliveries(worker);
      assertThat(run).hasSize(deaths[0]).first().isEqualTo(1);
      assertThat(run).isSubsetOf(1, 2, 3, 4, 5).isSorted().doesNotHaveDuplicates();
      List<ConsumerRecord<byte[], byte[]>> letters =
          CommittedRecords.atLeast(dev.bootstrapServers(), Topics.DLQ, 1);
      assertThat(letters).hasSize(1);
      assertThat(header(letters.getFirst(), DeadLetter.TOPIC))
          .isEqualTo(Topics.tasks(WorkerProcess.QUEUE));
      assertThat(header(letters.getFirst(), DeadLetter.REASON))
          .startsWith("Worker.DeliveryExhausted");
      assertThat(header(letters.getFirst(), DeadLetter.ANSWERED)).isEqualTo("true");
      // and the queue is free again
      assertThat(ends(client, start(client, machine, WorkerProcess.FUNCTION)))
          .isEqualTo("SUCCEEDED");
      System.out.println("DeadlyOrderIT: workers died over the deliveries " + run);
    }
  }

  private static List<Integer> deliveries(WorkerProcess worker) throws IOException {
    String said = "delivery ";
    return worker
        .out()
        .lines()
        .filter(line -> line.startsWith(said))
        .map(line -> Integer.valueOf(line.substring(said.length())))
        .toList();
  }

  private static String machine(StepFunctionsClient client, String name, String definition)
      throws Exception {
    return client
        .call(
            "CreateStateMachine",
            StepFunctionsClient.request()
                .put("name", name)
                .put("roleArn", "arn:aws:iam::123456789012:role/any")
                .put("definition", definition))
        .path("stateMachineArn")
        .asText();
  }

  private static String definition(int pause) {
    return """
    {
      "QueryLanguage": "JSONata",
      "StartAt": "Call",
      "States": {
        "Call": {
          "Type": "Task",
          "Resource": "arn:aws:states:::lambda:invoke",
          "Arguments": {"FunctionName": "{%% $states.input.function %%}", "Payload": 1},
          "Catch": [
            {"ErrorEquals": ["Worker.DeliveryExhausted"],
             "Output": "{%% $states.errorOutput %%}", "Next": "Caught"}
          ],
          "Next": "Pause"
        },
        "Pause": {"Type": "Wait", "Seconds": %d, "Next": "Done"},
        "Caught": {"Type": "Succeed"},
        "Done": {"Type": "Succeed"}
      }
    }
    """
        .formatted(pause);
  }

  /** Orders go to the queue of whoever has announced the function. */
  private static void awaitRoute(StepFunctionsClient client, String machine) {
    Awaitility.await("the worker is known")
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> ends(client, start(client, machine, WorkerProcess.FUNCTION)).equals("SUCCEEDED"));
  }

  private static String start(StepFunctionsClient client, String machine, String function)
      throws Exception {
    return client
        .call(
            "StartExecution",
            StepFunctionsClient.request()
                .put("stateMachineArn", machine)
                .put("input", "{\"function\":\"%s\"}".formatted(function)))
        .path("executionArn")
        .asText();
  }

  private static String ends(StepFunctionsClient client, String arn) {
    return Awaitility.await(arn)
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> describe(client, arn).path("status").asText(),
            status -> !status.equals("RUNNING"));
  }

  private static JsonNode describe(StepFunctionsClient client, String arn) throws Exception {
    return client.call("DescribeExecution", StepFunctionsClient.request().put("executionArn", arn));
  }

  private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
    return new String(letter.headers().lastHeader(name).value(), UTF_8);
  }
}
