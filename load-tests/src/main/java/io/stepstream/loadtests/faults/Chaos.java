package io.stepstream.loadtests.faults;

import io.stepstream.schemas.ExecutionCompleted;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.topic.LaneTopics;
import io.stepstream.schemas.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/** One run: load, faults one after the other, the drain, and the check. */
final class Chaos {

  /** If nothing has ended for so long, nothing will. */
  private static final Duration LONGEST_STILL = Duration.ofSeconds(120);

  private static final Duration LEAST_WARM_UP = Duration.ofSeconds(10);
  private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(90);

  /** Executions take some seconds, since they wait. */
  private static final Duration BACKLOG = Duration.ofSeconds(6);

  private static final Duration REST = Duration.ofSeconds(3);

  private final ChaosSettings settings;
  private final Cluster cluster;
  private final Consumer<String> progress;
  private final Violations violations;
  private final Map<String, FaultResult> results = new LinkedHashMap<>();
  private final Canaries canaries = new Canaries();

  Chaos(ChaosSettings settings, Cluster cluster, Consumer<String> progress) {
    this.settings = settings;
    this.cluster = cluster;
    this.progress = progress;
    this.violations = new Violations(progress);
  }

  /**
   * The cluster is started, and is left to the caller to close.
   *
   * @throws RunFailure if there is nothing to say of the engine, because the cluster didn't start
   */
  ChaosResult run(Api api) throws InterruptedException {
    long begin = System.nanoTime();
    cluster.start();
    try (Workload workload = new Workload(cluster, api, violations, settings.seed());
        Tail tail = Tail.start(cluster.bootstrapServers(), Cluster.PARTITIONS)) {
      workload.define();
      workload.begin(settings.perSecond());
      warmUp(workload, tail);
      Experiment experiment =
          new Experiment(
              cluster, api, workload, tail, violations, new Random(settings.seed()), progress);
      long faultsBegin = System.nanoTime();
      boolean isHealed = injectAll(experiment, faultsBegin);
      workload.end();
      if (isHealed) {
        drain(workload, tail);
      }
      Checker checker = check(workload, experiment.wrongClocks());
      if (isHealed) {
        new ApiCheck(experiment.endpoints(), api, violations)
            .check(
                workload.starts().stream()
                    .filter(start -> start.arn() != null && tail.hasEnded(start))
                    .toList());
      }
      results.replaceAll((id, result) -> result.withViolations(violations.during(id)));
      return new ChaosResult(
          settings,
          List.copyOf(results.values()),
          workload.startCount(),
          (int) workload.starts().stream().filter(Start::isAcknowledged).count(),
          tail.endedCount(),
          checker,
          experiment.kills().size(),
          Failovers.of(experiment.kills(), tail::longestGap),
          experiment.growths(),
          violations,
          workload.notNow(),
          workload.leftOut(),
          Duration.ofNanos(System.nanoTime() - begin));
    }
  }

  /**
   * Until the load is borne: JVMs that have just begun are slow, and what a fault does to a cluster
   * that can't follow says nothing of the fault.
   */
  private void warmUp(Workload workload, Tail tail) throws InterruptedException {
    progress.accept("warm-up");
    Thread.sleep(LEAST_WARM_UP);
    // Two metronomes overlap in each partition.
    double longest = settings.perSecond() * BACKLOG.toSeconds() + 2 * Cluster.PARTITIONS;
    boolean isBorne =
        Member.await(LONGEST_WARM_UP, () -> workload.startCount() - tail.endedCount() < longest);
    progress.accept(
        "%d executions, %d have ended%s"
            .formatted(
                workload.startCount(),
                tail.endedCount(),
                isBorne ? "" : ": the machine does not bear the load"));
  }

  /** Whether all came back each time. */
  private boolean injectAll(Experiment experiment, long begin) throws InterruptedException {
    List<Fault> round = new ArrayList<>(settings.faults());
    boolean isFirst = true;
    while (isFirst || System.nanoTime() - begin < settings.time().toNanos()) {
      for (Fault fault : round) {
        if (!isFirst && System.nanoTime() - begin >= settings.time().toNanos()) {
          break;
        }
        if (!inject(fault, experiment)) {
          return false;
        }
      }
      if (settings.time().isZero()) {
        break;
      }
      isFirst = false;
      Collections.shuffle(round, experiment.random());
    }
    return true;
  }

  private boolean inject(Fault fault, Experiment experiment) throws InterruptedException {
    FaultResult before = results.getOrDefault(fault.id(), FaultResult.none(fault));
    progress.accept(
        "%s: %s%s"
            .formatted(
                fault.id(),
                fault.title(),
                fault.criterion().isEmpty() ? "" : "; " + fault.criterion()));
    int kills = experiment.kills().size();
    int starts = experiment.workload().startCount();
    long begin = System.nanoTime();
    experiment.setFault(fault.id());
    boolean isBack = true;
    Duration recovery = Duration.ZERO;
    try {
      fault.inject(experiment);
      cluster.heal();
      recovery = canaries.send(experiment);
    } catch (RunFailure e) {
      experiment.violated(Invariant.I10, fault.id(), e.getMessage());
      isBack = false;
    }
    experiment.setFault("");
    long end = System.nanoTime();
    results.put(
        fault.id(),
        before.injected(
            experiment.kills().size() - kills,
            experiment.workload().startCount() - starts,
            experiment.tail().longestGap(begin, end).duration(),
            recovery));
    if (isBack) {
      Thread.sleep(REST);
    }
    return isBack;
  }

  private void drain(Workload workload, Tail tail) throws InterruptedException {
    progress.accept("drain");
    Collection<Start> starts = workload.starts();
    int ended;
    boolean isDry;
    do {
      ended = tail.endedCount();
      isDry = Member.await(LONGEST_STILL, () -> isDry(starts, tail));
    } while (!isDry && tail.endedCount() > ended);
    if (!isDry) {
      progress.accept(
          "not all have ended, and none has for %d s".formatted(LONGEST_STILL.toSeconds()));
    }
  }

  private static boolean isDry(Collection<Start> starts, Tail tail) {
    return starts.stream()
        .allMatch(
            start -> tail.hasEnded(start) || !start.isAcknowledged() && !tail.hasBegun(start));
  }

  /** Reads everything again from the beginning. */
  private Checker check(Workload workload, WrongClocks wrongClocks) {
    progress.accept("check");
    Checker checker = new Checker(violations::add, wrongClocks);
    String history = LaneTopics.of(Lane.STANDARD).history();
    var histories = Reading.codec(HistoryRecord.class, history);
    var completions = Reading.codec(ExecutionCompleted.class, Topics.COMPLETIONS);
    String orders = Topics.tasks(Worker.QUEUE);
    var orderCodec = Reading.codec(TaskOrder.class, orders);
    try {
      Reading.all(
          cluster.bootstrapServers(),
          List.of(history, Topics.COMPLETIONS, orders),
          record -> {
            if (record.topic().equals(history)) {
              HistoryRecord value = Reading.value(histories, record);
              if (value != null) {
                checker.history(value);
              }
            } else if (record.topic().equals(Topics.COMPLETIONS)) {
              ExecutionCompleted value = Reading.value(completions, record);
              if (value != null) {
                checker.completed(value);
              }
            } else {
              TaskOrder value = Reading.value(orderCodec, record);
              if (value != null) {
                checker.ordered(
                    value, record.headers().lastHeader("stepstream.deliveries.earlier") != null);
              }
            }
          });
    } catch (RunFailure e) {
      violations.add("", new Violation(Invariant.I10, "the topics", e.getMessage()));
    }
    cluster.workers().forEach(worker -> Ledger.read(worker.ledger()).forEach(checker::invoked));
    checker.conclude(workload.starts());
    return checker;
  }
}
