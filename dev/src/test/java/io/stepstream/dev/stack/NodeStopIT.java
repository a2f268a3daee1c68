package io.stepstream.dev.stack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.dev.broker.BrokerSettings;
import io.stepstream.dev.broker.EmbeddedBroker;
import io.stepstream.dev.client.StepFunctionsClient;
import io.stepstream.dev.testkit.CommittedRecords;
import io.stepstream.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM of a coordinator in a process of its own, with calls under way, and its return. */
final class NodeStopIT {

  private static final String ROLE = "arn:aws:iam::123456789012:role/any";
  private static final Duration SOON = Duration.ofSeconds(20);

  /** What Kubernetes leaves a pod by default. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private static ObjectNode request() {
    return StepFunctionsClient.request();
  }

  private static String machine(Node node, String name, String type, int seconds) throws Exception {
    String definition =
        "{\"StartAt\":\"W\",\"States\":{\"W\":{\"Type\":\"Wait\",\"Seconds\":%d,\"End\":true}}}"
            .formatted(seconds);
    return node.call(
            "CreateStateMachine",
            request()
                .put("name", name)
                .put("type", type)
                .put("roleArn", ROLE)
                .put("definition", definition))
        .path("stateMachineArn")
        .asText();
  }

  @Test
  void shouldAnswerWhatIsUnderWayAndRefuseTheRest(@TempDir Path directory) throws Exception {
    try (EmbeddedBroker broker =
            EmbeddedBroker.start(BrokerSettings.in(directory.resolve("kafka")));
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
        Node node =
            new Node(
                directory,
                "a",
                broker.bootstrapServers(),
                Map.of("STEPSTREAM_API_DRAIN_DELAY", "3s", "STEPSTREAM_API_DRAIN", "6s"))) {
      node.awaitReady();
      String brief = machine(node, "brief", "EXPRESS", 5);
      String middling = machine(node, "middling", "EXPRESS", 25);
      String longer = machine(node, "longer", "EXPRESS", 120);
      String standard = machine(node, "standard", "STANDARD", 20);
      String activity =
          node.call("CreateActivity", request().put("name", "nobody")).path("activityArn").asText();
      String survivor =
          node.call("StartExecution", request().put("stateMachineArn", middling))
              .path("executionArn")
              .asText();
      String waiting =
          node.call("StartExecution", request().put("stateMachineArn", standard))
              .path("executionArn")
              .asText();
      Future<Node.Reply> finishes = callers.submit(() -> sync(node, brief));
      Future<Node.Reply> cannotFinish = callers.submit(() -> sync(node, longer));
      Future<Node.Reply> polls =
          callers.submit(() -> node.ask("GetActivityTask", request().put("activityArn", activity)));
      // Whichever of them comes late is still let in.
      node.terminate();

      // first it is not ready, and takes calls for a while
      Awaitility.await()
          .atMost(SOON)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> !node.isReady());
      assertThat(node.ask("StartExecution", request().put("stateMachineArn", brief)))
          .isInstanceOf(Node.Reply.Answered.class);
      // then it refuses them, with the answer that clients know
      Node.Reply refused =
          Awaitility.await()
              .atMost(SOON)
              .pollInterval(Duration.ofMillis(50))
              .until(
                  () -> node.ask("StartExecution", request().put("stateMachineArn", brief)),
                  reply -> reply instanceof Node.Reply.Refused);
      assertThat(refused)
          .isEqualTo(
              new Node.Reply.Refused(
                  503,
                  "ServiceUnavailable",
                  "This node stops; nothing was done",
                  Optional.of("1")));
      // who waits for work gets none, and what ends in time is answered
      assertThat(polls.get()).isInstanceOf(Node.Reply.Answered.class);
      assertThat(finishes.get())
          .isInstanceOfSatisfying(
              Node.Reply.Answered.class,
              answer ->
                  assertThat(answer.members().path("status").asText()).isEqualTo("SUCCEEDED"));
      // what doesn't is told so
      assertThat(cannotFinish.get())
          .isInstanceOfSatisfying(
              Node.Reply.Refused.class,
              refusal -> {
                assertThat(refusal.status()).isEqualTo(503);
                assertThat(refusal.message()).contains("may have taken effect");
                assertThat(refusal.retryAfter()).contains("1");
              });
      node.ended(GRACE);
      assertThat(node.log()).doesNotContain("ERROR");

      // when it comes back, nothing that was committed is done again
      node.start();
      node.awaitReady();
      Awaitility.await()
          .atMost(Node.PATIENCE)
          .until(() -> node.describe(waiting).path("status").asText().equals("SUCCEEDED"));
      Awaitility.await()
          .atMost(Node.PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(
                          CommittedRecords.all(broker.bootstrapServers(), Topics.COMPLETIONS)
                              .stream()
                              .filter(record -> new String(record.key(), UTF_8).equals(survivor)))
                      .hasSize(1));
    }
  }

  @Test
  void shouldLeaveItsGroupsWhereOthersHaveCopies(@TempDir Path directory) throws Exception {
    try (EmbeddedBroker broker =
            EmbeddedBroker.start(BrokerSettings.in(directory.resolve("kafka")));
        Node node =
            new Node(
                directory,
                "a",
                broker.bootstrapServers(),
                Map.of("STEPSTREAM_COORDINATOR_STANDBYS", "1"))) {
      node.awaitReady();
      assertThat(members(broker)).isNotEmpty();

      node.terminate();
      node.ended(GRACE);

      assertThat(members(broker)).isEmpty();
    }
  }

  /** Of the lanes' groups and the view's, now: a static member stays for ten seconds. */
  private static List<MemberDescription> members(EmbeddedBroker broker) throws Exception {
    try (Admin admin =
        Admin.create(
            Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()))) {
      return admin
          .describeConsumerGroups(
              List.of("stepstream-standard", "stepstream-express", "stepstream-history-view"))
          .all()
          .get()
          .values()
          .stream()
          .flatMap(group -> group.members().stream())
          .toList();
    }
  }

  private static Node.Reply sync(Node node, String machine) throws Exception {
    return node.ask("StartSyncExecution", request().put("stateMachineArn", machine));
  }
}
