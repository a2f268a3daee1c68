package io.stepstream.loadtests.faults;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;

/**
 * Coordinators, workers and brokers die one after the other and are started again at once. Only
 * where all of a kind work does one of them die, so that two brokers have everything, and somebody
 * is there who takes over; a coordinator, a worker and a broker may be away together. Of four kills
 * two are of coordinators, whose failover is measured.
 */
final class KillStorm implements Fault {

  static final String ID = "storm";

  private static final Duration LEAST = Duration.ofSeconds(8);
  private static final Duration MOST = Duration.ofSeconds(15);
  private static final Duration LOOK = Duration.ofMillis(250);

  /** Who can't follow for so long never will. */
  private static final Duration LONGEST_CALM = Duration.ofMinutes(5);

  /** Executions; more are those of a cluster that can't follow, as a failover leaves some. */
  private static final int MOST_OPEN = 150;

  /** Who can die. */
  enum Kind {
    NODE,
    WORKER,
    BROKER
  }

  private static final List<Kind> DRAWN = List.of(Kind.NODE, Kind.NODE, Kind.WORKER, Kind.BROKER);

  private final Duration time;

  /**
   * @param time how long it kills
   */
  KillStorm(Duration time) {
    this.time = time;
  }

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String title() {
    return "SIGKILLs of coordinators (F-01), workers (F-03) and brokers (F-06)";
  }

  @Override
  public String criterion() {
    return "p99 of the longest gap of a partition around kills of coordinators at most 15 s";
  }

  @Override
  public void inject(Experiment experiment) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    int kills = 0;
    try (Admin admin = experiment.cluster().admin()) {
      while (System.nanoTime() < end) {
        Member victim = victim(experiment, admin);
        experiment.kill(victim);
        victim.start();
        kills++;
        experiment.say(
            "kill %d, of %s; %d executions, %d have ended"
                .formatted(
                    kills,
                    victim,
                    experiment.workload().startCount(),
                    experiment.tail().endedCount()));
        experiment.pause(LEAST, MOST);
      }
      startAgain(experiment);
    }
  }

  /** Who has ended without a kill should not have. */
  private static void startAgain(Experiment experiment) {
    for (Member member : experiment.cluster().members()) {
      if (!member.isAlive()) {
        experiment.violated(
            Invariant.I10,
            member.name(),
            "it has ended by itself, with exit code " + member.exitCode());
        member.start();
      }
    }
  }

  /**
   * One of the kind that is drawn, when all of that kind work and what has begun is under way: on a
   * machine that can't follow, kills come later.
   *
   * @throws RunFailure if that takes too long
   */
  private static Member victim(Experiment experiment, Admin admin) throws InterruptedException {
    Kind kind = kind(experiment.random());
    List<? extends Member> members = members(experiment.cluster(), kind);
    long deadline = System.nanoTime() + LONGEST_CALM.toNanos();
    while (System.nanoTime() < deadline) {
      startAgain(experiment);
      if (open(experiment) <= MOST_OPEN
          && members.stream().allMatch(member -> member.isAlive() && member.isReady())
          && (kind != Kind.BROKER || experiment.cluster().isInSync(admin))) {
        return experiment.anyOf(members);
      }
      experiment.pause(LOOK);
    }
    throw new RunFailure(
        "%d s after the last kill %d executions are open, or one of %s doesn't work"
            .formatted(LONGEST_CALM.toSeconds(), open(experiment), members));
  }

  private static int open(Experiment experiment) {
    return experiment.workload().startCount() - experiment.tail().endedCount();
  }

  static Kind kind(Random random) {
    return DRAWN.get(random.nextInt(DRAWN.size()));
  }

  private static List<? extends Member> members(Cluster cluster, Kind kind) {
    return switch (kind) {
      case NODE -> cluster.nodes();
      case WORKER -> cluster.workers();
      case BROKER -> cluster.brokers();
    };
  }
}
