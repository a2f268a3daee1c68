package io.stepstream.coordinator.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.stepstream.asl.engine.TaskTokens;
import io.stepstream.coordinator.access.Authenticator;
import io.stepstream.coordinator.access.Permissions;
import io.stepstream.coordinator.api.AwsConfig;
import io.stepstream.coordinator.audit.Audit;
import io.stepstream.coordinator.audit.KafkaAudit;
import io.stepstream.coordinator.bulk.BulkNode;
import io.stepstream.coordinator.bulk.BulkOperations;
import io.stepstream.coordinator.cluster.Cluster;
import io.stepstream.coordinator.deadletter.DeadLetters;
import io.stepstream.coordinator.deadletter.KafkaDeadLetters;
import io.stepstream.coordinator.definition.CompiledMachine;
import io.stepstream.coordinator.definition.DefinedResources;
import io.stepstream.coordinator.definition.DefinitionCatalogue;
import io.stepstream.coordinator.definition.Definitions;
import io.stepstream.coordinator.execution.ActivityTasks;
import io.stepstream.coordinator.execution.ExecutionLists;
import io.stepstream.coordinator.execution.ExecutionMetrics;
import io.stepstream.coordinator.execution.ExecutionSearch;
import io.stepstream.coordinator.execution.Executions;
import io.stepstream.coordinator.execution.ExpressChildren;
import io.stepstream.coordinator.execution.LiveEvents;
import io.stepstream.coordinator.execution.MapRuns;
import io.stepstream.coordinator.execution.Tasks;
import io.stepstream.coordinator.executionlog.ConsoleLog;
import io.stepstream.coordinator.growth.LayoutTopic;
import io.stepstream.coordinator.index.ExecutionIndexer;
import io.stepstream.coordinator.index.IndexedChildren;
import io.stepstream.coordinator.index.IndexedTopic;
import io.stepstream.coordinator.index.ListsOfBothLanes;
import io.stepstream.coordinator.live.HistoryTail;
import io.stepstream.coordinator.metrics.Metering;
import io.stepstream.coordinator.ops.ConfigMappings;
import io.stepstream.coordinator.ops.Readiness;
import io.stepstream.coordinator.ops.WaitingCalls;
import io.stepstream.coordinator.queue.TaskQueues;
import io.stepstream.coordinator.route.TaskRoutes;
import io.stepstream.coordinator.sealing.Seals;
import io.stepstream.coordinator.shell.ExecutionArns;
import io.stepstream.coordinator.shell.TaskWorld;
import io.stepstream.coordinator.tracing.TraceFollower;
import io.stepstream.coordinator.trigger.TopicTriggers;
import io.stepstream.coordinator.trigger.TriggerNode;
import io.stepstream.schemas.AuditEvent;
import io.stepstream.schemas.BulkRecord;
import io.stepstream.schemas.DeadLetterMark;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.sealing.PayloadKeys;
import io.stepstream.schemas.topic.Generations;
import io.stepstream.schemas.topic.LaneTopics;
import io.stepstream.schemas.topic.TopicProvisioner;
import io.stepstream.schemas.topic.Topics;
import io.stepstream.schemas.tracing.Sampling;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * The node as beans of the application: topics, definitions, lanes start in this order and stop in
 * reverse.
 */
@Singleton
final class NodeBeans {

  private final NodeConfig config;
  private final AwsConfig aws;
  private final Permissions permissions;
  private final Optional<Authenticator> authenticator;
  private final Optional<String> registryUrl;
  private final String httpHost;
  private final int httpPort;
  private final MeterRegistry meters;
  private @Nullable SchemaRegistry registry;
  private @Nullable Definitions definitions;
  private @Nullable TaskTokens tokens;
  private @Nullable CoordinatorNode node;
  private @Nullable ExecutionIndexer indexer;
  private @Nullable ExecutionIndexer childIndexer;
  private @Nullable IndexedChildren expressChildren;
  private @Nullable DeletionSweep deletions;
  private @Nullable HistoryTail tail;
  private @Nullable TriggerNode triggers;
  private @Nullable KafkaDeadLetters deadLetters;
  private @Nullable BulkNode bulk;
  private @Nullable KafkaAudit audit;
  private @Nullable ConsoleLog consoleLog;
  private @Nullable TraceFollower traces;
  private @Nullable Seals seals;

  /** Looks into the index; few at a time, since they read from one disk. */
  private final ExecutorService index = Executors.newFixedThreadPool(4);

  NodeBeans(
      AwsConfig aws,
      Permissions permissions,
      Optional<Authenticator> authenticator,
      @ConfigProperty(name = "schema.registry.url") Optional<String> registryUrl,
      @ConfigProperty(name = "quarkus.http.host") String httpHost,
      @ConfigProperty(name = "quarkus.http.port") int httpPort,
      MeterRegistry meters) {
    this.config = ConfigMappings.of(NodeConfig.class, "stepstream");
    this.aws = aws;
    this.permissions = permissions;
    this.authenticator = authenticator;
    this.registryUrl = registryUrl;
    this.httpHost = httpHost;
    this.httpPort = httpPort;
    this.meters = meters;
  }

  void start(@Observes StartupEvent started) throws InterruptedException {
    if (!config.coordinator().enabled()) {
      return;
    }
    registry = registryUrl.map(SchemaRegistry::at).orElseGet(SchemaRegistry::bundled);
    NodeSettings settings =
        new NodeSettings(
            config.kafka().bootstrapServers(),
            config.stateDir(),
            config.layout(),
            config.threadsPerLane(),
            config.coordinator().standbys(),
            aws.region(),
            config.express().transitions(),
            config.executionLogs().enabled(),
            config.statusChanges().enabled(),
            config.tracing().endpoint().isPresent()
                ? new Sampling(config.tracing().sampling())
                : Sampling.NONE,
            config.coordinator().address().orElse(httpHost + ':' + httpPort),
            config.kafka().client());
    Generations generations;
    try (Admin admin = new Clients(settings, "admin").admin()) {
      BrokerFeatures.require(admin);
      TopicProvisioner provisioner = new TopicProvisioner(admin, settings.layout());
      Provisioned.require(provisioner.provision());
      Provisioned.require(provisioner.provisionQueue(TaskRoutes.DEFAULT_QUEUE));
      Provisioned.require(provisioner.provisionQueue(Topics.STORAGE_QUEUE));
      tokens =
          new TaskTokens(TokenSecrets.of(config.taskTokens(), () -> TokenSecrets.clusterId(admin)));
    }
    Clients layoutClients = new Clients(settings, "layout");
    try (Consumer<byte[], byte[]> consumer = layoutClients.reader("stepstream-layout")) {
      generations =
          new LayoutTopic(registry, Clock.systemUTC())
              .known(consumer, layoutClients::producer, settings.layout().partitions());
    }
    Map<String, Object> clients = new HashMap<>(settings.kafka());
    clients.put("bootstrap.servers", settings.bootstrapServers());
    clients.put("enable.metrics.push", "false");
    definitions = Definitions.open(clients, registry, config.coordinator().definitionCacheBytes());
    PayloadKeys keys = PayloadKeys.configured(config.encryption().keysFile());
    seals = new Seals(keys, definitions.catalogue());
    node =
        new CoordinatorNode(
            settings,
            generations,
            definitions.catalogue(),
            registry,
            new TaskWorld(tokens, definitions.catalogue()::hasActivity, permissions),
            keys,
            new Metering(meters, config.metrics().labels()),
            Clock.systemUTC());
    node.start();
    tail =
        new HistoryTail(
            LaneTopics.of(Lane.STANDARD).history(),
            () -> new Clients(settings, "past").reader("stepstream-past"),
            WireCodec.forTopic(
                HistoryRecord.class, LaneTopics.of(Lane.STANDARD).history(), registry));
    indexer =
        new ExecutionIndexer(
            settings.stateDirectory().resolve("executions-index"),
            IndexedTopic.standard(registry, config.coordinator().indexPayloads()),
            () -> new Clients(settings, "index").reader("stepstream-index"),
            Clock.systemUTC(),
            index,
            tail);
    IndexedTopic children = IndexedTopic.expressChildren(registry);
    childIndexer =
        new ExecutionIndexer(
            settings.stateDirectory().resolve("express-children-index"),
            children,
            () -> new Clients(settings, "children-index").reader("stepstream-index"),
            Clock.systemUTC(),
            index,
            ExecutionIndexer.Listener.NONE);
    expressChildren =
        new IndexedChildren(
            childIndexer,
            children,
            () -> new Clients(settings, "children").picker("stepstream-index"));
    tail.start();
    indexer.start();
    childIndexer.start();
    deletions =
        new DeletionSweep(
            definitions.resources().machines(), indexer, node.executions(), Clock.systemUTC());
    deletions.start();
    Clients triggerClients = new Clients(settings, "triggers");
    triggers =
        new TriggerNode(
            definitions.resources(),
            node.executions(),
            triggerClients::triggerReader,
            triggerClients.producer(),
            triggerClients.impatientAdmin(),
            registry,
            registryUrl.isPresent(),
            keys,
            Clock.systemUTC());
    triggers.start();
    Clients letterClients = new Clients(settings, "dead-letters");
    deadLetters =
        new KafkaDeadLetters(
            () -> letterClients.reader("stepstream-dead-letters"),
            () -> letterClients.transactionalProducer(KafkaDeadLetters.TRANSACTIONAL_ID),
            letterClients.producer(),
            WireCodec.forTopic(DeadLetterMark.class, Topics.DLQ_MARKS, registry),
            Clock.systemUTC());
    deadLetters.start();
    node.measure(deadLetters, indexer, childIndexer);
    Clients bulkClients = new Clients(settings, "bulk");
    bulk =
        new BulkNode(
            () -> bulkClients.reader("stepstream-bulk"),
            bulkClients.producer(),
            WireCodec.forTopic(BulkRecord.class, Topics.BULK_OPERATIONS, registry),
            node.executions(),
            indexer,
            node::leads,
            Clock.systemUTC());
    bulk.start();
    if (config.executionLogs().console()) {
      consoleLog =
          new ConsoleLog(() -> new Clients(settings, "execution-logs").follower(ConsoleLog.GROUP));
      consoleLog.start();
    }
    if (config.tracing().endpoint().isPresent() && settings.tracing().share() > 0) {
      DefinitionCatalogue catalogue = definitions.catalogue();
      traces =
          new TraceFollower(
              () -> new Clients(settings, "tracing").reader(TraceFollower.GROUP),
              WireCodec.forTopic(
                  HistoryRecord.class, LaneTopics.of(Lane.STANDARD).history(), registry),
              settings.tracing(),
              (machine, revision) ->
                  catalogue
                      .find(ExecutionArns.definedBy(machine), revision)
                      .filter(CompiledMachine::traced)
                      .isPresent(),
              config.tracing().endpoint().get(),
              Clock.systemUTC());
      traces.start();
    }
    if (authenticator.isPresent()) {
      audit =
          new KafkaAudit(
              new Clients(settings, "audit").producer(),
              WireCodec.forTopic(AuditEvent.class, Topics.AUDIT, registry));
      audit.start();
    }
  }

  void stop(@Observes ShutdownEvent stopping) {
    if (audit != null) {
      audit.close();
    }
    if (traces != null) {
      traces.close();
    }
    if (consoleLog != null) {
      consoleLog.close();
    }
    if (bulk != null) {
      bulk.close();
    }
    if (deadLetters != null) {
      deadLetters.close();
    }
    if (triggers != null) {
      triggers.close();
    }
    if (deletions != null) {
      deletions.close();
    }
    if (indexer != null) {
      indexer.close();
    }
    if (expressChildren != null) {
      expressChildren.close();
    }
    if (childIndexer != null) {
      childIndexer.close();
    }
    if (tail != null) {
      tail.close();
    }
    index.shutdown();
    if (node != null) {
      node.close();
    }
    if (definitions != null) {
      definitions.close();
    }
    if (registry != null) {
      registry.close();
    }
  }

  @Produces
  @Singleton
  Executions executions() {
    return running().executions();
  }

  @Produces
  @Singleton
  ExecutionLists lists() {
    running();
    return new ListsOfBothLanes(
        Objects.requireNonNull(indexer), Objects.requireNonNull(childIndexer));
  }

  @Produces
  @Singleton
  ExpressChildren expressChildren() {
    running();
    return Objects.requireNonNull(expressChildren);
  }

  @Produces
  @Singleton
  ExecutionSearch search() {
    running();
    return Objects.requireNonNull(indexer);
  }

  @Produces
  @Singleton
  LiveEvents live() {
    running();
    return Objects.requireNonNull(tail);
  }

  @Produces
  @Singleton
  TaskQueues queues() {
    return running().queues();
  }

  @Produces
  @Singleton
  Cluster cluster() {
    return running().cluster();
  }

  @Produces
  @Singleton
  ExecutionMetrics metrics() {
    running();
    return Objects.requireNonNull(indexer);
  }

  @Produces
  @Singleton
  Tasks tasks() {
    return running().tasks();
  }

  @Produces
  @Singleton
  ActivityTasks activityTasks() {
    return running().activityTasks();
  }

  @Produces
  @Singleton
  TaskTokens taskTokens() {
    running();
    return Objects.requireNonNull(tokens);
  }

  @Produces
  @Singleton
  Seals seals() {
    running();
    return Objects.requireNonNull(seals);
  }

  @Produces
  @Singleton
  MapRuns mapRuns() {
    return running().mapRuns();
  }

  @Produces
  @Singleton
  DefinedResources resources() {
    running();
    return Objects.requireNonNull(definitions).resources();
  }

  @Produces
  @Singleton
  TopicTriggers triggers() {
    running();
    return Objects.requireNonNull(triggers).triggers();
  }

  @Produces
  @Singleton
  DeadLetters deadLetters() {
    running();
    return Objects.requireNonNull(deadLetters);
  }

  @Produces
  @Singleton
  BulkOperations bulkOperations() {
    running();
    return Objects.requireNonNull(bulk).operations();
  }

  @Produces
  @Singleton
  Audit audit() {
    return audit == null ? Audit.NONE : audit;
  }

  @Produces
  @Singleton
  WaitingCalls waiting() {
    return new WaitingCalls() {
      @Override
      public void endIdle() {
        if (node != null) {
          node.waiting().endIdle();
        }
      }

      @Override
      public void refuse() {
        if (node != null) {
          node.waiting().refuse();
        }
      }
    };
  }

  @Produces
  @Singleton
  Readiness standardLane() {
    return readiness(0);
  }

  @Produces
  @Singleton
  Readiness expressLane() {
    return readiness(1);
  }

  @Produces
  @Singleton
  Readiness historyView() {
    return readiness(2);
  }

  private Readiness readiness(int part) {
    return new Readiness() {
      @Override
      public String name() {
        return node == null ? "part " + part : node.readiness().get(part).name();
      }

      @Override
      public boolean isReady() {
        return node == null
            ? !config.coordinator().enabled()
            : node.readiness().get(part).isReady();
      }

      @Override
      public Map<String, String> details() {
        return node == null ? Map.of() : node.readiness().get(part).details();
      }
    };
  }

  private CoordinatorNode running() {
    if (node == null) {
      throw new IllegalStateException(
          "this process has no coordinator: stepstream.coordinator.enabled is false");
    }
    return node;
  }
}
