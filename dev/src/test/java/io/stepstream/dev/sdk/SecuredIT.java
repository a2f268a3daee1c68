package io.stepstream.dev.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.stepstream.dev.broker.BrokerSettings;
import io.stepstream.dev.broker.EmbeddedBroker;
import io.stepstream.dev.testkit.CommittedRecords;
import io.stepstream.dev.testkit.Coordinator;
import io.stepstream.dev.testkit.StepstreamProcess;
import io.stepstream.schemas.AuditEvent;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.topic.Topics;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sfn.model.SfnException;

/** Two nodes with authentication, and AWS's client, which signs for the one that it calls. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SecuredIT {

  private static final String SECRET = "a test's secret of some length";
  private static final String PARENT_ROLE = "arn:aws:iam::000000000000:role/parent";
  private static final String PASS =
      "{\"StartAt\":\"P\",\"States\":{\"P\":{\"Type\":\"Pass\",\"End\":true}}}";

  @Test
  void shouldServeWhoMayAtAnyNodeAndTellOfIt(@TempDir Path directory) throws Exception {
    Map<String, String> security =
        Map.of(
            "STEPSTREAM_SECURITY_ACCESS_KEYS_FILE",
            file(
                directory,
                "access-keys.json",
                "{\"accessKeys\":[{\"accessKeyId\":\"SSAKADA\",\"secretAccessKey\":\"%s\",\"user\":\"ada\"},"
                        .formatted(SECRET)
                    + "{\"accessKeyId\":\"SSAKBOB\",\"secretAccessKey\":\"%s\",\"user\":\"bob\"}]}"
                        .formatted(SECRET)),
            "STEPSTREAM_SECURITY_POLICIES_FILE",
            file(
                directory,
                "policies.json",
                """
                {"users": {
                   "ada": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
                   "bob": [{"Effect": "Allow", "Action": "states:Describe*", "Resource": "*:execution:one:*"}]},
                 "roles": {"%s": [
                   {"Effect": "Allow", "Action": "states:StartExecution", "Resource": "*:stateMachine:one"}]}}
                """
                    .formatted(PARENT_ROLE)),
            "STEPSTREAM_SECURITY_NODE_KEYS_FILE",
            file(directory, "node.keys", "k".repeat(64)));
    try (EmbeddedBroker broker =
            EmbeddedBroker.start(BrokerSettings.in(directory.resolve("kafka")));
        Coordinator a = Coordinator.start(directory, "a", broker.bootstrapServers(), security)) {
      a.awaitReady();
      try (Coordinator b = Coordinator.start(directory, "b", broker.bootstrapServers(), security);
          SfnClient adaAtA = client(a, "SSAKADA", SECRET);
          SfnClient adaAtB = client(b, "SSAKADA", SECRET);
          SfnClient bobAtB = client(b, "SSAKBOB", SECRET);
          SfnClient forger = client(b, "SSAKADA", "another secret altogether")) {
        b.awaitReady();

        // Whichever node has an execution's history, the other one hands the call on.
        String machine = Sdk.create(adaAtA, "one", PASS);
        List<String> executions = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
          executions.add(Sdk.start(adaAtA, machine, "{}"));
        }
        for (String execution : executions) {
          assertThat(Sdk.awaitEnd(adaAtA, execution).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
          assertThat(Sdk.awaitHistory(adaAtB, execution)).isNotEmpty();
          assertThat(bobAtB.describeExecution(r -> r.executionArn(execution)).name()).isNotEmpty();
          assertCode(
              () -> bobAtB.getExecutionHistory(r -> r.executionArn(execution)),
              "AccessDeniedException");
        }
        assertCode(
            () -> bobAtB.startExecution(r -> r.stateMachineArn(machine)), "AccessDeniedException");
        assertCode(forger::listStateMachines, "InvalidSignatureException");

        // A machine starts what its role may, and nothing else.
        String other = Sdk.create(adaAtA, "other", PASS);
        assertThat(nested(adaAtA, "may", machine).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
        assertThat(nested(adaAtA, "may-not", other).error())
            .isEqualTo("StepFunctions.AccessDeniedException");

        assertAudited(broker.bootstrapServers());
      }
    }
  }

  private static DescribeExecutionResponse nested(SfnClient sfn, String name, String child) {
    String parent =
        sfn.createStateMachine(
                r ->
                    r.name(name)
                        .roleArn(PARENT_ROLE)
                        .definition(
                            """
                            {"StartAt": "T", "States": {"T": {"Type": "Task", "End": true,
                             "Resource": "arn:aws:states:::states:startExecution.sync:2",
                             "Parameters": {"StateMachineArn": "%s"}}}}
                            """
                                .formatted(child)))
            .stateMachineArn();
    return Sdk.awaitEnd(sfn, Sdk.start(sfn, parent, "{}"));
  }

  /** 4 machines and 14 starts that were made; 13 calls that bob may not make, and a forged one. */
  private static void assertAudited(String bootstrapServers) {
    List<String> events =
        await()
            .atMost(Duration.ofMinutes(3))
            .until(() -> audited(bootstrapServers), read -> read.size() >= 4 + 14 + 13 + 1);

    assertThat(events).filteredOn("CreateStateMachine ada null"::equals).hasSize(4);
    assertThat(events).filteredOn("StartExecution ada null"::equals).hasSize(14);
    assertThat(events)
        .filteredOn("GetExecutionHistory bob AccessDeniedException"::equals)
        .hasSize(12);
    assertThat(events).contains("StartExecution bob AccessDeniedException");
    assertThat(events).contains("ListStateMachines null InvalidSignatureException");
    assertThat(events).hasSize(32);
  }

  /** Without those of calls that were told to come back, which the client made again. */
  private static List<String> audited(String bootstrapServers) {
    WireCodec<AuditEvent> codec =
        WireCodec.forTopic(AuditEvent.class, Topics.AUDIT, SchemaRegistry.bundled());
    List<String> events = new ArrayList<>();
    for (var record : CommittedRecords.all(bootstrapServers, Topics.AUDIT)) {
      if (codec.decode(record.value()) instanceof Decoded.Read<AuditEvent>(AuditEvent event)
          && !"ServiceUnavailable".equals(event.getErrorCode())) {
        events.add(
            event.getEventName()
                + ' '
                + event.getUserIdentity().getUserName()
                + ' '
                + event.getErrorCode());
      }
    }
    return events;
  }

  @Test
  void shouldNotListenWhereOthersReachWithoutAuthentication(@TempDir Path directory)
      throws Exception {
    try (StepstreamProcess process =
        StepstreamProcess.coordinator(
            directory, freePort(), Map.of("QUARKUS_HTTP_HOST", "0.0.0.0"))) {
      assertThat(process.exitCode()).isNotZero();
      assertThat(process.out() + process.err())
          .contains("quarkus.http.host is 0.0.0.0")
          .contains("stepstream.security.access-keys-file");
    }
  }

  private static void assertCode(Runnable call, String code) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            SfnException.class, e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code));
  }

  private static SfnClient client(Coordinator node, String id, String secret) {
    return Sdk.client(node.endpoint(), AwsBasicCredentials.create(id, secret), _ -> {});
  }

  private static String file(Path directory, String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content).toString();
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }
}
