package io.stepstream.worker;

import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.codec.Decoded;
import io.stepstream.schemas.sealing.PayloadKeys;
import io.stepstream.schemas.sealing.SealProblem;
import io.stepstream.schemas.sealing.SealedFields;
import io.stepstream.schemas.topic.Topics;
import io.stepstream.worker.RunningTask.Cancellation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Runs each delivery on a virtual thread of its own, at most {@code permits} handlers at a time,
 * and of each queue as many as its {@link QueueGate} lets in.
 *
 * <pre>
 *   taken -> waiting -> running -> publishing -> settled
 *               |          |
 *               |          +-- deadline passed, abandoned: interrupted, accepted without a result
 *               +-- draining: released, since it never started
 * </pre>
 *
 * An order that was handed out too often isn't run but seen to before all that ({@link
 * Deliveries}): it is published anew, or its task fails.
 *
 * <p>The permit is given back when the handler returns: results travel in batches, and a permit
 * that waited for the broker's acknowledgement would bound the throughput by the round trip. The
 * place inside the gate is given back then too: what is limited is what handlers do.
 */
final class TaskRunner {

  private static final Logger LOG = LoggerFactory.getLogger(TaskRunner.class);

  /** In the lines of a log, as {@code mdc.executionArn}. */
  private static final String EXECUTION = "executionArn";

  private static final long IDLE_CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final int limit;
  private final Semaphore permits;
  private final OrderReader reader;
  private final TaskInvoker invoker;
  private final ResultPublisher results;
  private final OrderRenewal renewal;
  private final PayloadKeys keys;
  private final TaskSpans spans;
  private final InstantSource clock;
  private final WorkObserver observer;
  private final ThreadFactory threads = Thread.ofVirtual().name("stepstream-task-", 0).factory();

  private final Set<RunningTask> running = ConcurrentHashMap.newKeySet();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger unsettled = new AtomicInteger();
  private final Semaphore idle = new Semaphore(0);
  private final LongAdder completed = new LongAdder();
  private volatile boolean draining;

  /**
   * @param keys open what orders of machines with a key ask for
   * @param spans are around what handlers do
   */
  TaskRunner(
      int permits,
      OrderReader reader,
      TaskInvoker invoker,
      ResultPublisher results,
      OrderRenewal renewal,
      PayloadKeys keys,
      TaskSpans spans,
      InstantSource clock,
      WorkObserver observer) {
    this.keys = keys;
    this.spans = spans;
    this.limit = permits;
    this.permits = new Semaphore(permits);
    this.reader = reader;
    this.invoker = invoker;
    this.results = results;
    this.renewal = renewal;
    this.clock = clock;
    this.observer = observer;
  }

  /** {@link TaskIntake#take}. */
  void take(QueueGate gate, Delivery delivery) {
    unsettled.incrementAndGet();
    waiting.incrementAndGet();
    var owed = new OwedDelivery(delivery, Deliveries.of(delivery));
    Instant published = Instant.ofEpochMilli(delivery.order().timestamp());
    observer.acquired(owed.queue(), Duration.between(published, clock.instant()));
    threads.newThread(() -> attend(gate, owed)).start();
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
    renewal.drain();
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

  /** Interrupts the handler that carries out the attempt, if one does. */
  void abandon(String executionArn, long frameId, int epoch) {
    for (RunningTask task : running) {
      if (task.isAttempt(executionArn, frameId, epoch) && !invoker.mustEnd(task.order())) {
        task.cancel(Cancellation.ABANDONED);
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

  private void attend(QueueGate gate, OwedDelivery delivery) {
    if (!delivery.deliveries.mayRun()) {
      waiting.decrementAndGet();
      seeTo(delivery);
      return;
    }
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

  /** Needs neither gate nor permit: each of these deliveries is one that the order has left. */
  private void seeTo(OwedDelivery delivery) {
    try {
      if (delivery.deliveries.areExhausted()) {
        switch (reader.read(delivery.order())) {
          case Decoded.Unreadable<TaskOrder>(String reason) -> results.deadLetter(delivery, reason);
          case Decoded.Read<TaskOrder>(TaskOrder order) -> giveUp(order, delivery);
        }
      } else {
        delivery.settle(Settlement.RELEASE);
      }
    } catch (RuntimeException e) {
      LOG.warn("The order at {} could not be seen to; it is tried again.", place(delivery), e);
      delivery.settle(Settlement.RELEASE);
    }
  }

  private void giveUp(TaskOrder order, OwedDelivery delivery) {
    if (isOverdue(order)) {
      delivery.settle(Settlement.ACCEPT);
      return;
    }
    if (order.getJob() != null && order.getJob().getStop()) {
      // To fail would end an attempt that may go on with another job.
      LOG.warn(
          "The job {} of {} could not be stopped and may run on.",
          order.getJob().getJob(),
          order.getExecutionArn());
      delivery.settle(Settlement.ACCEPT);
      return;
    }
    String what =
        "The order for state '%s' was delivered %d times, and each time its worker died, stopped or could not publish the result."
            .formatted(order.getStateName(), delivery.deliveries.total() - 1);
    results.giveUp(
        order,
        new Outcome.Failed(
            "Worker.DeliveryExhausted",
            what + " It isn't run again and is among the dead letters."),
        delivery,
        "Worker.DeliveryExhausted: " + what);
  }

  private boolean isOverdue(TaskOrder order) {
    return order.getDeadline() != null && clock.instant().isAfter(order.getDeadline());
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

  private void runOrder(OwedDelivery delivery) {
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

  /** The order stays sealed: what comes of it is sealed with the same key. */
  private void runOrder(TaskOrder order, OwedDelivery delivery) {
    if (isOverdue(order)) {
      delivery.settle(Settlement.ACCEPT);
      return;
    }
    if (SealedFields.keyId(order.getInput()) == null) {
      runOrder(order, order, delivery);
      return;
    }
    TaskOrder open = TaskOrder.newBuilder(order).build();
    switch (SealedFields.open(open, keys, order.getExecutionArn())) {
      case null -> runOrder(order, open, delivery);
      case SealProblem.KeyMissing(String reason) ->
          results.publishPlain(
              order, new Outcome.Failed("Worker.KeyUnavailable", reason), delivery);
      case SealProblem.Tampered(String reason) -> results.deadLetter(delivery, reason);
    }
  }

  private void runOrder(TaskOrder order, TaskOrder open, OwedDelivery delivery) {
    var task =
        new RunningTask(open, delivery.deliveries.total(), this::isDraining, System.nanoTime());
    running.add(task);
    Outcome outcome = null;
    Cancellation cancellation;
    long begin = System.nanoTime();
    // The handler's own lines tell whose they are; the thread ends with the task.
    MDC.put(EXECUTION, open.getExecutionArn());
    try {
      outcome =
          spans.around(
              delivery.order(),
              open,
              traceParent -> {
                task.tracedBy(traceParent);
                return invoker.invoke(open, task);
              });
    } finally {
      MDC.remove(EXECUTION);
      cancellation = task.finish();
      running.remove(task);
      completed.increment();
      observer.ran(
          delivery.queue(),
          order.getResource(),
          cancellation == null ? ending(outcome) : WorkObserver.Ending.INTERRUPTED,
          Duration.ofNanos(System.nanoTime() - begin));
    }
    if (cancellation == null) {
      delivery.hasRun = true;
      results.publish(order, outcome, delivery);
    } else {
      delivery.settle(
          switch (cancellation) {
            case DEADLINE, ABANDONED -> Settlement.ACCEPT;
            case WORKER_CLOSES -> Settlement.RELEASE;
          });
    }
  }

  /**
   * @param outcome null: the worker has a bug
   */
  private static WorkObserver.Ending ending(@Nullable Outcome outcome) {
    return switch (outcome) {
      case Outcome.Succeeded _, Outcome.Nothing _ -> WorkObserver.Ending.SUCCEEDED;
      case Outcome.HandedOver _, Outcome.JobRuns _ -> WorkObserver.Ending.HANDED_OVER;
      case Outcome.Failed _ -> WorkObserver.Ending.FAILED;
      case null -> WorkObserver.Ending.FAILED;
    };
  }

  private static String place(Delivery delivery) {
    return "%s-%d@%d"
        .formatted(
            delivery.order().topic(), delivery.order().partition(), delivery.order().offset());
  }

  /**
   * Keeps count of what is unsettled, and sees to it that what is given back isn't dropped by the
   * broker. A second settlement is ignored.
   */
  private final class OwedDelivery implements Delivery {

    private final Delivery delivery;
    private final Deliveries deliveries;
    private final AtomicBoolean settled = new AtomicBoolean();

    /** An attempt that came to its end and can't tell of it counts against the order. */
    private volatile boolean hasRun;

    OwedDelivery(Delivery delivery, Deliveries deliveries) {
      this.delivery = delivery;
      this.deliveries = deliveries;
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
    public int limit() {
      return delivery.limit();
    }

    @Override
    public void settle(Settlement settlement) {
      if (!settled.compareAndSet(false, true)) {
        return;
      }
      if (settlement == Settlement.RELEASE && !deliveries.mayBeReleased()) {
        // An orderly stop is nobody's fault: this delivery counts only if it has run.
        int against = hasRun ? deliveries.total() : deliveries.total() - 1;
        boolean atOnce = draining || !(deliveries.mayRun() || deliveries.areExhausted());
        renewal.publish(delivery.order(), against, atOnce, this::end);
      } else {
        end(settlement);
      }
    }

    /** The queue whose topic the order is on. */
    private String queue() {
      return Objects.requireNonNullElse(Topics.queueOf(delivery.order().topic()), "unknown");
    }

    private void end(Settlement settlement) {
      delivery.settle(settlement);
      observer.settled(
          queue(),
          switch (settlement) {
            case ACCEPT -> WorkObserver.Settled.ACCEPTED;
            case RELEASE -> WorkObserver.Settled.RELEASED;
            case REJECT -> WorkObserver.Settled.REJECTED;
          });
      if (unsettled.decrementAndGet() == 0 && draining) {
        idle.release();
      }
    }
  }
}
