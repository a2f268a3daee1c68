package io.stepstream.coordinator.node;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.stepstream.asl.engine.Rejection;
import io.stepstream.coordinator.admission.Admission;
import io.stepstream.coordinator.cluster.Cluster;
import io.stepstream.coordinator.cluster.InputLag;
import io.stepstream.coordinator.cluster.LaneState;
import io.stepstream.coordinator.cluster.NodeState;
import io.stepstream.coordinator.cluster.TaskState;
import io.stepstream.coordinator.deadletter.DeadLetters;
import io.stepstream.coordinator.deadletter.LetterPage;
import io.stepstream.coordinator.deadletter.LetterQuery;
import io.stepstream.coordinator.index.ExecutionIndexer;
import io.stepstream.coordinator.queue.TaskQueue;
import io.stepstream.coordinator.queue.TaskQueues;
import io.stepstream.coordinator.reply.PendingReplies;
import io.stepstream.coordinator.reply.TransactionCounters;
import io.stepstream.coordinator.shell.StepCounters;
import io.stepstream.coordinator.store.SharedRocksMemory;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.streams.KafkaStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node tells of itself and of the cluster, beside what its lanes count.
 *
 * <p>What Kafka or a disk must be asked for is asked in the background, every ten seconds; a scrape
 * never waits. If there is no answer the last one stays, and {@code stepstream.figures.age} tells
 * how old it is: a backlog that vanished would make an autoscaler take workers away.
 */
final class NodeMeters implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NodeMeters.class);

  private static final Duration EVERY = Duration.ofSeconds(10);

  /** Kafka's own bounds are shorter. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** Open letters are counted so far: each look reads them. */
  static final int MOST_LETTERS = 200;

  private static final int QUEUES_PER_PAGE = 200;

  /** What is asked for, each with an age of its own. */
  private enum Source {
    INPUTS(1),
    STORES(1),
    QUEUES(1),
    // A look reads letters.
    DEAD_LETTERS(6),
    EXECUTIONS(1),
    STREAMS(1),
    FILES(6);

    private final int everyRounds;

    Source(int everyRounds) {
      this.everyRounds = everyRounds;
    }
  }

  private interface Question {
    void ask() throws IOException, InterruptedException, ExecutionException, TimeoutException;
  }

  private final MeterRegistry registry;
  private final InstantSource clock;
  private final Map<Source, Instant> answered = new EnumMap<>(Source.class);
  private final List<StreamsFigures> streams = new ArrayList<>();
  private final InputStalls stalls = new InputStalls();
  private final ScheduledExecutorService background =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("stepstream-figures").factory());

  private final Map<Source, Question> questions = new EnumMap<>(Source.class);
  private final MultiGauge inputLag;
  private final MultiGauge inputStalled;
  private final MultiGauge partitions;
  private final MultiGauge storeLag;
  private final MultiGauge restoring;
  private final MultiGauge threads;
  private final MultiGauge backlog;
  private final MultiGauge workers;
  private final MultiGauge paused;
  private final MultiGauge files;
  private long round;
  private volatile double openLetters = Double.NaN;
  private volatile double openExecutions = Double.NaN;

  NodeMeters(MeterRegistry registry, InstantSource clock) {
    this.registry = registry;
    this.clock = clock;
    for (Source source : Source.values()) {
      answered.put(source, clock.instant());
      Gauge.builder("stepstream.figures.age", this, self -> self.age(source))
          .description("Since when there has been no newer answer")
          .baseUnit("seconds")
          .tags("figures", source.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    this.inputLag =
        rows(
            "stepstream.input.lag", "Records that wait to be processed, whoever has the partition");
    this.inputStalled =
        rows(
            "stepstream.input.stalled.seconds",
            "For how long nothing of an input has been processed though something has come");
    this.partitions = rows("stepstream.partitions", "Partitions that this node has");
    this.storeLag = rows("stepstream.store.lag", "Records that this node's stores are behind");
    this.restoring =
        rows("stepstream.restoring.records", "Records that are still to be read back into stores");
    this.threads = rows("stepstream.stream.threads", "Stream threads by state");
    this.backlog =
        rows("stepstream.task.backlog", "Orders that wait or run, about, from the share group");
    this.workers = rows("stepstream.task.workers", "Workers that are there");
    this.files =
        rows("stepstream.state.files.bytes", "Files of stores and indexes in the state directory");
    this.paused = rows("stepstream.task.queue.paused", "1: the queue is paused");
    Gauge.builder("stepstream.dead.letters.open", this, self -> self.openLetters)
        .description(
            "Dead letters that nobody has seen to; %d stands for more".formatted(MOST_LETTERS))
        .register(registry);
    Gauge.builder("stepstream.executions.open", this, self -> self.openExecutions)
        .description("Executions of the Standard lane that run, on all nodes together")
        .tags("lane", "standard")
        .register(registry);
  }

  private MultiGauge rows(String name, String description) {
    return MultiGauge.builder(name).description(description).register(registry);
  }

  private double age(Source source) {
    synchronized (answered) {
      return Duration.between(answered.get(source), clock.instant()).toMillis() / 1e3;
    }
  }

  // ------------------------------------------------------------------ what is known at once

  /** A lane or the view. */
  void lane(LaneStreams lane) {
    Tags tags = tags(lane.name());
    gauge("stepstream.lane.up", "1: the lane is RUNNING on this node", tags, lane, l -> up(l));
    gauge(
        "stepstream.lane.state.seconds",
        "Since when the lane is in its state",
        tags,
        lane,
        l -> seconds(l.since()));
    gauge(
        "stepstream.restoring.seconds",
        "Since when stores have been read back; 0: none are",
        tags,
        lane,
        l -> l.restoringSince() == null ? 0 : seconds(l.restoringSince()));
    FunctionCounter.builder(
            "stepstream.stream.threads.replaced", lane, LaneStreams::threadsReplaced)
        .description("Stream threads that failed and were replaced")
        .tags(tags)
        .register(registry);
    streams.add(new StreamsFigures(() -> lane.streams().metrics(), tags, registry));
  }

  private static double up(LaneStreams lane) {
    return lane.streams().state() == KafkaStreams.State.RUNNING ? 1 : 0;
  }

  private double seconds(Instant since) {
    return Duration.between(since, clock.instant()).toMillis() / 1e3;
  }

  private static Tags tags(String lane) {
    return Tags.of("lane", label(lane));
  }

  /** {@code standard} of {@code standard lane}, {@code history} of {@code history view}. */
  private static String label(String lane) {
    int space = lane.indexOf(' ');
    return space < 0 ? lane : lane.substring(0, space);
  }

  private <T> void gauge(
      String name, String description, Tags tags, T of, ToDoubleFunction<T> value) {
    Gauge.builder(name, of, value)
        .description(description)
        .tags(tags)
        // Not all of them are somebody else's as well.
        .strongReference(true)
        .register(registry);
  }

  private <T> void counter(
      String name, String description, Tags tags, T of, ToDoubleFunction<T> value) {
    FunctionCounter.builder(name, of, value).description(description).tags(tags).register(registry);
  }

  /** What a lane of executions has counted. */
  void counters(
      String lane, StepCounters steps, TransactionCounters transactions, Admission admission) {
    Tags tags = tags(lane);
    counter("stepstream.steps", "Steps of executions", tags, steps, StepCounters::steps);
    counter(
        "stepstream.dead.letters.put",
        "Records that this node has put among the dead letters",
        tags,
        steps,
        StepCounters::deadLetters);
    counter(
        "stepstream.step.bugs",
        "Steps that a bug has broken; their executions have ended",
        tags,
        steps,
        StepCounters::bugs);
    counter(
        "stepstream.executions.overdue",
        "Executions that had lost their timeout and were ended late",
        tags,
        steps,
        StepCounters::overdueExecutions);
    String awaits = "Times that something was put off, since what it needs is missing";
    counter(
        "stepstream.commands.parked",
        awaits,
        tags.and("awaits", "definition"),
        steps,
        StepCounters::awaitedDefinitions);
    counter(
        "stepstream.commands.parked",
        awaits,
        tags.and("awaits", "key"),
        steps,
        StepCounters::awaitedKeys);
    for (Rejection.Code code : Rejection.Code.values()) {
      counter(
          "stepstream.step.rejections",
          "Duplicates, late results and the like; they are normal",
          tags.and("code", code.name().toLowerCase(Locale.ROOT)),
          steps,
          s -> s.rejections(code));
    }
    FunctionTimer.builder(
            "stepstream.commit.time",
            transactions,
            TransactionCounters::commits,
            TransactionCounters::commitNanos,
            TimeUnit.NANOSECONDS)
        .description("From the flush to the end of a transaction")
        .tags(tags)
        .register(registry);
    transactions(tags, "committed", transactions, TransactionCounters::commits);
    transactions(tags, "aborted", transactions, TransactionCounters::aborts);
    transactions(tags, "fenced", transactions, TransactionCounters::fences);
    transactions(tags, "failed", transactions, TransactionCounters::failures);
    gauge(
        "stepstream.admission.limit",
        "How many starts may be on their way to the slowest partition of this node",
        tags,
        admission,
        Admission::leastLimit);
    counter(
        "stepstream.admission.refused",
        "Starts that were not let in, since their partition is behind",
        tags,
        admission,
        Admission::refused);
  }

  private void transactions(
      Tags tags,
      String outcome,
      TransactionCounters transactions,
      ToDoubleFunction<TransactionCounters> value) {
    counter(
        "stepstream.transactions",
        "What has become of transactions",
        tags.and("outcome", outcome),
        transactions,
        value);
  }

  void waitingCalls(PendingReplies calls) {
    gauge(
        "stepstream.calls.waiting",
        "Calls of this node that wait for an answer",
        Tags.empty(),
        calls,
        PendingReplies::size);
  }

  /** Of one of the indexes. */
  void index(String name, ExecutionIndexer indexer) {
    Instant since = clock.instant();
    gauge(
        "stepstream.index.behind.seconds",
        "Since when the index has not had all that was committed",
        Tags.of("index", name),
        indexer,
        i -> seconds(i.asOf() == null ? since : i.asOf()));
  }

  /** The disk that stores and indexes are on. */
  void stateDirectory(Path directory) {
    questions.put(Source.FILES, () -> files(directory));
    try {
      FileStore disk = Files.getFileStore(directory);
      gauge(
          "stepstream.state.directory.free.bytes",
          "Room that is left on the disk of the state directory",
          Tags.empty(),
          disk,
          NodeMeters::free);
      gauge(
          "stepstream.state.directory.size.bytes",
          "Size of the disk of the state directory",
          Tags.empty(),
          disk,
          NodeMeters::size);
    } catch (IOException e) {
      LOG.warn("How full the disk of {} is can't be told", directory, e);
    }
  }

  private void files(Path directory) throws IOException {
    List<Row<?>> sizes = new ArrayList<>();
    StateFiles.sizes(directory)
        .forEach((part, bytes) -> sizes.add(Row.of(Tags.of("directory", part), bytes)));
    files.register(sizes, true);
  }

  /** The memory of RocksDB, which all stores of the process share. */
  void storesMemory() {
    gauge(
        "stepstream.rocksdb.memory.bytes",
        "Block cache and memtables of all stores of the process",
        Tags.empty(),
        SharedRocksMemory.class,
        _ -> SharedRocksMemory.usedBytes());
  }

  private static double free(FileStore disk) {
    try {
      return disk.getUsableSpace();
    } catch (IOException _) {
      return Double.NaN;
    }
  }

  private static double size(FileStore disk) {
    try {
      return disk.getTotalSpace();
    } catch (IOException _) {
      return Double.NaN;
    }
  }

  // ------------------------------------------------------------------ what must be asked for

  /**
   * @param lanes of which the threads are asked for
   * @param executions how many run
   */
  void ask(
      Cluster cluster,
      List<LaneStreams> lanes,
      TaskQueues queues,
      DeadLetters letters,
      Supplier<CompletionStage<Integer>> executions) {
    questions.put(Source.INPUTS, () -> inputs(answer(cluster.inputLags())));
    questions.put(Source.STORES, () -> stores(answer(cluster.self()), lanes));
    questions.put(Source.QUEUES, () -> queues(queues));
    questions.put(Source.DEAD_LETTERS, () -> letters(letters));
    questions.put(Source.EXECUTIONS, () -> openExecutions = answer(executions.get()));
    questions.put(Source.STREAMS, () -> streams.forEach(StreamsFigures::refresh));
  }

  void start() {
    background.scheduleWithFixedDelay(this::round, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Asks for all whose turn it is. */
  void round() {
    questions.forEach(this::refresh);
    round++;
  }

  private void refresh(Source source, Question question) {
    if (round % source.everyRounds != 0) {
      return;
    }
    try {
      question.ask();
      synchronized (answered) {
        answered.put(source, clock.instant());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (IOException | ExecutionException | TimeoutException | RuntimeException e) {
      // It is asked again soon, and its age tells.
      LOG.debug("No figures of {}", source, e);
    }
  }

  private static <T> T answer(CompletionStage<T> question)
      throws InterruptedException, ExecutionException, TimeoutException {
    return question.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void inputs(List<InputLag> lags) {
    Map<Tags, Long> byTopic = new HashMap<>();
    for (InputLag lag : lags) {
      String topic = lag.input().substring(0, lag.input().lastIndexOf('-'));
      byTopic.merge(tags(lag.lane()).and("topic", topic), lag.records(), Long::sum);
    }
    register(inputLag, byTopic);
    List<Row<?>> stalled = new ArrayList<>();
    stalls
        .look(lags, System.nanoTime())
        .forEach((lane, nanos) -> stalled.add(Row.of(tags(lane), nanos / 1e9)));
    inputStalled.register(stalled, true);
  }

  private void stores(NodeState self, List<LaneStreams> lanes) {
    Map<Tags, Long> has = new HashMap<>();
    Map<Tags, Long> behind = new HashMap<>();
    Map<Tags, Long> rest = new HashMap<>();
    for (LaneState lane : self.lanes()) {
      Tags tags = tags(lane.name());
      behind.put(tags, 0L);
      rest.put(tags, 0L);
      for (TaskState.Role role : TaskState.Role.values()) {
        has.put(role(tags, role), 0L);
      }
      for (TaskState task : lane.tasks()) {
        has.merge(role(tags, task.role()), 1L, Long::sum);
        if (task.storeLag() != null) {
          behind.merge(tags, task.storeLag(), Long::sum);
        }
        if (task.restoration() != null) {
          long left = task.restoration().total() - task.restoration().restored();
          rest.merge(tags, Math.max(0, left), Long::sum);
        }
      }
    }
    register(partitions, has);
    register(storeLag, behind);
    register(restoring, rest);
    List<Row<?>> states = new ArrayList<>();
    for (LaneStreams lane : lanes) {
      lane.threadStates()
          .forEach(
              (state, count) -> states.add(Row.of(tags(lane.name()).and("state", state), count)));
    }
    threads.register(states, true);
  }

  private static Tags role(Tags lane, TaskState.Role role) {
    return lane.and("role", role.name().toLowerCase(Locale.ROOT));
  }

  private void queues(TaskQueues queues)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<Tags, Long> waiting = new HashMap<>();
    Map<Tags, Long> there = new HashMap<>();
    Map<Tags, Long> stopped = new HashMap<>();
    String after = null;
    boolean more = true;
    while (more) {
      TaskQueues.Page page = answer(queues.list(after, QUEUES_PER_PAGE));
      for (TaskQueue queue : page.queues()) {
        Tags tags = Tags.of("queue", queue.name());
        if (queue.backlog() != null) {
          waiting.put(tags, queue.backlog());
        }
        if (queue.workers() != null) {
          there.put(tags, (long) queue.workers().size());
        }
        stopped.put(tags, queue.limits().paused() ? 1L : 0L);
        after = queue.name();
      }
      more = page.more();
    }
    register(backlog, waiting);
    register(workers, there);
    register(paused, stopped);
  }

  private static void register(MultiGauge gauge, Map<Tags, Long> values) {
    List<Row<?>> rows = new ArrayList<>();
    values.forEach((tags, value) -> rows.add(Row.of(tags, value)));
    gauge.register(rows, true);
  }

  private void letters(DeadLetters letters)
      throws InterruptedException, ExecutionException, TimeoutException {
    LetterPage page =
        answer(
            letters.list(
                new LetterQuery(null, null, LetterQuery.State.OPEN, List.of(), MOST_LETTERS)));
    openLetters = page.letters().size();
  }

  @Override
  public void close() {
    background.shutdownNow();
  }
}
