package io.stepstream.loadtests;

import io.stepstream.coordinator.node.Clients;
import io.stepstream.coordinator.node.NodeSettings;
import io.stepstream.dev.Refusal;
import io.stepstream.dev.ScratchDirectory;
import io.stepstream.schemas.topic.TopicLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/** One run: the floor, then the engine, on a broker of the run's own. */
final class Bench implements AutoCloseable {

  private final BenchSettings settings;
  private final Consumer<String> progress;
  private final ScratchDirectory scratch;
  private final BrokerProcess broker;
  private final CpuTime cpu;
  private boolean closed;

  private Bench(
      BenchSettings settings,
      Consumer<String> progress,
      ScratchDirectory scratch,
      BrokerProcess broker) {
    this.settings = settings;
    this.progress = progress;
    this.scratch = scratch;
    this.broker = broker;
    this.cpu = new CpuTime(broker.handle());
  }

  /**
   * Starts the broker.
   *
   * @param progress gets a line now and then
   */
  static Bench open(BenchSettings settings, Consumer<String> progress)
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

  Report run() throws InterruptedException {
    Measurement floor;
    NodeSettings bare = node("floor-state");
    Clients bareClients = new Clients(bare, "1");
    try (Floor pipeline = Floor.start(broker.bootstrapServers(), bareClients, settings)) {
      floor = measure(pipeline);
    }
    NodeSettings node = node("engine-state");
    Clients clients = new Clients(node, "1");
    try (Engine engine = Engine.start(node, clients, settings)) {
      Measurement usual = measure(engine.pipeline(true));
      Measurement silent =
          settings.scenario().exactlyOnce() ? null : measure(engine.pipeline(false));
      return new Report(settings, floor, usual, silent);
    }
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
        Map.of());
  }

  private Measurement measure(Pipeline pipeline) throws InterruptedException {
    String servers = broker.bootstrapServers();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers));
        Completions completions = Completions.watch(servers, pipeline);
        LoadGenerator generator = new LoadGenerator(servers, pipeline, completions, cpu)) {
      generator.first();
      RecordCount records = new RecordCount(admin);
      long before = records.settled(pipeline::counts);
      long endedBefore = completions.ended();
      say(
          "%s: full load for %d s after a warm-up of %d s",
          pipeline.name(), settings.window().toSeconds(), settings.warmUp().toSeconds());
      Throughput throughput =
          generator.saturate(settings.inFlight(), settings.warmUp(), settings.window());
      say("%s: %.0f executions/s", pipeline.name(), throughput.perSecond());
      double perExecution =
          RecordCount.perExecution(before, records.settled(pipeline::counts), completions.ended());
      say(
          "%s: %d starts/s for %d s",
          pipeline.name(), BenchSettings.PACED_PER_SECOND, settings.window().toSeconds());
      Histogram latencies = generator.pace(BenchSettings.PACED_PER_SECOND, settings.window());
      Measurement measured =
          new Measurement(
              throughput,
              perExecution,
              latencies.getValueAtPercentile(50) / 1_000.0,
              latencies.getValueAtPercentile(99) / 1_000.0,
              completions.repeated());
      say(
          "%s: p50 %.1f ms, p99 %.1f ms",
          pipeline.name(), measured.p50Millis(), measured.p99Millis());
      return measured;
    }
  }

  private void say(String format, @Nullable Object... arguments) {
    progress.accept(format.formatted(arguments));
  }

  /** Stops the broker and removes all files; may be called twice. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
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
