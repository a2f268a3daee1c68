package io.stepstream.loadtests.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;

/**
 * Coordinators, workers and brokers die one after the other and are started again at once, whatever
 * has become of the others meanwhile. Only where all of a kind work does one of them die, so that
 * two brokers have everything, and somebody is there who takes over; a coordinator, a worker and a
 * broker may be away together. Of four kills two are of coordinators, whose failover is measured.
 */
final class KillStorm implements Fault {

  static final String ID = "storm";

  private static final Duration LEAST = Duration.ofSeconds(8);
  private static final Duration MOST = Duration.ofSeconds(15);
  private static final Duration LOOK = Duration.ofMillis(250);

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
        startAgain(experiment);
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
   * @throws RunFailure if no kind is whole again by then
   */
  private static Member victim(Experiment experiment, Admin admin) throws InterruptedException {
    List<Kind> order = order(experiment.random());
    long deadline = System.nanoTime() + Cluster.LONGEST_START.toNanos();
    while (System.nanoTime() < deadline) {
      for (Kind kind : order) {
        List<? extends Member> members = members(experiment.cluster(), kind);
        Predicate<Member> works = member -> member.isAlive() && member.isReady();
        if (members.stream().allMatch(works)
            && (kind != Kind.BROKER || experiment.cluster().isInSync(admin))) {
          return experiment.anyOf(members);
        }
      }
      experiment.pause(LOOK);
    }
    throw new RunFailure(
        "%d s after the last kill neither all coordinators, nor all workers, nor all brokers work"
            .formatted(Cluster.LONGEST_START.toSeconds()));
  }

  /** The kind that is drawn, and who takes its place if one of it is away. */
  static List<Kind> order(Random random) {
    List<Kind> order = new ArrayList<>();
    order.add(DRAWN.get(random.nextInt(DRAWN.size())));
    for (Kind kind : Kind.values()) {
      if (!order.contains(kind)) {
        order.add(kind);
      }
    }
    return order;
  }

  private static List<? extends Member> members(Cluster cluster, Kind kind) {
    return switch (kind) {
      case NODE -> cluster.nodes();
      case WORKER -> cluster.workers();
      case BROKER -> cluster.brokers();
    };
  }
}
