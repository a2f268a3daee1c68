package io.stepstream.dev.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.dev.testkit.StepstreamProcess;
import io.stepstream.worker.StepstreamWorker;
import io.stepstream.worker.handler.TaskFailedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.DescribeMapRunResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionListItem;
import software.amazon.awssdk.services.sfn.model.ExecutionNotRedrivableException;
import software.amazon.awssdk.services.sfn.model.ExecutionRedriveFilter;
import software.amazon.awssdk.services.sfn.model.ExecutionRedriveStatus;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sfn.model.HistoryEvent;
import software.amazon.awssdk.services.sfn.model.HistoryEventType;
import software.amazon.awssdk.services.sfn.model.MapRunListItem;
import software.amazon.awssdk.services.sfn.model.MapRunStatus;

/** Redrives by AWS's SDK, over a real Kafka. */
final class RedriveIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final String TASK =
      """
      {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:%s", "End": true%s}\
      """;

  private static final String ONE_TASK = "{\"StartAt\": \"T\", \"States\": {\"T\": %s}}";

  @Test
  void shouldRedriveWhatHasFailed(@TempDir Path directory) throws Exception {
    AtomicInteger attempts = new AtomicInteger();
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
                .build();
        SfnClient client = client(process)) {
      worker.start();
      awaitRoutes(client);
      taskThatFailsTwice(client);
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

  private static final int ITEMS = 300;

  /** One of so many items fails before the kill. */
  private static final int FAILING = 50;

  @Test
  @Tag("slow")
  void shouldLetAMapRunGoOnAfterAKill(@TempDir Path directory) throws Exception {
    Path data = directory.resolve("data");
    Map<Integer, AtomicInteger> calls = new ConcurrentHashMap<>();
    String arn;
    String mapRunArn;
    Set<Integer> succeeded;
    try (StepstreamProcess first = StepstreamProcess.dev(directory, data);
        StepstreamWorker worker = items(first, calls, true);
        SfnClient client = client(first)) {
      // given a Map run of which some items have succeeded, and some have failed
      worker.start();
      awaitRoutes(client);
      String definition =
          """
          {"StartAt": "M", "States": {"M": {"Type": "Map", "End": true, "MaxConcurrency": 40,
            "ToleratedFailureCount": 3,
            "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
              "StartAt": "T", "States": {"T": %s}}}}}\
          """
              .formatted(TASK.formatted("item", ""));
      arn = start(client, "map", definition, numbers());
      DescribeExecutionResponse failed = awaitEnd(client, arn);
      assertThat(failed.status()).isEqualTo(ExecutionStatus.FAILED);
      assertThat(failed.error()).isEqualTo("States.ExceedToleratedFailureThreshold");
      mapRunArn = client.listMapRuns(l -> l.executionArn(arn)).mapRuns().getFirst().mapRunArn();
      DescribeMapRunResponse run = client.describeMapRun(d -> d.mapRunArn(mapRunArn));
      assertThat(run.status()).isEqualTo(MapRunStatus.FAILED);
      assertThat(run.executionCounts().failed()).isGreaterThan(3);
      assertThat(run.executionCounts().failuresNotRedrivable()).isZero();
      succeeded =
          Awaitility.await("the index tells of successes")
              .atMost(PATIENCE)
              .until(() -> succeededItems(client, mapRunArn), items -> !items.isEmpty());

      // when the coordinator is killed
      first.kill();
    }
    int before = calls.values().stream().mapToInt(AtomicInteger::get).sum();
    assertThat(before).isLessThan(ITEMS);
    Map<Integer, Integer> callsOfSucceeded =
        succeeded.stream().collect(Collectors.toMap(i -> i, i -> calls.get(i).get()));
    try (StepstreamProcess second = StepstreamProcess.dev(directory, data);
        StepstreamWorker worker = items(second, calls, false);
        SfnClient client = client(second)) {
      worker.start();
      awaitRoutes(client);
      DescribeExecutionResponse ofChild =
          client.describeExecution(
              d ->
                  d.executionArn(
                      Awaitility.await("the index is there again")
                          .atMost(PATIENCE)
                          .until(
                              () -> children(client, mapRunArn, ExecutionStatus.FAILED),
                              found -> !found.isEmpty())
                          .getFirst()
                          .executionArn()));
      assertThat(ofChild.redriveStatus()).isEqualTo(ExecutionRedriveStatus.REDRIVABLE_BY_MAP_RUN);
      var ofMap =
          client.describeStateMachineForExecution(d -> d.executionArn(ofChild.executionArn()));
      assertThat(ofMap.stateMachineArn()).isEqualTo(ofChild.stateMachineArn());
      assertThat(ofMap.mapRunArn()).isEqualTo(mapRunArn);
      assertThat(mapRunArn).contains(":mapRun:map/" + ofMap.label() + ":");
      assertThat(ofMap.definition()).startsWith("{\"ProcessorConfig\"").contains("\"T\"");

      // and it is redriven
      client.redriveExecution(r -> r.executionArn(arn));
      DescribeExecutionResponse ended = awaitEnd(client, arn);

      // then the same Map run has done all items, and none again that had succeeded
      assertThat(ended.status()).as("%s", ended).isEqualTo(ExecutionStatus.SUCCEEDED);
      assertThat(ended.output()).isEqualTo(numbers());
      callsOfSucceeded.forEach(
          (item, count) -> assertThat(calls.get(item)).as("calls of %s", item).hasValue(count));
      assertThat(calls).hasSize(ITEMS);
      assertThat(client.listMapRuns(l -> l.executionArn(arn)).mapRuns())
          .extracting(MapRunListItem::mapRunArn)
          .containsExactly(mapRunArn);
      DescribeMapRunResponse run = client.describeMapRun(d -> d.mapRunArn(mapRunArn));
      assertThat(run.status()).isEqualTo(MapRunStatus.SUCCEEDED);
      assertThat(run.redriveCount()).isEqualTo(1);
      assertThat(run.redriveDate()).isNotNull();
      assertThat(run.executionCounts().succeeded()).isEqualTo(ITEMS);
      assertThat(history(client, arn))
          .filteredOn(event -> event.type() == HistoryEventType.MAP_RUN_REDRIVEN)
          .singleElement()
          .satisfies(
              event -> {
                assertThat(event.mapRunRedrivenEventDetails().mapRunArn()).isEqualTo(mapRunArn);
                assertThat(event.mapRunRedrivenEventDetails().redriveCount()).isEqualTo(1);
              });
      assertThat(history(client, ofChild.executionArn()))
          .extracting(HistoryEvent::type)
          .contains(HistoryEventType.EXECUTION_REDRIVEN, HistoryEventType.EXECUTION_SUCCEEDED);
    }
  }

  private static String numbers() {
    return IntStream.range(0, ITEMS)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static StepstreamWorker items(
      StepstreamProcess process, Map<Integer, AtomicInteger> calls, boolean flaky) {
    return StepstreamWorker.builder()
        .bootstrapServers(process.bootstrapServers())
        .queues("redrive")
        .function("probe", input -> input)
        .function(
            "item",
            input -> {
              int item = input.asInt();
              calls.computeIfAbsent(item, _ -> new AtomicInteger()).incrementAndGet();
              if (flaky && item % FAILING == FAILING / 2) {
                throw new TaskFailedException("Flaky", "item " + item);
              }
              return input;
            })
        .build();
  }

  private static List<ExecutionListItem> children(
      SfnClient client, String mapRunArn, ExecutionStatus status) {
    return client
        .listExecutionsPaginator(l -> l.mapRunArn(mapRunArn).statusFilter(status))
        .executions()
        .stream()
        .toList();
  }

  private static Set<Integer> succeededItems(SfnClient client, String mapRunArn) {
    return children(client, mapRunArn, ExecutionStatus.SUCCEEDED).stream()
        .map(child -> client.describeExecution(d -> d.executionArn(child.executionArn())))
        .map(child -> Integer.valueOf(child.output()))
        .collect(Collectors.toSet());
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
