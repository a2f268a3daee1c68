package io.stepstream.loadtests;

import io.stepstream.loadtests.MixedResult.Lanes;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** Small executions of both lanes by turns, alone and then beside a Map that has no end. */
final class MixedTrial {

  private final Rig rig;
  private final BenchSettings settings;

  MixedTrial(Rig rig) {
    this.rig = rig;
    this.settings = rig.settings();
  }

  MixedResult run(EnginePipeline express, EnginePipeline standard, EnginePipeline map)
      throws InterruptedException {
    try (Load ofExpress = Load.on(rig, express);
        Load ofStandard = Load.on(rig, standard);
        Load ofMap = Load.on(rig, map)) {
      Duration warmUp = settings.warmUp().dividedBy(3);
      rig.say("warm-up: three times %d s", warmUp.toSeconds());
      ofExpress.generator().first();
      ofExpress.generator().warmUp(settings.inFlight(), warmUp);
      ofStandard.generator().first();
      ofStandard.generator().warmUp(settings.inFlight(), warmUp);
      new MapTrial(rig).warmUp(map, ofMap.generator(), warmUp);

      Lanes alone = pace(ofExpress.generator(), ofStandard.generator());
      say("alone", alone);
      long doneAtFirst = map.itemsDone();
      try (MapLoop loop = MapLoop.start(map, ofMap.generator(), settings.items())) {
        awaitMoreThan(doneAtFirst, map, loop);
        long begun = System.nanoTime();
        long doneBefore = map.itemsDone();
        Lanes beside = pace(ofExpress.generator(), ofStandard.generator());
        // Results come a commit at a time, so a short window may see none: it lasts until it does.
        awaitMoreThan(doneBefore, map, loop);
        long items = map.itemsDone() - doneBefore;
        double perSecond = items * 1e9 / (System.nanoTime() - begun);
        loop.check();
        say("beside a Map of %d items".formatted(settings.items()), beside);
        rig.say("the Map: %.0f items/s", perSecond);
        return new MixedResult(settings, alone, beside, perSecond);
      }
    }
  }

  private static void awaitMoreThan(long items, EnginePipeline map, MapLoop loop) {
    while (map.itemsDone() == items) {
      loop.check();
      LockSupport.parkNanos(1_000_000);
    }
  }

  private void say(String how, Lanes lanes) {
    rig.say("%s: express %s; standard %s", how, lanes.express(), lanes.standard());
  }

  /** Each lane gets every other start. */
  private Lanes pace(LoadGenerator express, LoadGenerator standard) throws InterruptedException {
    int each = BenchSettings.PACED_PER_SECOND / 2;
    long first = System.nanoTime() + 1_000_000;
    long turn = 1_000_000_000L / BenchSettings.PACED_PER_SECOND;
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<Histogram> ofExpress =
          threads.submit(() -> express.pace(each, settings.window(), first));
      Future<Histogram> ofStandard =
          threads.submit(() -> standard.pace(each, settings.window(), first + turn));
      Histogram all = ofExpress.get().copy();
      all.add(ofStandard.get());
      return new Lanes(
          Percentiles.of(ofExpress.get()), Percentiles.of(ofStandard.get()), Percentiles.of(all));
    } catch (ExecutionException e) {
      throw new BenchFailure("Light load failed: " + e.getCause().getMessage(), e);
    }
  }
}
