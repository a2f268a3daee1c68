package io.stepstream.loadtests.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that goes wrong while the workload runs. What it does to lines and processes is taken
 * back behind it, by {@link Cluster#heal}; everything else it takes back itself.
 */
sealed interface Fault
    permits NodeKill,
        NodePause,
        WorkerKill,
        ZombieWorker,
        StuckWorker,
        BrokerKill,
        BrokersAway,
        NodeCut,
        WorkerCut,
        SlowLinks,
        Poison,
        Duplicates,
        RebalanceStorm,
        StateLost,
        RestorationKill,
        OpenTransaction,
        TopicDamage,
        MemoryPressure,
        Herd,
        DeadService,
        ApiKill,
        Twin,
        Drain,
        StopRace,
        KillStorm,
        RollingRestart,
        DiskFull,
        ClockSkew,
        Upgrade,
        Soak {

  /**
   * All there are that the catalogue has, by their ids.
   *
   * @param previous the packaged coordinator of an earlier version; null: there is none
   * @param soak how long that takes
   */
  static List<Fault> all(@Nullable Path previous, Duration soak) {
    return List.of(
        new NodeKill(),
        new NodePause(),
        new WorkerKill(),
        new ZombieWorker(),
        new StuckWorker(),
        new BrokerKill(),
        new RollingRestart(),
        new BrokersAway(),
        new NodeCut(),
        new WorkerCut(),
        new SlowLinks(),
        new DiskFull(),
        new ClockSkew(),
        new Poison(),
        new Duplicates(),
        new RebalanceStorm(),
        new Upgrade(previous),
        new StateLost(),
        new RestorationKill(),
        new OpenTransaction(),
        new TopicDamage(),
        new MemoryPressure(),
        new Herd(),
        new DeadService(),
        new ApiKill(),
        new Soak(soak),
        new Twin(),
        new Drain(),
        new StopRace());
  }

  /** F-01 to F-30, or what several of those at once are called. */
  String id();

  /** What it is, in a few words. */
  String title();

  /** What must hold beside the invariants; empty: nothing. */
  default String criterion() {
    return "";
  }

  /** What it needs and doesn't find; empty: it can be done. */
  default String missing() {
    return "";
  }

  /**
   * Does it, once.
   *
   * @throws RunFailure if what is under test doesn't come back
   */
  void inject(Experiment experiment) throws InterruptedException;
}
