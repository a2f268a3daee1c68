package io.stepstream.loadtests;

import java.util.Map;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.admin.Admin;

/** Measures a pipeline under load, closed and open loop. */
final class LoadTrial {

  private final Rig rig;
  private final BenchSettings settings;

  LoadTrial(Rig rig) {
    this.rig = rig;
    this.settings = rig.settings();
  }

  Measurement measure(Pipeline pipeline) throws InterruptedException {
    String servers = rig.bootstrapServers();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers));
        Completions completions = Completions.watch(servers, pipeline);
        LoadGenerator generator = new LoadGenerator(servers, pipeline, completions, rig.cpu())) {
      generator.first();
      RecordCount records = new RecordCount(admin);
      EndOffsets before = records.settled(pipeline::counts);
      Windows windows = saturate(pipeline, generator);
      double perExecution =
          RecordCount.perExecution(before, records.settled(pipeline::counts), completions.ended());
      rig.say(
          "%s: %d starts/s for %d s",
          pipeline.name(), BenchSettings.PACED_PER_SECOND, settings.window().toSeconds());
      Histogram latencies = generator.pace(BenchSettings.PACED_PER_SECOND, settings.window());
      Measurement measured =
          new Measurement(
              windows,
              perExecution,
              latencies.getValueAtPercentile(50) / 1_000.0,
              latencies.getValueAtPercentile(99) / 1_000.0,
              completions.repeated());
      rig.say(
          "%s: p50 %.1f ms, p99 %.1f ms",
          pipeline.name(), measured.p50Millis(), measured.p99Millis());
      return measured;
    }
  }

  /** The throughput alone. */
  Windows throughput(Pipeline pipeline) throws InterruptedException {
    String servers = rig.bootstrapServers();
    try (Completions completions = Completions.watch(servers, pipeline);
        LoadGenerator generator = new LoadGenerator(servers, pipeline, completions, rig.cpu())) {
      generator.first();
      return saturate(pipeline, generator);
    }
  }

  private Windows saturate(Pipeline pipeline, LoadGenerator generator) throws InterruptedException {
    rig.say(
        "%s: full load for %d times %d s after a warm-up of %d s",
        pipeline.name(),
        settings.repeats(),
        settings.window().toSeconds(),
        settings.warmUp().toSeconds());
    Windows windows =
        generator.saturate(
            settings.inFlight(), settings.warmUp(), settings.window(), settings.repeats());
    rig.say("%s: %.0f executions/s", pipeline.name(), windows.median().perSecond());
    return windows;
  }
}
