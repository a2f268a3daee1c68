package io.stepstream.worker;

import com.fasterxml.jackson.databind.JsonNode;
import io.opentelemetry.api.trace.Tracer;
import io.stepstream.schemas.Envelope;
import io.stepstream.schemas.QueueControl;
import io.stepstream.schemas.TaskAbandoned;
import io.stepstream.schemas.TaskOrder;
import io.stepstream.schemas.WorkerAnnouncement;
import io.stepstream.schemas.codec.RecordCodec;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.sealing.PayloadKeys;
import io.stepstream.schemas.topic.Topics;
import io.stepstream.worker.handler.TaskFunction;
import io.stepstream.worker.handler.TaskHandler;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker: takes task orders from its queues, runs the handlers and sends the results back.
 *
 * {@snippet :
 * void main() {
 *   StepstreamWorker.builder()
 *       .bootstrapServers("127.0.0.1:9292")
 *       .function("greet", input -> JsonNodeFactory.instance.textNode("Hello " + input.path("name").asText()))
 *       .build()
 *       .run();
 * }
 * }
 *
 * <p>Delivery is at least once: a handler may get the same order again, with the same {@link
 * io.stepstream.worker.handler.TaskContext#idempotencyKey()}. The coordinator takes the first
 * result.
 *
 * <p>Life: {@link #start}, then {@link #close}, each once. Safe for use by several threads.
 */
public final class StepstreamWorker implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StepstreamWorker.class);

  /** Kubernetes kills after 30 s, and clients have to be closed too. */
  private static final Duration DEFAULT_DRAIN = Duration.ofSeconds(20);

  /** How long handlers may take to notice their interrupt. */
  private static final Duration AFTER_CANCEL = Duration.ofSeconds(1);

  private static final Duration CLIENTS_CLOSE = Duration.ofSeconds(5);

  private final WorkerSettings settings;
  private final HandlerDirectory handlers;
  private final WorkerClients clients;
  private final Admin admin;
  private final PartitionCounts partitions;
  private final Producer<byte[], byte[]> producer;
  private final TaskRunner runner;
  private final ResultPublisher results;
  private final Announcer announcer;
  private final QueueLimits limits;
  private final LimitsReader limitsReader;
  private final AbandonedReader abandoned;
  private final Thread bringUp;
  private final CountDownLatch ended = new CountDownLatch(1);

  // Guarded by this.
  private @Nullable Housekeeping housekeeping;
  private boolean closing;

  private volatile List<TaskSource> sources = List.of();

  private StepstreamWorker(
      WorkerSettings settings,
      HandlerDirectory handlers,
      SchemaRegistry registry,
      PayloadKeys keys,
      WorkObserver observer,
      @Nullable Tracer tracer,
      String version) {
    this.settings = settings;
    this.handlers = handlers;
    this.clients = new WorkerClients(settings);
    this.admin = clients.admin();
    this.partitions = PartitionCounts.of(admin);
    this.producer = clients.producer();
    InstantSource clock = InstantSource.system();
    Map<String, RecordCodec<Envelope>> inboxCodecs = new ConcurrentHashMap<>();
    this.results =
        new ResultPublisher(
            producer,
            topic ->
                inboxCodecs.computeIfAbsent(
                    topic, name -> WireCodec.forTopic(Envelope.class, name, registry)),
            keys,
            settings.pool() + "-" + ProcessHandle.current().pid());
    // The subject matters to writers only, so one codec reads the orders of all queues.
    RecordCodec<TaskOrder> orders =
        WireCodec.forTopic(TaskOrder.class, Topics.tasks(settings.queues().getFirst()), registry);
    this.runner =
        new TaskRunner(
            settings.permits(),
            new OrderReader(orders, partitions),
            new TaskInvoker(handlers, clock),
            results,
            new OrderRenewal(producer),
            keys,
            new TaskSpans(tracer),
            clock,
            observer);
    this.announcer =
        new Announcer(
            producer,
            WireCodec.forTopic(WorkerAnnouncement.class, Topics.WORKERS, registry),
            settings,
            handlers.names(),
            version,
            clock);
    this.limits = new QueueLimits(settings.queues(), System::nanoTime);
    this.limitsReader =
        new LimitsReader(
            clients,
            admin,
            WireCodec.forTopic(QueueControl.class, Topics.QUEUES, registry),
            settings.queues(),
            limits);
    this.abandoned =
        new AbandonedReader(
            clients,
            WireCodec.forTopic(TaskAbandoned.class, Topics.ABANDONED, registry),
            attempt ->
                runner.abandon(
                    attempt.getExecutionArn(), attempt.getFrameId(), attempt.getEpoch()));
    this.bringUp =
        Thread.ofVirtual().name("stepstream-worker-start").unstarted(this::bringUpWithRetries);
  }

  /** Begins with the defaults: queue {@code lambda}, share group, 256 permits, bundled schemas. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Begins to serve; returns at once. A cluster that can't be reached yet is tried again until
   * {@link #close}.
   *
   * @return this
   */
  public StepstreamWorker start() {
    bringUp.start();
    return this;
  }

  /** As {@link #run(Duration)} with 20 s. */
  public void run() {
    run(DEFAULT_DRAIN);
  }

  /**
   * Serves until the JVM is told to stop, then drains and ends the process with exit code 0: a stop
   * in order is no failure, and a JVM that a signal has ended would say so. For a {@code main}.
   *
   * @param drain how long running handlers may take, as for {@link #close(Duration)}
   */
  public void run(Duration drain) {
    Thread hook =
        new Thread(
            () -> {
              close(drain);
              // Other hooks have run meanwhile.
              Runtime.getRuntime().halt(0);
            },
            "stepstream-worker-shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
    start();
    try {
      ended.await();
    } catch (InterruptedException _) {
      close();
    }
  }

  /** True while the worker acquires orders on all its queues. */
  public boolean isReady() {
    List<TaskSource> current = sources;
    return !current.isEmpty()
        && !runner.isDraining()
        && current.stream().allMatch(TaskSource::isAlive);
  }

  /** What the handlers serve, sorted. */
  public List<String> handlers() {
    return handlers.names();
  }

  /** The task queues that this worker serves. */
  public List<String> queues() {
    return settings.queues();
  }

  /** How many handlers run now. */
  public int running() {
    return runner.running().size();
  }

  /** How many handlers may run at the same time. */
  public int permits() {
    return settings.permits();
  }

  /** How many handlers have returned since the start, whatever their outcome. */
  public long completed() {
    return runner.completed();
  }

  /** Drains for at most 20 s. */
  @Override
  public void close() {
    close(DEFAULT_DRAIN);
  }

  /**
   * Stops gracefully: acquires nothing more, gives back what hasn't started, and lets what runs
   * finish and publish its result. What still runs after {@code drain} is interrupted and given
   * back.
   *
   * @param drain how long running handlers may take
   */
  public void close(Duration drain) {
    synchronized (this) {
      if (closing) {
        return;
      }
      closing = true;
    }
    bringUp.interrupt();
    try {
      drain(drain);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    sources.forEach(source -> source.close(CLIENTS_CLOSE));
    announcer.close();
    limitsReader.close();
    abandoned.close();
    synchronized (this) {
      if (housekeeping != null) {
        housekeeping.close();
      }
    }
    producer.close(CLIENTS_CLOSE);
    // Nobody needs an answer any more, and without a broker there would be none.
    admin.close(Duration.ZERO);
    LOG.info("The worker has stopped after {} tasks.", runner.completed());
    ended.countDown();
  }

  private void drain(Duration timeout) throws InterruptedException {
    if (bringUp.getState() != Thread.State.NEW) {
      bringUp.join();
    }
    sources.forEach(TaskSource::stopAcquiring);
    runner.drain();
    limits.gates().forEach(QueueGate::drain);
    if (!runner.awaitIdle(timeout)) {
      LOG.warn(
          "{} tasks still ran after {} and are given up; other workers get their orders.",
          runner.running().size(),
          timeout);
      runner.cancelRunning();
      boolean _ = runner.awaitIdle(AFTER_CANCEL);
    }
  }

  private void bringUpWithRetries() {
    var bringUp =
        new QueueBringUp(
            settings,
            clients,
            admin,
            partitions,
            queue -> new QueueIntake(runner, limits.gate(queue)));
    List<TaskSource> made = bringUp.untilItSucceeds();
    if (made.isEmpty()) {
      return;
    }
    limitsReader.start();
    try {
      limitsReader.awaitCaughtUp();
    } catch (InterruptedException _) {
      return;
    }
    synchronized (this) {
      if (closing) {
        return;
      }
      housekeeping = new Housekeeping(runner, results, made);
      abandoned.start();
      made.forEach(TaskSource::start);
      housekeeping.start();
      announcer.start();
      sources = made;
    }
    LOG.info(
        "The worker serves {} on the queues {}, pool {}, {} permits.",
        handlers.names(),
        settings.queues(),
        settings.pool(),
        settings.permits());
  }

  /** Collects what a worker needs. Not safe for use by several threads. */
  public static final class Builder {

    private @Nullable String bootstrapServers;
    private @Nullable String pool;
    private List<String> queues = List.of("lambda");
    private int permits = 256;
    private TaskSourceKind source = TaskSourceKind.SHARE_GROUP;
    private Duration linger = Duration.ofMillis(1);
    private int lanes = 2;
    private int maxLanes = 32;
    private @Nullable String version;
    private @Nullable SchemaRegistry registry;
    private PayloadKeys keys = PayloadKeys.NONE;
    private WorkObserver observer = WorkObserver.NONE;
    private @Nullable Tracer tracer;
    private final Map<String, String> clientProperties = new HashMap<>();
    private final List<TaskHandler> handlers = new ArrayList<>();

    private Builder() {}

    /** Kafka's {@code bootstrap.servers}. Required. */
    public Builder bootstrapServers(String servers) {
      this.bootstrapServers = servers;
      return this;
    }

    /** A name that all workers of the same kind share; the first queue's name if not given. */
    public Builder pool(String name) {
      this.pool = name;
      return this;
    }

    /** The task queues to serve; {@code lambda} if not given. */
    public Builder queues(String... names) {
      this.queues = List.of(names);
      return this;
    }

    /** How many handlers run at the same time at most; 256 if not given. */
    public Builder permits(int count) {
      this.permits = count;
      return this;
    }

    /** How orders are acquired; a share group if not given. */
    public Builder source(TaskSourceKind kind) {
      this.source = kind;
      return this;
    }

    /** How long a result may wait to share a request with others; 1 ms if not given. */
    public Builder linger(Duration time) {
      this.linger = time;
      return this;
    }

    /**
     * With how many share consumers a queue begins, and how many it may end up with while long
     * tasks run; 2 and 32 if not given. A broker takes 200 per queue by default, from all workers
     * together.
     */
    public Builder lanes(int initially, int atMost) {
      this.lanes = initially;
      this.maxLanes = atMost;
      return this;
    }

    /** A property of every Kafka client of this worker, for security above all. */
    public Builder clientProperty(String name, String value) {
      clientProperties.put(name, value);
      return this;
    }

    /** Properties of every Kafka client of this worker. */
    public Builder clientProperties(Map<String, String> properties) {
      clientProperties.putAll(properties);
      return this;
    }

    /** Where schemas get their ids; the bundled ones if not given. The caller closes it. */
    public Builder schemaRegistry(SchemaRegistry registry) {
      this.registry = registry;
      return this;
    }

    /** What opens the orders of machines that name a key, and seals what comes of them. */
    public Builder payloadKeys(PayloadKeys keys) {
      this.keys = keys;
      return this;
    }

    /** Hears what the worker does, for figures; nobody if not given. */
    public Builder observer(WorkObserver observer) {
      this.observer = observer;
      return this;
    }

    /**
     * Records a span around each handler of a traced execution; none if not given. The caller
     * closes what is behind it, after the worker.
     */
    public Builder tracer(Tracer tracer) {
      this.tracer = tracer;
      return this;
    }

    /** The version that the worker announces; the jar's if not given. */
    public Builder version(String version) {
      this.version = version;
      return this;
    }

    /** Adds a handler. */
    public Builder handler(TaskHandler handler) {
      handlers.add(handler);
      return this;
    }

    /** Adds a handler of one function that cares for the attempt. */
    public Builder handler(String name, TaskFunction body) {
      return handler(TaskHandler.named(name, body));
    }

    /** Adds handlers. */
    public Builder handlers(Collection<? extends TaskHandler> more) {
      handlers.addAll(more);
      return this;
    }

    /** Adds a handler of one function that is a plain function of its input. */
    public Builder function(String name, Function<JsonNode, JsonNode> body) {
      return handler(TaskHandler.function(name, body));
    }

    /**
     * Makes the worker; {@link StepstreamWorker#start} lets it serve.
     *
     * @throws IllegalArgumentException a setting is missing or impossible; the message says which
     *     and why
     */
    public StepstreamWorker build() {
      if (bootstrapServers == null) {
        throw new IllegalArgumentException(
            "bootstrapServers is missing; give host:port of a Kafka broker.");
      }
      var settings =
          new WorkerSettings(
              bootstrapServers,
              pool == null && !queues.isEmpty() ? queues.getFirst() : String.valueOf(pool),
              queues,
              permits,
              source,
              linger,
              lanes,
              maxLanes,
              clientProperties);
      String jar = StepstreamWorker.class.getPackage().getImplementationVersion();
      String announced = version != null ? version : jar != null ? jar : "unknown";
      return new StepstreamWorker(
          settings,
          new HandlerDirectory(handlers),
          registry == null ? SchemaRegistry.bundled() : registry,
          keys,
          observer,
          tracer,
          announced);
    }
  }
}
