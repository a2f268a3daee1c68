package io.stepstream.loadtests;

import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongFunction;
import org.HdrHistogram.Histogram;

/** How long a start takes to reach its task's handler, and its end. */
final class LatencyTrial {

  private final Rig rig;
  private final BenchSettings settings;

  LatencyTrial(Rig rig) {
    this.rig = rig;
    this.settings = rig.settings();
  }

  /**
   * @param firstTask from the start to the handler
   * @param end from the start to the reading of the completion
   */
  record Paced(Percentiles firstTask, Percentiles end) {}

  /** Warms up at full load, then goes on at light load. */
  Paced run(Engine engine, EnginePipeline pipeline) throws InterruptedException {
    try (Load load = Load.on(rig, pipeline)) {
      rig.say("%s: warm-up of %d s", pipeline.name(), settings.warmUp().toSeconds());
      load.generator().first();
      load.generator().warmUp(settings.inFlight(), settings.warmUp());
      Arrivals arrivals = new Arrivals(load.completions()::dueNanos);
      engine.onTask(arrivals::arrive);
      rig.say(
          "%s: %d starts/s for %d s",
          pipeline.name(), LatencyResult.PER_SECOND, settings.window().toSeconds());
      Histogram ends = load.generator().pace(LatencyResult.PER_SECOND, settings.window());
      Paced paced = new Paced(Percentiles.of(arrivals.latencies()), Percentiles.of(ends));
      rig.say("%s: to the task %s, to the end %s", pipeline.name(), paced.firstTask(), paced.end());
      return paced;
    }
  }

  /** Tasks as handlers get them; of each execution the first delivery counts. Thread safe. */
  static final class Arrivals {

    private final LongFunction<OptionalLong> dueNanos;
    private final Histogram micros = new Histogram(3);
    private final Set<Long> seen = new HashSet<>();

    /**
     * @param dueNanos when the execution of that number was due to start; nothing if it isn't under
     *     way
     */
    Arrivals(LongFunction<OptionalLong> dueNanos) {
      this.dueNanos = dueNanos;
    }

    void arrive(long sequence, long nanos) {
      OptionalLong due = dueNanos.apply(sequence);
      synchronized (this) {
        if (due.isPresent() && seen.add(sequence)) {
          micros.recordValue(Math.max(0, (nanos - due.getAsLong()) / 1_000));
        }
      }
    }

    synchronized Histogram latencies() {
      return micros.copy();
    }
  }
}
