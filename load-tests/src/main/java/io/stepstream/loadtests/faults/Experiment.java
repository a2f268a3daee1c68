package io.stepstream.loadtests.faults;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** What a fault has in its hands, and what it says. Used by the run's own thread. */
final class Experiment {

  private final Cluster cluster;
  private final Api api;
  private final Workload workload;
  private final Tail tail;
  private final Violations violations;
  private final Random random;
  private final Consumer<String> progress;
  private final List<Kill> kills = new ArrayList<>();
  private final List<Series.Growth> growths = new ArrayList<>();
  private final WrongClocks wrongClocks = new WrongClocks();
  private String fault = "";

  /**
   * A SIGKILL.
   *
   * @param at by {@link System#nanoTime}
   */
  record Kill(String fault, Member member, long at) {}

  Experiment(
      Cluster cluster,
      Api api,
      Workload workload,
      Tail tail,
      Violations violations,
      Random random,
      Consumer<String> progress) {
    this.cluster = cluster;
    this.api = api;
    this.workload = workload;
    this.tail = tail;
    this.violations = violations;
    this.random = random;
    this.progress = progress;
  }

  /** From now on everything belongs to this fault; empty: to none. */
  void setFault(String id) {
    fault = id;
    workload.setDuring(id);
  }

  Cluster cluster() {
    return cluster;
  }

  Api api() {
    return api;
  }

  Workload workload() {
    return workload;
  }

  Tail tail() {
    return tail;
  }

  Random random() {
    return random;
  }

  /** Tells the user. */
  void say(String line) {
    progress.accept(line);
  }

  void violated(Invariant invariant, String subject, String what) {
    violations.add(fault, new Violation(invariant, subject, what));
  }

  <T> T anyOf(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  /** SIGKILL. */
  void kill(Member member) throws InterruptedException {
    long at = System.nanoTime();
    member.kill();
    kills.add(new Kill(fault, member, at));
  }

  List<Kill> kills() {
    return kills;
  }

  /** What a soak has found of one value. */
  void measured(Series.Growth growth) {
    growths.add(growth);
  }

  List<Series.Growth> growths() {
    return growths;
  }

  WrongClocks wrongClocks() {
    return wrongClocks;
  }

  /** Between these, drawn. */
  void pause(Duration least, Duration most) throws InterruptedException {
    Thread.sleep(random.nextLong(least.toMillis(), most.toMillis() + 1));
  }

  void pause(Duration time) throws InterruptedException {
    Thread.sleep(time);
  }

  /**
   * Whether all of them have ended by then; those that haven't are no violation yet, since the run
   * drains at its end.
   */
  boolean awaitEnded(List<Start> starts, Duration longest) throws InterruptedException {
    return Member.await(longest, () -> starts.stream().allMatch(tail::hasEnded));
  }

  List<URI> endpoints() {
    return cluster.nodes().stream().map(NodeMember::endpoint).toList();
  }
}
