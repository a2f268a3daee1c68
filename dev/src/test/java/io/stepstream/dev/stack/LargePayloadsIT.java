package io.stepstream.dev.stack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.stepstream.dev.broker.BrokerSettings;
import io.stepstream.dev.broker.EmbeddedBroker;
import io.stepstream.dev.client.StepFunctionsClient;
import io.stepstream.dev.testkit.CommittedRecords;
import io.stepstream.schemas.ExecutionCompleted;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.topic.LaneTopics;
import io.stepstream.schemas.topic.Topics;
import io.stepstream.worker.StepstreamWorker;
import io.stepstream.worker.handler.TaskContext;
import io.stepstream.worker.handler.TaskFailedException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Payloads of the largest size in every place where there may be one, of random letters, which no
 * codec makes small, against a broker's limits: no lane stands still (INV-33).
 */
final class LargePayloadsIT {

  private static final String ROLE = "arn:aws:iam::123456789012:role/any";
  private static final String FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:";

  /** AWS's limit of a payload, in bytes. */
  private static final int LIMIT = 262_144;

  private static ObjectNode request() {
    return StepFunctionsClient.request();
  }

  private static String letters(int count) {
    return new Random(count)
        .ints(count, 0, 62)
        .map(i -> "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".charAt(i))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** JSON text of so many bytes. */
  private static TextNode text(int bytes) {
    return TextNode.valueOf(letters(bytes - 2));
  }

  private static String task(String function, String rest) {
    return "{\"Type\":\"Task\",\"Resource\":\"%s%s\",%s}".formatted(FUNCTION, function, rest);
  }

  /** One Task with the largest result; its state's name must be its own in the machine. */
  private static String large(String state) {
    return "{\"StartAt\":\"%s\",\"States\":{\"%s\":%s}}"
        .formatted(state, state, task("large", "\"End\":true"));
  }

  /** By name; each is run on both lanes. */
  private static Map<String, String> definitions() {
    Map<String, String> definitions = new HashMap<>();
    definitions.put("whole", large("T"));
    definitions.put(
        "over",
        "{\"StartAt\":\"T\",\"States\":{\"T\":%s}}".formatted(task("over", "\"End\":true")));
    definitions.put(
        "cause",
        "{\"StartAt\":\"T\",\"States\":{\"T\":%s}}".formatted(task("fails", "\"End\":true")));
    // a large output with each of the levels that end with it
    String nested = large("T");
    for (int depth = 0; depth < 12; depth++) {
      nested =
          "{\"StartAt\":\"P%d\",\"States\":{\"P%d\":{\"Type\":\"Parallel\",\"OutputPath\":\"$[0]\",\"End\":true,\"Branches\":[%s]}}}"
              .formatted(depth, depth, nested);
    }
    definitions.put("nested", nested);
    definitions.put(
        "parallel",
        "{\"StartAt\":\"P\",\"States\":{\"P\":{\"Type\":\"Parallel\",\"ResultSelector\":{\"n\":1},\"End\":true,\"Branches\":[%s]}}}"
            .formatted(
                IntStream.range(0, 12)
                    .mapToObj(i -> large("T" + i))
                    .collect(Collectors.joining(","))));
    definitions.put(
        "parallel-over",
        "{\"StartAt\":\"P\",\"States\":{\"P\":{\"Type\":\"Parallel\",\"End\":true,\"Branches\":[%s,%s]}}}"
            .formatted(large("A"), large("B")));
    definitions.put(
        "map",
        "{\"StartAt\":\"M\",\"States\":{\"M\":{\"Type\":\"Map\",\"ItemsPath\":\"$.items\",\"ResultSelector\":{\"n\":1},\"End\":true,\"ItemProcessor\":%s}}}"
            .formatted(large("T")));
    definitions.put("variables", variables(9));
    definitions.put("variables-over", variables(11));
    return definitions;
  }

  /** So many variables with a large value each. */
  private static String variables(int count) {
    String states =
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    "\"T%d\":{\"Type\":\"Task\",\"Resource\":\"%slarge\",\"Assign\":{\"v%d\":\"{%% $states.result %%}\"},\"Output\":{},\"Next\":\"T%d\"}"
                        .formatted(i, FUNCTION, i, i + 1))
            .collect(Collectors.joining(","));
    return "{\"QueryLanguage\":\"JSONata\",\"StartAt\":\"T0\",\"States\":{%s,\"T%d\":{\"Type\":\"Succeed\"}}}"
        .formatted(states, count);
  }

  private static final Map<String, String> ENDS =
      Map.of(
          "whole", "SUCCEEDED",
          "over", "FAILED States.DataLimitExceeded",
          "cause", "FAILED Large",
          "nested", "SUCCEEDED",
          "parallel", "SUCCEEDED",
          "parallel-over", "FAILED States.DataLimitExceeded",
          "map", "SUCCEEDED",
          "variables", "SUCCEEDED",
          "variables-over", "FAILED States.DataLimitExceeded");

  @Test
  void shouldComeToAnEndWithTheLargestPayloadsEverywhere(@TempDir Path directory) throws Exception {
    try (EmbeddedBroker broker =
            EmbeddedBroker.start(BrokerSettings.in(directory.resolve("kafka")));
        Node node = new Node(directory, "a", broker.bootstrapServers());
        StepstreamWorker worker = worker(broker)) {
      node.awaitReady();
      worker.start();
      Map<String, String> expected = new HashMap<>();
      for (String type : new String[] {"STANDARD", "EXPRESS"}) {
        for (Map.Entry<String, String> definition : definitions().entrySet()) {
          String machine =
              node.call(
                      "CreateStateMachine",
                      request()
                          .put("name", definition.getKey() + "-" + type)
                          .put("type", type)
                          .put("roleArn", ROLE)
                          .put("definition", definition.getValue()))
                  .path("stateMachineArn")
                  .asText();
          String arn =
              node.call(
                      "StartExecution",
                      request()
                          .put("stateMachineArn", machine)
                          .put("input", input(definition.getKey())))
                  .path("executionArn")
                  .asText();
          expected.put(arn, ENDS.get(definition.getKey()));
        }
      }
      headers(broker);

      Map<String, String> ends = new HashMap<>();
      Awaitility.await()
          .atMost(Node.PATIENCE)
          .until(
              () -> {
                for (ExecutionCompleted end :
                    CommittedRecords.values(
                        broker.bootstrapServers(), Topics.COMPLETIONS, ExecutionCompleted.class)) {
                  ends.put(
                      end.getExecutionArn(),
                      end.getStatus() + (end.getError() == null ? "" : " " + end.getError()));
                }
                return ends.keySet().containsAll(expected.keySet());
              });
      assertThat(ends).containsAllEntriesOf(expected);
      assertThat(node.log()).doesNotContain("RecordTooLarge").doesNotContain("is replaced");
    }
  }

  private static String input(String name) {
    return name.equals("map")
        ? "{\"items\":[%s]}"
            .formatted(
                IntStream.range(0, 12).mapToObj(String::valueOf).collect(Collectors.joining(",")))
        : text(LIMIT).toString();
  }

  /** Nobody's records, as large as their topics take, most of it headers. */
  private static void headers(EmbeddedBroker broker) {
    Map<String, Object> config =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            broker.bootstrapServers(),
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
            64 << 20,
            ProducerConfig.BUFFER_MEMORY_CONFIG,
            256L << 20,
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            "zstd");
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (String topic :
          new String[] {
            LaneTopics.of(Lane.STANDARD).inbox(),
            LaneTopics.of(Lane.EXPRESS).inbox(),
            Topics.START_EXECUTION
          }) {
        ProducerRecord<byte[], byte[]> headers =
            new ProducerRecord<>(topic, 0, null, "nonsense".getBytes(UTF_8));
        for (int i = 0; i < 1_000; i++) {
          headers.headers().add("h" + i, letters(900).getBytes(UTF_8));
        }
        producer.send(headers);
        // small on the wire
        producer.send(new ProducerRecord<>(topic, 0, null, new byte[32 << 20]));
      }
    }
  }

  private static StepstreamWorker worker(EmbeddedBroker broker) {
    return StepstreamWorker.builder()
        .bootstrapServers(broker.bootstrapServers())
        .function("large", _ -> text(LIMIT))
        .function("over", _ -> text(LIMIT + 1))
        .handler(
            "fails",
            (JsonNode _, TaskContext _) -> {
              throw new TaskFailedException("Large", letters(600_000));
            })
        .build();
  }
}
