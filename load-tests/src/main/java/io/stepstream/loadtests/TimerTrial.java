package io.stepstream.loadtests;

import io.stepstream.schemas.Lane;
import io.stepstream.schemas.topic.LaneTopics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.admin.Admin;

/** Lets many executions wait for one moment. */
final class TimerTrial {

  private static final String HISTORY = LaneTopics.of(Lane.STANDARD).history();

  /** Starts per second that any machine reaches. */
  private static final int STARTS_PER_SECOND = 1_000;

  /** What an engine takes that has not done much so far. */
  private static final Duration LEAST_LEAD = Duration.ofSeconds(15);

  private static final int WARM_UP_EXECUTIONS = 2_000;

  private final Rig rig;
  private final BenchSettings settings;

  TimerTrial(Rig rig) {
    this.rig = rig;
    this.settings = rig.settings();
  }

  /**
   * How late they were.
   *
   * @param cpuSeconds of all processes together, from when all are waiting to the last completion
   * @param wirePerExecution in that time
   * @param diskPerExecution from the start to the end
   * @param recordsPerExecution the same
   */
  record Lateness(
      double p50Millis,
      double p99Millis,
      double lastMillis,
      double cpuSeconds,
      WireBytes wirePerExecution,
      DiskBytes diskPerExecution,
      double recordsPerExecution) {}

  Lateness run(EnginePipeline pipeline) throws InterruptedException {
    String servers = rig.bootstrapServers();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers));
        Completions completions = Completions.watch(servers, pipeline);
        LoadGenerator generator = new LoadGenerator(servers, pipeline, completions, rig.meter())) {
      generator.alone(sequence -> pipeline.start(sequence, input(Instant.now())));
      RecordCount records = new RecordCount(admin, settings.streams());
      DiskMeter disk = new DiskMeter(admin, pipeline);
      long until = System.nanoTime() + settings.warmUp().toNanos();
      while (System.nanoTime() < until) {
        int count = Math.min(settings.items(), WARM_UP_EXECUTIONS);
        generator.awaitBurst(begin(pipeline, generator, records, count));
      }
      EndOffsets before = records.settled(pipeline::counts);
      DiskBytes diskBefore = disk.read();
      long dueNanos = begin(pipeline, generator, records, settings.items());
      Usage usageBefore = rig.meter().read();
      Histogram lateness = generator.awaitBurst(dueNanos);
      Usage used = rig.meter().read().since(usageBefore);
      EndOffsets after = records.settled(pipeline::counts);
      Lateness measured =
          new Lateness(
              lateness.getValueAtPercentile(50) / 1_000.0,
              lateness.getValueAtPercentile(99) / 1_000.0,
              lateness.getMaxValue() / 1_000.0,
              used.cpuSeconds(),
              used.wire().per(settings.items()),
              disk.read().since(diskBefore).per(settings.items()),
              RecordCount.perExecution(before, after, settings.items()));
      rig.say(
          "%s: late by p50 %.0f ms, p99 %.0f ms, at most %.0f ms",
          pipeline.name(), measured.p50Millis(), measured.p99Millis(), measured.lastMillis());
      return measured;
    }
  }

  /**
   * Starts so many executions, and sees that they wait before the moment comes.
   *
   * @return the moment, by {@link System#nanoTime}
   */
  private long begin(
      EnginePipeline pipeline, LoadGenerator generator, RecordCount records, int count)
      throws InterruptedException {
    Duration lead = LEAST_LEAD.plusMillis(count * 1_000L / STARTS_PER_SECOND);
    rig.say(
        "%s: %d executions wait for the moment in %d s", pipeline.name(), count, lead.toSeconds());
    long waiting = records.now(HISTORY::equals).total() + count;
    Instant moment = Instant.now().plus(lead).truncatedTo(ChronoUnit.MILLIS);
    long dueNanos = System.nanoTime() + Duration.between(Instant.now(), moment).toNanos();
    byte[] input = input(moment);
    generator.burst(count, dueNanos, sequence -> pipeline.start(sequence, input));
    // The history tells of each that it has begun to wait.
    while (records.now(HISTORY::equals).total() < waiting) {
      if (System.nanoTime() > dueNanos) {
        throw new BenchFailure(
            "%s: after %d s the %d executions were not waiting yet"
                .formatted(pipeline.name(), lead.toSeconds(), count));
      }
      LockSupport.parkNanos(50_000_000);
    }
    return dueNanos;
  }

  private static byte[] input(Instant moment) {
    return "{\"at\":\"%s\"}".formatted(moment).getBytes(StandardCharsets.UTF_8);
  }
}
