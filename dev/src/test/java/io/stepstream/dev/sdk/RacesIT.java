package io.stepstream.dev.sdk;

import static io.stepstream.dev.sdk.Sdk.awaitEnd;
import static io.stepstream.dev.sdk.Sdk.awaitHistory;
import static io.stepstream.dev.sdk.Sdk.create;
import static io.stepstream.dev.sdk.Sdk.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.dev.testkit.StepstreamProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionAlreadyExistsException;
import software.amazon.awssdk.services.sfn.model.ExecutionNotRedrivableException;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sfn.model.HistoryEvent;
import software.amazon.awssdk.services.sfn.model.HistoryEventType;
import software.amazon.awssdk.services.sfn.model.StartExecutionResponse;

/** Calls that contradict each other at the same moment, on a real broker. */
final class RacesIT {

  private static final int EXECUTIONS = 100;

  @TempDir static Path directory;
  private static StepstreamProcess dev;
  private static SfnClient sfn;

  @BeforeAll
  static void startStack() throws Exception {
    dev = StepstreamProcess.dev(directory, directory.resolve("data"));
    sfn = Sdk.client(dev.endpoint(), _ -> {});
  }

  @AfterAll
  static void stopStack() {
    sfn.close();
    dev.close();
  }

  @Test
  void shouldEndOnceWhetherStoppedOrCompleted() throws Exception {
    String machine =
        create(
            sfn,
            "completes",
            """
            {"StartAt":"W","States":{"W":{"Type":"Wait","TimestampPath":"$.at","End":true}}}\
            """);
    Instant at = Instant.now().plusSeconds(4).truncatedTo(ChronoUnit.SECONDS);
    List<String> arns = new ArrayList<>();
    for (int i = 0; i < EXECUTIONS; i++) {
      arns.add(start(sfn, machine, "{\"at\":\"" + at + "\"}"));
    }

    List<Instant> answers = new ArrayList<>();
    try (ScheduledExecutorService stops = Executors.newScheduledThreadPool(16)) {
      List<Future<Instant>> calls = new ArrayList<>();
      for (int i = 0; i < EXECUTIONS; i++) {
        String arn = arns.get(i);
        // From 200 ms before to 200 ms after what waits is to go on.
        Duration delay = Duration.between(Instant.now(), at).plusMillis(4L * i - 200);
        calls.add(
            stops.schedule(
                () -> sfn.stopExecution(r -> r.executionArn(arn)).stopDate(),
                delay.toMillis(),
                TimeUnit.MILLISECONDS));
      }
      for (Future<Instant> call : calls) {
        answers.add(call.get());
      }
    }

    Set<ExecutionStatus> statuses = new HashSet<>();
    for (int i = 0; i < EXECUTIONS; i++) {
      String arn = arns.get(i);
      DescribeExecutionResponse ended = sfn.describeExecution(r -> r.executionArn(arn));
      statuses.add(ended.status());
      assertThat(ended.stopDate()).isEqualTo(answers.get(i));
      assertThat(ends(awaitHistory(sfn, arn)))
          .containsExactly(
              ended.status() == ExecutionStatus.ABORTED
                  ? HistoryEventType.EXECUTION_ABORTED
                  : HistoryEventType.EXECUTION_SUCCEEDED);
    }
    assertThat(statuses)
        .as("there was a race")
        .containsExactlyInAnyOrder(ExecutionStatus.ABORTED, ExecutionStatus.SUCCEEDED);
  }

  @Test
  void shouldEndEachRunOnceWhetherRedrivenOrStopped() throws Exception {
    String machine =
        create(
            sfn,
            "fails",
            """
            {"StartAt":"F","States":{"F":{"Type":"Fail","Error":"Broken"}}}\
            """);
    for (int i = 0; i < 20; i++) {
      String arn = start(sfn, machine, "{}");
      awaitEnd(sfn, arn);

      List<Boolean> redriven =
          atOnce(
              List.of(
                  () -> redrive(arn),
                  () -> redrive(arn),
                  () -> {
                    sfn.stopExecution(r -> r.executionArn(arn));
                    return false;
                  }));

      int count = (int) redriven.stream().filter(accepted -> accepted).count();
      assertThat(count).isPositive();
      DescribeExecutionResponse ended =
          Awaitility.await()
              .atMost(Duration.ofMinutes(3))
              .until(() -> awaitEnd(sfn, arn), found -> found.redriveCount() == count);
      List<HistoryEvent> history =
          Awaitility.await()
              .atMost(Duration.ofMinutes(3))
              .until(() -> awaitHistory(sfn, arn), events -> ends(events).size() == count + 1);
      assertThat(history)
          .extracting(HistoryEvent::id)
          .containsExactlyElementsOf(LongStream.rangeClosed(1, history.size()).boxed().toList());
      assertThat(history)
          .filteredOn(event -> event.type() == HistoryEventType.EXECUTION_REDRIVEN)
          .hasSize(count);
      assertThat(history.getLast().type())
          .isEqualTo(
              ended.status() == ExecutionStatus.ABORTED
                  ? HistoryEventType.EXECUTION_ABORTED
                  : HistoryEventType.EXECUTION_FAILED);
    }
  }

  private static boolean redrive(String arn) {
    try {
      sfn.redriveExecution(r -> r.executionArn(arn));
      return true;
    } catch (ExecutionNotRedrivableException _) {
      return false;
    }
  }

  @Test
  void shouldStartOneExecutionOfAName() throws Exception {
    String machine =
        create(
            sfn,
            "waits",
            """
            {"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3600,"End":true}}}\
            """);

    List<Started> same =
        atOnce(IntStream.range(0, 32).mapToObj(_ -> starting(machine, "same", "{}")).toList());
    assertThat(same).hasSize(32).containsOnly(same.getFirst());
    assertThat(
            sfn.getExecutionHistory(r -> r.executionArn(same.getFirst().executionArn())).events())
        .extracting(HistoryEvent::type)
        .containsOnlyOnce(HistoryEventType.EXECUTION_STARTED);

    List<Boolean> accepted =
        atOnce(
            IntStream.range(0, 32)
                .<Callable<Boolean>>mapToObj(
                    i ->
                        () -> {
                          try {
                            starting(machine, "different", "{\"n\":" + i + "}").call();
                            return true;
                          } catch (ExecutionAlreadyExistsException _) {
                            return false;
                          }
                        })
                .toList());
    assertThat(accepted).containsOnlyOnce(true);
  }

  /** What a start answers, without the id of the request. */
  private record Started(String executionArn, Instant startDate) {}

  private static Callable<Started> starting(String machine, String name, String input) {
    return () -> {
      StartExecutionResponse started =
          sfn.startExecution(r -> r.stateMachineArn(machine).name(name).input(input));
      return new Started(started.executionArn(), started.startDate());
    };
  }

  private static <T> List<T> atOnce(List<Callable<T>> calls) throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(calls.size());
    List<T> answers = new ArrayList<>();
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<T>> together = new ArrayList<>();
      for (Callable<T> call : calls) {
        together.add(
            () -> {
              barrier.await();
              return call.call();
            });
      }
      for (Future<T> answer : pool.invokeAll(together)) {
        answers.add(answer.get());
      }
    }
    return answers;
  }

  private static List<HistoryEventType> ends(List<HistoryEvent> history) {
    return history.stream().filter(Sdk::isEnd).map(HistoryEvent::type).toList();
  }
}
