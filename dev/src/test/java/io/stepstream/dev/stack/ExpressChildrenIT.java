package io.stepstream.dev.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.dev.testkit.StepstreamProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.ExecutionListItem;
import software.amazon.awssdk.services.sfn.model.ExecutionRedriveStatus;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sfn.model.InvalidArnException;
import software.amazon.awssdk.services.sfn.model.ListExecutionsResponse;
import software.amazon.awssdk.services.sfn.model.MapRunListItem;
import software.amazon.awssdk.services.sfn.model.StateMachineType;
import software.amazon.awssdk.services.sfn.model.StateMachineTypeNotSupportedException;

/** Express children of a Map run by AWS's SDK, over a real Kafka. */
final class ExpressChildrenIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final String ROLE = "arn:aws:iam::000000000000:role/any";

  private static final int WELL = 20;
  private static final int FAILING = 4;

  /** Children do as their item says; one that waits does it for longer than the test looks. */
  private static final String MAP =
      """
      {"StartAt": "M", "States": {"M": {"Type": "Map", "End": true, "Label": "Each",
        "ToleratedFailurePercentage": 100,
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
          "StartAt": "Kind", "States": {
            "Kind": {"Type": "Choice", "Default": "Done", "Choices": [
              {"Variable": "$.do", "StringEquals": "fail", "Next": "Broken"},
              {"Variable": "$.do", "StringEquals": "wait", "Next": "Later"}]},
            "Broken": {"Type": "Fail", "Error": "Item.Broken", "Cause": "it was broken"},
            "Later": {"Type": "Wait", "Seconds": 25, "Next": "Done"},
            "Done": {"Type": "Pass", "Result": {"done": true}, "End": true}}}}}}\
      """;

  private static final String PASS =
      "{\"StartAt\": \"S\", \"States\": {\"S\": {\"Type\": \"Pass\", \"End\": true}}}";

  @Test
  void shouldListAndDescribeExpressChildrenOverARestart(@TempDir Path directory) throws Exception {
    Path data = directory.resolve("data");
    String mapRun;
    String waiting;
    try (StepstreamProcess first = StepstreamProcess.dev(directory, data);
        SfnClient client = client(first)) {
      String machine = create(client, "m", StateMachineType.STANDARD, MAP);
      String parent =
          client.startExecution(s -> s.stateMachineArn(machine).input(items())).executionArn();
      mapRun =
          Awaitility.await("a Map run")
              .atMost(PATIENCE)
              .until(
                  () -> client.listMapRuns(l -> l.executionArn(parent)).mapRuns(),
                  runs -> !runs.isEmpty())
              .stream()
              .map(MapRunListItem::mapRunArn)
              .findFirst()
              .orElseThrow();

      // by status
      assertThat(awaitChildren(client, mapRun, ExecutionStatus.SUCCEEDED, WELL))
          .allMatch(child -> child.stateMachineArn().endsWith(":stateMachine:m/Each"))
          .allMatch(child -> child.mapRunArn() != null && child.stopDate() != null);
      List<ExecutionListItem> failed =
          awaitChildren(client, mapRun, ExecutionStatus.FAILED, FAILING);
      waiting = awaitChildren(client, mapRun, ExecutionStatus.RUNNING, 1).getFirst().executionArn();

      // one that runs
      DescribeExecutionResponse running = client.describeExecution(d -> d.executionArn(waiting));
      assertThat(running.status()).isEqualTo(ExecutionStatus.RUNNING);
      assertThat(running.input()).isEqualTo("{\"n\":0,\"do\":\"wait\"}");
      assertThat(running.mapRunArn()).isEqualTo(mapRun);
      assertThat(running.name()).isEqualTo(waiting.substring(waiting.lastIndexOf(':') + 1));
      assertThat(running.stopDate()).isNull();
      assertThat(running.output()).isNull();

      // one that failed
      DescribeExecutionResponse bad =
          client.describeExecution(d -> d.executionArn(failed.getFirst().executionArn()));
      assertThat(bad.status()).isEqualTo(ExecutionStatus.FAILED);
      assertThat(bad.error()).isEqualTo("Item.Broken");
      assertThat(bad.cause()).isEqualTo("it was broken");
      assertThat(bad.input()).contains("\"do\":\"fail\"");
      assertThat(bad.redriveStatus()).isEqualTo(ExecutionRedriveStatus.REDRIVABLE_BY_MAP_RUN);

      pages(client, mapRun);
      refusals(client, machine, waiting);
      first.terminate();
      first.exitCode();
    }
    try (StepstreamProcess second = StepstreamProcess.dev(directory, data);
        SfnClient client = client(second)) {
      // then the index is there again, and hears what becomes of the one that ran
      awaitChildren(client, mapRun, ExecutionStatus.FAILED, FAILING);
      List<ExecutionListItem> ended =
          awaitChildren(client, mapRun, ExecutionStatus.SUCCEEDED, WELL + 1);
      assertThat(ended.getFirst().executionArn()).as("the latest").isEqualTo(waiting);
      DescribeExecutionResponse well = client.describeExecution(d -> d.executionArn(waiting));
      assertThat(well.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
      assertThat(well.input()).isEqualTo("{\"n\":0,\"do\":\"wait\"}");
      assertThat(well.output()).isEqualTo("{\"done\":true}");
      assertThat(well.stopDate()).isEqualTo(ended.getFirst().stopDate());
    }
  }

  private static void pages(SfnClient client, String mapRun) {
    List<String> arns = new ArrayList<>();
    String token = null;
    int pages = 0;
    do {
      String from = token;
      ListExecutionsResponse page =
          client.listExecutions(l -> l.mapRunArn(mapRun).maxResults(10).nextToken(from));
      assertThat(page.executions()).hasSizeLessThanOrEqualTo(10);
      page.executions().forEach(child -> arns.add(child.executionArn()));
      token = page.nextToken();
      pages++;
    } while (token != null);
    assertThat(pages).isEqualTo(3);
    assertThat(arns).hasSize(WELL + FAILING + 1).doesNotHaveDuplicates();
  }

  private static void refusals(SfnClient client, String machine, String child) {
    // of a child, what Express executions have not
    assertThatThrownBy(() -> client.getExecutionHistory(h -> h.executionArn(child)))
        .isInstanceOf(InvalidArnException.class);
    assertThatThrownBy(() -> client.stopExecution(s -> s.executionArn(child)))
        .isInstanceOf(InvalidArnException.class);
    // of a child that never was
    String unknown = child.substring(0, child.lastIndexOf(':') + 1) + "00000000-none";
    assertThatThrownBy(() -> client.describeExecution(d -> d.executionArn(unknown)))
        .isInstanceOf(ExecutionDoesNotExistException.class);
    // of an Express execution that no Map run has begun
    String express = create(client, "x", StateMachineType.EXPRESS, PASS);
    String alone = client.startExecution(s -> s.stateMachineArn(express)).executionArn();
    assertThatThrownBy(() -> client.describeExecution(d -> d.executionArn(alone)))
        .isInstanceOf(InvalidArnException.class)
        .hasMessageContaining("Resource type not valid in this context: express");
    assertThatThrownBy(() -> client.listExecutions(l -> l.stateMachineArn(express)))
        .isInstanceOf(StateMachineTypeNotSupportedException.class);
    // and the machine of the Map run has its own executions alone
    assertThat(client.listExecutions(l -> l.stateMachineArn(machine)).executions()).hasSize(1);
  }

  private static String items() {
    return IntStream.rangeClosed(0, WELL + FAILING)
        .mapToObj(
            n ->
                "{\"n\":%d,\"do\":\"%s\"}"
                    .formatted(n, n == 0 ? "wait" : n <= FAILING ? "fail" : "pass"))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static List<ExecutionListItem> awaitChildren(
      SfnClient client, String mapRun, ExecutionStatus status, int count) {
    return Awaitility.await(count + " " + status)
        .atMost(PATIENCE)
        .until(
            () -> client.listExecutions(l -> l.mapRunArn(mapRun).statusFilter(status)).executions(),
            children -> children.size() == count);
  }

  private static SfnClient client(StepstreamProcess process) {
    return SfnClient.builder()
        .endpointOverride(process.endpoint())
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
        .build();
  }

  private static String create(
      SfnClient client, String name, StateMachineType type, String definition) {
    return client
        .createStateMachine(c -> c.name(name).type(type).definition(definition).roleArn(ROLE))
        .stateMachineArn();
  }
}
