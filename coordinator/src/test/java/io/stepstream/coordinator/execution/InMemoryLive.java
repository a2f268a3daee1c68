package io.stepstream.coordinator.execution;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A log of two partitions, all of whose changes are on the first; tells what a test says. */
public final class InMemoryLive implements LiveEvents {

  private record OfExecution(String arn, LongConsumer grown, Runnable interrupted) {}

  private final List<OfExecution> executions = new ArrayList<>();
  private final List<Changes> followers = new ArrayList<>();
  private final List<StatusChange> log = new ArrayList<>();
  private boolean out;

  @Override
  public synchronized Following follow(
      String executionArn, LongConsumer grown, Runnable interrupted) {
    requireReading();
    OfExecution follower = new OfExecution(executionArn, grown, interrupted);
    executions.add(follower);
    return following(() -> executions.remove(follower));
  }

  @Override
  public synchronized Following follow(@Nullable LogPosition from, Changes changes) {
    requireReading();
    for (int i = from == null ? log.size() : (int) from.offsets()[0]; i < log.size(); i++) {
      changes.changed(log.get(i), at(i + 1));
    }
    followers.add(changes);
    return following(() -> followers.remove(changes));
  }

  private Following following(Runnable end) {
    return new Following() {
      @Override
      public void goOn() {
        // Nobody is behind.
      }

      @Override
      public void close() {
        synchronized (InMemoryLive.this) {
          end.run();
        }
      }
    };
  }

  @Override
  public synchronized LogPosition now() {
    requireReading();
    return at(log.size());
  }

  private static LogPosition at(int offset) {
    return new LogPosition(new long[] {offset, 0});
  }

  private void requireReading() {
    if (out) {
      throw new Unavailable("not reading", Duration.ofSeconds(2));
    }
  }

  public synchronized void grow(String executionArn, long eventId) {
    executions.stream()
        .filter(e -> e.arn.equals(executionArn))
        .forEach(e -> e.grown.accept(eventId));
  }

  public synchronized void change(StatusChange change) {
    log.add(change);
    followers.forEach(follower -> follower.changed(change, at(log.size())));
  }

  public synchronized int listeners() {
    return executions.size() + followers.size();
  }

  /** Whether nothing is read from now on. */
  public synchronized void interrupt(boolean interrupted) {
    out = interrupted;
    if (interrupted) {
      executions.forEach(e -> e.interrupted.run());
      followers.forEach(Changes::interrupted);
    }
  }
}
