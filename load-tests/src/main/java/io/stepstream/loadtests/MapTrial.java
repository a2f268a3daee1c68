package io.stepstream.loadtests;

import io.stepstream.schemas.topic.ExecutionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Runs a Map some times, one run after another, with nothing beside it. */
final class MapTrial {

  /** Of the Maps that warm up: large enough to have several shards at a time. */
  private static final int WARM_UP_ITEMS = 2_000;

  private final Rig rig;
  private final BenchSettings settings;

  MapTrial(Rig rig) {
    this.rig = rig;
    this.settings = rig.settings();
  }

  List<MapRun> run(MapScenario scenario, EnginePipeline pipeline) throws InterruptedException {
    String servers = rig.bootstrapServers();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers));
        Completions completions = Completions.watch(servers, pipeline);
        LoadGenerator generator = new LoadGenerator(servers, pipeline, completions, rig.meter())) {
      warmUp(pipeline, generator, settings.warmUp());
      RecordCount records = new RecordCount(admin, settings.streams());
      DiskMeter disk = new DiskMeter(admin, pipeline);
      List<MapRun> runs = new ArrayList<>();
      EndOffsets before = records.settled(pipeline::counts);
      DiskBytes diskBefore = disk.read();
      for (int i = 0; i < settings.repeats(); i++) {
        long doneBefore = pipeline.itemsDone();
        Usage usageBefore = rig.meter().read();
        LoadGenerator.Alone alone = generator.alone(of(pipeline, settings.items()));
        Usage used = rig.meter().read().since(usageBefore);
        EndOffsets after = records.settled(pipeline::counts);
        DiskBytes diskAfter = disk.read();
        if (scenario.distributed()) {
          requireResults(pipeline.itemsDone() - doneBefore);
        }
        ExecutionKey parent = ExecutionKey.of(pipeline.arn(alone.sequence()));
        int partition = parent.partition(settings.partitions());
        EndOffsets from = before.ofPartition(partition);
        EndOffsets to = after.ofPartition(partition);
        MapRun run =
            new MapRun(
                alone.took(),
                used.cpuSeconds(),
                used.wire(),
                diskAfter.since(diskBefore),
                after.total() - before.total(),
                to.total() - from.total(),
                new KeyedRecords(servers, parent).between(from, to));
        rig.say(
            "%s: %d items in %.2f s, %.0f items/s",
            pipeline.name(), settings.items(), run.seconds(), settings.items() / run.seconds());
        runs.add(run);
        before = after;
        diskBefore = diskAfter;
      }
      return runs;
    }
  }

  /** Maps of some items, one after another. */
  void warmUp(EnginePipeline pipeline, LoadGenerator generator, Duration time)
      throws InterruptedException {
    int items = Math.min(settings.items(), WARM_UP_ITEMS);
    rig.say("%s: Maps of %d items for %d s", pipeline.name(), items, time.toSeconds());
    long until = System.nanoTime() + time.toNanos();
    do {
      generator.alone(of(pipeline, items));
    } while (System.nanoTime() < until);
  }

  private static LongFunction<ProducerRecord<byte[], byte[]>> of(
      EnginePipeline pipeline, int items) {
    byte[] input = GeneratedItems.input(items);
    return sequence -> pipeline.start(sequence, input);
  }

  /** At least once, so there may be more. */
  private void requireResults(long written) {
    if (written < settings.items()) {
      throw new BenchFailure(
          "The Map of %d items has ended, but it has written the results of only %d"
              .formatted(settings.items(), written));
    }
  }
}
