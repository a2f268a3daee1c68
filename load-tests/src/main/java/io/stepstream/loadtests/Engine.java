package io.stepstream.loadtests;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.stepstream.asl.engine.TaskTokens;
import io.stepstream.coordinator.access.Permissions;
import io.stepstream.coordinator.definition.Definitions;
import io.stepstream.coordinator.metrics.Metering;
import io.stepstream.coordinator.node.Clients;
import io.stepstream.coordinator.node.CoordinatorNode;
import io.stepstream.coordinator.node.NodeSettings;
import io.stepstream.coordinator.ops.Readiness;
import io.stepstream.coordinator.shell.TaskWorld;
import io.stepstream.integrations.s3.ReadItemsHandler;
import io.stepstream.integrations.s3.WriteObjectHandler;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.sealing.PayloadKeys;
import io.stepstream.schemas.topic.Generations;
import io.stepstream.schemas.topic.Provisioning;
import io.stepstream.schemas.topic.TopicProvisioner;
import io.stepstream.schemas.topic.Topics;
import io.stepstream.worker.StepstreamWorker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/** The engine as a whole: a coordinator node with all its parts and a worker, as libraries. */
final class Engine implements AutoCloseable {

  /** Where tasks of functions go that nobody has announced. */
  static final String QUEUE = "lambda";

  static final long DEFINITION_CACHE_BYTES = 64L << 20;
  private static final Duration LONGEST_START = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SchemaRegistry registry;
  private final Definitions definitions;
  private final Pipelines pipelines;
  private final CoordinatorNode node;
  private final StepstreamWorker worker;
  private final Tasks tasks;

  private Engine(
      BenchSettings settings,
      Path stateDirectory,
      SchemaRegistry registry,
      Definitions definitions,
      CoordinatorNode node,
      StepstreamWorker worker,
      GeneratedItems items,
      Tasks tasks) {
    this.registry = registry;
    this.definitions = definitions;
    this.pipelines =
        new Pipelines(definitions, registry, settings, stateDirectory, items::resultsWritten);
    this.node = node;
    this.worker = worker;
    this.tasks = tasks;
  }

  /** Hears of each delivery of a task to its handler. */
  interface TaskListener {

    /**
     * @param sequence the number that its execution was started with
     * @param nanos when
     */
    void arrived(long sequence, long nanos);
  }

  /** Who listens at the moment, if anyone does. */
  private static final class Tasks {

    private volatile @Nullable TaskListener listener;

    void see(String executionArn) {
      TaskListener present = listener;
      if (present != null) {
        present.arrived(
            EnginePipeline.sequence(executionArn.getBytes(StandardCharsets.UTF_8)),
            System.nanoTime());
      }
    }
  }

  /** From now on the listener hears of tasks, and no former one does. */
  void onTask(TaskListener listener) {
    tasks.listener = listener;
  }

  static Engine start(NodeSettings node, Clients clients, BenchSettings settings)
      throws InterruptedException {
    try (Admin admin = clients.admin()) {
      TopicProvisioner provisioner = new TopicProvisioner(admin, node.layout());
      require(provisioner.provision());
      for (String queue : queues(settings.scenario())) {
        require(provisioner.provisionQueue(queue));
      }
    }
    SchemaRegistry registry = SchemaRegistry.bundled();
    Definitions definitions =
        Definitions.open(
            Map.of("bootstrap.servers", node.bootstrapServers()), registry, DEFINITION_CACHE_BYTES);
    Tasks tasks = new Tasks();
    GeneratedItems items = new GeneratedItems(Inputs.of(settings.payloadBytes()));
    Engine engine =
        new Engine(
            settings,
            node.stateDirectory(),
            registry,
            definitions,
            new CoordinatorNode(
                node,
                Generations.of(node.layout().partitions()),
                definitions.catalogue(),
                registry,
                new TaskWorld(TaskTokens.unprotected(), _ -> true, Permissions.open()),
                PayloadKeys.NONE,
                new Metering(new SimpleMeterRegistry(), 200),
                Clock.systemUTC()),
            worker(node.bootstrapServers(), settings, items, tasks),
            items,
            tasks);
    engine.worker.start();
    engine.node.start();
    engine.awaitReady(
        "coordinator", () -> engine.node.readiness().stream().allMatch(Readiness::isReady));
    engine.awaitReady("worker", engine.worker::isReady);
    return engine;
  }

  private static String[] queues(Scenario scenario) {
    return hasMap(scenario) ? new String[] {QUEUE, Topics.STORAGE_QUEUE} : new String[] {QUEUE};
  }

  private static boolean hasMap(Scenario scenario) {
    return scenario.machines().stream().anyMatch(MapScenario.class::isInstance);
  }

  private static StepstreamWorker worker(
      String bootstrapServers, BenchSettings settings, GeneratedItems items, Tasks tasks) {
    StepstreamWorker.Builder worker =
        StepstreamWorker.builder()
            .bootstrapServers(bootstrapServers)
            .queues(queues(settings.scenario()))
            .handler(
                Scenario.FUNCTION,
                (order, context) -> {
                  tasks.see(context.executionArn());
                  return order;
                });
    if (hasMap(settings.scenario())) {
      worker.handler(new ReadItemsHandler(items)).handler(new WriteObjectHandler(items));
    }
    return worker.build();
  }

  /**
   * @throws BenchFailure if the topics are not as they must be
   */
  static void require(Provisioning provisioning) {
    if (provisioning instanceof Provisioning.Refused refused) {
      throw new BenchFailure("The engine's topics can't be created: " + refused.message());
    }
  }

  private void awaitReady(String part, BooleanSupplier ready) {
    long deadline = System.nanoTime() + LONGEST_START.toNanos();
    while (!ready.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        close();
        throw new BenchFailure(
            "The %s was not ready after %d s".formatted(part, LONGEST_START.toSeconds()));
      }
      LockSupport.parkNanos(10_000_000);
    }
  }

  /**
   * Defines a machine of the scenario, once.
   *
   * @param history false: the machine is told to log nothing, so its executions leave no history
   */
  EnginePipeline pipeline(Machine kind, boolean history) throws InterruptedException {
    ObjectNode members = JSON.createObjectNode();
    if (!history) {
      members.putObject("loggingConfiguration").put("level", "OFF");
    }
    return pipelines.define(kind.label() + (history ? "" : "-without-history"), kind, members);
  }

  @Override
  public void close() {
    worker.close(Duration.ofSeconds(5));
    node.close();
    definitions.close();
    registry.close();
  }
}
