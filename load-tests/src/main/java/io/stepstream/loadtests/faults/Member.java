package io.stepstream.loadtests.faults;

import io.stepstream.loadtests.faults.ChildProcess.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A process of the cluster under test, which goes and comes back as what it was. */
abstract sealed class Member permits BrokerMember, NodeMember, WorkerMember {

  private static final Duration LOOK = Duration.ofMillis(100);

  private final String name;
  private final Path log;
  private volatile @Nullable ChildProcess process;
  private volatile boolean paused;

  Member(String name, Path log) {
    this.name = name;
    this.log = log;
  }

  abstract List<String> command();

  Map<String, String> environment() {
    return Map.of();
  }

  /** Whether it does its work now. */
  abstract boolean isReady();

  /** As it is called in what the run tells. */
  final String name() {
    return name;
  }

  final Path log() {
    return log;
  }

  /** Starts it; {@link #awaitReady} tells when it works. */
  final synchronized void start() {
    if (isAlive()) {
      throw new IllegalStateException(name + " runs");
    }
    process = ChildProcess.start(command(), environment(), log);
    paused = false;
  }

  /**
   * @throws RunFailure if it isn't ready by then, or has ended
   */
  final void awaitReady(Duration longest) throws InterruptedException {
    if (!await(longest, () -> !isAlive() || isReady()) || !isAlive()) {
      throw new RunFailure(
          "%s is not ready after %d s%s. Its log: %s"
              .formatted(
                  name,
                  longest.toSeconds(),
                  isAlive() ? "" : " and has ended with exit code " + exitCode(),
                  log));
    }
  }

  /** Whether the condition came true by then. */
  static boolean await(Duration longest, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + longest.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      Thread.sleep(LOOK);
    }
    return true;
  }

  /** SIGKILL; returns when it is gone. */
  final void kill() throws InterruptedException {
    signal(Signal.KILL);
  }

  /** SIGSTOP. */
  final void pause() throws InterruptedException {
    paused = true;
    signal(Signal.STOP);
  }

  /** SIGCONT. */
  final void resume() throws InterruptedException {
    signal(Signal.CONT);
    paused = false;
  }

  /**
   * SIGTERM.
   *
   * @return how long it took; null: it still runs after so long
   */
  final @Nullable Duration terminate(Duration longest) throws InterruptedException {
    long begin = System.nanoTime();
    signal(Signal.TERM);
    ChildProcess current = process;
    return current == null || current.awaitEnd(longest)
        ? Duration.ofNanos(System.nanoTime() - begin)
        : null;
  }

  private void signal(Signal signal) throws InterruptedException {
    ChildProcess current = process;
    if (current != null) {
      current.signal(signal);
    }
  }

  final boolean isAlive() {
    ChildProcess current = process;
    return current != null && current.isAlive();
  }

  final boolean isPaused() {
    return paused;
  }

  /** Of its latest process; 0 before the first. */
  final long pid() {
    ChildProcess current = process;
    return current == null ? 0 : current.pid();
  }

  /** Of its latest process, which has ended. */
  final int exitCode() {
    ChildProcess current = process;
    if (current == null) {
      throw new IllegalStateException(name + " was never started");
    }
    return current.exitCode();
  }

  /** Whatever state it is in: it ends. */
  final void end() {
    ChildProcess current = process;
    if (current != null && current.isAlive()) {
      try {
        current.signal(Signal.KILL);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
