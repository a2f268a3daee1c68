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
 * <p>Runs several {@link ShareLane}s, because each stops fetching while tasks of its batch run.
 * Kafka assigns a partition to one member only as long as there are not more members than
 * partitions, so a lane that can't fetch starves its partitions. Therefore
 *
 * <ul>
 *   <li>a lane is added when all are held up, so that more of them share the partitions;
 *   <li>a lane that is held up for long retires: it hands its partitions over, keeps what it runs,
 *       and another one takes its place;
 *   <li>no lane stays in the group while the worker has no permit to give.
 * </ul>
 */
final class ShareGroupSource implements TaskSource {

  private static final Logger LOG = LoggerFactory.getLogger(ShareGroupSource.class);

  /** Long enough that the usual short tasks never cause a new lane. */
  private static final Duration HELD_UP = Duration.ofMillis(200);

  /** Handing partitions over takes up to two heartbeats of the group, 10 s by default. */
  private static final Duration RETIRE = Duration.ofSeconds(5);

  /** A member that comes and goes makes the group reassign partitions each time. */
  private static final Duration IDLE = Duration.ofSeconds(60);

  /** A lane that failed would most likely fail again at once. */
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);

  /**
   * @param lanes as many acquire usually
   * @param maxLanes as many there are at most, those included that only finish what they hold; a
   *     broker takes 200 members per group by default, from all workers together
   */
  record Settings(String queue, int lanes, int maxLanes) {}

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
    saturated.note(!intake.hasCapacity());
    retire();
    grow();
    shrink();
  }

  private void retire() {
    boolean full = saturated.lastsLongerThan(RETIRE);
    for (Running one : acquiring()) {
      Duration heldUp = one.lane().heldUp();
      boolean replaceable = running.size() < settings.maxLanes();
      if (heldUp.compareTo(RETIRE) > 0 && (replaceable || full) || heldUp.isZero() && full) {
        one.lane().stopAcquiring();
      }
    }
  }

  private void grow() {
    List<Running> acquiring = acquiring();
    boolean wanted = acquiring.size() < settings.lanes() || free(acquiring) == 0;
    if (!wanted || saturated.lasts()) {
      return;
    }
    if (failed.lasts() && !failed.lastsLongerThan(AFTER_FAILURE)) {
      return;
    }
    failed.note(false);
    if (running.size() < settings.maxLanes()) {
      addLane();
    } else {
      LOG.debug("All {} lanes of queue {} hold long tasks.", settings.maxLanes(), settings.queue());
    }
  }

  private void shrink() {
    List<Running> acquiring = acquiring();
    spare.note(acquiring.size() > settings.lanes() && free(acquiring) > 1);
    if (spare.lastsLongerThan(IDLE)) {
      spare.note(false);
      acquiring.getLast().lane().stopAcquiring();
    }
  }

  private static long free(List<Running> acquiring) {
    return acquiring.stream().filter(one -> one.lane().heldUp().compareTo(HELD_UP) < 0).count();
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
    return saturated.lasts() || running.stream().anyMatch(one -> one.thread().isAlive());
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
