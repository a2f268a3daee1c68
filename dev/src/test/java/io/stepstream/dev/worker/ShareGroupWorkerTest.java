package io.stepstream.dev.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepstream.schemas.TaskFailed;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.topic.DeadLetter;
import io.stepstream.schemas.topic.Topics;
import io.stepstream.worker.StepstreamWorker;
import io.stepstream.worker.TaskSourceKind;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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
  void shouldFailTheTaskAndPutTheOrderAsideThatNobodyHasAnsweredFiveTimes() throws Exception {
    String inbox = desk.newInbox();
    desk.createQueue(queue);
    int before = desk.records(Topics.DLQ).size();
    desk.place(queue, desk.order("doomed", "work", inbox, "1").build());
    for (int i = 1; i <= 5; i++) {
      desk.takeAndForget(queue, i);
    }
    AtomicInteger calls = new AtomicInteger();

    try (var _ = counting(calls)) {
      await()
          .atMost(SOON)
          .until(
              () ->
                  desk.results(inbox).size() == 1 && desk.records(Topics.DLQ).size() == before + 1);

      TaskFailed failed = (TaskFailed) desk.results(inbox).getFirst().envelope().getBody();
      assertThat(failed.getError()).isEqualTo("Worker.DeliveryExhausted");
      assertThat(failed.getCause()).contains("'Work'", "5 times");
      assertThat(calls).hasValue(0);
      ConsumerRecord<byte[], byte[]> letter = desk.records(Topics.DLQ).getLast();
      assertThat(letter.headers().lastHeader(DeadLetter.ANSWERED)).isNotNull();
      assertThat(new String(letter.headers().lastHeader(DeadLetter.TOPIC).value(), UTF_8))
          .isEqualTo(Topics.tasks(queue));
    }
  }

  /** The limit is what brokers below 4.3 allow: 3 runs, then the record is handed on. */
  @Test
  void shouldRunAnOrderThatItsRecordHasTooFewDeliveriesLeftFor() throws Exception {
    String inbox = desk.newInbox();
    desk.createQueue(queue);
    desk.configureGroup(queue, Map.of("share.delivery.count.limit", "5"));
    desk.place(queue, desk.order("unlucky", "work", inbox, "1").build());
    for (int i = 1; i <= 3; i++) {
      desk.takeAndForget(queue, i);
    }
    AtomicInteger calls = new AtomicInteger();

    try (var _ = counting(calls)) {
      await().atMost(SOON).until(() -> desk.results(inbox).size() == 1);

      assertThat(desk.results(inbox).getFirst().envelope().getBody())
          .isInstanceOf(TaskSucceeded.class);
      assertThat(calls).hasValue(1);
    }
  }

  private StepstreamWorker counting(AtomicInteger calls) {
    return worker()
        .function(
            "work",
            input -> {
              calls.incrementAndGet();
              return input;
            })
        .build()
        .start();
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
