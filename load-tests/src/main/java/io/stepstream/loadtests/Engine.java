package io.stepstream.loadtests;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.asl.items.ObjectStore;
import io.stepstream.coordinator.definition.CreateOutcome;
import io.stepstream.coordinator.definition.CreateRequest;
import io.stepstream.coordinator.definition.DefinedMachine;
import io.stepstream.coordinator.definition.Definitions;
import io.stepstream.coordinator.definition.MachineConfiguration;
import io.stepstream.coordinator.node.Clients;
import io.stepstream.coordinator.node.CoordinatorNode;
import io.stepstream.coordinator.node.NodeSettings;
import io.stepstream.coordinator.ops.Readiness;
import io.stepstream.integrations.s3.ReadItemsHandler;
import io.stepstream.integrations.s3.WriteObjectHandler;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.topic.Provisioning;
import io.stepstream.schemas.topic.TopicProvisioner;
import io.stepstream.schemas.topic.Topics;
import io.stepstream.worker.StepstreamWorker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/** The engine as a whole: a coordinator node with all its parts and a worker, as libraries. */
final class Engine implements AutoCloseable {

  private static final String QUEUE = "lambda";
  private static final long DEFINITION_CACHE_BYTES = 64L << 20;
  private static final Duration LONGEST_START = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final int partitions;
  private final byte[] input;
  private final Path stateDirectory;
  private final SchemaRegistry registry;
  private final Definitions definitions;
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
      Tasks tasks) {
    this.partitions = settings.partitions();
    this.input = Payload.json(settings.payloadBytes());
    this.stateDirectory = stateDirectory;
    this.registry = registry;
    this.definitions = definitions;
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
    Engine engine =
        new Engine(
            settings,
            node.stateDirectory(),
            registry,
            definitions,
            new CoordinatorNode(node, definitions.catalogue(), registry, Clock.systemUTC()),
            worker(node.bootstrapServers(), settings, tasks),
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
      String bootstrapServers, BenchSettings settings, Tasks tasks) {
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
      ObjectStore store = new GeneratedItems(Payload.json(settings.payloadBytes()));
      worker.handler(new ReadItemsHandler(store)).handler(new WriteObjectHandler(store));
    }
    return worker.build();
  }

  private static void require(Provisioning provisioning) {
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
    String name = kind.label() + (history ? "" : "-without-history");
    ObjectNode members = JSON.createObjectNode();
    if (!history) {
      members.putObject("loggingConfiguration").put("level", "OFF");
    }
    CreateRequest request =
        new CreateRequest(
            "arn:aws:states:us-east-1:000000000000:stateMachine:" + name,
            name,
            kind.lane(),
            "arn:aws:iam::000000000000:role/bench",
            kind.definition().getBytes(StandardCharsets.UTF_8),
            MachineConfiguration.of(members));
    try {
      CreateOutcome outcome =
          definitions.machines().create(request).toCompletableFuture().get(30, TimeUnit.SECONDS);
      if (!(outcome instanceof CreateOutcome.Created)) {
        throw new BenchFailure("The state machine could not be created: " + outcome);
      }
      DefinedMachine machine =
          definitions
              .machines()
              .current(request.stateMachineArn())
              .toCompletableFuture()
              .get(30, TimeUnit.SECONDS)
              .orElseThrow();
      return new EnginePipeline(
          "engine, " + name, machine, partitions, input, stateDirectory, registry);
    } catch (ExecutionException | TimeoutException e) {
      throw new BenchFailure("The state machine could not be created: " + e, e);
    }
  }

  @Override
  public void close() {
    worker.close(Duration.ofSeconds(5));
    node.close();
    definitions.close();
    registry.close();
  }
}
