package io.stepstream.coordinator.node;

import io.stepstream.coordinator.admission.Admission;
import io.stepstream.coordinator.cluster.Cluster;
import io.stepstream.coordinator.deadletter.DeadLetters;
import io.stepstream.coordinator.definition.DefinitionCatalogue;
import io.stepstream.coordinator.execution.ActivityTasks;
import io.stepstream.coordinator.execution.Executions;
import io.stepstream.coordinator.execution.MapRuns;
import io.stepstream.coordinator.execution.Tasks;
import io.stepstream.coordinator.index.ExecutionIndexer;
import io.stepstream.coordinator.metrics.Metering;
import io.stepstream.coordinator.ops.Readiness;
import io.stepstream.coordinator.queue.AnnouncedPools;
import io.stepstream.coordinator.queue.KafkaTaskQueues;
import io.stepstream.coordinator.queue.TaskQueues;
import io.stepstream.coordinator.reply.CommitObservingClientSupplier;
import io.stepstream.coordinator.reply.CommitPacing;
import io.stepstream.coordinator.reply.PendingReplies;
import io.stepstream.coordinator.reply.ReplyListener;
import io.stepstream.coordinator.route.TaskRoutes;
import io.stepstream.coordinator.route.WorkerAnnouncements;
import io.stepstream.coordinator.sealing.Seals;
import io.stepstream.coordinator.shell.CoordinatorTopology;
import io.stepstream.coordinator.shell.Definitions;
import io.stepstream.coordinator.shell.LaneCodecs;
import io.stepstream.coordinator.shell.LaneSettings;
import io.stepstream.coordinator.shell.StepCounters;
import io.stepstream.coordinator.shell.TaskWorld;
import io.stepstream.coordinator.view.HistoryView;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.QueueControl;
import io.stepstream.schemas.WorkerAnnouncement;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.sealing.PayloadKeys;
import io.stepstream.schemas.topic.Generations;
import io.stepstream.schemas.topic.LaneTopics;
import io.stepstream.schemas.topic.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Both lanes, the view of histories and the routes of one process. Starts when the definitions are
 * read: a step without its definition would have to wait. Stops in reverse.
 */
public final class CoordinatorNode implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CoordinatorNode.class);
  private static final Duration CATCH_UP = Duration.ofSeconds(60);

  private final DefinitionCatalogue catalogue;
  private final WorkerAnnouncements announcements;
  private final KafkaTaskQueues queues;
  private final ReplyListener replyListener;
  private final LaneStreams standard;
  private final LaneStreams express;
  private final LaneStreams history;
  private final KafkaCluster cluster;
  private final AbandonedTransactions abandoned;
  private final Admission standardAdmission;
  private final PendingReplies replies;
  private final Producer<byte[], byte[]> producer;
  private final KafkaExecutions executions;
  private final ActivityTasks activityTasks;
  private final StepCounters standardCounters;
  private final StepCounters expressCounters;
  private final NodeMeters meters;

  /**
   * A node which works when {@link #start} is called. Its topics must exist.
   *
   * @param generations as {@link io.stepstream.coordinator.growth.LayoutTopic} has them
   * @param keys seal and open the payloads of machines that name one
   * @param metering for the meters of the lanes and of the node
   */
  public CoordinatorNode(
      NodeSettings settings,
      Generations generations,
      DefinitionCatalogue catalogue,
      SchemaRegistry registry,
      TaskWorld world,
      PayloadKeys keys,
      Metering metering,
      Clock clock) {
    this.standardCounters = new StepCounters(metering.of(Lane.STANDARD));
    this.expressCounters = new StepCounters(metering.of(Lane.EXPRESS));
    this.meters = new NodeMeters(metering.registry(), clock);
    String nodeId = NodeId.in(settings.stateDirectory());
    Clients clients = new Clients(settings, nodeId);
    this.catalogue = catalogue;
    this.producer = clients.producer();
    TaskRoutes routes = new TaskRoutes();
    AnnouncedPools pools = new AnnouncedPools();
    this.announcements =
        new WorkerAnnouncements(
            () -> clients.reader("stepstream-routes-" + nodeId),
            producer,
            WireCodec.forTopic(WorkerAnnouncement.class, Topics.WORKERS, registry),
            announcement -> {
              routes.announced(announcement);
              pools.announced(announcement);
            });
    this.queues =
        new KafkaTaskQueues(
            clients.admin(),
            producer,
            () -> clients.reader("stepstream-queues-" + nodeId),
            WireCodec.forTopic(QueueControl.class, Topics.QUEUES, registry),
            pools,
            clock);
    Definitions definitions = new CatalogueDefinitions(catalogue, settings.executionLogs());
    this.replies = new PendingReplies(nodeId);
    LaneSettings standardLane =
        LaneSettings.standard(generations, settings.region())
            .tellingStatusChanges(settings.statusChanges())
            .tracing(settings.tracing());
    LaneSettings expressLane =
        LaneSettings.express(generations, settings.region(), settings.expressTransitions())
            .tracing(settings.tracing());
    Seals seals = new Seals(keys, catalogue);
    LaneCodecs standardCodecs = LaneCodecs.of(standardLane.topics(), registry, seals);
    LaneCodecs expressCodecs = LaneCodecs.of(expressLane.topics(), registry, seals);
    this.replyListener =
        new ReplyListener(
            List.of(standardLane.topics().replies(), expressLane.topics().replies()),
            nodeId,
            () -> clients.reader("stepstream-replies-" + nodeId),
            standardCodecs.replies(),
            keys,
            replies);
    this.standardAdmission = new Admission(System::nanoTime);
    Admission expressAdmission = new Admission(System::nanoTime);
    CommitPacing standardPacing = new CommitPacing(standardLane.pacing());
    CommitPacing expressPacing = new CommitPacing(expressLane.pacing());
    this.standard =
        lane(
            "standard lane",
            standardLane,
            standardCodecs,
            definitions,
            routes,
            replies,
            standardAdmission,
            standardPacing,
            standardCounters,
            world,
            clients.standardLane(),
            clock);
    this.express =
        lane(
            "express lane",
            expressLane,
            expressCodecs,
            definitions,
            routes,
            replies,
            expressAdmission,
            expressPacing,
            expressCounters,
            world,
            clients.expressLane(),
            clock);
    LaneTopics topics = standardLane.topics();
    this.history =
        new LaneStreams(
            "history view",
            HistoryView.topology(
                topics.history(), standardCodecs.history(), Topics.HISTORY_KEPT, this::putAside),
            clients.historyView(),
            new CommitObservingClientSupplier(
                new CommitPacing(CommitPacing.Settings.AT_LEAST_ONCE)),
            clock);
    Admin admin = clients.impatientAdmin();
    this.abandoned = new AbandonedTransactions(admin, standard.group());
    standard.whenPartitionsMove(abandoned::look);
    this.cluster =
        new KafkaCluster(
            nodeId,
            settings.address(),
            clock.instant(),
            List.of(standard, express, history),
            history.streams(),
            admin);
    this.executions =
        new KafkaExecutions(
            producer,
            standardCodecs,
            expressCodecs,
            replies,
            standardAdmission,
            expressAdmission,
            new HistoryView(history.streams(), standardCodecs.history(), settings.address()),
            generations,
            clock,
            KafkaExecutions.LONGEST_WRITE);
    this.activityTasks = new KafkaActivityTasks(executions, replies, clock);
    lanes().forEach(meters::lane);
    meters.counters(
        standard.name(), standardCounters, standardPacing.transactions(), standardAdmission);
    meters.counters(
        express.name(), expressCounters, expressPacing.transactions(), expressAdmission);
    meters.waitingCalls(replies);
    meters.stateDirectory(settings.stateDirectory());
    meters.storesMemory();
  }

  private List<LaneStreams> lanes() {
    return List.of(standard, express, history);
  }

  private static LaneStreams lane(
      String name,
      LaneSettings settings,
      LaneCodecs codecs,
      Definitions definitions,
      TaskRoutes routes,
      PendingReplies replies,
      Admission admission,
      CommitPacing pacing,
      StepCounters counters,
      TaskWorld world,
      Properties config,
      Clock clock) {
    return new LaneStreams(
        name,
        CoordinatorTopology.build(
            settings, codecs, definitions, routes, pacing, replies, admission, counters, world),
        config,
        new CommitObservingClientSupplier(pacing),
        clock);
  }

  private void putAside(ProducerRecord<byte[], byte[]> letter) {
    producer.send(
        letter,
        (_, failure) -> {
          if (failure != null) {
            LOG.error("A dead letter is lost", failure);
          }
        });
  }

  /**
   * Starts; {@link #readiness} tells when partitions are assigned and restored.
   *
   * @throws IllegalStateException when definitions or routes cannot be read in time
   */
  public void start() throws InterruptedException {
    announcements.start();
    queues.start();
    replyListener.start();
    if (!catalogue.awaitCaughtUp(CATCH_UP)
        || !announcements.awaitCaughtUp(CATCH_UP)
        || !replyListener.awaitListening(CATCH_UP)) {
      throw new IllegalStateException(
          "The definitions cannot be read from Kafka. Check that the brokers are reachable and the"
              + " topics %s, %s and %s have a leader."
                  .formatted(
                      Topics.DEFINITIONS, Topics.WORKERS, LaneTopics.of(Lane.STANDARD).replies()));
    }
    express.start();
    standard.start();
    history.start();
  }

  /**
   * Begins to measure what Kafka must be asked for, and the indexes.
   *
   * @param executions the index of Standard executions
   * @param children the index of Express children of Map runs
   */
  void measure(DeadLetters letters, ExecutionIndexer executions, ExecutionIndexer children) {
    meters.index("executions", executions);
    meters.index("express-children", children);
    meters.ask(cluster, lanes(), queues, letters, executions::running);
    meters.start();
  }

  /** The calls that wait here for an answer. */
  public PendingReplies waiting() {
    return replies;
  }

  public Executions executions() {
    return executions;
  }

  public TaskQueues queues() {
    return queues;
  }

  public Tasks tasks() {
    return new KafkaTasks(executions);
  }

  public ActivityTasks activityTasks() {
    return activityTasks;
  }

  public MapRuns mapRuns() {
    return new KafkaMapRuns(executions);
  }

  /**
   * Whether this node does what one node does for all: it has the first partition of the Standard
   * lane. While that moves nobody leads, and a node that was cut off may think for a while that it
   * still does.
   */
  public boolean leads() {
    return standardAdmission.isOwned(0);
  }

  public Cluster cluster() {
    return cluster;
  }

  public List<Readiness> readiness() {
    return List.of(standard, express, history);
  }

  public StepCounters standardCounters() {
    return standardCounters;
  }

  public StepCounters expressCounters() {
    return expressCounters;
  }

  @Override
  public void close() {
    meters.close();
    abandoned.close();
    cluster.close();
    // At the same time: each waits for its threads, and a stop has ten seconds in all.
    List<Thread> closing =
        List.of(history, standard, express).stream()
            .map(lane -> Thread.ofVirtual().start(lane::close))
            .toList();
    for (Thread thread : closing) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
    announcements.close();
    queues.close();
    replyListener.close();
    producer.close(Duration.ofSeconds(2));
  }
}
