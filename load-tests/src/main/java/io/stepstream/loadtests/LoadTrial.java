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
    try (Completions completions = Completions.watch(servers, pipeline);
        LoadGenerator generator = new LoadGenerator(servers, pipeline, completions, rig.meter())) {
      Saturation saturation = saturation(pipeline, completions, generator);
      rig.say(
          "%s: %d starts/s for %d s",
          pipeline.name(), BenchSettings.PACED_PER_SECOND, settings.window().toSeconds());
      Histogram latencies = generator.pace(BenchSettings.PACED_PER_SECOND, settings.window());
      Measurement measured =
          new Measurement(
              saturation,
              latencies.getValueAtPercentile(50) / 1_000.0,
              latencies.getValueAtPercentile(99) / 1_000.0,
              completions.repeated());
      rig.say(
          "%s: p50 %.1f ms, p99 %.1f ms",
          pipeline.name(), measured.p50Millis(), measured.p99Millis());
      return measured;
    }
  }

  /** Full load alone. */
  Saturation saturation(Pipeline pipeline) throws InterruptedException {
    String servers = rig.bootstrapServers();
    try (Completions completions = Completions.watch(servers, pipeline);
        LoadGenerator generator = new LoadGenerator(servers, pipeline, completions, rig.meter())) {
      return saturation(pipeline, completions, generator);
    }
  }

  private Saturation saturation(Pipeline pipeline, Completions completions, LoadGenerator generator)
      throws InterruptedException {
    generator.first();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", rig.bootstrapServers()))) {
      RecordCount records = new RecordCount(admin, settings.streams());
      DiskMeter disk = new DiskMeter(admin, pipeline);
      EndOffsets recordsBefore = records.settled(pipeline::counts);
      DiskBytes diskBefore = disk.read();
      long endedBefore = completions.ended();
      Windows windows = saturate(pipeline, generator);
      EndOffsets recordsAfter = records.settled(pipeline::counts);
      long ended = completions.ended() - endedBefore;
      return new Saturation(
          windows,
          RecordCount.perExecution(recordsBefore, recordsAfter, ended),
          disk.read().since(diskBefore).per(ended));
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
