package io.stepstream.dev.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepstream.schemas.TaskFailed;
import io.stepstream.worker.StepstreamWorker;
import io.stepstream.worker.TaskSourceKind;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ShareGroupWorkerTest extends WorkerContract {

  ShareGroupWorkerTest() {
    super(TaskSourceKind.SHARE_GROUP);
  }

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
    return worker()
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
  void shouldFailTheTaskInsteadOfRunningItOnTheLastDelivery() throws Exception {
    String inbox = desk.newInbox();
    desk.createQueue(queue);
    desk.configureGroup(queue, Map.of("share.delivery.count.limit", "2"));
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch running = new CountDownLatch(1);
    desk.place(queue, desk.order("doomed", "work", inbox, "1").build());
    StepstreamWorker first =
        worker()
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
        worker()
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
  void shouldGoOnWithShortTasksWhileLongOnesHoldItsConsumers() throws Exception {
    String inbox = desk.newInbox();
    desk.createQueue(queue);
    desk.configureGroup(queue, Map.of("share.record.lock.duration.ms", "2000"));
    CountDownLatch finish = new CountDownLatch(1);
    Queue<String> longOnes = new ConcurrentLinkedQueue<>();
    try (var _ =
        worker()
            // Two lanes will be held up, and the topic has four partitions: 2 * 4 + 1.
            .lanes(1, 9)
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
      for (int i = 0; i < 2; i++) {
        desk.place(queue, i, desk.order("long" + i, "long", inbox, "1").build());
        int expected = i + 1;
        await().atMost(SOON).until(() -> longOnes.size() == expected);
      }
      for (int i = 0; i < 40; i++) {
        desk.place(queue, i % 4, desk.order("short" + i, "short", inbox, "1").build());
      }

      await().atMost(SOON).until(() -> desk.results(inbox).size() == 40);
      finish.countDown();
      await().atMost(SOON).until(() -> desk.results(inbox).size() == 42);
      assertThat(longOnes).hasSize(2);
    }
  }
}
