package io.stepstream.dev.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.dev.testkit.StepstreamProcess;
import io.stepstream.worker.StepstreamWorker;
import io.stepstream.worker.handler.TaskFailedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionListItem;
import software.amazon.awssdk.services.sfn.model.ExecutionNotRedrivableException;
import software.amazon.awssdk.services.sfn.model.ExecutionRedriveFilter;
import software.amazon.awssdk.services.sfn.model.ExecutionRedriveStatus;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sfn.model.HistoryEvent;
import software.amazon.awssdk.services.sfn.model.HistoryEventType;

/** Redrives by AWS's SDK, over a real Kafka. */
final class RedriveIT {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final String TASK =
      """
      {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:%s", "End": true%s}\
      """;

  private static final String ONE_TASK = "{\"StartAt\": \"T\", \"States\": {\"T\": %s}}";

  @Test
  void shouldRedriveWhatHasFailed(@TempDir Path directory) throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    AtomicInteger ofItem3 = new AtomicInteger();
    try (StepstreamProcess process = StepstreamProcess.dev(directory, directory.resolve("data"));
        StepstreamWorker worker =
            StepstreamWorker.builder()
                .bootstrapServers(process.bootstrapServers())
                .queues("redrive")
                .function("probe", input -> input)
                .function(
                    "flaky",
                    input -> {
                      if (attempts.incrementAndGet() <= 2) {
                        throw new TaskFailedException("Flaky", "attempt " + attempts);
                      }
                      return input;
                    })
                .function(
                    "item",
                    input -> {
                      if (input.asInt() == 3 && ofItem3.incrementAndGet() == 1) {
                        throw new TaskFailedException("Flaky", "item 3");
                      }
                      return input;
                    })
                .build();
        SfnClient client = client(process)) {
      worker.start();
      awaitRoutes(client);
      taskThatFailsTwice(client);
      distributedMap(client);
    }
  }

  private static void taskThatFailsTwice(SfnClient client) {
    String retry =
        ", \"Retry\": [{\"ErrorEquals\": [\"Flaky\"], \"IntervalSeconds\": 1, \"MaxAttempts\": 1}]";
    String arn =
        start(client, "flaky", ONE_TASK.formatted(TASK.formatted("flaky", retry)), "{\"n\":1}");
    DescribeExecutionResponse failed = awaitEnd(client, arn);
    assertThat(failed.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(failed.redriveStatus()).isEqualTo(ExecutionRedriveStatus.REDRIVABLE);
    assertThat(failed.redriveCount()).isZero();

    var redriven = client.redriveExecution(r -> r.executionArn(arn));
    DescribeExecutionResponse ended = awaitEnd(client, arn);

    assertThat(ended.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(ended.output()).isEqualTo("{\"n\":1}");
    assertThat(ended.redriveCount()).isEqualTo(1);
    assertThat(ended.redriveDate()).isEqualTo(redriven.redriveDate());
    assertThat(ended.redriveStatus()).isEqualTo(ExecutionRedriveStatus.NOT_REDRIVABLE);
    List<HistoryEvent> history = history(client, arn);
    assertThat(history)
        .extracting(HistoryEvent::id)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, history.size()).boxed().toList());
    assertThat(history)
        .extracting(HistoryEvent::type)
        .containsSubsequence(
            HistoryEventType.LAMBDA_FUNCTION_FAILED,
            HistoryEventType.LAMBDA_FUNCTION_FAILED,
            HistoryEventType.EXECUTION_FAILED,
            HistoryEventType.EXECUTION_REDRIVEN,
            HistoryEventType.LAMBDA_FUNCTION_SUCCEEDED,
            HistoryEventType.EXECUTION_SUCCEEDED);
    assertThat(history)
        .filteredOn(event -> event.type() == HistoryEventType.EXECUTION_REDRIVEN)
        .singleElement()
        .satisfies(
            event -> assertThat(event.executionRedrivenEventDetails().redriveCount()).isEqualTo(1));
    assertThatThrownBy(() -> client.redriveExecution(r -> r.executionArn(arn)))
        .isInstanceOf(ExecutionNotRedrivableException.class)
        .hasMessageContaining("Execution is SUCCEEDED and cannot be redriven");
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        client
                            .listExecutions(
                                l ->
                                    l.stateMachineArn(ended.stateMachineArn())
                                        .redriveFilter(ExecutionRedriveFilter.REDRIVEN))
                            .executions())
                    .extracting(ExecutionListItem::executionArn, ExecutionListItem::status)
                    .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(arn, ExecutionStatus.SUCCEEDED)));
  }

  private static void distributedMap(SfnClient client) {
    String definition =
        """
        {"StartAt": "M", "States": {"M": {"Type": "Map", "End": true,
          "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "T", "States": {"T": %s}}}}}\
        """
            .formatted(TASK.formatted("item", ""));
    String arn = start(client, "map", definition, "[1,2,3,4]");
    assertThat(awaitEnd(client, arn).status()).isEqualTo(ExecutionStatus.FAILED);

    client.redriveExecution(r -> r.executionArn(arn));
    DescribeExecutionResponse ended = awaitEnd(client, arn);

    assertThat(ended.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(ended.output()).isEqualTo("[1,2,3,4]");
  }

  // ------------------------------------------------------------------ by the SDK

  private static SfnClient client(StepstreamProcess process) {
    return SfnClient.builder()
        .endpointOverride(process.endpoint())
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
        .build();
  }

  /** One announcement tells of all functions: when one is reached, all are. */
  private static void awaitRoutes(SfnClient client) {
    String definition = ONE_TASK.formatted(TASK.formatted("probe", ""));
    String machine = create(client, "probe", definition);
    Awaitility.await("routes")
        .atMost(PATIENCE)
        .until(
            () ->
                awaitEnd(client, start(client, machine, "1")).status()
                    == ExecutionStatus.SUCCEEDED);
  }

  private static String create(SfnClient client, String name, String definition) {
    return client
        .createStateMachine(
            c -> c.name(name).definition(definition).roleArn("arn:aws:iam::000000000000:role/any"))
        .stateMachineArn();
  }

  private static String start(SfnClient client, String name, String definition, String input) {
    return start(client, create(client, name, definition), input);
  }

  private static String start(SfnClient client, String machineArn, String input) {
    return client.startExecution(s -> s.stateMachineArn(machineArn).input(input)).executionArn();
  }

  private static DescribeExecutionResponse awaitEnd(SfnClient client, String arn) {
    return Awaitility.await(arn)
        .atMost(PATIENCE)
        .until(
            () -> client.describeExecution(d -> d.executionArn(arn)),
            described -> described.status() != ExecutionStatus.RUNNING);
  }

  private static List<HistoryEvent> history(SfnClient client, String arn) {
    return client.getExecutionHistoryPaginator(h -> h.executionArn(arn)).events().stream().toList();
  }
}
