package io.stepstream.dev.stack;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.dev.broker.BrokerSettings;
import io.stepstream.dev.broker.EmbeddedBroker;
import io.stepstream.dev.testkit.CommittedRecords;
import io.stepstream.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;

/**
 * Three coordinators are stopped and started again one after the other, as at a release, while
 * clients of AWS's SDK go on calling.
 */
@Tag("slow")
@Timeout(value = 6, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RollingRestartIT {

  private static final String ROLE = "arn:aws:iam::123456789012:role/any";

  /** What Kubernetes leaves a pod by default. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  /** How much later than it asked for an execution may end. */
  private static final Duration LATEST = Duration.ofSeconds(15);

  /** Executions that are due at every moment of the restarts. */
  private static final int LONGEST_WAIT_SECONDS = 8;

  private static final int STARTERS = 2;
  private static final Duration BETWEEN_CALLS = Duration.ofMillis(300);

  private static final String WAITS =
      """
      {"StartAt":"W","States":{"W":{"Type":"Wait","SecondsPath":"$.seconds","End":true}}}\
      """;

  /** An execution that was started, with the seconds that it waits. */
  private record Started(String arn, int seconds) {}

  private final List<Started> started = new CopyOnWriteArrayList<>();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger attempts = new AtomicInteger();
  private volatile boolean over;

  @Test
  void shouldFailNoCallAndDelayNoExecution(@TempDir Path directory) throws Exception {
    try (EmbeddedBroker broker =
        EmbeddedBroker.start(BrokerSettings.in(directory.resolve("kafka")))) {
      List<Node> nodes = new ArrayList<>();
      try {
        for (String name : List.of("a", "b", "c")) {
          nodes.add(node(directory, name, broker));
          if (nodes.size() == 1) {
            nodes.getFirst().awaitReady(); // one provisions the topics
          }
        }
        nodes.forEach(Node::awaitReady);
        try (ReadyNodes service = new ReadyNodes(nodes);
            SfnClient sfn = client(service)) {
          String machine =
              sfn.createStateMachine(r -> r.name("waits").roleArn(ROLE).definition(WAITS))
                  .stateMachineArn();
          whileCalling(sfn, machine, () -> roll(nodes));
          Duration latest = latest(sfn);
          System.out.printf(
              "rolling restart: %d calls, %d attempts, %d executions, the latest %d ms late%n",
              calls.get(), attempts.get(), started.size(), latest.toMillis());

          assertThat(failures).isEmpty();
          assertThat(latest).isLessThanOrEqualTo(LATEST);
        }
        assertThat(completions(broker)).isEqualTo(onceEach());
      } finally {
        nodes.forEach(Node::close);
      }
    }
  }

  private static Node node(Path directory, String name, EmbeddedBroker broker) throws IOException {
    return new Node(
        directory,
        name,
        broker.bootstrapServers(),
        Map.of(
            "STEPSTREAM_COORDINATOR_STANDBYS", "1",
            "STEPSTREAM_COORDINATOR_INDEX_PAYLOADS", "false"));
  }

  /** With the SDK's standard retries, and nothing else of our own. */
  private SfnClient client(ReadyNodes service) {
    return SfnClient.builder()
        .endpointOverride(service.endpoint())
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
        .httpClientBuilder(Apache5HttpClient.builder().maxConnections(50))
        .overrideConfiguration(
            o -> o.retryStrategy(RetryMode.STANDARD).addExecutionInterceptor(countAttempts()))
        .build();
  }

  private ExecutionInterceptor countAttempts() {
    return new ExecutionInterceptor() {
      @Override
      public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes all) {
        attempts.incrementAndGet();
      }
    };
  }

  /** A node is stopped when those before it are ready again. */
  private void roll(List<Node> nodes) throws IOException {
    for (Node node : nodes) {
      int before = calls.get();
      node.terminate();
      node.ended(GRACE);
      node.start();
      node.awaitReady();
      awaitCalls(before + 20);
    }
  }

  private void awaitCalls(int reached) {
    Awaitility.await("calls").atMost(Node.PATIENCE).until(() -> calls.get() >= reached);
  }

  private interface Disturbance {
    void run() throws IOException;
  }

  private void whileCalling(SfnClient sfn, String machine, Disturbance disturbance)
      throws Exception {
    List<Future<?>> callers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int starter = 0; starter < STARTERS; starter++) {
        String prefix = "s" + starter + '-';
        callers.add(threads.submit(() -> repeat(turn -> start(sfn, machine, prefix + turn))));
      }
      callers.add(
          threads.submit(
              () ->
                  repeat(
                      _ -> {
                        Started one = any();
                        String status =
                            sfn.describeExecution(r -> r.executionArn(one.arn())).statusAsString();
                        if (!status.equals("RUNNING") && !status.equals("SUCCEEDED")) {
                          failures.add(one.arn() + " is " + status);
                        }
                      })));
      callers.add(
          threads.submit(
              () ->
                  repeat(
                      _ -> {
                        Started one = any();
                        if (sfn.getExecutionHistory(r -> r.executionArn(one.arn()))
                            .events()
                            .isEmpty()) {
                          failures.add(one.arn() + " has no history");
                        }
                      })));
      callers.add(
          threads.submit(
              () ->
                  repeat(_ -> sfn.listExecutions(r -> r.stateMachineArn(machine).maxResults(20)))));
      awaitCalls(40);
      try {
        disturbance.run();
      } finally {
        over = true;
      }
    }
    for (Future<?> caller : callers) {
      caller.get();
    }
  }

  private void start(SfnClient sfn, String machine, String name) {
    int seconds = 1 + ThreadLocalRandom.current().nextInt(LONGEST_WAIT_SECONDS);
    String arn =
        sfn.startExecution(
                r ->
                    r.stateMachineArn(machine)
                        .name(name)
                        .input("{\"seconds\":%d}".formatted(seconds)))
            .executionArn();
    started.add(new Started(arn, seconds));
  }

  /** One that has been started, the latest rather than others. */
  private Started any() {
    Awaitility.await("a start").atMost(Node.PATIENCE).until(() -> !started.isEmpty());
    int size = started.size();
    return started.get(size - 1 - ThreadLocalRandom.current().nextInt(Math.min(size, 40)));
  }

  private void repeat(IntConsumer call) {
    AtomicInteger turns = new AtomicInteger();
    Awaitility.await()
        .atMost(Duration.ofMinutes(5))
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(BETWEEN_CALLS)
        .until(
            () -> {
              try {
                calls.incrementAndGet();
                call.accept(turns.getAndIncrement());
              } catch (RuntimeException e) {
                failures.add(e.toString());
              }
              return over;
            });
  }

  /** How late the latest of all executions has ended, behind its start and what it waits. */
  private Duration latest(SfnClient sfn) {
    Duration latest = Duration.ZERO;
    for (Started one : started) {
      DescribeExecutionResponse ended =
          Awaitility.await(one.arn())
              .atMost(Node.PATIENCE)
              .pollInSameThread()
              .pollDelay(Duration.ZERO)
              .pollInterval(Duration.ofMillis(200))
              .until(
                  () -> sfn.describeExecution(r -> r.executionArn(one.arn())),
                  found -> found.status() != ExecutionStatus.RUNNING);
      assertThat(ended.status()).as(one.arn()).isEqualTo(ExecutionStatus.SUCCEEDED);
      Duration late =
          Duration.between(ended.startDate(), ended.stopDate()).minusSeconds(one.seconds());
      latest = late.compareTo(latest) > 0 ? late : latest;
    }
    return latest;
  }

  private static Map<String, Long> completions(EmbeddedBroker broker) {
    return CommittedRecords.all(broker.bootstrapServers(), Topics.COMPLETIONS).stream()
        .collect(
            Collectors.groupingBy(
                record -> new String(record.key(), UTF_8), Collectors.counting()));
  }

  private Map<String, Long> onceEach() {
    return started.stream().collect(Collectors.toMap(Started::arn, _ -> 1L));
  }
}
