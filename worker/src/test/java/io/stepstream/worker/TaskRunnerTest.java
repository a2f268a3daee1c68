package io.stepstream.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.TaskFailed;
import io.stepstream.schemas.TaskHeartbeat;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.TaskSubmitted;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.sealing.PayloadKeys;
import io.stepstream.schemas.topic.DeadLetter;
import io.stepstream.schemas.topic.Topics;
import io.stepstream.worker.handler.TaskHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

final class TaskRunnerTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final SchemaRegistry registry = SchemaRegistry.bundled();
  private final WireCodec<TaskOrder> orders =
      WireCodec.forTopic(TaskOrder.class, "stepstream.tasks.q", registry);
  private final WireCodec<Envelope> envelopes =
      WireCodec.forTopic(Envelope.class, "inbox", registry);
  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch finish = new CountDownLatch(1);
  private final AtomicInteger calls = new AtomicInteger();
  private final ObservedWork observed = new ObservedWork();
  private final QueueGate gate = new QueueGate(() -> 0);
  private final ResultPublisher results =
      new ResultPublisher(producer, _ -> envelopes, PayloadKeys.NONE, "worker-1");

  private final TaskHandler echo =
      TaskHandler.function(
          "echo",
          input -> {
            calls.incrementAndGet();
            return input;
          });
  private final TaskHandler blocking =
      TaskHandler.named(
          "block",
          (input, _) -> {
            calls.incrementAndGet();
            started.countDown();
            finish.await();
            return input;
          });

  private TaskRunner runner(int permits) {
    InstantSource clock = now::get;
    return new TaskRunner(
        permits,
        new OrderReader(orders, topic -> topic.equals("inbox") ? 4 : 0),
        new TaskInvoker(new HandlerDirectory(List.of(echo, blocking)), clock),
        results,
        new OrderRenewal(producer),
        PayloadKeys.NONE,
        new TaskSpans(null),
        clock,
        observed);
  }

  private FakeDelivery delivery(TaskOrder order) {
    return new FakeDelivery(orders.encode(order), 1, 10);
  }

  @Test
  void shouldAcceptTheOrderOnlyWhenTheBrokerHasTheResult() {
    FakeDelivery delivery = delivery(Orders.ofFunction("echo", "[1]").build());
    runner(1).take(gate, delivery);

    await().until(() -> producer.history().size() == 1);
    assertThat(delivery.settlements).isEmpty();
    producer.completeNext();

    assertThat(delivery.settlements).containsExactly(Settlement.ACCEPT);
    ProducerRecord<byte[], byte[]> record = producer.history().getFirst();
    assertThat(record.topic()).isEqualTo("inbox");
    assertThat(record.partition()).isEqualTo(2);
    assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo(Orders.EXECUTION);
    Envelope envelope = envelope(record);
    assertThat(envelope.getFrameId()).isEqualTo(7);
    assertThat(envelope.getEpoch()).isEqualTo(3);
    assertThat(Payloads.text(((TaskSucceeded) envelope.getBody()).getOutput())).isEqualTo("[1]");
  }

  @Test
  void shouldTellItsObserverWhatBecomesOfOrders() {
    TaskRunner runner = runner(1);
    runner.take(gate, delivery(Orders.ofFunction("echo", "1").build()));
    await().until(() -> producer.history().size() == 1);
    assertThat(observed.settled).isEmpty();
    producer.completeNext();
    runner.take(gate, delivery(Orders.ofFunction("nobody", "1").build()));
    await().until(() -> producer.history().size() == 2);
    producer.errorNext(new TimeoutException("no broker"));
    runner.take(gate, new FakeDelivery(new byte[] {9}, 1, 10));
    await().until(() -> producer.history().size() == 3);
    producer.completeNext();

    assertThat(observed.waits).hasSize(3);
    assertThat(observed.runs)
        .hasSize(2)
        .first()
        .asString()
        .matches("q arn:aws:lambda:.*:function:echo SUCCEEDED");
    assertThat(observed.runs.getLast()).endsWith(":function:nobody FAILED");
    assertThat(observed.settled).containsExactly("q ACCEPTED", "q RELEASED", "q REJECTED");
  }

  @Test
  void shouldOnlyTellThatATokenWasHandedOn() {
    FakeDelivery delivery =
        delivery(
            Orders.of(
                    "arn:aws:states:::lambda:invoke.waitForTaskToken",
                    "{\"FunctionName\":\"echo\",\"Payload\":[1]}")
                .setTaskToken("token")
                .build());
    runner(1).take(gate, delivery);

    await().until(() -> producer.history().size() == 1);
    assertThat(delivery.settlements).isEmpty();
    producer.completeNext();

    assertThat(delivery.settlements).containsExactly(Settlement.ACCEPT);
    TaskSubmitted told = (TaskSubmitted) envelope(producer.history().getFirst()).getBody();
    assertThat(Payloads.text(told.getOutput())).contains("\"Payload\":[1]");
  }

  @Test
  void shouldGiveThePermitBackBeforeTheResultIsAcknowledged() {
    TaskRunner runner = runner(1);
    for (int i = 0; i < 50; i++) {
      runner.take(gate, delivery(Orders.ofFunction("echo", "1").build()));
    }

    await().until(() -> producer.history().size() == 50);
    assertThat(runner.hasCapacity()).isTrue();
    assertThat(runner.unsettled()).isEqualTo(50);
  }

  @Test
  void shouldReleaseTheOrderWhoseResultCannotBePublished() {
    FakeDelivery delivery = delivery(Orders.ofFunction("echo", "1").build());
    runner(1).take(gate, delivery);

    await().until(() -> producer.history().size() == 1);
    producer.errorNext(new TimeoutException("no broker"));

    assertThat(delivery.settlements).containsExactly(Settlement.RELEASE);
  }

  @Test
  void shouldFailTheTaskWhoseResultIsTooLargeForTheTopic() {
    FakeDelivery delivery = delivery(Orders.ofFunction("echo", "1").build());
    runner(1).take(gate, delivery);

    await().until(() -> producer.history().size() == 1);
    producer.errorNext(new RecordTooLargeException("1 MB at most"));
    await().until(() -> producer.history().size() == 2);
    producer.completeNext();

    TaskFailed failed = (TaskFailed) envelope(producer.history().getLast()).getBody();
    assertThat(failed.getError()).isEqualTo("States.DataLimitExceeded");
    assertThat(failed.getCause()).contains("1 MB at most");
    assertThat(delivery.settlements).containsExactly(Settlement.ACCEPT);
  }

  @Test
  void shouldRunAtMostAsManyHandlersAsThereArePermits() throws Exception {
    TaskRunner runner = runner(2);
    for (int i = 0; i < 5; i++) {
      runner.take(gate, delivery(Orders.ofFunction("block", "1").build()));
    }

    await().until(() -> calls.get() == 2);
    assertThat(runner.awaitCapacity(Duration.ofMillis(50))).isFalse();
    assertThat(runner.running()).hasSize(2);
    finish.countDown();
    await().until(() -> calls.get() == 5);
    assertThat(runner.awaitCapacity(Duration.ofSeconds(5))).isTrue();
  }

  @Test
  void shouldRunOfALimitedQueueAsManyAsItsGateLetsInAndLeaveThePermitsToOthers() throws Exception {
    TaskRunner runner = runner(3);
    gate.set(new QueueShare(1, Double.POSITIVE_INFINITY, false));
    QueueIntake limited = new QueueIntake(runner, gate);
    QueueIntake other = new QueueIntake(runner, new QueueGate(() -> 0));
    limited.take(delivery(Orders.ofFunction("block", "1").build()));
    started.await();
    limited.take(delivery(Orders.ofFunction("echo", "1").build()));
    await().until(() -> other.hasCapacity());

    assertThat(limited.hasCapacity()).isFalse();
    assertThat(limited.isSaturated()).isTrue();
    assertThat(limited.awaitCapacity(Duration.ofMillis(20))).isFalse();
    assertThat(other.awaitCapacity(Duration.ofSeconds(5))).isTrue();
    assertThat(calls).hasValue(1);
    other.take(delivery(Orders.ofFunction("echo", "1").build()));
    await().until(() -> calls.get() == 2);
    finish.countDown();

    await().until(() -> calls.get() == 3);
    assertThat(limited.awaitCapacity(Duration.ofSeconds(5))).isTrue();
    assertThat(limited.isSaturated()).isFalse();
  }

  @Test
  void shouldSendBackToTheGateWhatWaitedForAPermitWhenTheQueueWasPaused() throws Exception {
    TaskRunner runner = runner(1);
    QueueGate others = new QueueGate(() -> 0);
    runner.take(others, delivery(Orders.ofFunction("block", "1").build()));
    started.await();
    runner.take(gate, delivery(Orders.ofFunction("echo", "1").build()));
    gate.set(new QueueShare(Integer.MAX_VALUE, Double.POSITIVE_INFINITY, true));

    finish.countDown();
    await().until(() -> runner.hasCapacity());
    assertThat(calls).hasValue(1);
    gate.set(QueueShare.UNLIMITED);

    await().until(() -> calls.get() == 2);
  }

  @Test
  void shouldReleaseWhatWaitsAtTheGateWhenDrained() throws Exception {
    TaskRunner runner = runner(1);
    gate.set(new QueueShare(Integer.MAX_VALUE, Double.POSITIVE_INFINITY, true));
    FakeDelivery waiting = delivery(Orders.ofFunction("echo", "1").build());
    runner.take(gate, waiting);
    await().until(() -> runner.hasCapacity());

    runner.drain();
    gate.drain();

    assertThat(runner.awaitIdle(Duration.ofSeconds(5))).isTrue();
    assertThat(waiting.settlements).containsExactly(Settlement.RELEASE);
    assertThat(calls).hasValue(0);
  }

  @Test
  void shouldReleaseWhatNeverStartedAndFinishWhatRunsWhenDrained() throws Exception {
    TaskRunner runner = runner(1);
    FakeDelivery running = delivery(Orders.ofFunction("block", "1").build());
    runner.take(gate, running);
    started.await();
    FakeDelivery waiting = delivery(Orders.ofFunction("echo", "1").build());
    runner.take(gate, waiting);

    runner.drain();
    await().until(() -> !waiting.settlements.isEmpty());
    FakeDelivery late = delivery(Orders.ofFunction("echo", "1").build());
    runner.take(gate, late);
    await().until(() -> !late.settlements.isEmpty());
    assertThat(runner.awaitIdle(Duration.ofMillis(50))).isFalse();
    finish.countDown();
    await().until(() -> producer.history().size() == 1);
    producer.completeNext();

    assertThat(runner.awaitIdle(Duration.ofSeconds(5))).isTrue();
    assertThat(waiting.settlements).containsExactly(Settlement.RELEASE);
    assertThat(late.settlements).containsExactly(Settlement.RELEASE);
    assertThat(running.settlements).containsExactly(Settlement.ACCEPT);
    assertThat(calls).hasValue(1);
  }

  @Test
  void shouldGiveUpRunningTasksWithoutAResultWhenTheWorkerCloses() throws Exception {
    TaskRunner runner = runner(1);
    FakeDelivery delivery = delivery(Orders.ofFunction("block", "1").build());
    runner.take(gate, delivery);
    started.await();

    runner.cancelRunning();

    await().until(() -> !delivery.settlements.isEmpty());
    assertThat(delivery.settlements).containsExactly(Settlement.RELEASE);
    assertThat(producer.history()).isEmpty();
  }

  @Test
  void shouldInterruptATaskAtItsDeadlineAndPublishNothing() throws Exception {
    TaskRunner runner = runner(1);
    FakeDelivery delivery =
        delivery(Orders.ofFunction("block", "1").setDeadline(START.plusSeconds(5)).build());
    runner.take(gate, delivery);
    started.await();

    now.set(START.plusSeconds(5));
    runner.cancelOverdue();
    assertThat(runner.running()).hasSize(1);
    now.set(START.plusSeconds(6));
    runner.cancelOverdue();

    await().until(() -> !delivery.settlements.isEmpty());
    assertThat(delivery.settlements).containsExactly(Settlement.ACCEPT);
    assertThat(producer.history()).isEmpty();
  }

  @Test
  void shouldInterruptTheTaskThatNobodyWaitsForAndPublishNothing() throws Exception {
    TaskRunner runner = runner(1);
    FakeDelivery delivery = delivery(Orders.ofFunction("block", "1").build());
    runner.take(gate, delivery);
    started.await();

    runner.abandon(Orders.EXECUTION, 7, 2);
    runner.abandon(Orders.EXECUTION, 6, 3);
    runner.abandon(Orders.EXECUTION + "0", 7, 3);
    assertThat(runner.running()).hasSize(1).noneMatch(RunningTask::isCancelled);
    runner.abandon(Orders.EXECUTION, 7, 3);

    await().until(() -> !delivery.settlements.isEmpty());
    assertThat(delivery.settlements).containsExactly(Settlement.ACCEPT);
    assertThat(producer.history()).isEmpty();
  }

  @Test
  void shouldNotStartATaskWhoseDeadlineHasPassed() {
    FakeDelivery delivery =
        delivery(Orders.ofFunction("echo", "1").setDeadline(START.minusMillis(1)).build());
    runner(1).take(gate, delivery);

    await().until(() -> !delivery.settlements.isEmpty());
    assertThat(delivery.settlements).containsExactly(Settlement.ACCEPT);
    assertThat(calls).hasValue(0);
  }

  @Test
  void shouldFailTheTaskAndPutTheOrderAsideWhenItWasRunOftenEnough() {
    FakeDelivery delivery = delivery(6, 10);
    runner(1).take(gate, delivery);

    await().until(() -> producer.history().size() == 1);
    TaskFailed failed = (TaskFailed) envelope(producer.history().getFirst()).getBody();
    assertThat(failed.getError()).isEqualTo("Worker.DeliveryExhausted");
    assertThat(failed.getCause()).contains("'Work'", "5 times");
    producer.completeNext();
    await().until(() -> producer.history().size() == 2);
    assertThat(delivery.settlements).isEmpty();
    producer.completeNext();

    assertThat(delivery.settlements).containsExactly(Settlement.REJECT);
    ProducerRecord<byte[], byte[]> letter = producer.history().getLast();
    assertThat(letter.topic()).isEqualTo(Topics.DLQ);
    assertThat(letter.value()).isEqualTo(delivery.order().value());
    assertThat(header(letter, DeadLetter.REASON)).contains("DeliveryExhausted", "5 times");
    assertThat(header(letter, DeadLetter.ANSWERED)).isEqualTo("true");
    assertThat(calls).hasValue(0);
  }

  @Test
  void shouldCountTheDeliveriesOfTheRecordsThatAnOrderWasPublishedInPlaceOf() {
    FakeDelivery delivery = delivery(2, 10);
    delivery.order().headers().add(Deliveries.EARLIER, "4".getBytes(StandardCharsets.UTF_8));
    runner(1).take(gate, delivery);

    await().until(() -> producer.history().size() == 1);
    TaskFailed failed = (TaskFailed) envelope(producer.history().getFirst()).getBody();
    assertThat(failed.getCause()).contains("5 times");
    assertThat(calls).hasValue(0);
  }

  @Test
  void shouldTryAgainWhatNeitherTaskNorDeadLettersCouldBeTold() {
    FakeDelivery delivery = delivery(6, 10);
    runner(1).take(gate, delivery);

    await().until(() -> producer.history().size() == 1);
    producer.errorNext(new TimeoutException("no broker"));
    await().until(() -> producer.history().size() == 2);
    ProducerRecord<byte[], byte[]> anew = producer.history().getLast();
    assertThat(anew.topic()).isEqualTo("stepstream.tasks.q");
    assertThat(header(anew, Deliveries.EARLIER)).isEqualTo("5");
    assertThat(delivery.settlements).isEmpty();
    producer.completeNext();
    assertThat(delivery.settlements).containsExactly(Settlement.ACCEPT);
  }

  @Test
  void shouldPublishAnewWhatTheBrokerWouldSoonDropWithoutRunningIt() {
    FakeDelivery delivery = delivery(4, 5);
    delivery.order().headers().add("traceparent", new byte[] {1, 2});
    gate.set(new QueueShare(Integer.MAX_VALUE, Double.POSITIVE_INFINITY, true));
    runner(1).take(gate, delivery);

    await().until(() -> producer.history().size() == 1);
    ProducerRecord<byte[], byte[]> anew = producer.history().getFirst();
    assertThat(anew.topic()).isEqualTo("stepstream.tasks.q");
    assertThat(anew.key()).isEqualTo(delivery.order().key());
    assertThat(anew.value()).isEqualTo(delivery.order().value());
    assertThat(anew.headers().lastHeader("traceparent").value()).containsExactly(1, 2);
    assertThat(header(anew, Deliveries.EARLIER)).isEqualTo("3");
    assertThat(delivery.settlements).isEmpty();
    producer.errorNext(new TimeoutException("no broker"));
    await().until(() -> producer.history().size() == 2);
    assertThat(delivery.settlements).isEmpty();
    producer.completeNext();

    assertThat(delivery.settlements).containsExactly(Settlement.ACCEPT);
    assertThat(calls).hasValue(0);
  }

  @Test
  void shouldNotCountAnOrderlyStopAgainstAnOrderOnTheEdge() throws Exception {
    TaskRunner runner = runner(1);
    gate.set(new QueueShare(Integer.MAX_VALUE, Double.POSITIVE_INFINITY, true));
    FakeDelivery delivery = delivery(5, 10);
    runner.take(gate, delivery);
    await().until(() -> runner.unsettled() == 1 && runner.hasCapacity());

    runner.drain();
    gate.drain();

    await().until(() -> producer.history().size() == 1);
    assertThat(header(producer.history().getFirst(), Deliveries.EARLIER)).isEqualTo("4");
    assertThat(runner.awaitIdle(Duration.ofMillis(50))).isFalse();
    producer.completeNext();
    assertThat(runner.awaitIdle(Duration.ofSeconds(5))).isTrue();
    assertThat(delivery.settlements).containsExactly(Settlement.ACCEPT);
  }

  @Test
  void shouldCountARunWhoseResultCannotBePublished() {
    FakeDelivery delivery = delivery(5, 10);
    runner(1).take(gate, delivery);

    await().until(() -> producer.history().size() == 1);
    producer.errorNext(new TimeoutException("no broker"));
    await().until(() -> producer.history().size() == 2);

    assertThat(header(producer.history().getLast(), Deliveries.EARLIER)).isEqualTo("5");
    assertThat(calls).hasValue(1);
  }

  @Test
  void shouldReleaseTheOrderWhenTheWorkerHasEndedBeforeItWasPublishedAnew() {
    FakeDelivery delivery = delivery(4, 5);
    producer.close();
    runner(1).take(gate, delivery);

    await().until(() -> !delivery.settlements.isEmpty());
    assertThat(delivery.settlements).containsExactly(Settlement.RELEASE);
  }

  private FakeDelivery delivery(int count, int limit) {
    return new FakeDelivery(orders.encode(Orders.ofFunction("echo", "1").build()), count, limit);
  }

  @Test
  void shouldPutGarbageAsideWithItsBytesAndReject() {
    byte[] garbage = "not avro".getBytes(StandardCharsets.UTF_8);
    FakeDelivery delivery = new FakeDelivery(garbage, 1, 10);
    runner(1).take(gate, delivery);

    await().until(() -> producer.history().size() == 1);
    assertThat(delivery.settlements).isEmpty();
    producer.completeNext();
    assertThat(delivery.settlements).containsExactly(Settlement.REJECT);
    ProducerRecord<byte[], byte[]> letter = producer.history().getFirst();
    assertThat(letter.topic()).isEqualTo(Topics.DLQ);
    assertThat(letter.value()).isEqualTo(garbage);
    assertThat(letter.key()).containsExactly(1);
    assertThat(header(letter, DeadLetter.REASON)).contains("0x6e");
    assertThat(header(letter, DeadLetter.OFFSET)).isEqualTo("42");
    assertThat(header(letter, DeadLetter.COMPONENT)).isEqualTo("worker");
  }

  @Test
  void shouldPutAsideOrdersThatNoResultCouldBeGivenTo() {
    TaskRunner runner = runner(1);
    for (TaskOrder.Builder order :
        List.of(
            Orders.ofFunction("echo", "1").setInboxPartition(4),
            Orders.ofFunction("echo", "1").setInboxPartition(-1),
            Orders.ofFunction("echo", "1").setInboxTopic("no such topic"),
            Orders.ofFunction("echo", "1").setInboxTopic("elsewhere"),
            Orders.ofFunction("echo", "1").setExecutionArn(""),
            Orders.ofFunction("echo", "1").setResource(" "))) {
      runner.take(gate, delivery(order.build()));
    }

    await().until(() -> producer.history().size() == 6);
    assertThat(producer.history())
        .extracting(letter -> header(letter, DeadLetter.REASON))
        .containsExactlyInAnyOrder(
            "inboxPartition 4 isn't one of the 4 of 'inbox'",
            "inboxPartition -1 isn't one of the 4 of 'inbox'",
            "inboxTopic isn't the name of a topic",
            "inboxTopic 'elsewhere' doesn't exist",
            "executionArn isn't an ARN",
            "resource is empty");
    assertThat(calls).hasValue(0);
  }

  @Test
  void shouldSendHeartbeatsToTheInboxOfTheOrder() {
    results.heartbeat(Orders.ofFunction("echo", "1").build());

    ProducerRecord<byte[], byte[]> record = producer.history().getFirst();
    assertThat(record.topic()).isEqualTo("inbox");
    assertThat(record.partition()).isEqualTo(2);
    assertThat(envelope(record).getBody()).isEqualTo(new TaskHeartbeat("worker-1"));
  }

  private Envelope envelope(ProducerRecord<byte[], byte[]> record) {
    return switch (envelopes.decode(record.value())) {
      case Decoded.Read<Envelope>(Envelope envelope) -> envelope;
      case Decoded.Unreadable<Envelope>(String reason) -> throw new AssertionError(reason);
    };
  }

  private static String header(ProducerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
