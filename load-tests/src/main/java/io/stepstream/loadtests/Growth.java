package io.stepstream.loadtests;

import io.stepstream.dev.Refusal;
import io.stepstream.loadtests.GrowthPoint.ByItems;
import io.stepstream.loadtests.GrowthPoint.ByOpen;
import io.stepstream.loadtests.GrowthPoint.ByPayload;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/** Measures the engine at several sizes of one thing, on one broker each, after one warm-up. */
final class Growth {

  /** Of inputs under way at once, so that large ones don't fill the heap. */
  private static final int MOST_BYTES_IN_FLIGHT = 32 << 20;

  private final Plan plan;
  private final Consumer<String> progress;
  private final Consumer<GrowthPoint> points;

  /**
   * @param points gets each point when it has been measured
   */
  Growth(Plan plan, Consumer<String> progress, Consumer<GrowthPoint> points) {
    this.plan = plan;
    this.progress = progress;
    this.points = points;
  }

  /** What grows. */
  enum Section {
    EXPRESS_PAYLOAD,
    STANDARD_PAYLOAD,
    MAP,
    OPEN;

    /** Its name on the command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * At which sizes, and for how long.
   *
   * @param open executions that wait, ascending
   * @param warmUp before the first point of a section
   * @param again before each of the others
   */
  record Plan(
      List<Integer> payloads,
      List<Integer> items,
      List<Integer> open,
      Duration window,
      Duration warmUp,
      Duration again) {

    /**
     * @param mostOpen the last number of open executions
     */
    static Plan full(int mostOpen) {
      return new Plan(
          List.of(100, 1_000, 10_000, 100_000),
          List.of(1_000, 10_000, 100_000),
          open(mostOpen, 1_000, 10_000, 100_000),
          Duration.ofSeconds(10),
          Duration.ofSeconds(BenchSettings.WARM_UP_SECONDS),
          Duration.ofSeconds(15));
    }

    static Plan brief(int mostOpen) {
      return new Plan(
          List.of(100, 10_000),
          List.of(100, 1_000),
          open(Math.min(mostOpen, 1_000), 100),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1));
    }

    private static List<Integer> open(int most, int... before) {
      return Stream.concat(
              IntStream.of(before).boxed().filter(each -> each < most), Stream.of(most))
          .toList();
    }
  }

  void measure(Section section) throws Refusal, InterruptedException {
    switch (section) {
      case EXPRESS_PAYLOAD -> payloads(LoadScenario.EXPRESS_TASK);
      case STANDARD_PAYLOAD -> payloads(LoadScenario.STANDARD_TASK);
      case MAP -> maps();
      case OPEN -> open();
    }
  }

  private BenchSettings settings(Scenario scenario) {
    return BenchSettings.of(
            scenario,
            plan.window(),
            plan.warmUp(),
            BenchSettings.PARTITIONS,
            BenchSettings.PAYLOAD_BYTES)
        .withRepeats(1);
  }

  static int inFlight(Scenario scenario, int payloadBytes) {
    return Math.min(scenario.inFlight(), MOST_BYTES_IN_FLIGHT / payloadBytes);
  }

  private void payloads(LoadScenario scenario) throws Refusal, InterruptedException {
    Bench.with(
        settings(scenario),
        progress,
        bench -> {
          try (Engine engine = bench.engine()) {
            EnginePipeline pipeline = engine.pipeline(scenario, true);
            BenchSettings settings = settings(scenario);
            for (int i = 0; i < plan.payloads().size(); i++) {
              int bytes = plan.payloads().get(i);
              progress.accept("%d bytes".formatted(bytes));
              int inFlight = inFlight(scenario, bytes);
              Rig rig = bench.rig().with(settings.withInFlight(inFlight));
              Saturation saturation =
                  new LoadTrial(rig).saturation(pipeline.again(i, Inputs.of(bytes)));
              points.accept(new ByPayload(scenario, bytes, inFlight, saturation));
              settings = settings.withWarmUp(plan.again());
            }
          }
        });
  }

  private void maps() throws Refusal, InterruptedException {
    Bench.with(
        settings(MapScenario.MAP_100K),
        progress,
        bench -> {
          try (Engine engine = bench.engine()) {
            EnginePipeline pipeline = engine.pipeline(MapScenario.MAP_100K, true);
            BenchSettings settings = settings(MapScenario.MAP_100K);
            for (int i = 0; i < plan.items().size(); i++) {
              int items = plan.items().get(i);
              Rig rig = bench.rig().with(settings.withItems(items));
              points.accept(
                  new ByItems(
                      items,
                      new MapTrial(rig).run(MapScenario.MAP_100K, pipeline.again(i)).getFirst()));
              settings = settings.withWarmUp(plan.again());
            }
          }
        });
  }

  private void open() throws Refusal, InterruptedException {
    Bench.with(
        settings(LoadScenario.STANDARD_TASK),
        progress,
        bench -> {
          try (Engine engine = bench.engine();
              Admin admin =
                  Admin.create(Map.of("bootstrap.servers", bench.rig().bootstrapServers()))) {
            EnginePipeline pipeline = engine.pipeline(LoadScenario.STANDARD_TASK, true);
            EnginePipeline waiting = engine.pipeline(TimerScenario.TIMERS_50K, true);
            OpenExecutions executions = new OpenExecutions(bench.rig(), admin, waiting);
            RecordCount records = new RecordCount(admin);
            DiskMeter disk =
                new DiskMeter(
                    admin, topic -> topic.endsWith("-changelog"), pipeline.stateDirectory());
            BenchSettings settings = settings(LoadScenario.STANDARD_TASK);
            int before = 0;
            for (int i = 0; i < plan.open().size(); i++) {
              int open = plan.open().get(i);
              records.settled(pipeline::counts);
              DiskBytes diskBefore = disk.read();
              long begun = System.nanoTime();
              executions.openUpTo(open);
              double seconds = (System.nanoTime() - begun) / 1e9;
              records.settled(pipeline::counts);
              int opened = open - before;
              DiskBytes each = disk.read().since(diskBefore).per(opened);
              MemoryUse memory = MemoryUse.now();
              Saturation saturation =
                  new LoadTrial(bench.rig().with(settings)).saturation(pipeline.again(i));
              points.accept(new ByOpen(open, opened, opened / seconds, each, memory, saturation));
              before = open;
              settings = settings.withWarmUp(plan.again());
            }
          }
        });
  }
}
