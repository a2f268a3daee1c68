package io.stepstream.coordinator.reply;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.processor.api.ProcessingContext;

/**
 * Decides when a lane's stream threads commit, lets replies leave after it, and knows what a
 * thread's clients were last asked for. One per lane.
 */
public final class CommitPacing {

  /**
   * @param exactlyOnce false: a step's outcome stands when the step has ended, nothing waits for a
   *     commit
   * @param minGap between the end of a commit and the request for the next; keeps idle latency near
   *     one commit
   * @param costFactor the gap in multiples of what commits have cost lately; bounds the share of
   *     time that goes into them
   * @param maxGap never wait longer
   */
  public record Settings(boolean exactlyOnce, Duration minGap, double costFactor, Duration maxGap) {

    public static final Settings AT_LEAST_ONCE =
        new Settings(false, Duration.ZERO, 0, Duration.ZERO);

    public static final Settings EXACTLY_ONCE =
        new Settings(true, Duration.ofMillis(3), 3, Duration.ofMillis(50));
  }

  private final Settings settings;
  private final LongSupplier nanoClock;
  private final ThreadLocal<ThreadCommits> threads;
  private final TransactionCounters transactions = new TransactionCounters();

  public CommitPacing(Settings settings) {
    this(settings, System::nanoTime);
  }

  CommitPacing(Settings settings, LongSupplier nanoClock) {
    this.settings = settings;
    this.nanoClock = nanoClock;
    this.threads = ThreadLocal.withInitial(() -> new ThreadCommits(settings));
  }

  /** A step has changed something. */
  public void stepped(ProcessingContext context) {
    if (settings.exactlyOnce()) {
      threads.get().stepped();
      requestIfDue(context);
    }
  }

  /**
   * Asks for the commit of steps which came too soon after the last one; called by a punctuator.
   */
  public void requestIfDue(ProcessingContext context) {
    if (settings.exactlyOnce() && threads.get().due(nanoClock.getAsLong())) {
      context.commit();
    }
  }

  /** Lets an answer leave when what it tells can no longer be undone. */
  public void reply(Runnable reply) {
    if (settings.exactlyOnce()) {
      threads.get().reply(reply);
    } else {
      reply.run();
    }
  }

  /** Tells when what this thread does can no longer be undone, or was. */
  public void await(Tentative what) {
    if (settings.exactlyOnce()) {
      threads.get().await(what);
    } else {
      what.committed();
    }
  }

  /**
   * Waits until the brokers have what this thread has sent. That something could not be sent is
   * thrown by Kafka Streams when the thread sends the next.
   */
  public void awaitSent() {
    threads.get().awaitSent();
  }

  /**
   * Whether this thread has not been at its consumer for so long that its group may have given its
   * partitions to another: the process hung, or was held up.
   */
  public boolean mayBeReplaced() {
    return threads.get().mayBeReplaced(nanoClock.getAsLong());
  }

  /** What has become of the lane's transactions on this node. */
  public TransactionCounters transactions() {
    return transactions;
  }

  /** Whether the lane's threads send in transactions. */
  boolean isExactlyOnce() {
    return settings.exactlyOnce();
  }

  /** The calling thread will not come back. */
  void forgetThisThread() {
    threads.remove();
  }

  ThreadCommits ofThisThread() {
    return threads.get();
  }
}
