package io.stepstream.loadtests.faults;

import io.stepstream.loadtests.DirectorySize;
import io.stepstream.loadtests.faults.Trend.Point;
import java.io.UncheckedIOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;

/**
 * Nothing is done but load, and everything that may grow is looked at: nothing but data grows.
 * Nothing is said of what takes longer than the soak to show: the histories and summaries of
 * Standard executions are kept for 90 days, so their clean-up isn't in it.
 */
final class Soak implements Fault {

  static final String ID = "F-26";

  /** Of one that is one of several faults: too short for what grows slowly. */
  static final Duration BRIEF = Duration.ofMinutes(4);

  private static final int SAMPLES = 60;
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(3);

  /** Half of them is judged. */
  private static final int LEAST_SAMPLES = 2 * Trend.LEAST_POINTS;

  private final Duration time;

  Soak(Duration time) {
    this.time = time;
  }

  @Override
  public String id() {
    return ID;
  }

  @Override
  public String title() {
    return "a soak of %d minutes".formatted(time.toMinutes());
  }

  @Override
  public String criterion() {
    return "heaps, memory, threads, descriptors and disks don't grow beyond the data";
  }

  /**
   * @param executions that had ended
   * @param records bytes of all records, of all three replicas
   */
  private record Moment(
      double seconds, int executions, int open, double records, Map<Member, Process> processes) {}

  /**
   * @param disk bytes of its directory; of a worker none
   * @param logs of a broker: bytes of its logs
   */
  private record Process(
      double heap, double resident, double threads, double descriptors, double disk, double logs) {}

  @Override
  public void inject(Experiment experiment) throws InterruptedException {
    List<Moment> moments = sample(experiment);
    if (moments.size() < LEAST_SAMPLES) {
      throw new RunFailure(
          "%d samples tell nothing: the soak is too short, or the machine too slow"
              .formatted(moments.size()));
    }
    for (Series series : series(experiment.cluster(), moments)) {
      Series.Growth growth = series.growth();
      experiment.measured(growth);
      if (growth.grows()) {
        experiment.violated(Invariant.I13, growth.subject(), "it grows: " + growth);
      }
    }
  }

  private List<Moment> sample(Experiment experiment) throws InterruptedException {
    Duration pause = time.dividedBy(SAMPLES);
    if (pause.compareTo(SHORTEST_PAUSE) < 0) {
      pause = SHORTEST_PAUSE;
    }
    List<Moment> moments = new ArrayList<>();
    Map<Member, Probe> probes = new LinkedHashMap<>();
    try (Admin admin = experiment.cluster().admin()) {
      for (Member member : experiment.cluster().members()) {
        probes.put(member, Probe.attach(member.pid()));
      }
      experiment.say("a sample every %d s for %d s".formatted(pause.toSeconds(), time.toSeconds()));
      long begin = System.nanoTime();
      long due = begin;
      while (due - begin < time.toNanos()) {
        moments.add(moment(experiment, admin, probes, (System.nanoTime() - begin) / 1e9));
        due += pause.toNanos();
        experiment.pause(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
      }
    } finally {
      probes.values().forEach(Probe::close);
    }
    return moments;
  }

  private static Moment moment(
      Experiment experiment, Admin admin, Map<Member, Probe> probes, double seconds)
      throws InterruptedException {
    Map<Integer, Double> logs = logs(admin);
    int ended = experiment.tail().endedCount();
    int open = experiment.workload().startCount() - ended;
    Map<Member, Process> processes = new LinkedHashMap<>();
    for (Map.Entry<Member, Probe> each : probes.entrySet()) {
      Member member = each.getKey();
      if (!member.isAlive()) {
        throw new RunFailure(
            "%s has ended by itself, with exit code %d".formatted(member, member.exitCode()));
      }
      double size = member instanceof BrokerMember broker ? logs.getOrDefault(broker.id(), 0.0) : 0;
      processes.put(member, process(member, each.getValue(), size));
    }
    return new Moment(
        seconds,
        ended,
        open,
        logs.values().stream().mapToDouble(Double::doubleValue).sum(),
        processes);
  }

  private static Process process(Member member, Probe probe, double logs) {
    try {
      return new Process(
          probe.heapAfterCollection(),
          probe.resident(),
          probe.threads(),
          probe.descriptors(),
          disk(member),
          logs);
    } catch (UndeclaredThrowableException | UncheckedIOException e) {
      throw new RunFailure("%s can't be looked into any more: %s".formatted(member, e.getCause()));
    }
  }

  private static double disk(Member member) {
    Path directory =
        switch (member) {
          case BrokerMember broker -> broker.directory();
          case NodeMember node -> node.stateDirectory();
          case WorkerMember worker -> worker.ledger();
        };
    return DirectorySize.bytesIn(directory);
  }

  /** Bytes of the logs of each broker, by its id. */
  private static Map<Integer, Double> logs(Admin admin) throws InterruptedException {
    try {
      Map<Integer, Double> bytes = new LinkedHashMap<>();
      List<Integer> brokers =
          admin.describeCluster().nodes().get().stream().map(node -> node.id()).toList();
      admin
          .describeLogDirs(brokers)
          .allDescriptions()
          .get()
          .forEach((broker, directories) -> bytes.put(broker, bytes(directories)));
      return bytes;
    } catch (ExecutionException e) {
      throw new RunFailure("the brokers don't tell how large their logs are: " + e.getCause());
    }
  }

  private static double bytes(Map<String, LogDirDescription> directories) {
    return directories.values().stream()
        .flatMap(directory -> directory.replicaInfos().values().stream())
        .mapToLong(replica -> replica.size())
        .sum();
  }

  private static List<Series> series(Cluster cluster, List<Moment> moments) {
    List<Series> all = new ArrayList<>();
    all.add(series("the cluster", Measure.OPEN, moments, Moment::open));
    all.add(
        new Series(
            "the cluster",
            Measure.RECORDS,
            beyond(
                moments.stream()
                    .map(each -> new Sized(each.seconds(), each.executions(), each.records()))
                    .toList())));
    for (Member member : cluster.members()) {
      all.add(of(member, Measure.HEAP, moments, Process::heap));
      all.add(of(member, Measure.RESIDENT, moments, Process::resident));
      all.add(of(member, Measure.THREADS, moments, Process::threads));
      all.add(of(member, Measure.DESCRIPTORS, moments, Process::descriptors));
      switch (member) {
        case BrokerMember _ ->
            all.add(
                of(
                    member,
                    Measure.BESIDE_LOGS,
                    moments,
                    process -> process.disk() - process.logs()));
        case NodeMember _ ->
            all.add(
                series(
                    member.name(),
                    Measure.BEYOND_RECORDS,
                    moments,
                    moment ->
                        moment.processes().get(member).disk()
                            - moment.records() / Cluster.BROKERS));
        case WorkerMember _ -> {
          // Its book is the run's own.
        }
      }
    }
    return all;
  }

  private static Series of(
      Member member, Measure measure, List<Moment> moments, ToDoubleFunction<Process> value) {
    return series(
        member.name(),
        measure,
        moments,
        moment -> value.applyAsDouble(moment.processes().get(member)));
  }

  private static Series series(
      String subject, Measure measure, List<Moment> moments, ToDoubleFunction<Moment> value) {
    return new Series(
        subject,
        measure,
        moments.stream()
            .map(moment -> new Point(moment.seconds(), value.applyAsDouble(moment)))
            .toList());
  }

  /**
   * @param executions so far
   */
  record Sized(double seconds, double executions, double bytes) {}

  /**
   * The bytes without those that the executions would have taken, if each took as many as in the
   * first half and a tenth more.
   */
  static List<Point> beyond(List<Sized> all) {
    List<Point> first =
        all.subList(0, all.size() / 2).stream()
            .map(each -> new Point(each.executions(), each.bytes()))
            .toList();
    double each = Trend.of(first).slope() * 1.1;
    return all.stream()
        .map(one -> new Point(one.seconds(), one.bytes() - each * one.executions()))
        .toList();
  }
}
