package io.stepstream.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.TaskFailed;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.sealing.KeyAnswer;
import io.stepstream.schemas.sealing.KeyProvider;
import io.stepstream.schemas.sealing.PayloadKeys;
import io.stepstream.schemas.sealing.SealPolicy;
import io.stepstream.schemas.sealing.SealProblem;
import io.stepstream.schemas.sealing.SealedFields;
import io.stepstream.schemas.topic.DeadLetter;
import io.stepstream.schemas.topic.Topics;
import io.stepstream.worker.handler.TaskFailedException;
import io.stepstream.worker.handler.TaskHandler;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** Orders of machines that name a key. */
final class SealedOrdersTest {

  private static final String CANARY = "canary-4711";

  private final WireCodec<TaskOrder> orders =
      WireCodec.forTopic(TaskOrder.class, "stepstream.tasks.q", SchemaRegistry.bundled());
  private final WireCodec<Envelope> envelopes =
      WireCodec.forTopic(Envelope.class, "inbox", SchemaRegistry.bundled());
  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());

  /** Wraps nothing: whoever has this provider has the key. */
  private static final class Open implements KeyProvider {
    @Override
    public KeyAnswer wrap(String keyId, byte[] dataKey) {
      return new KeyAnswer.Given(dataKey);
    }

    @Override
    public KeyAnswer unwrap(String keyId, byte[] wrapped) {
      return new KeyAnswer.Given(wrapped);
    }
  }

  private final PayloadKeys keys = PayloadKeys.of(new Open(), InstantSource.system());

  private final TaskHandler echo = TaskHandler.function("echo", input -> input);
  private final TaskHandler fail =
      TaskHandler.named(
          "fail",
          (input, _) -> {
            throw new TaskFailedException("Bad", input.asText());
          });

  private TaskOrder order(String function) {
    TaskOrder order = Orders.ofFunction(function, "\"" + CANARY + "\"").build();
    SealedFields.seal(
        order, keys.seal("machine", SealPolicy.of("orders")), order.getExecutionArn());
    return order;
  }

  private FakeDelivery carriedOut(TaskOrder order, PayloadKeys of) {
    FakeDelivery delivery = new FakeDelivery(orders.encode(order), 1, 10);
    new TaskRunner(
            1,
            new OrderReader(orders, _ -> 4),
            new TaskInvoker(new HandlerDirectory(List.of(echo, fail)), InstantSource.system()),
            new ResultPublisher(producer, _ -> envelopes, of, "worker-1"),
            new OrderRenewal(producer),
            of,
            new TaskSpans(null),
            InstantSource.system(),
            WorkObserver.NONE)
        .take(new QueueGate(() -> 0), delivery);
    await().until(() -> !delivery.settlements.isEmpty());
    return delivery;
  }

  private Envelope told() {
    assertThat(producer.history()).hasSize(1);
    byte[] value = producer.history().getFirst().value();
    assertThat(new String(value, StandardCharsets.ISO_8859_1)).doesNotContain(CANARY);
    return envelopes.decode(value) instanceof Decoded.Read<Envelope>(Envelope envelope)
        ? envelope
        : new Envelope();
  }

  private Object opened() {
    Envelope envelope = told();
    SealProblem problem = SealedFields.open(envelope, keys, Orders.EXECUTION);
    assertThat(problem).isNull();
    return envelope.getBody();
  }

  @Test
  void shouldOpenTheOrderAndSealTheResult() {
    assertThat(carriedOut(order("echo"), keys).settlements).containsExactly(Settlement.ACCEPT);

    assertThat(told().getBody())
        .isInstanceOfSatisfying(
            TaskSucceeded.class,
            done -> assertThat(SealedFields.keyId(done.getOutput())).isEqualTo("orders"));
    assertThat(opened()).isEqualTo(new TaskSucceeded(Payloads.of("\"" + CANARY + "\"")));
  }

  @Test
  void shouldSealTheFailure() {
    carriedOut(order("fail"), keys);

    assertThat(opened()).isEqualTo(new TaskFailed("Bad", CANARY));
  }

  @Test
  void shouldFailTheTaskWhoseKeyItDoesNotHave() {
    assertThat(carriedOut(order("echo"), PayloadKeys.NONE).settlements)
        .containsExactly(Settlement.ACCEPT);

    assertThat(told().getBody())
        .isEqualTo(
            new TaskFailed(
                "Worker.KeyUnavailable",
                "The key 'orders' is not available: no keys are configured on this node: set"
                    + " stepstream.encryption.keys-file"));
  }

  @Test
  void shouldPutAsideWhatWasTamperedWith() {
    TaskOrder order = order("echo");
    byte[] input = Payloads.bytes(order.getInput());
    input[input.length - 1] ^= 1;

    assertThat(carriedOut(order, keys).settlements).containsExactly(Settlement.REJECT);

    ProducerRecord<byte[], byte[]> letter = producer.history().getFirst();
    assertThat(letter.topic()).isEqualTo(Topics.DLQ);
    assertThat(
            new String(
                letter.headers().lastHeader(DeadLetter.REASON).value(), StandardCharsets.UTF_8))
        .contains("was changed or moved");
  }
}
