package io.stepstream.worker;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what a worker has told. */
final class ObservedWork implements WorkObserver {

  final List<Duration> waits = new CopyOnWriteArrayList<>();
  final List<String> runs = new CopyOnWriteArrayList<>();
  final List<String> settled = new CopyOnWriteArrayList<>();

  @Override
  public void acquired(String queue, Duration waited) {
    waits.add(waited);
  }

  @Override
  public void ran(String queue, String resource, Ending ending, Duration took) {
    runs.add(queue + ' ' + resource + ' ' + ending);
  }

  @Override
  public void settled(String queue, Settled how) {
    settled.add(queue + ' ' + how);
  }
}
