package load;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Runs the works, each as Stepstream's own load generator does, and prints one line of JSON for
 * each. A work that fails ends the run: figures of an engine that refuses part of it mean nothing.
 */
public final class PeerLoad {

  /** Of which the better one counts. */
  private static final int[] IN_FLIGHT = {100, 300};

  /** Most of a warm-up is at light load, or the compilers would get too little of the cores. */
  private static final int LIGHT = 32;

  private static final int FOR_EACH_RUNS = 3;
  private static final int PACED_PER_SECOND = 25;
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(60);

  private final Peer peer;
  private final String name = System.getProperty("peer.name");
  private final long windowNanos = TimeUnit.SECONDS.toNanos(Long.getLong("peer.seconds"));
  private final long warmUpNanos = TimeUnit.SECONDS.toNanos(Long.getLong("peer.warmUp"));
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  private PeerLoad(Peer peer) {
    this.peer = peer;
  }

  /** All works, one after another. */
  public static void run(Peer peer) throws InterruptedException {
    PeerLoad load = new PeerLoad(peer);
    load.throughput("one-task", peer::oneTask);
    load.latency();
    load.throughput("five-nodes", peer::fiveNodes);
    load.forEach();
  }

  private void throughput(String work, Supplier<CompletionStage<?>> start)
      throws InterruptedException {
    say("%s: warm-up of %d s", work, TimeUnit.NANOSECONDS.toSeconds(warmUpNanos));
    Loop loop = new Loop(start);
    loop.run(LIGHT, warmUpNanos * 2 / 3);
    loop.run(IN_FLIGHT[0], warmUpNanos / 3);
    double best = 0;
    int bestInFlight = 0;
    for (int inFlight : IN_FLIGHT) {
      double perSecond = loop.run(inFlight, windowNanos);
      say("%s: %.0f/s with %d in flight", work, perSecond, inFlight);
      if (perSecond > best) {
        best = perSecond;
        bestInFlight = inFlight;
      }
    }
    if (best == 0) {
      throw new IllegalStateException(work + ": none ended within the measured time");
    }
    print(
        "{\"work\":\"%s\",\"per_s\":%.1f,\"unit\":\"executions\",\"in_flight\":%d}",
        work, best, bestInFlight);
  }

  /** A closed loop: a new one starts when one has ended. */
  private final class Loop {

    private final Supplier<CompletionStage<?>> start;
    private final AtomicLong ended = new AtomicLong();

    Loop(Supplier<CompletionStage<?>> start) {
      this.start = start;
    }

    /**
     * Waits for the last one, which doesn't count.
     *
     * @return ended per second, within the time
     */
    double run(int inFlight, long nanos) throws InterruptedException {
      Semaphore room = new Semaphore(inFlight);
      long from = System.nanoTime();
      long endedBefore = ended.get();
      while (System.nanoTime() - from < nanos) {
        start(room);
      }
      double perSecond = (ended.get() - endedBefore) * 1e9 / (System.nanoTime() - from);
      awaitRoom(room, inFlight);
      return perSecond;
    }

    void once() throws InterruptedException {
      Semaphore room = new Semaphore(1);
      start(room);
      awaitRoom(room, 1);
    }

    private void start(Semaphore room) throws InterruptedException {
      awaitRoom(room, 1);
      start
          .get()
          .whenComplete(
              (_, problem) -> {
                note(problem);
                ended.incrementAndGet();
                room.release();
              });
    }
  }

  /** An open loop; counted from when a start was due, so that a stall is not forgiven. */
  private void latency() throws InterruptedException {
    long interval = TimeUnit.SECONDS.toNanos(1) / PACED_PER_SECOND;
    int count = (int) (windowNanos / interval);
    ConcurrentLinkedQueue<Long> taken = new ConcurrentLinkedQueue<>();
    Semaphore ended = new Semaphore(0);
    long first = System.nanoTime();
    for (int i = 0; i < count; i++) {
      long due = first + i * interval;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      peer.oneTask()
          .whenComplete(
              (_, problem) -> {
                note(problem);
                taken.add(System.nanoTime() - due);
                ended.release();
              });
    }
    awaitRoom(ended, count);
    long[] sorted = taken.stream().mapToLong(Long::longValue).sorted().toArray();
    print(
        "{\"work\":\"latency\",\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"paced_per_s\":%d,\"count\":%d}",
        percentile(sorted, 0.5), percentile(sorted, 0.99), PACED_PER_SECOND, count);
  }

  private static double percentile(long[] sorted, double share) {
    return sorted[(int) Math.ceil(sorted.length * share) - 1] / 1e6;
  }

  /** One at a time, with nothing beside it; the median counts. */
  private void forEach() throws InterruptedException {
    say("for-each: warm-up of %d s", TimeUnit.NANOSECONDS.toSeconds(warmUpNanos));
    Loop loop = new Loop(peer::forEach);
    loop.run(1, warmUpNanos);
    double[] seconds = new double[FOR_EACH_RUNS];
    for (int i = 0; i < FOR_EACH_RUNS; i++) {
      long from = System.nanoTime();
      loop.once();
      seconds[i] = (System.nanoTime() - from) / 1e9;
    }
    Arrays.sort(seconds);
    double median = seconds[FOR_EACH_RUNS / 2];
    print(
        "{\"work\":\"for-each\",\"per_s\":%.1f,\"unit\":\"items\",\"items\":%d,\"seconds\":%.3f}",
        peer.items() / median, peer.items(), median);
  }

  private void note(Throwable problem) {
    if (problem != null) {
      Throwable cause =
          problem instanceof CompletionException wrapped && wrapped.getCause() != null
              ? wrapped.getCause()
              : problem;
      failure.compareAndSet(null, cause);
    }
  }

  private void awaitRoom(Semaphore room, int permits) throws InterruptedException {
    boolean acquired = room.tryAcquire(permits, LONGEST_SILENCE.toSeconds(), TimeUnit.SECONDS);
    Throwable problem = failure.get();
    if (problem != null) {
      throw new IllegalStateException("an execution failed: " + problem, problem);
    }
    if (!acquired) {
      throw new IllegalStateException(
          "no execution ended for %d s".formatted(LONGEST_SILENCE.toSeconds()));
    }
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }

  private void say(String format, Object... values) {
    System.err.println(name + ": " + String.format(Locale.ROOT, format, values));
  }
}
