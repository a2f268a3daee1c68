package io.stepstream.loadtests.faults;

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

  /** Where they are sent. */
  interface Air {
    int nodes();

    /** Before the names of executions. */
    String prefix();

    /** The state machine whose executions they are. */
    String machine();

    /** Empty: it wasn't acknowledged in time. May be called by several threads. */
    Optional<Start> start(int node, String name, Duration longest) throws InterruptedException;

    /** Whether all have ended by then. */
    boolean awaitEnded(List<Start> starts, Duration longest) throws InterruptedException;

    boolean hasEnded(Start start);

    /** Of {@link Invariant#I10}. */
    void violated(String subject, String what);
  }

  private record Place(int node, int partition) {}

  private final Duration longest;
  private int rounds;

  Canaries() {
    this(LONGEST);
  }

  /**
   * @param longest for their starts, and then for their ends
   */
  Canaries(Duration longest) {
    this.longest = longest;
  }

  /** {@link #send(Air)} in the cluster of a run. */
  Duration send(Experiment experiment) throws InterruptedException {
    return send(new OfRun(experiment));
  }

  /** Returns when all have ended, or one hasn't in time; tells how long that took. */
  Duration send(Air air) throws InterruptedException {
    long begin = System.nanoTime();
    int round = ++rounds;
    List<Place> places = new ArrayList<>();
    for (int node = 0; node < air.nodes(); node++) {
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
                      place -> () -> air.start(place.node(), name(air, round, place), longest))
                  .toList());
      for (int i = 0; i < places.size(); i++) {
        Place place = places.get(i);
        starts.get(i).get().ifPresentOrElse(begun::add, () -> missing(air, place));
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a canary", e.getCause());
    }
    if (!air.awaitEnded(begun, longest)) {
      begun.stream()
          .filter(start -> !air.hasEnded(start))
          .forEach(
              start ->
                  air.violated(
                      start.name(),
                      "it has not ended %d s after all was healed".formatted(longest.toSeconds())));
    }
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private void missing(Air air, Place place) {
    air.violated(
        "node-" + (place.node() + 1),
        "it starts nothing in partition %d, %d s after all was healed"
            .formatted(place.partition(), longest.toSeconds()));
  }

  private static String name(Air air, int round, Place place) {
    return Start.nameIn(
        place.partition(),
        air.machine(),
        "%scanary-%d-%d-".formatted(air.prefix(), round, place.node()));
  }

  private record OfRun(Experiment experiment) implements Air {
    @Override
    public int nodes() {
      return experiment.cluster().nodes().size();
    }

    @Override
    public String prefix() {
      return experiment.workload().prefix();
    }

    @Override
    public String machine() {
      return experiment.workload().machine(Template.BRIEF);
    }

    @Override
    public Optional<Start> start(int node, String name, Duration longest)
        throws InterruptedException {
      return experiment.workload().startOn(node, Template.BRIEF, name, longest);
    }

    @Override
    public boolean awaitEnded(List<Start> starts, Duration longest) throws InterruptedException {
      return experiment.awaitEnded(starts, longest);
    }

    @Override
    public boolean hasEnded(Start start) {
      return experiment.tail().hasEnded(start);
    }

    @Override
    public void violated(String subject, String what) {
      experiment.violated(Invariant.I10, subject, what);
    }
  }
}
