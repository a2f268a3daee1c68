package io.stepstream.loadtests.faults;

import java.util.List;

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
        KillStorm {

  /** All there are that the catalogue has, by their ids. */
  static List<Fault> all() {
    return List.of(
        new NodeKill(),
        new NodePause(),
        new WorkerKill(),
        new ZombieWorker(),
        new StuckWorker(),
        new BrokerKill(),
        new BrokersAway(),
        new NodeCut(),
        new WorkerCut(),
        new SlowLinks(),
        new Poison(),
        new Duplicates(),
        new RebalanceStorm(),
        new StateLost(),
        new RestorationKill(),
        new OpenTransaction(),
        new TopicDamage(),
        new MemoryPressure(),
        new Herd(),
        new DeadService(),
        new ApiKill(),
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

  /**
   * Does it, once.
   *
   * @throws RunFailure if what is under test doesn't come back
   */
  void inject(Experiment experiment) throws InterruptedException;
}
