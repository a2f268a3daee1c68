package io.stepstream.dev.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.dev.broker.BrokerSettings;
import io.stepstream.dev.broker.EmbeddedBroker;
import io.stepstream.dev.cli.CommandLineInterface;
import io.stepstream.dev.client.StepFunctionsClient;
import io.stepstream.dev.testkit.CommittedRecords;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.topic.ExecutionKey;
import io.stepstream.schemas.topic.LaneTopics;
import io.stepstream.schemas.topic.Topics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Partitions become more while executions of every kind are under way: what has begun ends where it
 * began, names stay taken, what is new is spread over all partitions (ADR 0074).
 */
final class GrowthIT {

  private static final String ROLE = "arn:aws:iam::123456789012:role/any";
  private static final int BEFORE = 6;
  private static final int AFTER = 18;
  private static final int OLD = 12;
  private static final int NEW = 24;
  private static final int ITEMS = 40;
  private static final Duration GRACE = Duration.ofSeconds(30);

  private record Printed(int exit, String out, String err) {}

  private static Printed grow(EmbeddedBroker broker, int partitions) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        new CommandLineInterface(new PrintWriter(out), new PrintWriter(err), false)
            .execute(
                "grow",
                "--bootstrap-servers",
                broker.bootstrapServers(),
                "--partitions",
                String.valueOf(partitions));
    return new Printed(exit, out.toString(), err.toString());
  }

  private static Node node(Path directory, EmbeddedBroker broker, int partitions) throws Exception {
    return new Node(
        directory,
        "a",
        broker.bootstrapServers(),
        Map.of("STEPSTREAM_PARTITIONS", String.valueOf(partitions)));
  }

  private static ObjectNode request() {
    return StepFunctionsClient.request();
  }

  private static String machine(Node node, String name, String states) throws Exception {
    return node.call(
            "CreateStateMachine",
            request()
                .put("name", name)
                .put("roleArn", ROLE)
                .put("definition", "{\"StartAt\":\"S\",\"States\":{\"S\":" + states + "}}"))
        .path("stateMachineArn")
        .asText();
  }

  private static ObjectNode start(String machine, String name, String input) {
    return request().put("stateMachineArn", machine).put("name", name).put("input", input);
  }

  private static String started(Node node, String machine, String name) throws Exception {
    return node.call("StartExecution", start(machine, name, "{}")).path("executionArn").asText();
  }

  private static String status(Node node, String execution) throws Exception {
    return node.describe(execution).path("status").asText();
  }

  private static JsonNode history(Node node, String execution) throws Exception {
    return node.call("GetExecutionHistory", request().put("executionArn", execution))
        .path("events");
  }

  private static void stop(Node node) {
    node.terminate();
    node.ended(GRACE);
  }

  @Test
  void shouldSpreadWhatIsNewAndKeepWhatHasBegun(@TempDir Path directory) throws Exception {
    try (EmbeddedBroker broker =
        EmbeddedBroker.start(BrokerSettings.in(directory.resolve("kafka")))) {
      List<String> old = new ArrayList<>();
      String activity;
      String held;
      String map;
      String done;
      String failed;
      JsonNode doneBefore;
      JsonNode heldBefore;
      try (Node node = node(directory, broker, BEFORE)) {
        node.awaitReady();
        activity =
            node.call("CreateActivity", request().put("name", "held")).path("activityArn").asText();
        String waits = "{\"Type\":\"Task\",\"Resource\":\"" + activity + "\",\"End\":true}";
        held = machine(node, "held", waits);
        String nested =
            machine(
                node,
                "nested",
                """
                {"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2",
                 "Parameters":{"StateMachineArn":"%s","Name":"nested","Input":{}},"End":true}\
                """
                    .formatted(held));
        String distributed =
            machine(
                node,
                "map",
                """
                {"Type":"Map","Items":"{%% [1..%d] %%}","QueryLanguage":"JSONata","End":true,
                 "ItemProcessor":{
                  "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
                  "StartAt":"T","States":{"T":%s}}}\
                """
                    .formatted(ITEMS, waits));
        String quick = machine(node, "quick", "{\"Type\":\"Pass\",\"End\":true}");
        String fails = machine(node, "fails", "{\"Type\":\"Fail\",\"Error\":\"E\"}");
        for (int i = 0; i < OLD; i++) {
          old.add(started(node, held, "old-" + i));
        }
        old.add(started(node, nested, "parent"));
        map = started(node, distributed, "map");
        done = started(node, quick, "done");
        failed = started(node, fails, "failed");
        await(node, done, "SUCCEEDED");
        await(node, failed, "FAILED");
        Awaitility.await()
            .atMost(Node.PATIENCE)
            .until(() -> mapRun(node, map).path("itemCounts").path("running").asInt() == ITEMS);
        doneBefore = history(node, done);
        heldBefore = node.describe(old.getFirst());

        // while it runs, nothing is touched
        Printed refused = grow(broker, AFTER);
        assertThat(refused.exit()).isEqualTo(2);
        assertThat(refused.err())
            .contains("Coordinators run: there are members in stepstream-express")
            .contains("Stop all of them, and run this again");
        stop(node);
      }
      assertThat(grow(broker, 8).err())
          .contains("spread over 6 partitions, which can't become 8. Choose a multiple of 6");
      Printed grown = grow(broker, AFTER);
      assertThat(grown.err()).contains("Set stepstream.partitions to 18");
      assertThat(grown.exit()).isZero();
      assertThat(grown.out())
          .contains("stepstream.std.inbox has 18 partitions")
          .contains("stepstream-standard-executions-changelog has 18 partitions")
          .endsWith("Executions are spread over [6, 18]" + System.lineSeparator());
      assertThat(grow(broker, AFTER).out())
          .as("again")
          .isEqualTo("Executions are spread over [6, 18]" + System.lineSeparator());

      // who doesn't know doesn't start
      try (Node late = node(directory, broker, BEFORE)) {
        late.ended(GRACE);
        assertThat(late.log()).contains("Configure 18 partitions");
      }

      try (Node node = node(directory, broker, AFTER)) {
        node.awaitReady();
        // names are those of older executions, or free
        assertThat(node.call("StartExecution", start(held, "old-3", "{}")).path("startDate"))
            .isEqualTo(node.describe(old.get(3)).path("startDate"));
        assertThat(node.ask("StartExecution", start(held, "old-3", "{\"n\":1}")))
            .isInstanceOfSatisfying(
                Node.Reply.Refused.class,
                refusal -> assertThat(refusal.code()).isEqualTo("ExecutionAlreadyExists"));
        assertThat(history(node, done)).isEqualTo(doneBefore);
        assertThat(node.describe(old.getFirst())).isEqualTo(heldBefore);
        assertThat(node.ask("DescribeExecution", request().put("executionArn", done + "-not")))
            .isInstanceOfSatisfying(
                Node.Reply.Refused.class,
                refusal -> assertThat(refusal.code()).isEqualTo("ExecutionDoesNotExist"));
        node.call("RedriveExecution", request().put("executionArn", failed));
        node.call("StopExecution", request().put("executionArn", old.get(OLD - 1)));
        assertThat(status(node, old.get(OLD - 1))).isEqualTo("ABORTED");
        old.remove(OLD - 1);
        assertThat(mapRun(node, map).path("itemCounts").path("running").asInt()).isEqualTo(ITEMS);

        List<String> fresh = new ArrayList<>();
        for (int i = 0; i < NEW; i++) {
          fresh.add(started(node, held, "new-" + i));
        }
        // of each task somebody takes, from wherever it is
        int tasks = OLD - 1 + 1 + ITEMS + NEW;
        for (int task = 0; task < tasks; task++) {
          String token =
              Awaitility.await()
                  .atMost(Node.PATIENCE)
                  .pollDelay(Duration.ZERO)
                  .until(
                      () ->
                          node.call("GetActivityTask", request().put("activityArn", activity))
                              .path("taskToken")
                              .asText(),
                      taken -> !taken.isEmpty());
          node.call("SendTaskSuccess", request().put("taskToken", token).put("output", "1"));
        }
        old.add(map);
        old.addAll(fresh);
        for (String execution : old) {
          await(node, execution, "SUCCEEDED");
        }
        assertThat(mapRun(node, map).path("itemCounts").path("succeeded").asInt()).isEqualTo(ITEMS);
        await(node, failed, "FAILED");
        assertThat(node.describe(failed).path("redriveCount").asInt()).isEqualTo(1);

        Map<String, Integer> places = places(broker);
        for (String execution : fresh) {
          assertThat(places.get(execution)).isEqualTo(ExecutionKey.of(execution).partition(AFTER));
        }
        assertThat(fresh).anyMatch(execution -> places.get(execution) >= BEFORE);
        assertThat(places)
            .allSatisfy(
                (execution, place) -> {
                  if (!fresh.contains(execution)) {
                    assertThat(place).isEqualTo(ExecutionKey.of(execution).partition(BEFORE));
                  }
                });
        assertThat(CommittedRecords.all(broker.bootstrapServers(), Topics.DLQ)).isEmpty();
        stop(node);
      }
    }
  }

  private static JsonNode mapRun(Node node, String execution) throws Exception {
    JsonNode runs =
        node.call("ListMapRuns", request().put("executionArn", execution)).path("mapRuns");
    return runs.isEmpty()
        ? runs
        : node.call(
            "DescribeMapRun", request().put("mapRunArn", runs.path(0).path("mapRunArn").asText()));
  }

  private static void await(Node node, String execution, String status) {
    Awaitility.await(execution)
        .atMost(Node.PATIENCE)
        .until(() -> status(node, execution).equals(status));
  }

  /** The partition that each execution's history is in; fails when it is in several. */
  private static Map<String, Integer> places(EmbeddedBroker broker) {
    Map<String, Integer> places = new TreeMap<>();
    CommittedRecords.all(broker.bootstrapServers(), LaneTopics.of(Lane.STANDARD).history())
        .forEach(
            record -> {
              String key = new String(record.key(), java.nio.charset.StandardCharsets.UTF_8);
              Integer before =
                  places.put(key.substring(0, key.lastIndexOf('#')), record.partition());
              assertThat(before).isIn(null, record.partition());
            });
    return places;
  }
}
