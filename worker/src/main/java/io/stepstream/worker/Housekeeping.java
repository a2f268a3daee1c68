package io.stepstream.worker;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a worker does by the clock, on one thread: it ends overdue tasks, sends heartbeats (those of
 * all tasks together, at most once a second) and lets the sources adapt themselves.
 *
 * <p>One look at all running tasks per tick costs less than a timer per task, and there are never
 * more of them than permits.
 */
final class Housekeeping implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

  private static final long TICK_MILLIS = 200;
  private static final long BEAT_MILLIS = 1_000;

  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("stepstream-worker-clock").factory());
  private final TaskRunner runner;
  private final ResultPublisher results;
  private final List<TaskSource> sources;

  Housekeeping(TaskRunner runner, ResultPublisher results, List<TaskSource> sources) {
    this.runner = runner;
    this.results = results;
    this.sources = List.copyOf(sources);
  }

  void start() {
    every(TICK_MILLIS, runner::cancelOverdue);
    every(TICK_MILLIS, () -> sources.forEach(TaskSource::tend));
    every(BEAT_MILLIS, this::beat);
  }

  private void beat() {
    long now = System.nanoTime();
    for (RunningTask task : runner.running()) {
      if (task.takeDueBeat(now)) {
        results.heartbeat(task.order());
      }
    }
  }

  private void every(long millis, Runnable duty) {
    clock.scheduleWithFixedDelay(
        () -> {
          try {
            duty.run();
          } catch (RuntimeException e) {
            // An executor drops a duty that throws, and then no task would ever time out again.
            LOG.error("A duty of the worker failed; it is tried again.", e);
          }
        },
        millis,
        millis,
        TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
