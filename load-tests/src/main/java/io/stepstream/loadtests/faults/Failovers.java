package io.stepstream.loadtests.faults;

import io.stepstream.loadtests.faults.Experiment.Kill;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How long the slowest partition stood still around each kill of a node.
 *
 * @param all of them
 * @param alone those in whose time no other node and no broker was killed
 */
record Failovers(List<Duration> all, List<Duration> alone) {

  /** A kill's consequences are over by then, or began with the next kill. */
  private static final Duration LONGEST = Duration.ofSeconds(40);

  Failovers {
    all = List.copyOf(all);
    alone = List.copyOf(alone);
  }

  /** Finds the longest gap of a partition that touches a span of {@link System#nanoTime}. */
  @FunctionalInterface
  interface Gaps {
    Progress.Gap longest(long from, long to);
  }

  /**
   * @param kills in their order
   */
  static Failovers of(List<Kill> kills, Gaps gaps) {
    List<Duration> all = new ArrayList<>();
    List<Duration> alone = new ArrayList<>();
    for (int i = 0; i < kills.size(); i++) {
      Kill kill = kills.get(i);
      if (!(kill.member() instanceof NodeMember)) {
        continue;
      }
      long end = kill.at() + LONGEST.toNanos();
      if (i + 1 < kills.size() && kills.get(i + 1).at() - end < 0) {
        end = kills.get(i + 1).at();
      }
      Progress.Gap gap = gaps.longest(kill.at(), end);
      all.add(gap.duration());
      if (kills.stream().noneMatch(other -> other != kill && isIn(other, gap))) {
        alone.add(gap.duration());
      }
    }
    return new Failovers(all, alone);
  }

  /** A worker's death holds up no partition. */
  private static boolean isIn(Kill kill, Progress.Gap gap) {
    return !(kill.member() instanceof WorkerMember)
        && kill.at() - gap.from() >= 0
        && kill.at() - gap.to() <= 0;
  }
}
