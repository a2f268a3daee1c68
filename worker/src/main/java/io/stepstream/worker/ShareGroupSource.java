package io.stepstream.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Acquires orders in a share group: each order is locked and settled by itself, and more workers
 * than partitions make sense.
 *
 * <p>Runs several {@link ShareLane}s, because each stops fetching while tasks of its batch run, and
 * keeps its partitions all the same. Kafka's assignor gives each of P partitions to {@code
 * ceil(M/P)} of M members, so the partitions of a lane that is held up rest unless there are more
 * members than partitions. With {@code h * P + 1} members even h lanes that are held up can't cover
 * a partition alone: therefore lanes are added while tasks run long, and a queue of long tasks
 * fares best with a single partition, where every lane stands in for any other. (A member that
 * holds records can't give its partitions away: the client doesn't understand the answers to its
 * renewals once the topic isn't subscribed.)
 *
 * <p>A lane that can't fetch because the worker has no permits, or its part of a limited queue
 * runs, leaves the group, so that its partitions go to workers that have some.
 */
final class ShareGroupSource implements TaskSource {

  private static final Logger LOG = LoggerFactory.getLogger(ShareGroupSource.class);

  /** Long enough that the usual short tasks never cause a new lane. */
  private static final Duration HELD_UP = Duration.ofMillis(200);

  /** Leaving makes the group reassign partitions; that isn't worth while for a short squeeze. */
  private static final Duration SATURATED = Duration.ofSeconds(5);

  /** A member that comes and goes makes the group reassign partitions each time. */
  private static final Duration IDLE = Duration.ofSeconds(60);

  /** A lane that failed would most likely fail again at once. */
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);

  /**
   * @param partitions of the queue's topic
   * @param lanes as many there are usually
   * @param maxLanes as many there are at most, while tasks run long; a broker takes 200 members per
   *     group by default, from all workers together
   */
  record Settings(String queue, int partitions, int lanes, int maxLanes) {}

  /** Makes a lane. */
  interface Lanes {
    ShareLane create(ShareConsumer<byte[], byte[]> consumer);
  }

  private record Running(ShareLane lane, Thread thread) {}

  private final Settings settings;
  private final Supplier<ShareConsumer<byte[], byte[]>> consumers;
  private final Lanes lanes;
  private final TaskIntake intake;

  // Guarded by this.
  private final List<Running> running = new ArrayList<>();
  private final Since saturated = new Since();
  private final Since spare = new Since();
  private final Since failed = new Since();
  private boolean stopping;
  private int started;

  /**
   * @param consumers makes a consumer that is subscribed, in explicit mode
   */
  ShareGroupSource(
      Settings settings,
      Supplier<ShareConsumer<byte[], byte[]>> consumers,
      Lanes lanes,
      TaskIntake intake) {
    this.settings = settings;
    this.consumers = consumers;
    this.lanes = lanes;
    this.intake = intake;
  }

  @Override
  public synchronized void start() {
    for (int i = 0; i < settings.lanes(); i++) {
      addLane();
    }
  }

  @Override
  public synchronized void tend() {
    if (stopping) {
      return;
    }
    for (Running one : List.copyOf(running)) {
      if (!one.thread().isAlive()) {
        running.remove(one);
        failed.note(failed.lasts() || !one.lane().isStopping());
      }
    }
    saturated.note(intake.isSaturated());
    leave();
    grow();
    shrink();
  }

  private void leave() {
    if (saturated.lastsLongerThan(SATURATED)) {
      running.stream()
          .filter(one -> one.lane().heldUp().isZero())
          .forEach(one -> one.lane().stopAcquiring());
    }
  }

  private void grow() {
    boolean justFailed = failed.lasts() && !failed.lastsLongerThan(AFTER_FAILURE);
    if (acquiring().size() < wanted() && intake.hasCapacity() && !justFailed) {
      failed.note(false);
      addLane();
    }
  }

  private void shrink() {
    List<Running> acquiring = acquiring();
    spare.note(acquiring.size() > wanted());
    if (spare.lastsLongerThan(IDLE)) {
      spare.note(false);
      acquiring.stream()
          .filter(one -> one.lane().heldUp().isZero())
          .findFirst()
          .ifPresent(one -> one.lane().stopAcquiring());
    }
  }

  private int wanted() {
    long heldUp =
        running.stream().filter(one -> one.lane().heldUp().compareTo(HELD_UP) > 0).count();
    return (int) Math.min(settings.maxLanes(), settings.lanes() + heldUp * settings.partitions());
  }

  private List<Running> acquiring() {
    return running.stream().filter(one -> !one.lane().isStopping()).toList();
  }

  private void addLane() {
    ShareLane lane = lanes.create(consumers.get());
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("stepstream-" + settings.queue() + "-lane-" + started++)
            .start(lane);
    running.add(new Running(lane, thread));
    LOG.debug("{} begins; there are {} lanes.", thread.getName(), running.size());
  }

  @Override
  public synchronized void stopAcquiring() {
    stopping = true;
    running.forEach(one -> one.lane().stopAcquiring());
  }

  @Override
  public void close(Duration timeout) {
    List<Running> ending;
    synchronized (this) {
      stopping = true;
      ending = List.copyOf(running);
    }
    ending.forEach(one -> one.lane().abandon());
    long end = System.nanoTime() + timeout.toNanos();
    for (Running one : ending) {
      try {
        Duration left = Duration.ofNanos(Math.max(1, end - System.nanoTime()));
        if (!one.thread().join(left)) {
          LOG.warn(
              "{} did not end in time; its locks expire by themselves.", one.thread().getName());
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  @Override
  public synchronized boolean isAlive() {
    return !intake.hasCapacity() || running.stream().anyMatch(one -> one.thread().isAlive());
  }

  /** For how long something has been so. Not thread safe. */
  private static final class Since {

    private boolean lasts;
    private long begun;

    void note(boolean now) {
      if (now && !lasts) {
        begun = System.nanoTime();
      }
      lasts = now;
    }

    boolean lasts() {
      return lasts;
    }

    boolean lastsLongerThan(Duration duration) {
      return lasts && System.nanoTime() - begun > duration.toNanos();
    }
  }
}
