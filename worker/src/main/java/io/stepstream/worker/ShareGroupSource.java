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
 * <p>Runs several {@link ShareLane}s, since each stops fetching while tasks of its batch run. When
 * all are held up and permits are free, it adds lanes up to a bound; it takes them away when they
 * idle.
 */
final class ShareGroupSource implements TaskSource {

  private static final Logger LOG = LoggerFactory.getLogger(ShareGroupSource.class);

  /** Long enough that the usual short tasks never cause a new lane. */
  private static final Duration HELD_UP = Duration.ofMillis(200);

  /** A member that comes and goes makes the group reassign partitions each time. */
  private static final Duration IDLE = Duration.ofSeconds(60);

  /** A lane that failed would most likely fail again at once. */
  private static final Duration REPLACE_AFTER = Duration.ofSeconds(2);

  /**
   * @param lanes to begin with
   * @param maxLanes a broker takes 200 members per group by default, from all workers together
   * @param deliveryLimit after how many deliveries the broker drops a record
   */
  record Settings(String queue, int lanes, int maxLanes, int deliveryLimit) {}

  private record Running(ShareLane lane, Thread thread) {}

  private final Settings settings;
  private final Supplier<ShareConsumer<byte[], byte[]>> consumers;
  private final TaskIntake intake;

  // Guarded by this.
  private final List<Running> running = new ArrayList<>();
  private boolean stopping;
  private int started;
  private long addedAt;
  private long spareSince;

  /**
   * @param consumers makes a consumer that is subscribed, in explicit mode
   */
  ShareGroupSource(
      Settings settings, Supplier<ShareConsumer<byte[], byte[]>> consumers, TaskIntake intake) {
    this.settings = settings;
    this.consumers = consumers;
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
    running.removeIf(one -> !one.thread().isAlive());
    if (running.size() < settings.lanes()) {
      if (System.nanoTime() - addedAt > REPLACE_AFTER.toNanos()) {
        addLane();
      }
      return;
    }
    long free = running.stream().filter(one -> one.lane().heldUp().compareTo(HELD_UP) < 0).count();
    if (free == 0 && running.size() < settings.maxLanes() && intake.hasCapacity()) {
      addLane();
    }
    if (free < 2 || running.size() == settings.lanes()) {
      spareSince = System.nanoTime();
    } else if (System.nanoTime() - spareSince > IDLE.toNanos()) {
      spareSince = System.nanoTime();
      running.stream()
          .filter(one -> one.lane().heldUp().isZero())
          .findFirst()
          .ifPresent(one -> one.lane().stopAcquiring());
    }
  }

  private void addLane() {
    addedAt = System.nanoTime();
    var lane = new ShareLane(consumers.get(), settings.deliveryLimit(), intake);
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("stepstream-" + settings.queue() + "-lane-" + started++)
            .start(lane);
    running.add(new Running(lane, thread));
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
    return running.stream().anyMatch(one -> one.thread().isAlive());
  }
}
