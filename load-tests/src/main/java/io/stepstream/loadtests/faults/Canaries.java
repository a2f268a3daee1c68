package io.stepstream.loadtests.faults;

import io.stepstream.schemas.topic.ExecutionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Executions that are started on each node in each partition when all is healed: what doesn't come
 * back by itself is seen by them. Used by the run's own thread.
 */
final class Canaries {

  /**
   * What a node may take to serve again when all is healed, on a machine that others use too. How
   * long it took is told.
   */
  private static final Duration LONGEST = Duration.ofSeconds(120);

  private record Place(int node, int partition) {}

  private int rounds;

  /** Returns when all have ended, or one hasn't in time; tells how long that took. */
  Duration send(Experiment experiment) throws InterruptedException {
    long begin = System.nanoTime();
    int round = ++rounds;
    List<Place> places = new ArrayList<>();
    for (int node = 0; node < experiment.cluster().nodes().size(); node++) {
      for (int partition = 0; partition < Cluster.PARTITIONS; partition++) {
        places.add(new Place(node, partition));
      }
    }
    List<Start> begun = new ArrayList<>();
    try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Optional<Start>>> starts =
          each.invokeAll(
              places.stream()
                  .<Callable<Optional<Start>>>map(
                      place -> () -> start(experiment.workload(), round, place))
                  .toList());
      for (int i = 0; i < places.size(); i++) {
        Place place = places.get(i);
        starts.get(i).get().ifPresentOrElse(begun::add, () -> missing(experiment, place));
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a canary", e.getCause());
    }
    if (!experiment.awaitEnded(begun, LONGEST)) {
      begun.stream()
          .filter(start -> !experiment.tail().hasEnded(start))
          .forEach(
              start ->
                  experiment.violated(
                      Invariant.I10,
                      start.name(),
                      "it has not ended %d s after all was healed".formatted(LONGEST.toSeconds())));
    }
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private static Optional<Start> start(Workload workload, int round, Place place)
      throws InterruptedException {
    return workload.startOn(place.node(), Template.BRIEF, name(workload, round, place), LONGEST);
  }

  private static void missing(Experiment experiment, Place place) {
    experiment.violated(
        Invariant.I10,
        experiment.cluster().nodes().get(place.node()).name(),
        "it starts nothing in partition %d, %d s after all was healed"
            .formatted(place.partition(), LONGEST.toSeconds()));
  }

  /** A name that leads to the partition. */
  private static String name(Workload workload, int round, Place place) {
    for (int i = 0; ; i++) {
      String name = "%scanary-%d-%d-%d".formatted(workload.prefix(), round, place.node(), i);
      String arn = Start.arn(workload.machine(Template.BRIEF), name);
      if (ExecutionKey.of(arn).partition(Cluster.PARTITIONS) == place.partition()) {
        return name;
      }
    }
  }
}
