package io.stepstream.worker;

import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.worker.RunningTask.Cancellation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs each delivery on a virtual thread of its own, at most {@code permits} handlers at a time,
 * and of each queue as many as its {@link QueueGate} lets in.
 *
 * <pre>
 *   taken -> waiting -> running -> publishing -> settled
 *               |          |
 *               |          +-- deadline passed: interrupted, accepted without a result
 *               +-- draining: released, since it never started
 * </pre>
 *
 * The permit is given back when the handler returns: results travel in batches, and a permit that
 * waited for the broker's acknowledgement would bound the throughput by the round trip. The place
 * inside the gate is given back then too: what is limited is what handlers do.
 */
final class TaskRunner {

  private static final Logger LOG = LoggerFactory.getLogger(TaskRunner.class);

  private static final long IDLE_CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final int limit;
  private final Semaphore permits;
  private final OrderReader reader;
  private final TaskInvoker invoker;
  private final ResultPublisher results;
  private final InstantSource clock;
  private final ThreadFactory threads = Thread.ofVirtual().name("stepstream-task-", 0).factory();

  private final Set<RunningTask> running = ConcurrentHashMap.newKeySet();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger unsettled = new AtomicInteger();
  private final Semaphore idle = new Semaphore(0);
  private final LongAdder completed = new LongAdder();
  private volatile boolean draining;

  TaskRunner(
      int permits,
      OrderReader reader,
      TaskInvoker invoker,
      ResultPublisher results,
      InstantSource clock) {
    this.limit = permits;
    this.permits = new Semaphore(permits);
    this.reader = reader;
    this.invoker = invoker;
    this.results = results;
    this.clock = clock;
  }

  /** {@link TaskIntake#take}. */
  void take(QueueGate gate, Delivery delivery) {
    unsettled.incrementAndGet();
    waiting.incrementAndGet();
    threads.newThread(() -> attend(gate, new CountedDelivery(delivery))).start();
  }

  /** True if a permit is free and nobody waits for one. */
  boolean hasCapacity() {
    return waiting.get() == 0 && permits.availablePermits() > 0;
  }

  /** Waits until a permit is free; false if none became so in time. */
  boolean awaitCapacity(Duration timeout) throws InterruptedException {
    if (hasCapacity()) {
      return true;
    }
    if (!permits.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    permits.release();
    return true;
  }

  /** Nothing starts from now on; what waits for a permit is released. */
  void drain() {
    draining = true;
    // Whoever waits wakes up, sees that the worker drains and releases its delivery. Permits mean
    // nothing any more.
    permits.release(Integer.MAX_VALUE / 2);
  }

  /** Waits until all that was taken is settled. Only after {@link #drain}. */
  boolean awaitIdle(Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    while (unsettled.get() > 0) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      // The bound covers the permit that another settlement at zero may have taken away.
      boolean _ = idle.tryAcquire(Math.min(left, IDLE_CHECK_NANOS), TimeUnit.NANOSECONDS);
    }
    return true;
  }

  boolean isDraining() {
    return draining;
  }

  /** Ends the handlers that still run; their orders are released. */
  void cancelRunning() {
    for (RunningTask task : running) {
      task.cancel(Cancellation.WORKER_CLOSES);
    }
  }

  /** Interrupts the handlers whose deadline has passed. */
  void cancelOverdue() {
    Instant now = clock.instant();
    for (RunningTask task : running) {
      Instant deadline = task.order().getDeadline();
      if (deadline != null && now.isAfter(deadline)) {
        task.cancel(Cancellation.DEADLINE);
      }
    }
  }

  /** The tasks whose handlers run now; a live view. */
  Set<RunningTask> running() {
    return running;
  }

  /** Deliveries taken and not settled. */
  int unsettled() {
    return unsettled.get();
  }

  /** Attempts whose handler has returned since the start. */
  long completed() {
    return completed.sum();
  }

  int permits() {
    return limit;
  }

  private void attend(QueueGate gate, Delivery delivery) {
    boolean started = false;
    try {
      admit(gate);
      started = true;
    } catch (InterruptedException _) {
      // Nobody interrupts a waiting thread; release the delivery all the same.
    } finally {
      waiting.decrementAndGet();
    }
    if (!started) {
      delivery.settle(Settlement.RELEASE);
      return;
    }
    try {
      if (draining) {
        delivery.settle(Settlement.RELEASE);
      } else {
        runOrder(delivery);
      }
    } catch (RuntimeException | Error e) {
      LOG.error("A bug of the worker hit the order at {}.", place(delivery), e);
      delivery.settle(Settlement.RELEASE);
    } finally {
      permits.release();
      gate.leave();
    }
  }

  /**
   * Waits at the gate before it takes a permit, which other queues need, and is sent back if the
   * limits have changed while it waited for the permit.
   */
  private void admit(QueueGate gate) throws InterruptedException {
    while (true) {
      QueueShare under = gate.tryEnter();
      if (under == null) {
        waiting.decrementAndGet();
        try {
          under = gate.enter();
        } finally {
          waiting.incrementAndGet();
        }
      }
      permits.acquire();
      if (gate.confirm(under)) {
        return;
      }
      permits.release();
    }
  }

  private void runOrder(Delivery delivery) {
    Decoded<TaskOrder> decoded;
    try {
      decoded = reader.read(delivery.order());
    } catch (RuntimeException e) {
      LOG.warn(
          "The order at {} could not be looked at and will be delivered again.",
          place(delivery),
          e);
      delivery.settle(Settlement.RELEASE);
      return;
    }
    switch (decoded) {
      case Decoded.Unreadable<TaskOrder>(String reason) -> results.deadLetter(delivery, reason);
      case Decoded.Read<TaskOrder>(TaskOrder order) -> runOrder(order, delivery);
    }
  }

  private void runOrder(TaskOrder order, Delivery delivery) {
    Instant now = clock.instant();
    if (order.getDeadline() != null && now.isAfter(order.getDeadline())) {
      delivery.settle(Settlement.ACCEPT);
      return;
    }
    if (delivery.isLast() && order.getJob() != null && order.getJob().getStop()) {
      // To fail would end an attempt that may go on with another job.
      LOG.warn(
          "The job {} of {} could not be stopped and may run on.",
          order.getJob().getJob(),
          order.getExecutionArn());
      delivery.settle(Settlement.ACCEPT);
      return;
    }
    if (delivery.isLast()) {
      LOG.warn(
          "Delivery {} of the order at {} is the last one; its task fails without being run.",
          delivery.count(),
          place(delivery));
      results.publish(order, exhausted(order, delivery), delivery);
      return;
    }
    var task = new RunningTask(order, delivery.count(), this::isDraining, System.nanoTime());
    running.add(task);
    Outcome outcome;
    Cancellation cancellation;
    try {
      outcome = invoker.invoke(order, task);
    } finally {
      cancellation = task.finish();
      running.remove(task);
      completed.increment();
    }
    if (cancellation == null) {
      results.publish(order, outcome, delivery);
    } else {
      delivery.settle(
          switch (cancellation) {
            case DEADLINE -> Settlement.ACCEPT;
            case WORKER_CLOSES -> Settlement.RELEASE;
          });
    }
  }

  private static Outcome.Failed exhausted(TaskOrder order, Delivery delivery) {
    return new Outcome.Failed(
        "Worker.DeliveryExhausted",
        ("The order for state '%s' was delivered %d times, and no worker gave a result before its"
             + " lock expired or it stopped. The last delivery isn't run, because the broker would"
             + " drop the order silently after it.")
            .formatted(order.getStateName(), delivery.count()));
  }

  private static String place(Delivery delivery) {
    return "%s-%d@%d"
        .formatted(
            delivery.order().topic(), delivery.order().partition(), delivery.order().offset());
  }

  /** Keeps count of what is unsettled; a second settlement is ignored. */
  private final class CountedDelivery implements Delivery {

    private final Delivery delivery;
    private final AtomicBoolean settled = new AtomicBoolean();

    CountedDelivery(Delivery delivery) {
      this.delivery = delivery;
    }

    @Override
    public ConsumerRecord<byte[], byte[]> order() {
      return delivery.order();
    }

    @Override
    public int count() {
      return delivery.count();
    }

    @Override
    public boolean isLast() {
      return delivery.isLast();
    }

    @Override
    public void settle(Settlement settlement) {
      if (settled.compareAndSet(false, true)) {
        delivery.settle(settlement);
        if (unsettled.decrementAndGet() == 0 && draining) {
          idle.release();
        }
      }
    }
  }
}
