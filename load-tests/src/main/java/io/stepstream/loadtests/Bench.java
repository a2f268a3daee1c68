package io.stepstream.loadtests;

import io.stepstream.coordinator.node.Clients;
import io.stepstream.coordinator.node.NodeSettings;
import io.stepstream.dev.Refusal;
import io.stepstream.dev.ScratchDirectory;
import io.stepstream.schemas.topic.TopicLayout;
import io.stepstream.schemas.tracing.Sampling;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One run: the floor, then the engine, on a broker of the run's own. */
final class Bench implements AutoCloseable {

  private final BenchSettings settings;
  private final ScratchDirectory scratch;
  private final BrokerProcess broker;
  private final Rig rig;
  private @Nullable DevProcess dev;
  private boolean closed;

  private Bench(
      BenchSettings settings,
      Consumer<String> progress,
      ScratchDirectory scratch,
      BrokerProcess broker) {
    this.settings = settings;
    this.scratch = scratch;
    this.broker = broker;
    this.rig = new Rig(settings, broker.bootstrapServers(), new Meter(broker), progress);
  }

  /** A whole run. */
  static Result measure(BenchSettings settings, Consumer<String> progress)
      throws Refusal, InterruptedException {
    Result[] result = new Result[1];
    with(settings, progress, bench -> result[0] = bench.run());
    return result[0];
  }

  /** What is done on one broker. */
  interface Work {
    void on(Bench bench) throws Refusal, InterruptedException;
  }

  /** Starts a broker for the work, and stops it. */
  static void with(BenchSettings settings, Consumer<String> progress, Work work)
      throws Refusal, InterruptedException {
    Bench bench = open(settings, progress);
    // The hook covers a Ctrl-C; closing twice does no harm.
    Runtime.getRuntime().addShutdownHook(new Thread(bench::close, "bench-stop"));
    try (bench) {
      work.on(bench);
    }
  }

  /**
   * Starts the broker.
   *
   * @param progress gets a line now and then
   */
  private static Bench open(BenchSettings settings, Consumer<String> progress)
      throws Refusal, InterruptedException {
    ScratchDirectory scratch = ScratchDirectory.create();
    try {
      return new Bench(
          settings, progress, scratch, BrokerProcess.start(scratch.path().resolve("kafka")));
    } catch (RuntimeException | InterruptedException e) {
      delete(scratch);
      throw e;
    }
  }

  private Result run() throws Refusal, InterruptedException {
    LoadTrial load = new LoadTrial(rig);
    return switch (settings.scenario()) {
      case LoadScenario scenario -> {
        Measurement floor;
        try (Floor pipeline = floor(scenario)) {
          floor = load.measure(pipeline);
        }
        try (Engine engine = engine()) {
          Measurement usual = load.measure(engine.pipeline(scenario, true));
          Measurement silent =
              scenario.exactlyOnce() ? null : load.measure(engine.pipeline(scenario, false));
          yield new LoadResult(settings, scenario, floor, usual, silent);
        }
      }
      case MapScenario scenario -> {
        Saturation floor = saturation(load, scenario);
        try (Engine engine = engine()) {
          yield new MapResult(
              settings,
              scenario,
              floor,
              new MapTrial(rig).run(scenario, engine.pipeline(scenario, true)));
        }
      }
      case TimerScenario scenario -> {
        Saturation floor = saturation(load, scenario);
        try (Engine engine = engine()) {
          yield new TimerResult(
              settings, scenario, floor, new TimerTrial(rig).run(engine.pipeline(scenario, true)));
        }
      }
      case PacedScenario scenario -> paced(scenario);
      case ApiScenario _ -> {
        try (DevProcess application = startDev()) {
          yield new ApiStartsTrial(rig, application).run();
        }
      }
    };
  }

  private Result paced(PacedScenario scenario) throws Refusal, InterruptedException {
    return switch (scenario) {
      case MIXED -> {
        try (Engine engine = engine()) {
          yield new MixedTrial(rig)
              .run(
                  engine.pipeline(LoadScenario.EXPRESS_TASK, true),
                  engine.pipeline(LoadScenario.STANDARD_TASK, true),
                  engine.pipeline(MapScenario.MAP_100K, true));
        }
      }
      case LATENCY -> {
        LatencyTrial trial = new LatencyTrial(rig);
        LatencyTrial.Paced express;
        LatencyTrial.Paced standard;
        try (Engine engine = engine()) {
          express = trial.run(engine, engine.pipeline(LoadScenario.EXPRESS_TASK, true));
          standard = trial.run(engine, engine.pipeline(LoadScenario.STANDARD_TASK, true));
        }
        yield new LatencyResult(
            settings, express.firstTask(), syncHttp(), express.end(), standard.end());
      }
    };
  }

  /** The application as it is shipped has a broker of its own; the run's is idle meanwhile. */
  private Percentiles syncHttp() throws Refusal, InterruptedException {
    rig.say("HTTP: warm-up of %d s", settings.warmUp().toSeconds());
    DevProcess application = startDev();
    try (application;
        SyncCalls calls =
            SyncCalls.to(application.endpoint(), Inputs.of(settings.payloadBytes()).at(0))) {
      calls.warmUp(settings.warmUp());
      rig.say("HTTP: %d calls/s for %d s", LatencyResult.PER_SECOND, settings.window().toSeconds());
      Percentiles answers = Percentiles.of(calls.pace(LatencyResult.PER_SECOND, settings.window()));
      rig.say("HTTP: %s", answers);
      return answers;
    }
  }

  /** It must not outlive the run, nor write to a directory that is being removed. */
  private synchronized DevProcess startDev() throws Refusal, InterruptedException {
    if (closed) {
      throw new BenchFailure("The run was stopped");
    }
    dev = DevProcess.start(scratch.path().resolve("dev"), settings.partitions());
    return dev;
  }

  private Saturation saturation(LoadTrial load, Machine machine) throws InterruptedException {
    try (Floor pipeline = floor(machine)) {
      return load.saturation(pipeline);
    }
  }

  private Floor floor(Machine machine) throws InterruptedException {
    NodeSettings node = node("floor-state");
    return Floor.start(node, new Clients(node, "1"), machine.floor(), settings);
  }

  Rig rig() {
    return rig;
  }

  Engine engine() throws InterruptedException {
    NodeSettings node = node("engine-state");
    return Engine.start(node, new Clients(node, "1"), settings);
  }

  private NodeSettings node(String directory) {
    Path state = scratch.path().resolve(directory);
    return new NodeSettings(
        broker.bootstrapServers(),
        state,
        new TopicLayout(settings.partitions(), BenchSettings.QUEUE_PARTITIONS, 1, 1),
        Math.min(settings.partitions(), Runtime.getRuntime().availableProcessors()),
        0,
        "us-east-1",
        true,
        true,
        false,
        Sampling.NONE,
        null,
        overrides());
  }

  /** As the coordinator's configuration has them. */
  private Map<String, String> overrides() {
    Map<String, String> overrides = new HashMap<>();
    settings.streams().forEach((key, value) -> overrides.put("streams." + key, value));
    return overrides;
  }

  /** Stops the broker and removes all files; may be called twice. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      if (dev != null) {
        dev.close();
      }
      broker.close();
      delete(scratch);
    }
  }

  private static void delete(ScratchDirectory scratch) {
    try {
      scratch.close();
    } catch (IOException e) {
      throw new UncheckedIOException("removing " + scratch.path(), e);
    }
  }
}
