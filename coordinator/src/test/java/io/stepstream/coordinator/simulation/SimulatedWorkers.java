package io.stepstream.coordinator.simulation;

import io.stepstream.coordinator.shell.SimulatedShell.Routed;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.TaskFailed;
import io.stepstream.schemas.TaskHeartbeat;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.TaskSubmitted;
import io.stepstream.schemas.TaskSucceeded;
import io.stepstream.schemas.codec.Payloads;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Workers that die with an order in hand, answer twice, late, or never where a timeout will do. An
 * order stays until it is acknowledged, as in a share group.
 */
final class SimulatedWorkers {

  private static final class Order {
    private final TaskOrder order;
    private int deliveries;

    Order(TaskOrder order) {
      this.order = order;
    }
  }

  /**
   * @param partition of the inbox, as the order names it: workers compute nothing
   */
  private record Answer(int partition, Envelope envelope) {}

  private record Late(long due, Answer answer) {}

  private final SimulatedWorld world;
  private final Random random;
  private final long outcomes;
  private final List<Order> waiting = new ArrayList<>();
  private final List<Late> late = new ArrayList<>();
  private final List<Answer> sent = new ArrayList<>();

  /** What becomes of an attempt. */
  sealed interface Outcome {
    record Success(String output) implements Outcome {}

    record Failure(String error) implements Outcome {}

    record Silence() implements Outcome {}
  }

  /**
   * @param outcomes decides, with what is asked for, what becomes of it
   */
  SimulatedWorkers(SimulatedWorld world, Random random, long outcomes) {
    this.world = world;
    this.random = random;
    this.outcomes = outcomes;
  }

  /** The same for the same question, whoever asks. */
  static Outcome outcome(
      long outcomes, String state, byte[] input, int retries, boolean mayBeSilent) {
    long draw =
        new Random(
                outcomes ^ state.hashCode() * 31L ^ Arrays.hashCode(input) * 1_000_003L + retries)
            .nextInt(1000);
    if (draw < 150) {
      return new Outcome.Failure("Boom");
    }
    if (draw < 250) {
      return new Outcome.Failure("Other");
    }
    if (draw < 350 && mayBeSilent) {
      return new Outcome.Silence();
    }
    return new Outcome.Success("{\"v\":%d}".formatted(draw));
  }

  void ordered(TaskOrder order) {
    waiting.add(new Order(order));
  }

  boolean idle() {
    return waiting.isEmpty();
  }

  /** The moment of the next late answer; null: there is none. */
  Long nextLate() {
    return late.stream().map(Late::due).min(Long::compare).orElse(null);
  }

  /** A worker takes one of the orders, mostly the oldest. */
  void work(boolean calm) {
    if (waiting.isEmpty()) {
      return;
    }
    int at = random.nextInt(4) == 0 ? random.nextInt(waiting.size()) : 0;
    Order taken = waiting.get(at);
    taken.deliveries++;
    boolean dies = !calm && random.nextInt(20) == 0;
    if (dies && random.nextBoolean()) {
      if (world.defects().has(Defects.Defect.ACKNOWLEDGED_FIRST)) {
        waiting.remove(at);
      }
      return;
    }
    if (!calm && taken.order.getHeartbeatSeconds() != null && random.nextInt(3) == 0) {
      send(answer(taken.order, new TaskHeartbeat(null)));
    }
    if (taken.order.getResource().endsWith(".waitForTaskToken")) {
      send(answer(taken.order, new TaskSubmitted(bytes("{\"id\":1}"), null)));
    }
    // A second run of the same order may come to something else.
    Outcome outcome =
        outcome(
            outcomes + (world.racy() ? taken.deliveries - 1 : 0),
            taken.order.getStateName(),
            Payloads.bytes(taken.order.getInput()),
            taken.order.getRetryCount(),
            taken.order.getDeadline() != null);
    switch (outcome) {
      case Outcome.Success(String output) ->
          result(answer(taken.order, new TaskSucceeded(bytes(signed(taken.order, output)))), calm);
      case Outcome.Failure(String error) ->
          result(
              answer(taken.order, new TaskFailed(error, signed(taken.order, "by chance"))), calm);
      case Outcome.Silence _ -> {}
    }
    if (!dies) {
      waiting.remove(at);
    }
  }

  /** With the attempt that it is of, so that no other's can pass for it. */
  private String signed(TaskOrder order, String text) {
    if (!world.racy()) {
      return text;
    }
    String attempt = of(order.getFrameId(), order.getEpoch());
    return text.startsWith("{")
        ? "{\"of\":\"%s\",%s".formatted(attempt, text.substring(1))
        : text + attempt;
  }

  static String of(long frame, int epoch) {
    return " of attempt %d/%d;".formatted(frame, epoch);
  }

  private static java.nio.ByteBuffer bytes(String json) {
    return Payloads.of(json.getBytes(StandardCharsets.UTF_8));
  }

  private void result(Answer answer, boolean calm) {
    int how = calm ? 9 : random.nextInt(10);
    if (how < 2) {
      late.add(new Late(world.now() + random.nextInt(how == 0 ? 300_000 : 3_000), answer));
    } else {
      send(answer);
    }
    if (how == 2) {
      send(answer);
    }
  }

  private static Answer answer(TaskOrder order, Object body) {
    return new Answer(
        order.getInboxPartition(),
        new Envelope(
            order.getExecutionArn(), 1, order.getFrameId(), order.getEpoch(), 0L, null, body));
  }

  private void send(Answer answer) {
    sent.add(answer);
    world.send(answer.partition(), answer.envelope());
  }

  /** Sends what has become due. */
  void late() {
    for (Late answer : List.copyOf(late)) {
      if (answer.due() <= world.now()) {
        late.remove(answer);
        send(answer.answer());
      }
    }
  }

  /** Something that was said before is said again. */
  void repeat() {
    if (!sent.isEmpty()) {
      Answer again = sent.get(random.nextInt(sent.size()));
      world.send(again.partition(), again.envelope());
    }
  }

  /** A committed record of a queue. */
  void take(Routed record) {
    ordered(world.decoded(world.codecs().tasks(), record.value()));
  }
}
