package io.stepstream.worker;

import io.stepstream.schemas.TaskOrder;
import io.stepstream.worker.handler.TaskContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A task whose handler runs on the current thread of its creator.
 *
 * <p>{@link #finish} and {@link #cancel} exclude each other, so an interrupt never hits the thread
 * after its handler has returned, when it publishes.
 */
final class RunningTask implements TaskContext {

  /** Why nobody waits for a running task any more. */
  enum Cancellation {
    /** The coordinator's own timer has ended the attempt. */
    DEADLINE,
    /** The coordinator has told that nobody waits for the attempt. */
    ABANDONED,
    /** The worker ends; another one will carry the task out. */
    WORKER_CLOSES
  }

  private final TaskOrder order;
  private final int deliveryCount;
  private final BooleanSupplier draining;
  private final Thread thread = Thread.currentThread();

  private boolean finished;
  private volatile @Nullable Cancellation cancellation;
  private volatile @Nullable String traceParent;

  // Heartbeats: nanoTime of the next one that the worker owes, and whether the handler beats
  // itself.
  private final long beatEveryNanos;
  private long nextBeatNanos;
  private boolean handlerBeats;
  private boolean beatWanted;

  RunningTask(TaskOrder order, int deliveryCount, BooleanSupplier draining, long nowNanos) {
    this.order = order;
    this.deliveryCount = deliveryCount;
    this.draining = draining;
    Integer seconds = order.getHeartbeatSeconds();
    this.beatEveryNanos =
        seconds == null ? 0 : Math.max(1, Duration.ofSeconds(seconds).toNanos() / 3);
    this.nextBeatNanos = nowNanos + beatEveryNanos;
  }

  /** Whether it carries out this attempt. */
  boolean isAttempt(String executionArn, long frameId, int epoch) {
    return order.getFrameId() == frameId
        && order.getEpoch() == epoch
        && order.getExecutionArn().equals(executionArn);
  }

  TaskOrder order() {
    return order;
  }

  /** True if a heartbeat is to be sent now; the next one is due an interval later. */
  synchronized boolean takeDueBeat(long nowNanos) {
    if (beatEveryNanos == 0 || finished || cancellation != null) {
      return false;
    }
    boolean due = handlerBeats ? beatWanted : nowNanos - nextBeatNanos >= 0;
    if (due) {
      beatWanted = false;
      nextBeatNanos = nowNanos + beatEveryNanos;
    }
    return due;
  }

  /** What {@link #traceParent} tells; null: nothing. Before the handler begins. */
  void tracedBy(@Nullable String context) {
    traceParent = context;
  }

  /** Interrupts the handler unless it has returned. */
  synchronized void cancel(Cancellation reason) {
    if (!finished && cancellation == null) {
      cancellation = reason;
      thread.interrupt();
    }
  }

  /**
   * The handler has returned; clears the interrupt of a cancellation. Null: nobody cancelled it.
   */
  synchronized @Nullable Cancellation finish() {
    finished = true;
    Thread.interrupted();
    return cancellation;
  }

  @Override
  public synchronized void heartbeat() {
    handlerBeats = true;
    beatWanted = true;
  }

  @Override
  public String executionArn() {
    return order.getExecutionArn();
  }

  @Override
  public String stateMachineArn() {
    return order.getStateMachineArn();
  }

  @Override
  public String stateName() {
    return order.getStateName();
  }

  @Override
  public String resource() {
    return order.getResource();
  }

  @Override
  public int retryCount() {
    return order.getRetryCount();
  }

  @Override
  public String idempotencyKey() {
    return order.getExecutionArn() + "#" + order.getFrameId() + "#" + order.getEpoch();
  }

  @Override
  public int deliveryCount() {
    return deliveryCount;
  }

  @Override
  public Optional<Instant> deadline() {
    return Optional.ofNullable(order.getDeadline());
  }

  @Override
  public Optional<String> taskToken() {
    return Optional.ofNullable(order.getTaskToken());
  }

  @Override
  public Optional<String> roleArn() {
    return Optional.ofNullable(
        order.getJob() == null
            ? order.getRoleArn()
            : JobText.parse(order.getJob().getJob()).roleArn());
  }

  @Override
  public Optional<String> traceHeader() {
    return Optional.ofNullable(order.getTraceHeader());
  }

  @Override
  public Optional<String> traceParent() {
    return Optional.ofNullable(traceParent);
  }

  @Override
  public boolean isCancelled() {
    return cancellation != null;
  }

  @Override
  public boolean isDraining() {
    return draining.getAsBoolean();
  }
}
