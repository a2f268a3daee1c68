package io.stepstream.dev.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.dev.broker.BrokerSettings;
import io.stepstream.dev.broker.EmbeddedBroker;
import io.stepstream.dev.client.ApiError;
import io.stepstream.dev.client.StepFunctionsClient;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.topic.LaneTopics;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Coordinators beside one another: any of them answers any call, or says that it can't now. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SeveralNodesIT {

  private static final String ROLE = "arn:aws:iam::123456789012:role/any";
  private static final Duration PATIENCE = Node.PATIENCE;

  /** As Kafka Streams calls those of a process. */
  private static final String GONE = "stepstream-standard-" + UUID.randomUUID() + "-1";

  private Path directory;
  private EmbeddedBroker broker;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Node> nodes = new ArrayList<>();
  private Producer<byte[], byte[]> ofAProcessThatIsGone;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    directory = temporary;
    broker = EmbeddedBroker.start(BrokerSettings.in(directory.resolve("kafka")));
    nodes.add(node("a"));
    nodes.getFirst().awaitReady(); // one provisions the topics
    ofAProcessThatIsGone = transaction(GONE);
    nodes.add(node("b"));
    nodes.add(node("c"));
    for (Node node : nodes) {
      node.awaitReady();
    }
  }

  /** Open, and far from its timeout. */
  private Producer<byte[], byte[]> transaction(String id) {
    Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                broker.bootstrapServers(),
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                id,
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                600_000),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
    producer.beginTransaction();
    producer.send(
        new ProducerRecord<>(LaneTopics.of(Lane.STANDARD).history(), 0, null, new byte[] {1}));
    producer.flush();
    return producer;
  }

  @AfterAll
  void stop() {
    ofAProcessThatIsGone.close(Duration.ZERO);
    nodes.forEach(Node::close);
    broker.close();
  }

  private Node node(String name) throws IOException {
    return new Node(directory, name, broker.bootstrapServers());
  }

  private static ObjectNode request() {
    return StepFunctionsClient.request();
  }

  private String machine(String name, String type, String definition) throws Exception {
    return nodes
        .getFirst()
        .call(
            "CreateStateMachine",
            request()
                .put("name", name)
                .put("type", type)
                .put("roleArn", ROLE)
                .put("definition", definition))
        .path("stateMachineArn")
        .asText();
  }

  private static String wait(int seconds) {
    return """
    {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": %d, "End": true}}}
    """
        .formatted(seconds);
  }

  /** Partitions moved when the other nodes came, behind the beginning of the transaction. */
  @Test
  void shouldAbortWhatAProcessThatIsGoneHasLeftOpen() {
    try (Admin admin =
        Admin.create(
            Map.<String, Object>of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()))) {
      Awaitility.await()
          .atMost(PATIENCE)
          .until(
              () ->
                  admin.describeTransactions(List.of(GONE)).description(GONE).get().state()
                      != TransactionState.ONGOING);
    }
    assertThatThrownBy(ofAProcessThatIsGone::commitTransaction)
        .isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);
  }

  @Test
  @Tag("slow")
  void shouldGoOnWithExecutionsWhoseNodeDiesAndComesBack() throws Exception {
    String waiting = machine("waiting", "STANDARD", wait(3600));
    String brief = machine("short", "STANDARD", wait(1));
    String sync =
        machine(
            "sync",
            "EXPRESS",
            "{\"StartAt\": \"P\", \"States\": {\"P\": {\"Type\": \"Pass\", \"End\": true}}}");
    // The one that carries out bulk operations is the one that dies.
    Node b = leader();
    Node a = nodes.stream().filter(node -> node != b).findFirst().orElseThrow();

    // Starts by name, answered by the partition's writer, wherever it is.
    List<String> open = new ArrayList<>();
    List<String> ending = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      Node node = nodes.get(i % nodes.size());
      open.add(start(node, waiting, "w" + i));
      ending.add(start(node, brief, "s" + i));
    }
    // Repeated on another node, it is the same start.
    for (int i = 0; i < 24; i++) {
      assertThat(start(nodes.get((i + 1) % nodes.size()), waiting, "w" + i)).isEqualTo(open.get(i));
    }
    assertOnAllNodes(open, "RUNNING");
    awaitOnAllNodes(ending, "SUCCEEDED");
    for (String arn : ending) {
      assertThat(historyTypes(a, arn))
          .isEqualTo(historyTypes(b, arn))
          .contains("ExecutionSucceeded");
    }
    awaitListed(brief, "SUCCEEDED", ending);
    awaitListed(waiting, "RUNNING", open);
    for (int i = 0; i < 12; i++) {
      assertThat(
              nodes
                  .get(i % nodes.size())
                  .call(
                      "StartSyncExecution",
                      request().put("stateMachineArn", sync).put("input", "{\"i\":" + i + "}"))
                  .path("output")
                  .asText())
          .isEqualTo("{\"i\":" + i + "}");
    }
    // Stopped and redriven by any node.
    String pausing = machine("pausing", "STANDARD", wait(5));
    String redriven = start(a, pausing, "redriven");
    b.call("StopExecution", request().put("executionArn", redriven));
    a.call("RedriveExecution", request().put("executionArn", redriven));
    awaitOnAllNodes(List.of(redriven), "SUCCEEDED");
    // Descriptions come from the view, which follows the writer's answer as on AWS.
    assertThat(a.describe(redriven).path("redriveCount").asInt()).isEqualTo(1);
    // As on AWS, a state that goes on is not told to be entered again.
    assertThat(historyTypes(b, redriven))
        .containsExactly(
            "ExecutionStarted",
            "WaitStateEntered",
            "ExecutionAborted",
            "ExecutionRedriven",
            "WaitStateExited",
            "ExecutionSucceeded");

    // Stopped by the node that has not started it.
    assertThat(
            b.call("StopExecution", request().put("executionArn", open.getFirst())).has("stopDate"))
        .isTrue();
    awaitOnAllNodes(List.of(open.removeFirst()), "ABORTED");

    assertEveryPartitionIsWithOneNode(b);
    assertThat(get(b, "/api/nodes").path("partitions").findValues("lag")).isNotEmpty();
    String died = id(b);
    String many = machine("many", "STANDARD", wait(3600));
    List<String> stopped = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      stopped.add(start(nodes.get(i % nodes.size()), many, "m" + i));
    }
    String operation =
        bulk(a, "{\"kind\": \"stop\", \"cause\": \"all\", \"filter\": {\"machine\": \"many\"}}");

    b.kill();

    JsonNode without = get(a, "/api/nodes");
    assertThat(without.path("nodes").findValuesAsText("id")).hasSize(2).doesNotContain(died);
    assertThat(without.path("unreachable").findValuesAsText("address"))
        .containsExactly(b.uri("").getAuthority());
    // Whatever B had comes to A; until then A says so, and never that there is no such execution.
    for (String arn : open) {
      assertThat(a.describe(arn).path("status").asText()).as(arn).isEqualTo("RUNNING");
    }
    JsonNode done = awaitBulk(a, operation);
    // What was done and not told any more is found done.
    assertThat(done.path("changed").asInt()).isBetween(0, 120);
    assertThat(done.path("failed").asInt()).as(done.toString()).isZero();
    for (String arn : stopped) {
      assertThat(a.describe(arn).path("status").asText()).isEqualTo("ABORTED");
      assertThat(historyTypes(a, arn).stream().filter("ExecutionAborted"::equals)).hasSize(1);
    }
    String duringAbsence = start(a, waiting, "absence");
    assertThat(
            a.call("StopExecution", request().put("executionArn", open.getLast())).has("stopDate"))
        .isTrue();

    b.start();
    b.awaitReady();
    assertEveryPartitionIsWithOneNode(a);
    assertThat(get(a, "/api/nodes").path("nodes").findValuesAsText("id")).contains(died);
    // Whoever is asked, also of what was made while it was away.
    onEveryNode(node -> assertThat(get(node, "/api/bulk-operations/" + operation)).isEqualTo(done));
    String redrive =
        bulk(
            b,
            "{\"kind\": \"redrive\", \"executionArns\": [\"%s\", \"%s\"]}"
                .formatted(stopped.getFirst(), open.getFirst()));
    JsonNode again = awaitBulk(a, redrive);
    assertThat(again.path("changed").asInt()).isOne();
    assertThat(again.at("/failures/0/executionArn").asText()).isEqualTo(open.getFirst());
    onEveryNode(
        node -> assertThat(node.describe(stopped.getFirst()).path("redriveCount").asInt()).isOne());
    assertOnAllNodes(open.subList(0, open.size() - 1), "RUNNING");
    assertOnAllNodes(List.of(duringAbsence), "RUNNING");
    awaitOnAllNodes(List.of(open.getLast()), "ABORTED");
    awaitOnAllNodes(ending, "SUCCEEDED");
  }

  private String id(Node node) throws Exception {
    return get(node, "/api/nodes?local=true").at("/nodes/0/id").asText();
  }

  /** The node that has the first partition of the Standard lane. */
  private Node leader() throws Exception {
    assertEveryPartitionIsWithOneNode(nodes.getFirst());
    String leader =
        get(nodes.getFirst(), "/api/nodes")
            .path("partitions")
            .valueStream()
            .filter(one -> one.path("lane").asText().equals("standard lane"))
            .filter(one -> one.path("task").asText().equals("0_0"))
            .map(one -> one.at("/copies/0/node").asText())
            .findFirst()
            .orElseThrow();
    for (Node node : nodes) {
      if (id(node).equals(leader)) {
        return node;
      }
    }
    throw new AssertionError("no node is called " + leader);
  }

  private String bulk(Node node, String wish) throws Exception {
    HttpResponse<String> made =
        http.send(
            HttpRequest.newBuilder(node.uri("/api/bulk-operations"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(wish))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    return new ObjectMapper().readTree(made.body()).path("id").asText();
  }

  private JsonNode awaitBulk(Node node, String operation) {
    return Awaitility.await("bulk operation")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> get(node, "/api/bulk-operations/" + operation),
            status -> status.path("state").asText().equals("completed"));
  }

  /** Whichever node is asked. Six partitions of each lane. */
  private void assertEveryPartitionIsWithOneNode(Node asked) {
    Awaitility.await("spread")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(
            () -> {
              JsonNode cluster = get(asked, "/api/nodes");
              assertThat(cluster.path("nodes").size()).as(cluster.toString()).isEqualTo(3);
              assertThat(cluster.path("unreachable")).isEmpty();
              for (String lane : List.of("standard lane", "express lane", "history view")) {
                List<JsonNode> partitions =
                    cluster
                        .path("partitions")
                        .valueStream()
                        .filter(one -> one.path("lane").asText().equals(lane))
                        .filter(one -> one.path("task").asText("0_").startsWith("0_"))
                        .toList();
                assertThat(partitions).as(lane).hasSize(6);
                assertThat(partitions)
                    .allSatisfy(one -> assertThat(one.path("copies").size()).isEqualTo(1));
              }
            });
  }

  @Test
  void shouldKnowOnAllNodesWhatOneDefines() throws Exception {
    Node a = nodes.get(0);
    Node b = nodes.get(1);
    Node c = nodes.get(2);
    String machine = machine("defined", "STANDARD", wait(0));
    // What is new is known everywhere at once: who doesn't know it looks at the end of the log.
    String version =
        b.call("PublishStateMachineVersion", request().put("stateMachineArn", machine))
            .path("stateMachineVersionArn")
            .asText();
    ObjectNode create = request().put("name", "PROD");
    create
        .putArray("routingConfiguration")
        .addObject()
        .put("stateMachineVersionArn", version)
        .put("weight", 100);
    String alias = c.call("CreateStateMachineAlias", create).path("stateMachineAliasArn").asText();
    ObjectNode tags = request().put("resourceArn", machine);
    tags.putArray("tags").addObject().put("key", "team").put("value", "orders");
    a.call("TagResource", tags);
    List<String> arns = new ArrayList<>();
    for (Node node : nodes) {
      assertThat(
              node.call("DescribeStateMachine", request().put("stateMachineArn", version))
                  .path("stateMachineArn")
                  .asText())
          .isEqualTo(version);
      assertThat(
              node.call("DescribeStateMachineAlias", request().put("stateMachineAliasArn", alias))
                  .at("/routingConfiguration/0/stateMachineVersionArn")
                  .asText())
          .isEqualTo(version);
      arns.add(start(node, alias, "by-" + nodes.indexOf(node)));
    }
    awaitOnAllNodes(arns, "SUCCEEDED");
    for (Node node : nodes) {
      assertThat(node.describe(arns.getFirst()).path("stateMachineAliasArn").asText())
          .isEqualTo(alias);
    }
    awaitListed(alias, "SUCCEEDED", arns);
    // What is changed or deleted is known to the others when they have read it.
    onEveryNode(
        node ->
            assertThat(
                    node.call("ListTagsForResource", request().put("resourceArn", machine))
                        .at("/tags/0/value")
                        .asText())
                .isEqualTo("orders"));
    c.call("DeleteStateMachine", request().put("stateMachineArn", machine));
    onEveryNode(
        node ->
            assertThat(refusal(node, "DescribeStateMachineAlias", "stateMachineAliasArn", alias))
                .isEqualTo("ResourceNotFound"));
    onEveryNode(
        node ->
            assertThat(refusal(node, "DescribeStateMachine", "stateMachineArn", machine))
                .isEqualTo("StateMachineDoesNotExist"));
    assertThat(machine("defined", "EXPRESS", wait(0))).isEqualTo(machine);
  }

  /** Asserts something of a node. */
  private interface OfNode {
    void check(Node node) throws Exception;
  }

  private void onEveryNode(OfNode assertion) {
    for (Node node : nodes) {
      Awaitility.await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(100))
          .untilAsserted(() -> assertion.check(node));
    }
  }

  /** The code of the error; empty: it is answered. */
  private static String refusal(Node node, String action, String parameter, String arn)
      throws Exception {
    try {
      node.call(action, request().put(parameter, arn));
      return "";
    } catch (ApiError e) {
      return e.code();
    }
  }

  @Test
  void shouldDecideOneOfTwoStartsWithTheSameNameOnTwoNodes() throws Exception {
    String machine = machine("race", "STANDARD", wait(3600));
    try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 10; i++) {
        String name = "r" + i;
        Future<String> first = pool.submit(() -> outcome(nodes.getFirst(), machine, name, "{}"));
        Future<String> second =
            pool.submit(() -> outcome(nodes.getLast(), machine, name, "{\"other\":1}"));

        // Their inputs differ, so only one of them can be the start.
        assertThat(List.of(first.get(), second.get()))
            .containsExactlyInAnyOrder("started", "ExecutionAlreadyExists");
      }
    }
  }

  @Test
  void shouldGiveTheTasksOfAnActivityToWorkersOnAnyNodeEachOnce() throws Exception {
    String activity =
        nodes
            .getLast()
            .call("CreateActivity", request().put("name", "anywhere"))
            .path("activityArn")
            .asText();
    String machine =
        machine(
            "activity",
            "STANDARD",
            """
            {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "%s", "End": true}}}
            """
                .formatted(activity));
    List<String> arns = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      arns.add(start(nodes.get(i % nodes.size()), machine, "t" + i));
    }
    Set<String> tokens = ConcurrentHashMap.newKeySet();
    try (ExecutorService workers = Executors.newFixedThreadPool(4)) {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Node polled = nodes.get(i % nodes.size());
        Node told = nodes.get((i + 1) % nodes.size());
        ends.add(
            workers.submit(
                () -> {
                  while (tokens.size() < arns.size()) {
                    JsonNode task =
                        polled.call("GetActivityTask", request().put("activityArn", activity));
                    if (task.has("taskToken")) {
                      String token = task.path("taskToken").asText();
                      assertThat(tokens.add(token)).as("given once").isTrue();
                      told.call(
                          "SendTaskSuccess", request().put("taskToken", token).put("output", "1"));
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> end : ends) {
        end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
    }
    awaitOnAllNodes(arns, "SUCCEEDED");
  }

  @Test
  @Timeout(120)
  void shouldFindAnExecutionByItsInputAndFollowItOnAnyNode() throws Exception {
    String machine = machine("followed", "STANDARD", wait(8));
    Node a = nodes.getFirst();
    Node b = nodes.getLast();
    List<String> arns = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      arns.add(
          a.call(
                  "StartExecution",
                  request()
                      .put("stateMachineArn", machine)
                      .put("name", "f" + i)
                      .put("input", "{\"order\":{\"id\":" + (4200 + i) + "}}"))
              .path("executionArn")
              .asText());
    }
    List<String> before = new ArrayList<>();
    String position = null;
    try (Stream<String> changes = events(a, "/api/events?machine=followed", null)) {
      Iterator<String> lines = changes.iterator();
      position = nextId(lines, before);
    }

    for (Node node : nodes) {
      Awaitility.await("found")
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(100))
          .untilAsserted(
              () ->
                  assertThat(
                          get(node, "/api/executions?q=input.order.id:4203")
                              .path("executions")
                              .path(0)
                              .path("executionArn")
                              .asText())
                      .isEqualTo(arns.get(3)));
    }
    // To the middle on one node, and from there to the end on each; whoever has the history.
    String path = "/api/executions/" + arns.get(3) + "/events";
    List<String> first = new ArrayList<>();
    try (Stream<String> begun = events(a, path, null)) {
      Iterator<String> lines = begun.iterator();
      assertThat(nextId(lines, first)).isEqualTo("1");
      assertThat(nextId(lines, first)).isEqualTo("2");
    }
    for (Node node : nodes) {
      List<String> rest = new ArrayList<>();
      try (Stream<String> resumed = events(node, path, "2")) {
        resumed
            .filter(line -> line.startsWith("id: ") || line.startsWith("event: end"))
            .forEach(rest::add);
      }
      assertThat(rest).containsExactly("id: 3", "id: 4", "event: end");
    }
    // All have ended meanwhile; the other node tells each of those ends to who comes back.
    awaitOnAllNodes(arns, "SUCCEEDED");
    Set<String> ended = new HashSet<>();
    try (Stream<String> changes =
        events(b, "/api/events?machine=followed&status=SUCCEEDED", position)) {
      Iterator<String> lines = changes.iterator();
      while (ended.size() < arns.size()) {
        String line = lines.next();
        if (line.startsWith("data: ") && line.contains("executionArn")) {
          assertThat(ended.add(line)).as("told once: " + line).isTrue();
        }
      }
    }
    assertThat(ended).allMatch(line -> line.contains("SUCCEEDED"));
  }

  /** Reads up to an event that has an id. */
  private static String nextId(Iterator<String> lines, List<String> seen) {
    String line;
    do {
      line = lines.next();
      seen.add(line);
    } while (!line.startsWith("id: "));
    return line.substring("id: ".length());
  }

  private Stream<String> events(Node node, String path, String lastEventId) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(node.uri(path));
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    HttpResponse<Stream<String>> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofLines());
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body();
  }

  private JsonNode get(Node node, String path) throws Exception {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(node.uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    return new ObjectMapper().readTree(response.body());
  }

  private static String outcome(Node node, String machine, String name, String input)
      throws Exception {
    try {
      node.call(
          "StartExecution",
          request().put("stateMachineArn", machine).put("name", name).put("input", input));
      return "started";
    } catch (ApiError e) {
      return e.code();
    }
  }

  private static String start(Node node, String machine, String name) throws Exception {
    return node.call("StartExecution", request().put("stateMachineArn", machine).put("name", name))
        .path("executionArn")
        .asText();
  }

  private void assertOnAllNodes(List<String> arns, String status) throws Exception {
    for (Node node : nodes) {
      for (String arn : arns) {
        assertThat(node.describe(arn).path("status").asText()).as(arn).isEqualTo(status);
      }
    }
  }

  private void awaitOnAllNodes(List<String> arns, String status) {
    Awaitility.await(status)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(() -> assertOnAllNodes(arns, status));
  }

  /** Also that a page token of one node is good on another. */
  private void awaitListed(String machine, String status, List<String> arns) {
    Awaitility.await("listed")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(
            () -> {
              List<String> listed = new ArrayList<>();
              ObjectNode request =
                  request()
                      .put("stateMachineArn", machine)
                      .put("statusFilter", status)
                      .put("maxResults", 7);
              JsonNode page;
              int pages = 0;
              do {
                page = nodes.get(pages++ % nodes.size()).call("ListExecutions", request);
                page.path("executions").forEach(e -> listed.add(e.path("executionArn").asText()));
                request.set("nextToken", page.path("nextToken"));
              } while (page.hasNonNull("nextToken"));
              assertThat(listed).containsExactlyInAnyOrderElementsOf(arns);
            });
  }

  private static List<String> historyTypes(Node node, String arn) throws Exception {
    List<String> types = new ArrayList<>();
    node.call("GetExecutionHistory", request().put("executionArn", arn))
        .path("events")
        .forEach(event -> types.add(event.path("type").asText()));
    return types;
  }
}
