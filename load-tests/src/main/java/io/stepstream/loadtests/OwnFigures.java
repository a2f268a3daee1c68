package io.stepstream.loadtests;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The figures of one lane of ours, collected from the scenarios. Not thread safe. */
final class OwnFigures {

  private final String engine;
  private final Map<Work, WorkFigure> figures = new EnumMap<>(Work.class);
  private @Nullable String failure;

  OwnFigures(String engine) {
    this.engine = engine;
  }

  void add(Result result) {
    switch (result) {
      case LoadResult load -> {
        Measurement measured = load.engine();
        WorkFigure rate = new WorkFigure.Rate(load.summary().perSecond());
        if (load.scenario().task()) {
          figures.put(Work.ONE_TASK, rate);
          figures.put(
              Work.LATENCY, new WorkFigure.Latency(measured.p50Millis(), measured.p99Millis()));
        } else {
          figures.put(Work.FIVE_NODES, rate);
        }
      }
      case MapResult map -> figures.put(Work.FOR_EACH, new WorkFigure.Rate(map.itemsPerSecond()));
      case TimerResult _, PacedResult _ ->
          throw new IllegalArgumentException("no work of the peers: " + result.json());
    }
  }

  /** A scenario came to nothing. The first one's reason is told. */
  void failed(Scenario scenario, BenchFailure reason) {
    if (failure == null) {
      failure = scenario.label() + ": " + reason.getMessage();
    }
  }

  EngineFigures row() {
    return new EngineFigures(engine, figures, failure);
  }
}
