package io.stepstream.loadtests.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A node or a broker can't write to its disk any more, and later can again. Its limit of the size
 * of files is what is set: each write to a file fails, as on a disk without room, while sockets
 * work. Nobody needs any rights for that, and nothing else of the machine is harmed.
 */
final class DiskFull implements Fault {

  private static final Duration FULL = Duration.ofSeconds(25);

  @Override
  public String id() {
    return "F-12";
  }

  @Override
  public String title() {
    return "a disk without room";
  }

  @Override
  public String criterion() {
    return "when there is room again, nobody has to mend anything";
  }

  @Override
  public String missing() {
    return FileSizeLimit.isThere() ? "" : "prlimit (Debian: util-linux)";
  }

  @Override
  public void inject(Experiment experiment) throws InterruptedException {
    List<Member> candidates = new ArrayList<>(experiment.cluster().brokers());
    // As often as a broker.
    for (int i = 0; i < Cluster.BROKERS; i++) {
      candidates.add(experiment.anyOf(experiment.cluster().nodes()));
    }
    Member member = experiment.anyOf(candidates);
    experiment.say("%s can't write any more, for %d s".formatted(member, FULL.toSeconds()));
    FileSizeLimit.set(member.pid());
    experiment.pause(FULL);
    if (member.isAlive()) {
      experiment.say(
          "%s is %s".formatted(member, member.isReady() ? "ready all the same" : "not ready"));
      FileSizeLimit.lift(member.pid());
    } else {
      experiment.say("%s has ended, with exit code %d".formatted(member, member.exitCode()));
    }
  }
}
