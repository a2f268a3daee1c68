package io.stepstream.dev.stack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.stepstream.dev.client.ApiError;
import io.stepstream.dev.client.StepFunctionsClient;
import io.stepstream.dev.testkit.CommittedRecords;
import io.stepstream.dev.testkit.StepstreamProcess;
import io.stepstream.integrations.s3.S3Server;
import io.stepstream.schemas.ExecutionCompleted;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.HistoryEventType;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.topic.LaneTopics;
import io.stepstream.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Distributed Maps over all partitions of a real Kafka, and what a SIGKILL does to them. */
final class DistributedMapIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final int WAITING = 300;
  private static final int QUICK = 2_000;

  private static final String MAP =
      """
      {"StartAt": "M", "States": {"M": {"Type": "Map", "End": true, "Label": "L", "MaxConcurrency": %d,
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "%s"},
          "StartAt": "S", "States": {"S": %s}}}}}\
      """;

  private static final String WAIT = "{\"Type\": \"Wait\", \"Seconds\": 1, \"End\": true}";
  private static final String PASS = "{\"Type\": \"Pass\", \"End\": true}";

  @Test
  void shouldEndMapRunsInSpiteOfASigkill(@TempDir Path directory) throws Exception {
    Path data = directory.resolve("data");
    String standard;
    String express;
    try (StepstreamProcess first = StepstreamProcess.dev(directory, data);
        StepFunctionsClient client = new StepFunctionsClient(first.endpoint())) {
      // given Map runs of both kinds whose children are waiting, 30 at a time
      standard = start(client, waiting(client, "standard", "STANDARD"), numbers(WAITING));
      express = start(client, waiting(client, "express", "EXPRESS"), numbers(WAITING));
      CommittedRecords.atLeast(first.bootstrapServers(), Topics.COMPLETIONS, 120);

      // when the process is killed
      first.kill();
    }
    try (StepstreamProcess second = StepstreamProcess.dev(directory, data);
        StepFunctionsClient client = new StepFunctionsClient(second.endpoint())) {
      assertThat(children(second, "standard"))
          .as("children that had ended")
          .hasSizeBetween(30, WAITING - 1);

      // and a Map run, which is still known, is made faster
      String mapRun =
          client
              .call("ListMapRuns", StepFunctionsClient.request().put("executionArn", standard))
              .at("/mapRuns/0/mapRunArn")
              .asText();
      client.call(
          "UpdateMapRun",
          StepFunctionsClient.request().put("mapRunArn", mapRun).put("maxConcurrency", 60));

      // then, after a restart, the Standard children end well, each once
      assertThat(output(client, standard)).isEqualTo(numbers(WAITING));
      List<ExecutionCompleted> children = children(second, "standard");
      assertThat(children)
          .hasSize(WAITING)
          .allMatch(child -> child.getStatus() == ExecutionStatus.SUCCEEDED);
      assertThat(children).extracting(ExecutionCompleted::getExecutionArn).doesNotHaveDuplicates();
      // and the Express children, each at least once
      assertThat(output(client, express)).isEqualTo(numbers(WAITING));
      assertThat(succeededExpressChildren(second))
          .hasSizeGreaterThanOrEqualTo(WAITING)
          .satisfies(arns -> assertThat(Set.copyOf(arns)).hasSize(WAITING));
      // whose ends are told by their Map only
      assertThat(children(second, "express")).isEmpty();
      // and a child is an execution like any other
      JsonNode child =
          client.call(
              "DescribeExecution",
              StepFunctionsClient.request()
                  .put("executionArn", children.getFirst().getExecutionArn()));
      assertThat(child.path("status").asText()).isEqualTo("SUCCEEDED");
      assertThat(child.path("stateMachineArn").asText()).endsWith(":stateMachine:standard/L");
      // which knows its Map run, as that knows how many there were
      assertThat(child.path("mapRunArn").asText()).isEqualTo(mapRun);
      JsonNode ended =
          client.call("DescribeMapRun", StepFunctionsClient.request().put("mapRunArn", mapRun));
      assertThat(ended.path("status").asText()).isEqualTo("SUCCEEDED");
      assertThat(ended.path("maxConcurrency").asInt()).isEqualTo(60);
      assertThat(ended.at("/executionCounts/succeeded").asInt()).isEqualTo(WAITING);
      assertThat(ended.at("/itemCounts/total").asInt()).isEqualTo(WAITING);

      // and a Map run of many goes over all partitions
      String quick = create(client, "quick", MAP.formatted(0, "EXPRESS", PASS));
      assertThat(output(client, start(client, quick, numbers(QUICK)))).isEqualTo(numbers(QUICK));
    }
  }

  private static String waiting(StepFunctionsClient client, String name, String type)
      throws ApiError, IOException {
    return create(client, name, MAP.formatted(30, type, WAIT));
  }

  @Test
  void shouldReadItemsFromS3AndWriteResultsThere(@TempDir Path directory) throws Exception {
    String definition =
        """
        {"StartAt": "M", "States": {"M": {"Type": "Map", "End": true,
          "ItemReader": {"Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
            "Parameters": {"Bucket": "orders", "Key.$": "$.key"}},
          "ItemBatcher": {"MaxItemsPerBatch": 10},
          "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject",
            "Parameters": {"Bucket": "results", "Prefix": "run"},
            "WriterConfig": {"OutputType": "JSONL", "Transformation": "COMPACT"}},
          "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "S", "States": {"S": {"Type": "Pass", "End": true,
              "Parameters": {"first.$": "$.Items[0].id",
                "count.$": "States.ArrayLength($.Items)"}}}}}}}\
        """;
    try (S3Server s3 = new S3Server()) {
      s3.bucket("orders");
      s3.bucket("results");
      s3.put(
          "orders",
          "day.csv",
          IntStream.range(0, 1_000)
              .mapToObj(i -> "\nO-%d,%d".formatted(i, i * 7))
              .collect(Collectors.joining("", "id,cents", "\n")));
      try (StepstreamProcess stack =
              StepstreamProcess.dev(
                  directory,
                  directory.resolve("data"),
                  Map.of("AWS_ENDPOINT_URL_S3", s3.endpoint().toString()));
          StepFunctionsClient client = new StepFunctionsClient(stack.endpoint())) {
        String machine = create(client, "orders", definition);

        JsonNode output =
            output(client, start(client, machine, JSON.createObjectNode().put("key", "day.csv")));

        String manifest = output.at("/ResultWriterDetails/Key").asText();
        assertThat(s3.keys("results")).contains(manifest);
        JsonNode files = JSON.readTree(s3.get("results", manifest)).at("/ResultFiles/SUCCEEDED");
        StringBuilder lines = new StringBuilder();
        files.forEach(file -> lines.append(s3.get("results", file.path("Key").asText())));
        assertThat(lines.toString().lines())
            .hasSize(100)
            .contains("{\"first\":\"O-990\",\"count\":10}");

        JsonNode missing =
            ended(client, start(client, machine, JSON.createObjectNode().put("key", "none.csv")));
        assertThat(missing.path("status").asText()).isEqualTo("FAILED");
        assertThat(missing.path("error").asText()).isEqualTo("States.ItemReaderFailed");
      }
    }
  }

  @Test
  void shouldRunAChildForEachRecordOfATopic(@TempDir Path directory) throws Exception {
    String definition =
        """
        {"StartAt": "M", "States": {
          "M": {"Type": "Map", "Next": "Receipts", "ResultPath": "$.results",
            "ItemReader": {"Resource": "arn:aws:states:::kafka:read",
              "Parameters": {"Topic.$": "$.topic", "FromOffsets": {"0": 1}},
              "ReaderConfig": {"MaxItems": 298}},
            "ItemSelector": {"record.$": "$$.Map.Item.Value", "from.$": "$$.Map.Item.Source"},
            "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
              "StartAt": "S", "States": {"S": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::kafka:publish",
                "Parameters": {"Topic": "receipts", "Key.$": "$.record.Key",
                  "Value.$": "$.record.Value.n", "Headers": {"from.$": "$.from"}},
                "ResultSelector": {"partition.$": "$.Partition"}}}},
            "ResultWriter": {"Resource": "arn:aws:states:::kafka:publish",
              "Parameters": {"Topic": "results", "Headers": {"of.$": "$.topic"}},
              "WriterConfig": {"Transformation": "COMPACT"}}},
          "Receipts": {"Type": "Task", "Next": "Results", "Resource": "arn:aws:states:::kafka:read",
            "Parameters": {"Topic": "receipts", "MaxRecords": 5}, "ResultPath": "$.receipts"},
          "Results": {"Type": "Task", "End": true, "Resource": "arn:aws:states:::kafka:read",
            "ResultPath": "$.read",
            "Parameters": {
              "Topic.$": "$.results.ResultWriterDetails.Topic",
              "Partitions.$": "$.results.ResultWriterDetails.Partitions",
              "FromOffsets.$": "$.results.ResultWriterDetails.FromOffsets",
              "ToOffsets.$": "$.results.ResultWriterDetails.ToOffsets"}}}}\
        """;
    try (StepstreamProcess stack = StepstreamProcess.dev(directory, directory.resolve("data"));
        StepFunctionsClient client = new StepFunctionsClient(stack.endpoint())) {
      // given a topic of 300 records, one of which is not asked for
      fill(stack.bootstrapServers());
      String machine = create(client, "topic", definition);

      // when there is a child for each of the first 298
      JsonNode output =
          output(client, start(client, machine, JSON.createObjectNode().put("topic", "orders")));
      JsonNode read = output.path("receipts");

      // then each has published its own
      List<ConsumerRecord<byte[], byte[]>> receipts =
          CommittedRecords.all(stack.bootstrapServers(), "receipts");
      assertThat(receipts)
          .extracting(receipt -> new String(receipt.key(), UTF_8))
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(1, 299).mapToObj(i -> "O-" + i).toList());
      assertThat(receipts)
          .allMatch(
              receipt ->
                  new String(receipt.headers().lastHeader("from").value(), UTF_8)
                      .equals("KAFKA://orders"))
          .extracting(
              receipt ->
                  new String(
                      receipt.headers().lastHeader("stepstream.execution-arn").value(), UTF_8))
          .doesNotHaveDuplicates();
      assertThat(read.path("Records")).hasSize(5);
      assertThat(read.path("EndReached").asBoolean()).isFalse();

      // and what the Map state told leads to a result of each of them
      String run = output.at("/results/MapRunArn").asText();
      String id = run.substring(run.lastIndexOf(':') + 1);
      assertThat(output.at("/read/Records"))
          .hasSize(298)
          .allSatisfy(
              record -> {
                assertThat(record.at("/Value/partition").isInt()).isTrue();
                assertThat(record.path("Headers"))
                    .isEqualTo(
                        JSON.createObjectNode()
                            .put("of", "orders")
                            .put("stepstream.map-run-arn", run)
                            .put("stepstream.redrive-count", "0")
                            .put("stepstream.result", "SUCCEEDED"));
              })
          .extracting(record -> record.path("Key").asText())
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, 298).mapToObj(child -> id + '/' + child).toList());

      JsonNode missing =
          ended(client, start(client, machine, JSON.createObjectNode().put("topic", "none")));
      assertThat(missing.path("error").asText()).isEqualTo("States.ItemReaderFailed");
      assertThat(missing.path("cause").asText()).startsWith("Kafka.UnknownTopicOrPartition");
    }
  }

  /** Of each partition the records in the order of their numbers, and all of them in that order. */
  private static void fill(String bootstrapServers) throws Exception {
    Map<String, Object> config =
        Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    try (Admin admin = Admin.create(config);
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      admin
          .createTopics(
              List.of(
                  new NewTopic("orders", 3, (short) 1),
                  new NewTopic("receipts", 2, (short) 1),
                  new NewTopic("results", 3, (short) 1)))
          .all()
          .get();
      for (int i = 0; i < 300; i++) {
        producer.send(
            new ProducerRecord<>(
                "orders",
                i / 100,
                ("O-" + i).getBytes(UTF_8),
                "{\"n\":%d}".formatted(i).getBytes(UTF_8)));
      }
    }
  }

  private static String create(StepFunctionsClient client, String name, String definition)
      throws ApiError, IOException {
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

  private static String start(StepFunctionsClient client, String machine, JsonNode input)
      throws ApiError, IOException {
    return client
        .call(
            "StartExecution",
            StepFunctionsClient.request()
                .put("stateMachineArn", machine)
                .put("input", input.toString()))
        .path("executionArn")
        .asText();
  }

  private static ArrayNode numbers(int count) {
    ArrayNode numbers = JSON.createArrayNode();
    IntStream.range(0, count).forEach(numbers::add);
    return numbers;
  }

  private static JsonNode ended(StepFunctionsClient client, String arn) {
    return Awaitility.await("the end of " + arn)
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(200))
        .until(
            () ->
                client.call(
                    "DescribeExecution", StepFunctionsClient.request().put("executionArn", arn)),
            now -> !now.path("status").asText().equals("RUNNING"));
  }

  private static JsonNode output(StepFunctionsClient client, String arn) throws IOException {
    JsonNode ended = ended(client, arn);
    assertThat(ended.path("status").asText()).as(ended.toString()).isEqualTo("SUCCEEDED");
    return JSON.readTree(ended.path("output").asText());
  }

  /** ARNs, as often as it has been recorded. */
  private static List<String> succeededExpressChildren(StepstreamProcess stack) {
    return CommittedRecords.values(
            stack.bootstrapServers(),
            LaneTopics.of(Lane.EXPRESS).childHistory(),
            HistoryRecord.class)
        .stream()
        .filter(
            record -> record.getEvents().getLast().getType() == HistoryEventType.ExecutionSucceeded)
        .map(HistoryRecord::getExecutionArn)
        .toList();
  }

  /** Ends of the children of a machine's Map runs so far. */
  private static List<ExecutionCompleted> children(StepstreamProcess stack, String machine) {
    return CommittedRecords.values(
            stack.bootstrapServers(), Topics.COMPLETIONS, ExecutionCompleted.class)
        .stream()
        .filter(completed -> completed.getStateMachineArn().endsWith(':' + machine + "/L"))
        .toList();
  }
}
