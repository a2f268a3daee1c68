package io.stepstream.loadtests;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.coordinator.definition.Definitions;
import io.stepstream.dev.Refusal;
import io.stepstream.dev.ScratchDirectory;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.topic.LaneTopics;
import io.stepstream.schemas.topic.TopicLayout;
import io.stepstream.schemas.topic.TopicProvisioner;
import io.stepstream.schemas.topic.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * Measures with some coordinators, each under a CPU quota: a broker, a worker and each coordinator
 * in processes of their own, the generator in this one.
 *
 * <p>All coordinators start, and after each measurement some stop. So those that are left have run
 * the longest, and none is measured with fewer of its methods compiled than another.
 */
final class ScalingTrial implements AutoCloseable {

  /** A static member that has left is missed after the session's ten seconds. */
  private static final Duration LONGEST_REBALANCE = Duration.ofSeconds(120);

  private static final Duration MARKERS = Duration.ofSeconds(5);

  private final ScalingSettings settings;
  private final Consumer<String> progress;
  private final ScratchDirectory scratch;
  private final List<CoordinatorProcess> coordinators = new ArrayList<>();
  private @Nullable BrokerProcess broker;
  private @Nullable JavaProcess worker;
  private boolean closed;

  private ScalingTrial(
      ScalingSettings settings, Consumer<String> progress, ScratchDirectory scratch) {
    this.settings = settings;
    this.progress = progress;
    this.scratch = scratch;
  }

  /**
   * A whole run.
   *
   * @param progress gets a line now and then
   * @throws Refusal if there can't be CPU quotas
   */
  static ScalingResult measure(ScalingSettings settings, Consumer<String> progress)
      throws Refusal, InterruptedException {
    // Before anything has to be stopped again.
    CpuGroup.create(CpuGroup.ROOT, "stepstream-bench-probe-" + ProcessHandle.current().pid())
        .close();
    ScalingTrial trial = new ScalingTrial(settings, progress, ScratchDirectory.create());
    // The hook covers a Ctrl-C; closing twice does no harm.
    Runtime.getRuntime().addShutdownHook(new Thread(trial::close, "bench-stop"));
    try (trial) {
      return trial.run();
    }
  }

  private ScalingResult run() throws Refusal, InterruptedException {
    BrokerProcess broker = startBroker();
    String servers = broker.bootstrapServers();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      TopicProvisioner provisioner =
          new TopicProvisioner(
              admin, new TopicLayout(settings.partitions(), BenchSettings.QUEUE_PARTITIONS, 1, 1));
      Engine.require(provisioner.provision());
      Engine.require(provisioner.provisionQueue(Engine.QUEUE));
      JavaProcess worker = startWorker(servers);
      await("The worker is not ready", () -> worker.ask().equals("true"));
      say("starting %d coordinators", settings.most());
      while (coordinators.size() < settings.most()) {
        startCoordinator(servers);
      }
      List<ScalingPoint> points = new ArrayList<>();
      for (int count : settings.coordinators().reversed()) {
        stopAllBut(count);
        awaitPlacement(admin);
        points.add(point(broker, worker, admin));
      }
      double marker =
          settings.scenario().exactlyOnce()
              ? new MarkerCost(servers, settings.partitions(), broker::cpuSeconds).measure(MARKERS)
              : 0;
      points.sort(Comparator.comparingInt(ScalingPoint::coordinators));
      return new ScalingResult(
          settings, points, marker, Runtime.getRuntime().availableProcessors());
    }
  }

  private ScalingPoint point(BrokerProcess broker, JavaProcess worker, Admin admin)
      throws InterruptedException {
    String servers = broker.bootstrapServers();
    try (SchemaRegistry registry = SchemaRegistry.bundled();
        Definitions definitions =
            Definitions.open(
                Map.of("bootstrap.servers", servers), registry, Engine.DEFINITION_CACHE_BYTES)) {
      Pipelines pipelines =
          new Pipelines(definitions, registry, settings.bench(), scratch.path(), () -> 0);
      String name = settings.scenario().label() + "-" + coordinators.size();
      // Executions are numbered by each generator anew, so each has a machine of its own.
      warmUp(broker, define(pipelines, name + "-warm-up"));
      return measure(broker, worker, admin, define(pipelines, name));
    }
  }

  private EnginePipeline define(Pipelines pipelines, String name) throws InterruptedException {
    return pipelines.define(name, settings.scenario(), new ObjectMapper().createObjectNode());
  }

  private void warmUp(BrokerProcess broker, EnginePipeline pipeline) throws InterruptedException {
    int count = coordinators.size();
    String servers = broker.bootstrapServers();
    say("%d coordinators: warm-up of %d s", count, settings.warmUp(count).toSeconds());
    try (Completions completions = Completions.watch(servers, pipeline);
        LoadGenerator generator =
            new LoadGenerator(servers, pipeline, completions, new Meter(broker))) {
      generator.first();
      generator.warmUp(settings.inFlight(count), settings.warmUp(count));
    }
  }

  private ScalingPoint measure(
      BrokerProcess broker, JavaProcess worker, Admin admin, EnginePipeline pipeline)
      throws InterruptedException {
    int count = coordinators.size();
    String servers = broker.bootstrapServers();
    try (Completions completions = Completions.watch(servers, pipeline);
        LoadGenerator generator =
            new LoadGenerator(servers, pipeline, completions, new Meter(broker))) {
      generator.first();
      coordinators.forEach(each -> each.group().limit(settings.quota()));
      RecordCount records = new RecordCount(admin);
      EndOffsets recordsBefore = records.settled(pipeline::counts);
      Moment before = read(broker, worker, completions);
      say("%d coordinators: full load for %d s", count, 2 * settings.window().toSeconds());
      // The first fills the queues; CPU counts in both.
      Throughput second =
          generator
              .saturate(settings.inFlight(count), Duration.ZERO, settings.window(), 2)
              .all()
              .getLast();
      Moment after = read(broker, worker, completions);
      EndOffsets recordsAfter = records.settled(pipeline::counts);
      long sent = sum(CoordinatorReport::sent) - before.sent;
      coordinators.forEach(each -> each.group().unlimited());
      say("%d coordinators: %.0f executions/s", count, second.perSecond());
      double ended = after.ended - before.ended;
      return new ScalingPoint(
          count,
          second.perSecond(),
          (after.coordinators - before.coordinators) / ended,
          (after.threads - before.threads) / ended,
          (after.broker - before.broker) / ended,
          (after.worker - before.worker) / ended,
          (after.generator - before.generator) / ended,
          settings.scenario().exactlyOnce()
              ? markers(recordsAfter.total() - recordsBefore.total(), sent, ended)
              : 0);
    }
  }

  /**
   * What is an offset and was sent by nobody: neither by a coordinator nor as a start or a result.
   */
  static double markers(long offsets, long sentByCoordinators, double ended) {
    return Math.max(0, (offsets - sentByCoordinators) / ended - 2);
  }

  /** CPU-seconds since the processes began, and what was done with them. */
  private record Moment(
      long ended,
      long sent,
      double coordinators,
      double threads,
      double broker,
      double worker,
      double generator) {}

  private Moment read(BrokerProcess broker, JavaProcess worker, Completions completions) {
    return new Moment(
        completions.ended(),
        sum(CoordinatorReport::sent),
        coordinators.stream().mapToDouble(CoordinatorProcess::cpuSeconds).sum(),
        sum(CoordinatorReport::threadNanos) / 1e9,
        broker.cpuSeconds(),
        worker.cpuSeconds(),
        CpuTime.seconds());
  }

  private long sum(ToLongFunction<CoordinatorReport> figure) {
    return coordinators.stream().map(CoordinatorProcess::report).mapToLong(figure).sum();
  }

  private void awaitPlacement(Admin admin) throws InterruptedException {
    Lane lane = settings.scenario().lane();
    Set<String> nodes =
        coordinators.stream().map(CoordinatorProcess::nodeId).collect(Collectors.toSet());
    say("%d coordinators: waiting until they share the partitions", coordinators.size());
    await(
        "%d coordinators don't share %d partitions"
            .formatted(coordinators.size(), settings.partitions()),
        () ->
            coordinators.stream().allMatch(each -> each.report().running())
                && Placement.isSpread(
                    Placement.members(admin, group(), LaneTopics.of(lane).inbox()),
                    nodes,
                    settings.partitions()));
  }

  /** The lane's application, whose id is its consumers' group. */
  private String group() {
    return settings.scenario().exactlyOnce()
        ? Topics.STANDARD_APPLICATION
        : Topics.EXPRESS_APPLICATION;
  }

  /** Something that can be so. */
  private interface Condition {
    boolean holds() throws InterruptedException;
  }

  private static void await(String otherwise, Condition condition) throws InterruptedException {
    long deadline = System.nanoTime() + LONGEST_REBALANCE.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new BenchFailure("%s after %d s".formatted(otherwise, LONGEST_REBALANCE.toSeconds()));
      }
      LockSupport.parkNanos(100_000_000);
    }
  }

  private void say(String format, Object... arguments) {
    progress.accept(format.formatted(arguments));
  }

  // What has been started must be known to close, or start no more once it has been called.

  private synchronized BrokerProcess startBroker() throws InterruptedException {
    requireOpen();
    broker = BrokerProcess.start(scratch.path().resolve("kafka"));
    return broker;
  }

  private synchronized JavaProcess startWorker(String servers) throws InterruptedException {
    requireOpen();
    worker = WorkerProcess.start(servers);
    return worker;
  }

  private synchronized void startCoordinator(String servers) throws Refusal, InterruptedException {
    requireOpen();
    Path state = scratch.path().resolve("coordinator-" + coordinators.size());
    coordinators.add(CoordinatorProcess.start(servers, state, settings.partitions()));
  }

  private synchronized void stopAllBut(int count) {
    requireOpen();
    while (coordinators.size() > count) {
      coordinators.getLast().close();
      coordinators.removeLast();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new BenchFailure("The run was stopped");
    }
  }

  /** Stops all processes and removes groups and files; may be called twice. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      coordinators.forEach(CoordinatorProcess::close);
      if (worker != null) {
        worker.close();
      }
      if (broker != null) {
        broker.close();
      }
      try {
        scratch.close();
      } catch (IOException e) {
        throw new UncheckedIOException("removing " + scratch.path(), e);
      }
    }
  }
}
