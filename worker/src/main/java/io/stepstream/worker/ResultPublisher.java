package io.stepstream.worker;

import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.JobRuns;
import io.stepstream.schemas.TaskFailed;
import io.stepstream.schemas.TaskHeartbeat;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.TaskSubmitted;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.codec.RecordCodec;
import io.stepstream.schemas.sealing.PayloadKeys;
import io.stepstream.schemas.sealing.SealPolicy;
import io.stepstream.schemas.sealing.SealedFields;
import io.stepstream.schemas.topic.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends results to where their orders say, and settles each order when the broker has its result.
 *
 * <p>Sending doesn't wait: the producer's own thread settles. A result that can't be published
 * leads to RELEASE, so that the task is repeated; results are told apart by (execution, frame,
 * epoch), so a repeated one does no harm.
 */
final class ResultPublisher {

  private static final Logger LOG = LoggerFactory.getLogger(ResultPublisher.class);

  private static final String COMPONENT = "worker";

  private final Producer<byte[], byte[]> producer;
  private final Function<String, RecordCodec<Envelope>> codecs;
  private final PayloadKeys keys;
  private final String workerId;

  /**
   * @param codecs the codec of an inbox topic, by its name
   * @param keys seal what comes of orders that were sealed
   */
  ResultPublisher(
      Producer<byte[], byte[]> producer,
      Function<String, RecordCodec<Envelope>> codecs,
      PayloadKeys keys,
      String workerId) {
    this.keys = keys;
    this.producer = producer;
    this.codecs = codecs;
    this.workerId = workerId;
  }

  void publish(TaskOrder order, Outcome outcome, Delivery delivery) {
    switch (outcome) {
      case Outcome.HandedOver(byte[] output) ->
          send(
              order,
              new TaskSubmitted(Payloads.of(output), null),
              delivery,
              problem -> sendTooLarge(order, problem, delivery));
      case Outcome.Succeeded(byte[] output) ->
          send(
              order,
              new TaskSucceeded(Payloads.of(output)),
              delivery,
              problem -> sendTooLarge(order, problem, delivery));
      case Outcome.JobRuns(
              String reference,
              byte[] submitted,
              Duration pause,
              int unanswered,
              boolean stopLate) ->
          send(
              order,
              new JobRuns(
                  reference,
                  submitted == null ? null : Payloads.of(submitted),
                  pause.toMillis(),
                  unanswered,
                  stopLate ? order.getResource() : null),
              delivery,
              problem -> release(order, problem, delivery));
      case Outcome.Failed(String error, String cause) ->
          send(
              order,
              new TaskFailed(error, cause),
              delivery,
              problem -> release(order, problem, delivery));
      case Outcome.Nothing() -> delivery.settle(Settlement.ACCEPT);
    }
  }

  /**
   * Tells a failure of ours, which holds nothing of the order's payload, of an order that can't be
   * opened: what it would be sealed with is missing.
   */
  void publishPlain(TaskOrder order, Outcome.Failed failure, Delivery delivery) {
    LOG.warn("The task of the order at {} fails: {}", place(delivery), failure.cause());
    try {
      producer.send(
          record(order, envelope(order, new TaskFailed(failure.error(), failure.cause()))),
          (_, problem) -> settle(delivery, Settlement.ACCEPT, problem));
    } catch (RuntimeException e) {
      settle(delivery, Settlement.ACCEPT, e);
    }
  }

  /** Of what is always small enough. */
  private static void release(TaskOrder order, Exception problem, Delivery delivery) {
    LOG.error("What came of a task is too large for {}.", order.getInboxTopic(), problem);
    delivery.settle(Settlement.RELEASE);
  }

  /** Tells that a task makes progress. Lost ones aren't sent again: the next is on its way. */
  void heartbeat(TaskOrder order) {
    try {
      producer.send(
          record(order, envelope(order, new TaskHeartbeat(workerId))),
          (_, problem) -> {
            if (problem != null) {
              LOG.warn("A heartbeat of {} was lost.", order.getExecutionArn(), problem);
            }
          });
    } catch (RuntimeException e) {
      LOG.warn("A heartbeat of {} could not be sent.", order.getExecutionArn(), e);
    }
  }

  /** Puts an order that can't be read aside, with its original bytes, and rejects it. */
  void deadLetter(Delivery delivery, String reason) {
    LOG.warn("The order at {} goes to the dead-letter queue: {}", place(delivery), reason);
    try {
      producer.send(
          DeadLetter.of(delivery.order(), COMPONENT, reason),
          (_, problem) -> settle(delivery, Settlement.REJECT, problem));
    } catch (RuntimeException e) {
      settle(delivery, Settlement.REJECT, e);
    }
  }

  /**
   * Fails a task whose order nobody could answer, then puts the order aside. In this sequence: a
   * task that is told twice has failed once, and a letter is there as soon as nothing more follows.
   */
  void giveUp(TaskOrder order, Outcome.Failed failure, Delivery delivery, String reason) {
    LOG.warn("The task of the order at {} fails: {}", place(delivery), reason);
    try {
      producer.send(
          record(order, envelope(order, new TaskFailed(failure.error(), failure.cause()))),
          (_, problem) -> {
            if (problem == null) {
              Thread.startVirtualThread(() -> deadLetterOfAnswered(delivery, reason));
            } else {
              settle(delivery, Settlement.REJECT, problem);
            }
          });
    } catch (RuntimeException e) {
      settle(delivery, Settlement.REJECT, e);
    }
  }

  private void deadLetterOfAnswered(Delivery delivery, String reason) {
    try {
      producer.send(
          DeadLetter.ofAnswered(delivery.order(), COMPONENT, reason),
          (_, problem) -> settle(delivery, Settlement.REJECT, problem));
    } catch (RuntimeException e) {
      settle(delivery, Settlement.REJECT, e);
    }
  }

  private interface TooLarge {
    void resolve(Exception problem);
  }

  private void send(TaskOrder order, Object body, Delivery delivery, TooLarge tooLarge) {
    Callback settles =
        (_, problem) -> {
          if (problem instanceof RecordTooLargeException) {
            // Not on the producer's own thread, which must not wait for room in its own buffer.
            Thread.startVirtualThread(() -> tooLarge.resolve(problem));
          } else {
            settle(delivery, Settlement.ACCEPT, problem);
          }
        };
    try {
      producer.send(sealed(order, body), settles);
    } catch (RuntimeException e) {
      settle(delivery, Settlement.ACCEPT, e);
    }
  }

  private void sendTooLarge(TaskOrder order, Exception problem, Delivery delivery) {
    publish(
        order,
        new Outcome.Failed(
            "States.DataLimitExceeded",
            "The result of '%s' is too large for a record of the topic %s: %s"
                .formatted(order.getResource(), order.getInboxTopic(), problem.getMessage())),
        delivery);
  }

  private static void settle(Delivery delivery, Settlement whenSent, @Nullable Exception problem) {
    if (problem == null) {
      delivery.settle(whenSent);
      return;
    }
    LOG.warn(
        "What became of the order at {} could not be published; it will be delivered again.",
        place(delivery),
        problem);
    delivery.settle(Settlement.RELEASE);
  }

  private static String place(Delivery delivery) {
    ConsumerRecord<byte[], byte[]> order = delivery.order();
    return "%s-%d@%d".formatted(order.topic(), order.partition(), order.offset());
  }

  private ProducerRecord<byte[], byte[]> sealed(TaskOrder order, Object body) {
    Envelope envelope = envelope(order, body);
    String keyId = SealedFields.keyId(order.getInput());
    if (keyId != null) {
      SealedFields.seal(
          envelope,
          keys.seal(order.getStateMachineArn(), SealPolicy.of(keyId)),
          order.getExecutionArn());
    }
    return record(order, envelope);
  }

  private static Envelope envelope(TaskOrder order, Object body) {
    return Envelope.newBuilder()
        .setExecutionArn(order.getExecutionArn())
        .setFrameId(order.getFrameId())
        .setEpoch(order.getEpoch())
        .setBody(body)
        .build();
  }

  private ProducerRecord<byte[], byte[]> record(TaskOrder order, Envelope envelope) {
    return new ProducerRecord<>(
        order.getInboxTopic(),
        order.getInboxPartition(),
        order.getExecutionArn().getBytes(StandardCharsets.UTF_8),
        codecs.apply(order.getInboxTopic()).encode(envelope));
  }
}
