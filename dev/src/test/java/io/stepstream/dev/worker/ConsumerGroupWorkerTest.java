package io.stepstream.dev.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepstream.worker.TaskSourceKind;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class ConsumerGroupWorkerTest extends WorkerContract {

  ConsumerGroupWorkerTest() {
    super(TaskSourceKind.CONSUMER_GROUP);
  }

  @Test
  void shouldRepeatAllFromTheFirstUnfinishedTaskOfAPartitionWhenAWorkerGivesUp() throws Exception {
    String inbox = desk.newInbox();
    desk.createQueue(queue);
    desk.place(queue, 0, desk.order("e0", "work", inbox, "1").build());
    desk.place(queue, 0, desk.order("stuck", "stuck", inbox, "1").build());
    desk.place(queue, 0, desk.order("e2", "work", inbox, "1").build());
    CountDownLatch stuck = new CountDownLatch(1);
    try (var first =
        worker()
            .function("work", input -> input)
            .handler(
                "stuck",
                (input, _) -> {
                  stuck.countDown();
                  Thread.sleep(Duration.ofMinutes(1));
                  return input;
                })
            .build()
            .start()) {
      stuck.await();
      await().atMost(SOON).until(() -> desk.results(inbox).size() == 2);
      first.close(Duration.ZERO);
    }
    Queue<String> again = new ConcurrentLinkedQueue<>();
    try (var _ =
        worker()
            .handler("work", (input, context) -> note(again, context.executionArn(), input))
            .handler("stuck", (input, context) -> note(again, context.executionArn(), input))
            .build()
            .start()) {

      await().atMost(SOON).until(() -> desk.results(inbox).size() == 4);

      assertThat(again).containsExactlyInAnyOrder(TaskDesk.ARN + "stuck", TaskDesk.ARN + "e2");
    }
  }

  private static <T> T note(Queue<String> notes, String note, T result) {
    notes.add(note);
    return result;
  }

  @Test
  void shouldGoOnWithLaterTasksOfAPartitionWhileAnEarlierOneRuns() throws Exception {
    String inbox = desk.newInbox();
    desk.createQueue(queue);
    CountDownLatch finish = new CountDownLatch(1);
    desk.place(queue, 0, desk.order("long", "long", inbox, "1").build());
    for (int i = 0; i < 20; i++) {
      desk.place(queue, 0, desk.order("short" + i, "short", inbox, "1").build());
    }
    try (var _ =
        worker()
            .handler(
                "long",
                (input, _) -> {
                  finish.await();
                  return input;
                })
            .function("short", input -> input)
            .build()
            .start()) {

      await().atMost(SOON).until(() -> desk.results(inbox).size() == 20);

      finish.countDown();
      await().atMost(SOON).until(() -> desk.results(inbox).size() == 21);
      assertThat(executions(desk.results(inbox)).getLast()).isEqualTo("long");
    }
  }
}
