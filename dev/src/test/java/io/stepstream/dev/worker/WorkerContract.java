package io.stepstream.dev.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepstream.dev.worker.TaskDesk.Result;
import io.stepstream.schemas.TaskFailed;
import io.stepstream.schemas.TaskHeartbeat;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.topic.DeadLetter;
import io.stepstream.schemas.topic.Topics;
import io.stepstream.worker.StepstreamWorker;
import io.stepstream.worker.TaskSourceKind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds however a worker acquires its orders. */
abstract class WorkerContract {

  static final Duration SOON = Duration.ofMinutes(3);

  @TempDir static Path directory;
  static TaskDesk desk;

  @BeforeAll
  static void open() throws Exception {
    desk = TaskDesk.open(directory);
  }

  @AfterAll
  static void close() {
    desk.close();
  }

  final String queue = desk.newName("queue");

  private final TaskSourceKind kind;

  WorkerContract(TaskSourceKind kind) {
    this.kind = kind;
  }

  StepstreamWorker.Builder worker() {
    return desk.worker(queue).source(kind);
  }

  static List<String> executions(List<Result> results) {
    return results.stream().map(result -> result.key().substring(TaskDesk.ARN.length())).toList();
  }

  @Test
  void shouldSendResultExactlyWhereTheOrderSays() throws Exception {
    String inbox = desk.newInbox();
    desk.createQueue(queue);
    desk.place(queue, desk.order("e1", "echo", inbox, "{\"a\":1.50}").setInboxPartition(3).build());
    try (var _ = worker().function("echo", input -> input).build().start()) {

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

  @Test
  void shouldNeverSeeOrdersOfAbortedTransactions() throws Exception {
    String inbox = desk.newInbox();
    desk.createQueue(queue);
    Queue<String> ran = new ConcurrentLinkedQueue<>();
    desk.placeAndAbort(queue, desk.order("aborted", "work", inbox, "1").build());
    for (int partition = 0; partition < 4; partition++) {
      desk.place(queue, partition, desk.order("placed" + partition, "work", inbox, "1").build());
    }
    try (var _ =
        worker()
            .handler(
                "work",
                (input, context) -> {
                  ran.add(context.executionArn());
                  return input;
                })
            .build()
            .start()) {

      await().atMost(SOON).until(() -> desk.results(inbox).size() == 4);

      assertThat(ran).doesNotContain(TaskDesk.ARN + "aborted").hasSize(4);
    }
  }

  @Test
  void shouldPutPoisonAsideAndGoOn() throws Exception {
    String inbox = desk.newInbox();
    desk.createQueue(queue);
    int before = desk.records(Topics.DLQ).size();
    byte[] garbage = "garbage".getBytes(StandardCharsets.UTF_8);
    byte[] unknownSchema = ByteBuffer.allocate(9).put((byte) 0).putInt(99_999_999).array();
    desk.placeBytes(queue, new byte[] {1, 2}, garbage);
    desk.placeBytes(queue, new byte[] {3}, unknownSchema);
    desk.place(queue, desk.order("lost", "echo", inbox, "1").setInboxPartition(99).build());
    desk.place(queue, desk.order("fine", "echo", inbox, "1").build());
    try (var _ = worker().function("echo", input -> input).build().start()) {

      await()
          .atMost(SOON)
          .until(
              () ->
                  desk.records(Topics.DLQ).size() == before + 3 && desk.results(inbox).size() == 1);

      assertThat(executions(desk.results(inbox))).containsExactly("fine");
      List<ConsumerRecord<byte[], byte[]>> letters =
          desk.records(Topics.DLQ).subList(before, before + 3);
      assertThat(letters)
          .allSatisfy(
              letter -> {
                assertThat(header(letter, DeadLetter.TOPIC)).isEqualTo(Topics.tasks(queue));
                assertThat(header(letter, DeadLetter.COMPONENT)).isEqualTo("worker");
              });
      assertThat(letters)
          .anySatisfy(
              letter -> {
                assertThat(letter.value()).isEqualTo(garbage);
                assertThat(letter.key()).containsExactly(1, 2);
                assertThat(header(letter, DeadLetter.REASON)).contains("wire format");
              })
          .anySatisfy(
              letter -> {
                assertThat(letter.value()).isEqualTo(unknownSchema);
                assertThat(header(letter, DeadLetter.REASON)).contains("99999999");
              })
          .anySatisfy(
              letter ->
                  assertThat(header(letter, DeadLetter.REASON)).contains("inboxPartition 99"));
    }
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  @Test
  void shouldFailTheTaskOfAnUnknownFunctionAsAwsDoes() throws Exception {
    String inbox = desk.newInbox();
    desk.createQueue(queue);
    desk.place(queue, desk.order("e1", "nobody", inbox, "1").build());
    try (var _ = worker().function("echo", input -> input).build().start()) {

      await().atMost(SOON).until(() -> desk.results(inbox).size() == 1);

      TaskFailed failed = (TaskFailed) desk.results(inbox).getFirst().envelope().getBody();
      assertThat(failed.getError()).isEqualTo("Lambda.ResourceNotFoundException");
      assertThat(failed.getCause())
          .startsWith(
              "Function not found:"
                  + " arn:aws:lambda:us-east-1:111111111111:function:nobody:$LATEST (Service:");
    }
  }

  @Test
  void shouldFinishWhatRunsBeforeItCloses() throws Exception {
    String inbox = desk.newInbox();
    desk.createQueue(queue);
    desk.place(queue, desk.order("e1", "work", inbox, "1").build());
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    StepstreamWorker worker =
        worker()
            .handler(
                "work",
                (input, context) -> {
                  running.countDown();
                  finish.await();
                  return input;
                })
            .build()
            .start();
    running.await();
    Thread closing = Thread.startVirtualThread(() -> worker.close(SOON));
    await().atMost(SOON).until(() -> !worker.isReady());
    assertThat(desk.results(inbox)).isEmpty();
    assertThat(closing.isAlive()).isTrue();

    finish.countDown();
    closing.join();

    await().atMost(SOON).until(() -> desk.results(inbox).size() == 1);
    // The order was accepted on the way out: nobody gets it again.
    desk.place(queue, desk.order("e2", "work", inbox, "1").build());
    try (var _ = worker().function("work", input -> input).build().start()) {
      await().atMost(SOON).until(() -> desk.results(inbox).size() == 2);
      assertThat(executions(desk.results(inbox))).containsExactly("e1", "e2");
    }
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
        worker()
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
    await().atMost(SOON).until(() -> !first.isReady());
    finish.countDown();
    drain.join();
    Queue<String> second = new ConcurrentLinkedQueue<>();
    try (var _ =
        worker()
            .handler(
                "work",
                (input, context) -> {
                  second.add(context.executionArn().substring(TaskDesk.ARN.length()));
                  return input;
                })
            .build()
            .start()) {

      await().atMost(SOON).until(() -> desk.results(inbox).size() == 3);

      assertThat(first.completed()).isEqualTo(1);
      assertThat(second).hasSize(2);
      assertThat(executions(desk.results(inbox))).containsExactlyInAnyOrder("e0", "e1", "e2");
    }
  }

  @Test
  void shouldBeatForATaskThatRuns() throws Exception {
    String inbox = desk.newInbox();
    desk.createQueue(queue);
    desk.place(queue, desk.order("e1", "work", inbox, "1").setHeartbeatSeconds(3).build());
    CountDownLatch finish = new CountDownLatch(1);
    try (var _ =
        worker()
            .handler(
                "work",
                (input, _) -> {
                  finish.await();
                  return input;
                })
            .build()
            .start()) {
      await().atMost(SOON).until(() -> desk.results(inbox).size() == 2);
      finish.countDown();
      await()
          .atMost(SOON)
          .until(() -> desk.results(inbox).getLast().envelope().getBody() instanceof TaskSucceeded);

      assertThat(desk.results(inbox).getFirst().envelope().getBody())
          .isInstanceOf(TaskHeartbeat.class);
      assertThat(desk.results(inbox).getFirst().envelope().getEpoch()).isEqualTo(3);
    }
  }
}
