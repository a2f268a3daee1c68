package io.stepstream.worker;

import java.time.Duration;

/** Brings the orders of one queue to the worker's runner, through the queue's gate. */
final class QueueIntake implements TaskIntake {

  private final TaskRunner runner;
  private final QueueGate gate;

  QueueIntake(TaskRunner runner, QueueGate gate) {
    this.runner = runner;
    this.gate = gate;
  }

  @Override
  public void take(Delivery delivery) {
    runner.take(gate, delivery);
  }

  @Override
  public boolean hasCapacity() {
    return runner.hasCapacity() && gate.hasRoom();
  }

  @Override
  public boolean awaitCapacity(Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    return gate.awaitRoom(timeout)
        && runner.awaitCapacity(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
  }

  @Override
  public boolean isSaturated() {
    return !runner.hasCapacity() || gate.isFull();
  }
}
