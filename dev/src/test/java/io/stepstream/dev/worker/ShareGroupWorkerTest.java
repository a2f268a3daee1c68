package io.stepstream.dev.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepstream.dev.worker.TaskDesk.Result;
import io.stepstream.schemas.TaskFailed;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.worker.StepstreamWorker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShareGroupWorkerTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir static Path directory;
  private static TaskDesk desk;

  @BeforeAll
  static void open() throws Exception {
    desk = TaskDesk.open(directory);
  }

  @AfterAll
  static void close() {
    desk.close();
  }

  private final String queue = desk.newName("queue");

  @Test
  void shouldKeepTaskOfSeveralLocksFromBeingDeliveredAgain() throws Exception {
    String inbox = desk.newInbox();
    desk.createQueue(queue);
    desk.configureGroup(queue, Map.of("share.record.lock.duration.ms", "1000"));
    AtomicInteger calls = new AtomicInteger();
    try (var one = slow(calls, Duration.ofMillis(3_500));
        var other = slow(calls, Duration.ofMillis(3_500))) {
      desk.place(queue, desk.order("long", "slow", inbox, "1").build());

      await().atMost(SOON).until(() -> desk.results(inbox).size() == 1);

      assertThat(one.completed() + other.completed()).isEqualTo(1);
      assertThat(calls).hasValue(1);
    }
  }

  private StepstreamWorker slow(AtomicInteger calls, Duration duration) {
    return desk.worker(queue)
        .handler(
            "slow",
            (input, _) -> {
              calls.incrementAndGet();
              Thread.sleep(duration);
              return input;
            })
        .build()
        .start();
  }

  @Test
  void shouldGiveTasksThatNeverStartedToAnotherWorkerWhenDrained() throws Exception {
    String inbox = desk.newInbox();
    desk.createQueue(queue);
    for (int i = 0; i < 3; i++) {
      desk.place(queue, 0, desk.order("e" + i, "work", inbox, "1").build());
    }
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    StepstreamWorker first =
        desk.worker(queue)
            .permits(1)
            .clientProperty("max.poll.records", "3")
            .handler(
                "work",
                (input, _) -> {
                  running.countDown();
                  finish.await();
                  return input;
                })
            .build()
            .start();
    running.await();
    Thread drain = Thread.startVirtualThread(() -> first.close(SOON));
    Queue<String> second = new ConcurrentLinkedQueue<>();
    try (var _ =
        desk.worker(queue)
            .handler(
                "work",
                (input, context) -> {
                  second.add(
                      context.executionArn().substring(TaskDesk.ARN.length())
                          + " delivery "
                          + context.deliveryCount());
                  return input;
                })
            .build()
            .start()) {
      await().atMost(SOON).until(() -> second.size() == 2);
      assertThat(drain.isAlive()).isTrue();
      finish.countDown();
      drain.join();

      await().atMost(SOON).until(() -> desk.results(inbox).size() == 3);
      assertThat(first.completed()).isEqualTo(1);
      assertThat(executions(desk.results(inbox))).containsExactlyInAnyOrder("e0", "e1", "e2");
    }
  }

  @Test
  void shouldFailTheTaskInsteadOfRunningItOnTheLastDelivery() throws Exception {
    String inbox = desk.newInbox();
    desk.createQueue(queue);
    desk.configureGroup(queue, Map.of("share.delivery.count.limit", "2"));
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch running = new CountDownLatch(1);
    desk.place(queue, desk.order("doomed", "work", inbox, "1").build());
    StepstreamWorker first =
        desk.worker(queue)
            .handler(
                "work",
                (input, _) -> {
                  calls.incrementAndGet();
                  running.countDown();
                  Thread.sleep(Duration.ofMinutes(1));
                  return input;
                })
            .build()
            .start();
    running.await();
    first.close(Duration.ZERO);

    try (var _ =
        desk.worker(queue)
            .function(
                "work",
                input -> {
                  calls.incrementAndGet();
                  return input;
                })
            .build()
            .start()) {
      await().atMost(SOON).until(() -> desk.results(inbox).size() == 1);
      TaskFailed failed = (TaskFailed) desk.results(inbox).getFirst().envelope().getBody();
      assertThat(failed.getError()).isEqualTo("Worker.DeliveryExhausted");
      assertThat(failed.getCause()).contains("'Work'", "2 times");
      assertThat(calls).hasValue(1);
    }
  }

  @Test
  void shouldGoOnWithShortTasksWhileLongOnesRun() throws Exception {
    String inbox = desk.newInbox();
    desk.createQueue(queue);
    CountDownLatch finish = new CountDownLatch(1);
    Set<String> longOnes = ConcurrentHashMap.newKeySet();
    try (var _ =
        desk.worker(queue)
            .handler(
                "long",
                (input, context) -> {
                  longOnes.add(context.executionArn());
                  finish.await();
                  return input;
                })
            .function("short", input -> input)
            .build()
            .start()) {
      for (int i = 0; i < 5; i++) {
        desk.place(queue, i % 4, desk.order("long" + i, "long", inbox, "1").build());
        int expected = i + 1;
        await().atMost(SOON).until(() -> longOnes.size() == expected);
      }
      long begun = System.nanoTime();
      for (int i = 0; i < 40; i++) {
        desk.place(queue, i % 4, desk.order("short" + i, "short", inbox, "1").build());
      }

      await().atMost(SOON).until(() -> desk.results(inbox).size() == 40);
      System.out.println(
          "SHORT AFTER " + Duration.ofNanos(System.nanoTime() - begun).toMillis() + " ms");
      finish.countDown();
      await().atMost(SOON).until(() -> desk.results(inbox).size() == 45);
    }
  }

  private static List<String> executions(List<Result> results) {
    return results.stream().map(result -> result.key().substring(TaskDesk.ARN.length())).toList();
  }

  @Test
  void shouldSendResultExactlyWhereTheOrderSays() throws Exception {
    String inbox = desk.newInbox();
    try (var _ = desk.worker(queue).function("echo", input -> input).build().start()) {
      desk.createQueue(queue);
      desk.place(
          queue, desk.order("e1", "echo", inbox, "{\"a\":1.50}").setInboxPartition(3).build());

      await().atMost(SOON).until(() -> desk.results(inbox).size() == 1);
      Result result = desk.results(inbox).getFirst();
      assertThat(result.partition()).isEqualTo(3);
      assertThat(result.key()).isEqualTo(TaskDesk.ARN + "e1");
      assertThat(result.envelope().getExecutionArn()).isEqualTo(TaskDesk.ARN + "e1");
      assertThat(result.envelope().getFrameId()).isEqualTo(7);
      assertThat(result.envelope().getEpoch()).isEqualTo(3);
      assertThat(Payloads.text(((TaskSucceeded) result.envelope().getBody()).getOutput()))
          .isEqualTo("{\"a\":1.50}");
    }
  }
}
