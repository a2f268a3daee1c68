package io.stepstream.dev.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.dev.testkit.WorkerProcess;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.worker.StepstreamWorker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM of a worker in a process of its own. */
final class WorkerStopIT {

  private static final Duration SOON = Duration.ofMinutes(3);

  /** Well before the locks of orders that nobody gives back expire. */
  private static final Duration AT_ONCE = Duration.ofSeconds(12);

  @Test
  void shouldFinishWhatRunsAndGiveBackTheRest(@TempDir Path directory) throws Exception {
    try (TaskDesk desk = TaskDesk.open(directory.resolve("kafka"))) {
      String inbox = desk.newInbox();
      desk.createQueue(WorkerProcess.QUEUE);
      for (int i = 0; i < 3; i++) {
        desk.place(
            WorkerProcess.QUEUE, 0, desk.order("e" + i, WorkerProcess.NAP, inbox, "2000").build());
      }
      try (WorkerProcess worker =
          WorkerProcess.start(directory, desk.bootstrapServers(), 1, Duration.ofSeconds(20))) {
        await().atMost(SOON).until(() -> worker.out().contains("begun"));

        assertThat(worker.terminate(AT_ONCE)).isZero();

        assertThat(worker.out()).containsOnlyOnce("begun");
      }
      await().atMost(SOON).until(() -> desk.results(inbox).size() == 1);
      assertThat(desk.results(inbox).getFirst().envelope().getBody())
          .isInstanceOf(TaskSucceeded.class);

      Queue<String> run = new ConcurrentLinkedQueue<>();
      try (var _ = another(desk, WorkerProcess.NAP, run)) {
        await().atMost(AT_ONCE).until(() -> desk.results(inbox).size() == 3);
      }
      assertThat(run).as("what was given back").hasSize(2);
    }
  }

  @Test
  void shouldGiveBackWhatStillRunsWhenItsTimeIsUp(@TempDir Path directory) throws Exception {
    try (TaskDesk desk = TaskDesk.open(directory.resolve("kafka"))) {
      String inbox = desk.newInbox();
      desk.createQueue(WorkerProcess.QUEUE);
      desk.place(WorkerProcess.QUEUE, desk.order("e1", WorkerProcess.SLOW, inbox, "1").build());
      try (WorkerProcess worker =
          WorkerProcess.start(directory, desk.bootstrapServers(), 1, Duration.ofSeconds(1))) {
        await().atMost(SOON).until(() -> worker.out().contains("begun"));

        assertThat(worker.terminate(AT_ONCE)).isZero();

        assertThat(worker.out()).contains("interrupted");
      }
      assertThat(desk.results(inbox)).isEmpty();

      Queue<String> run = new ConcurrentLinkedQueue<>();
      try (var _ = another(desk, WorkerProcess.SLOW, run)) {
        await().atMost(AT_ONCE).until(() -> desk.results(inbox).size() == 1);
      }
      assertThat(run).hasSize(1);
    }
  }

  private static StepstreamWorker another(TaskDesk desk, String function, Queue<String> run) {
    return StepstreamWorker.builder()
        .bootstrapServers(desk.bootstrapServers())
        .queues(WorkerProcess.QUEUE)
        .handler(
            function,
            (JsonNode input, io.stepstream.worker.handler.TaskContext context) -> {
              run.add(context.executionArn());
              return input;
            })
        .build()
        .start();
  }
}
