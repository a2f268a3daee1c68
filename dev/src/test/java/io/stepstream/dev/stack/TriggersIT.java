package io.stepstream.dev.stack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.coordinator.trigger.TriggerNode;
import io.stepstream.dev.broker.BrokerSettings;
import io.stepstream.dev.broker.EmbeddedBroker;
import io.stepstream.dev.client.StepFunctionsClient;
import io.stepstream.dev.testkit.CommittedRecords;
import io.stepstream.dev.testkit.Coordinator;
import io.stepstream.dev.testkit.WorkerProcess;
import io.stepstream.schemas.ExecutionCompleted;
import io.stepstream.schemas.HistoryEventType;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.topic.DeadLetter;
import io.stepstream.schemas.topic.LaneTopics;
import io.stepstream.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Triggers on two coordinators. The long form of the test with kills, in which a worker dies, too:
 * {@code -Dstepstream.triggers.records=10000 -Dstepstream.triggers.kills=8}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class TriggersIT {

  private static final int RECORDS = Integer.getInteger("stepstream.triggers.records", 1_000);
  private static final int KILLS = Integer.getInteger("stepstream.triggers.kills", 1);
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String ECHO =
      """
      {"StartAt": "P", "QueryLanguage": "JSONata", "States": {"P": {"Type": "Pass", "End": true,
        "Output": {"input": "{% $states.input %}", "trigger": "{% $states.context.Trigger %}"}}}}
      """;

  private static final String LATER =
      """
      {"StartAt": "W", "States": {
        "W": {"Type": "Wait", "Seconds": 1, "Next": "P"},
        "P": {"Type": "Pass", "Parameters": {"offset.$": "$$.Trigger.Offset"}, "End": true}}}
      """;

  /**
   * With a task; the worker is announced a moment after the first orders may have gone. A share
   * group drops an order that was with five workers which died, hence the timeout.
   */
  private static final String WORKED_ON =
      """
      {"StartAt": "T", "States": {
        "T": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:%s",
          "TimeoutSeconds": 40,
          "Retry": [{"ErrorEquals": ["Lambda.ResourceNotFoundException", "States.Timeout"],
            "IntervalSeconds": 1, "BackoffRate": 1, "MaxAttempts": 60}],
          "Parameters": {"offset.$": "$$.Trigger.Offset"}, "End": true}}}
      """
          .formatted(WorkerProcess.FUNCTION);

  private Path directory;
  private EmbeddedBroker broker;
  private Coordinator a;
  private Coordinator b;

  /** Null: only the long form has one. */
  private WorkerProcess worker;

  private Admin admin;
  private KafkaProducer<byte[], byte[]> producer;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    directory = temporary;
    broker = EmbeddedBroker.start(BrokerSettings.in(directory.resolve("kafka")));
    admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    a = Coordinator.start(directory, "a", broker.bootstrapServers());
    a.awaitReady(); // one provisions the topics
    b = Coordinator.start(directory, "b", broker.bootstrapServers());
    b.awaitReady();
  }

  @AfterAll
  void stop() {
    if (worker != null) {
      worker.close();
    }
    a.close();
    b.close();
    producer.close();
    admin.close();
    broker.close();
  }

  @Test
  void shouldStartWhatPassesTheFilterPauseResumeAndPutAsideTheRest() throws Exception {
    String machine = machine("echo", ECHO);
    topic("orders", 2);
    publish("orders", 0, "early", "{\"status\": \"PAID\"}");
    a.ask(
        "POST",
        "/api/triggers",
        trigger("orders", machine)
            .put("filter", "{% $states.input.status = 'PAID' %}")
            .put("executionName", "{% 'order-' & $states.context.Trigger.Key %}")
            .set("input", JSON.readTree("{\"id\": \"{% $states.input.id %}\"}")));
    publish("orders", 0, "1", "{\"status\": \"PAID\", \"id\": 1}");
    publish("orders", 0, "1", "{\"status\": \"PAID\", \"id\": 1, \"repeated\": true}");
    publish("orders", 1, "2", "{\"status\": \"NEW\", \"id\": 2}");
    RecordMetadata conflict = publish("orders", 0, "1", "{\"status\": \"PAID\", \"id\": 3}");
    RecordMetadata broken = publish("orders", 1, "4", "{");
    publish("orders", 1, "5", "{\"status\": \"PAID\", \"id\": 5}");

    JsonNode trigger = await("orders", t -> t.path("lag").asInt() == 0, b);
    // What was there before the trigger is none of its records.
    assertThat(trigger.path("started").asInt()).isEqualTo(3);
    assertThat(trigger.path("filtered").asInt()).isEqualTo(1);
    assertThat(trigger.path("deadLettered").asInt()).isEqualTo(2);
    awaitNames(machine, "order-1", "order-5");
    JsonNode output = output(machine, "order-5");
    assertThat(output.path("input")).isEqualTo(JSON.readTree("{\"id\": 5}"));
    assertThat(output.at("/trigger/Name").asText()).isEqualTo("orders");
    assertThat(output.at("/trigger/Topic").asText()).isEqualTo("orders");
    assertThat(output.at("/trigger/Partition").asInt()).isEqualTo(1);
    assertThat(output.at("/trigger/Offset").asInt()).isEqualTo(2);
    assertThat(output.at("/trigger/Headers/source").asText()).isEqualTo("shop");
    assertThat(letters("orders"))
        .containsOnlyKeys(List.of("0-" + conflict.offset(), "1-" + broken.offset()))
        .hasEntrySatisfying(
            "0-" + conflict.offset(), reason -> assertThat(reason).contains("name is taken"))
        .hasEntrySatisfying(
            "1-" + broken.offset(), reason -> assertThat(reason).contains("not JSON"));

    // Paused by the other node, it lets records wait, and shows it.
    replacingReaders("orders", () -> b.ask("PUT", "/api/triggers/orders/pause", null));
    await("orders", t -> t.path("state").asText().equals("PAUSED"), a);
    onEveryNode("orders", t -> t.path("paused").asBoolean());
    for (int i = 10; i < 15; i++) {
      publish("orders", i % 2, "" + i, "{\"status\": \"PAID\", \"id\": " + i + "}");
    }
    await("orders", t -> t.path("lag").asInt() == 5, a);
    assertThat(names(machine)).hasSize(2);
    a.ask("PUT", "/api/triggers/orders/resume", null);
    trigger = await("orders", t -> t.path("lag").asInt() == 0, a);
    assertThat(trigger.path("started").asInt()).isEqualTo(8);

    // With partitions that are added, and another input from now on.
    JsonNode patch =
        JSON.readTree("{\"input\": {\"id\": null, \"new\": \"{% $states.input.id %}\"}}");
    replacingReaders("orders", () -> a.ask("PATCH", "/api/triggers/orders", patch));
    admin.createPartitions(Map.of("orders", NewPartitions.increaseTo(3))).all().get();
    publish("orders", 2, "20", "{\"status\": \"PAID\", \"id\": 20}");
    await("orders", t -> t.path("started").asInt() == 9, a);
    assertThat(output(machine, "order-20").path("input")).isEqualTo(JSON.readTree("{\"new\": 20}"));

    // Deleted, it leaves no group.
    assertThat(a.send("DELETE", "/api/triggers/orders", null).statusCode()).isEqualTo(204);
    Awaitility.await("no group")
        .atMost(PATIENCE)
        .until(
            () ->
                admin.listGroups().all().get().stream()
                    .noneMatch(group -> group.groupId().equals(TriggerNode.group("orders"))));
    assertThat(a.send("GET", "/api/triggers/orders", null).statusCode()).isEqualTo(404);
  }

  @Test
  @Tag("slow")
  void shouldTellWhatTheTopicHasDeletedBeforeItWasRead() throws Exception {
    String machine = machine("missing", ECHO);
    topic("expiring", 1);
    a.ask(
        "POST",
        "/api/triggers",
        trigger("expiring", machine).put("from", "earliest").put("paused", true));
    Awaitility.await("a place in the topic")
        .atMost(PATIENCE)
        .until(
            () ->
                !admin
                    .listConsumerGroupOffsets(TriggerNode.group("expiring"))
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .isEmpty());
    publish("expiring", 0, "1", "1");
    publish("expiring", 0, "2", "2");
    admin
        .deleteRecords(Map.of(new TopicPartition("expiring", 0), RecordsToDelete.beforeOffset(1)))
        .all()
        .get();

    a.ask("PUT", "/api/triggers/expiring/resume", null);

    JsonNode trigger = await("expiring", t -> t.path("started").asInt() == 1, a);
    assertThat(trigger.path("missed").asInt()).isEqualTo(1);
    assertThat(trigger.at("/lastError/detail").asText()).contains("partition 0");
    awaitNames(machine, "expiring-0-1");
    a.send("DELETE", "/api/triggers/expiring", null);
  }

  @Test
  void shouldWaitForItsAliasAndChainByCompletions() throws Exception {
    topic("late", 1);
    String first = machine("first", ECHO);
    String alias = alias(first);
    String then = machine("then", ECHO, "EXPRESS");
    a.ask("POST", "/api/triggers", trigger("late", alias));
    b.ask(
        "POST",
        "/api/triggers",
        trigger("chain", then)
            .put("topic", Topics.COMPLETIONS)
            .put("filter", "{%% $states.input.stateMachineArn = '%s' %%}".formatted(first))
            .set("input", JSON.readTree("\"{% $states.input.output.input %}\"")));
    a.call(
        "DeleteStateMachineAlias",
        StepFunctionsClient.request().put("stateMachineAliasArn", alias));
    publish("late", 0, "k", "{\"n\": 1}");
    JsonNode waiting = await("late", t -> t.path("state").asText().equals("WAITING"), b);
    assertThat(waiting.path("lag").asInt()).isEqualTo(1);
    assertThat(waiting.at("/lastError/detail").asText()).contains(alias);

    assertThat(alias(first)).isEqualTo(alias);

    await("late", t -> t.path("started").asInt() == 1, a);
    await("chain", t -> t.path("started").asInt() == 1, a);
    Awaitility.await("the end of the chain")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        CommittedRecords.values(
                            broker.bootstrapServers(),
                            Topics.COMPLETIONS,
                            ExecutionCompleted.class))
                    .filteredOn(end -> end.getStateMachineArn().equals(then))
                    .singleElement()
                    .satisfies(
                        end ->
                            assertThat(JSON.readTree(Payloads.text(end.getOutput())).path("input"))
                                .isEqualTo(JSON.readTree("{\"n\": 1}"))));
    for (String name : List.of("late", "chain")) {
      a.send("DELETE", "/api/triggers/" + name, null);
    }
  }

  @Test
  void shouldStartOneExecutionPerRecordWhateverIsKilled() throws Exception {
    boolean worked = KILLS > 1;
    if (worked) {
      worker = WorkerProcess.start(directory, broker.bootstrapServers());
    }
    Random random = new Random(42);
    String machine = machine("killed", worked ? WORKED_ON : LATER);
    topic("events", 6);
    a.ask("POST", "/api/triggers", trigger("events", machine).put("from", "earliest"));
    Set<String> expected = new HashSet<>();
    int kills = 0;
    long begun = System.nanoTime();

    for (int i = 0; i < RECORDS; i++) {
      RecordMetadata at = publish("events", random.nextInt(6), "k" + i % 100, "{\"i\":" + i + "}");
      expected.add("events-%d-%d".formatted(at.partition(), at.offset()));
      // At random moments within each stretch, while records come in and executions run.
      if (kills < KILLS
          && i * (long) KILLS >= kills * (long) RECORDS + random.nextInt(RECORDS / 2)) {
        kills++;
        Coordinator victim = random.nextBoolean() ? a : b;
        victim.kill();
        if (random.nextInt(4) == 0) {
          (victim == a ? b : a).kill();
          (victim == a ? b : a).start();
        }
        victim.start();
        if (worker != null) {
          worker.kill();
          worker.start();
        }
      }
    }
    a.awaitReady();
    b.awaitReady();

    JsonNode trigger =
        await("events", t -> t.path("lag").asInt() == 0 && t.path("started").asInt() > 0, a);
    Map<String, Integer> starts = new TreeMap<>();
    Map<String, Integer> ends = new HashMap<>();
    Awaitility.await("all end")
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              starts.clear();
              ends.clear();
              count(machine, starts, ends);
              return ends.size() >= RECORDS;
            });
    System.out.printf(
        "%d records, %d kills: %d executions started, %d succeeded; trigger: %s; %.1f s%n",
        RECORDS, kills, starts.size(), ends.size(), trigger, (System.nanoTime() - begun) / 1e9);
    assertThat(kills).isEqualTo(KILLS);
    assertThat(starts.keySet()).isEqualTo(expected);
    assertThat(starts.values()).containsOnly(1);
    assertThat(ends.keySet()).isEqualTo(expected);
    assertThat(ends.values()).containsOnly(1);
    // The counts are committed with the offsets, so that they tell each record once, too.
    assertThat(trigger.path("started").asInt()).isEqualTo(RECORDS);
    assertThat(trigger.path("deadLettered").asInt()).isZero();
    assertThat(a.send("DELETE", "/api/triggers/events", null).statusCode()).isEqualTo(204);
  }

  // ------------------------------------------------------------------ parts

  /** By name, from what is committed on the topic of histories. */
  private void count(String machine, Map<String, Integer> starts, Map<String, Integer> ends) {
    for (HistoryRecord transition :
        CommittedRecords.values(
            broker.bootstrapServers(),
            LaneTopics.of(Lane.STANDARD).history(),
            HistoryRecord.class)) {
      if (transition.getStateMachineArn().equals(machine)) {
        String arn = transition.getExecutionArn();
        String name = arn.substring(arn.lastIndexOf(':') + 1);
        transition
            .getEvents()
            .forEach(
                event -> {
                  if (event.getType() == HistoryEventType.ExecutionStarted) {
                    starts.merge(name, 1, Integer::sum);
                  } else if (event.getType() == HistoryEventType.ExecutionSucceeded) {
                    ends.merge(name, 1, Integer::sum);
                  }
                });
      }
    }
  }

  private String machine(String name, String definition) {
    return machine(name, definition, "STANDARD");
  }

  private String machine(String name, String definition, String type) {
    return a.call(
            "CreateStateMachine",
            StepFunctionsClient.request()
                .put("name", name)
                .put("type", type)
                .put("roleArn", "arn:aws:iam::123456789012:role/any")
                .put("definition", definition))
        .path("stateMachineArn")
        .asText();
  }

  private String alias(String machine) {
    ObjectNode create = StepFunctionsClient.request().put("name", "LIVE");
    create
        .putArray("routingConfiguration")
        .addObject()
        .put(
            "stateMachineVersionArn",
            a.call(
                    "PublishStateMachineVersion",
                    StepFunctionsClient.request().put("stateMachineArn", machine))
                .path("stateMachineVersionArn")
                .asText())
        .put("weight", 100);
    return a.call("CreateStateMachineAlias", create).path("stateMachineAliasArn").asText();
  }

  private static ObjectNode trigger(String name, String machine) {
    return JSON.createObjectNode()
        .put("name", name)
        .put("topic", name)
        .put("stateMachineArn", machine);
  }

  private void topic(String name, int partitions) throws Exception {
    admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get();
  }

  private RecordMetadata publish(String topic, int partition, String key, String value)
      throws Exception {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topic,
            partition,
            null,
            key.getBytes(UTF_8),
            value.getBytes(UTF_8),
            List.of(new RecordHeader("source", "shop".getBytes(UTF_8))));
    Future<RecordMetadata> sent = producer.send(record);
    return sent.get(30, TimeUnit.SECONDS);
  }

  private JsonNode await(String trigger, Predicate<JsonNode> state, Coordinator node) {
    return Awaitility.await(trigger)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> node.ask("GET", "/api/triggers/" + trigger, null), state);
  }

  private void onEveryNode(String trigger, Predicate<JsonNode> state) {
    await(trigger, state, a);
    await(trigger, state, b);
  }

  private interface Change {
    void make() throws Exception;
  }

  /** Makes a change and returns when no reader of before it is left on either node. */
  private void replacingReaders(String trigger, Change change) throws Exception {
    Set<String> before =
        Awaitility.await("readers on both nodes")
            .atMost(PATIENCE)
            .until(() -> members(trigger), members -> members.size() == 2);
    change.make();
    Awaitility.await("other readers on both nodes")
        .atMost(PATIENCE)
        .until(
            () -> members(trigger),
            members -> members.size() == 2 && Collections.disjoint(members, before));
  }

  private Set<String> members(String trigger) throws Exception {
    Set<String> members = new HashSet<>();
    admin
        .describeConsumerGroups(List.of(TriggerNode.group(trigger)))
        .all()
        .get()
        .get(TriggerNode.group(trigger))
        .members()
        .forEach(member -> members.add(member.consumerId()));
    return members;
  }

  /** Lists follow what is committed half a second later. */
  private void awaitNames(String machine, String... names) {
    Awaitility.await("listed")
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(names(machine)).containsExactlyInAnyOrder(names));
  }

  private List<String> names(String machine) {
    List<String> names = new ArrayList<>();
    a.call("ListExecutions", StepFunctionsClient.request().put("stateMachineArn", machine))
        .path("executions")
        .forEach(execution -> names.add(execution.path("name").asText()));
    return names;
  }

  private JsonNode output(String machine, String name) {
    ObjectNode request =
        StepFunctionsClient.request()
            .put("executionArn", machine.replace(":stateMachine:", ":execution:") + ':' + name);
    return Awaitility.await(name)
        .atMost(PATIENCE)
        .until(
            () -> JSON.readTree(a.call("DescribeExecution", request).path("output").asText()),
            output -> output != null && !output.isMissingNode());
  }

  /** Reasons, by partition and offset. */
  private Map<String, String> letters(String topic) {
    Map<String, String> letters = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> letter :
        CommittedRecords.all(broker.bootstrapServers(), Topics.DLQ)) {
      if (header(letter, DeadLetter.TOPIC).equals(topic)) {
        letters.put(
            header(letter, DeadLetter.PARTITION) + '-' + header(letter, DeadLetter.OFFSET),
            header(letter, DeadLetter.REASON));
        assertThat(header(letter, DeadLetter.COMPONENT)).isEqualTo("trigger");
      }
    }
    return letters;
  }

  private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
    return new String(letter.headers().lastHeader(name).value(), UTF_8);
  }
}
