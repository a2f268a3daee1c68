package io.stepstream.coordinator.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.coordinator.execution.ExecutionDescription;
import io.stepstream.coordinator.execution.ExecutionLists;
import io.stepstream.coordinator.execution.ExecutionPage;
import io.stepstream.coordinator.execution.ExecutionQuery;
import io.stepstream.coordinator.execution.ListedExecution;
import io.stepstream.coordinator.execution.TimeRange;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryEventDetails;
import io.stepstream.schemas.HistoryEventType;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.topic.HistoryHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists and descriptions of Express children, from records on their topic. */
class IndexedChildrenTest {

  private static final int PARTITIONS = 2;
  private static final Instant START = Instant.parse("2026-09-01T12:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String ACCOUNT = "arn:aws:states:us-east-1:111111111111:";
  private static final String RUN = ACCOUNT + "mapRun:m/L:run";
  private static final String MACHINE = ACCOUNT + "stateMachine:m/L";

  @TempDir private Path directory;

  private final IndexedTopic topic = IndexedTopic.expressChildren(SchemaRegistry.bundled());

  /** What is on the topic; a null has been deleted from it. */
  private final List<List<@Nullable ConsumerRecord<byte[], byte[]>>> log =
      List.of(new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());

  private volatile @Nullable KafkaException failure;

  /** The topic has nothing to give, for now. */
  private volatile boolean silent;

  /** Whoever reads records waits for it. */
  private final CountDownLatch mayRead = new CountDownLatch(1);

  private int consumersOfRecords;
  private ExecutionIndexer indexer;
  private IndexedChildren children;

  private void start(Instant now) {
    indexer =
        new ExecutionIndexer(
            directory.resolve("index"),
            topic,
            Log::new,
            Clock.fixed(now, ZoneOffset.UTC),
            Runnable::run,
            ExecutionIndexer.Listener.NONE);
    children = new IndexedChildren(indexer, topic, this::openForRecords, Duration.ofMillis(500));
    indexer.start();
    Awaitility.await()
        .atMost(PATIENCE)
        .ignoreExceptionsMatching(e -> e.getCause() instanceof Unavailable)
        .until(() -> list(Set.of(), Long.MAX_VALUE, 1) != null);
  }

  private Consumer<byte[], byte[]> openForRecords() {
    consumersOfRecords++;
    try {
      assertThat(mayRead.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return new Log();
  }

  @AfterEach
  void close() {
    children.close();
    indexer.close();
  }

  /** A consumer that is given what the log has from its position on. */
  private final class Log extends MockConsumer<byte[], byte[]> {

    Log() {
      super("earliest");
      List<PartitionInfo> infos = new ArrayList<>();
      for (int i = 0; i < PARTITIONS; i++) {
        TopicPartition partition = new TopicPartition(topic.name(), i);
        infos.add(new PartitionInfo(topic.name(), i, null, null, null));
        updateBeginningOffsets(Map.of(partition, 0L));
        updateEndOffsets(Map.of(partition, (long) log.get(i).size()));
      }
      updatePartitions(topic.name(), infos);
    }

    @Override
    public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
      if (failure != null) {
        throw failure;
      }
      if (silent) {
        return ConsumerRecords.empty();
      }
      for (TopicPartition partition : assignment()) {
        List<@Nullable ConsumerRecord<byte[], byte[]>> records = log.get(partition.partition());
        for (int i = (int) position(partition); i < records.size(); i++) {
          if (records.get(i) != null) {
            addRecord(records.get(i));
          }
        }
      }
      return super.poll(timeout);
    }
  }

  // ------------------------------------------------------------------ what goes in

  private static String arn(String name) {
    return ACCOUNT + "express:m/L:run:" + name;
  }

  private void begins(String name, Instant when) {
    write(name, event(HistoryEventType.ExecutionStarted, when));
  }

  private void write(String name, HistoryEvent... events) {
    ExecutionStatus status = HistoryHeaders.statusAfter(events[events.length - 1].getType());
    boolean begins = events[0].getType() == HistoryEventType.ExecutionStarted;
    HistoryRecord record =
        new HistoryRecord(
            arn(name),
            MACHINE,
            "r1",
            Lane.EXPRESS,
            List.of(events),
            "trace",
            begins ? RUN : null,
            null);
    RecordHeaders headers = new RecordHeaders();
    headers.add(HistoryHeaders.STATUS, status.name().getBytes(StandardCharsets.US_ASCII));
    int partition = Math.floorMod(name.hashCode(), PARTITIONS);
    byte[] value = topic.codec().encode(record);
    log.get(partition)
        .add(
            new ConsumerRecord<>(
                topic.name(),
                partition,
                log.get(partition).size(),
                0L,
                TimestampType.CREATE_TIME,
                0,
                value.length,
                new byte[0],
                value,
                headers,
                Optional.empty()));
  }

  private static HistoryEvent event(HistoryEventType type, Instant when) {
    return HistoryEvent.newBuilder()
        .setId(1)
        .setPreviousEventId(0)
        .setTimestamp(when)
        .setType(type)
        .setDetails(
            switch (type) {
              case ExecutionStarted ->
                  HistoryEventDetails.newBuilder().setInput(Payloads.of("{\"in\":1}")).build();
              case ExecutionSucceeded ->
                  HistoryEventDetails.newBuilder().setOutput(Payloads.of("{\"out\":2}")).build();
              case ExecutionFailed ->
                  HistoryEventDetails.newBuilder().setError("E").setCause("it broke").build();
              default -> null;
            })
        .build();
  }

  // ------------------------------------------------------------------ what comes out

  private ExecutionPage list(Set<ExecutionStatus> statuses, long before, int most)
      throws Exception {
    return indexer
        .list(
            new ExecutionQuery(null, null, null, RUN, statuses, null, TimeRange.ANY), before, most)
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  private List<String> names(ExecutionStatus... statuses) throws Exception {
    return list(Set.of(statuses), Long.MAX_VALUE, 100).executions().stream()
        .map(ListedExecution::executionArn)
        .map(arn -> arn.substring(arn.lastIndexOf(':') + 1))
        .toList();
  }

  private Optional<ExecutionDescription> describe(String name) throws Exception {
    mayRead.countDown();
    return children.describe(arn(name)).toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private void threeChildren() {
    begins("runs", START);
    write(
        "succeeds",
        event(HistoryEventType.ExecutionStarted, START),
        event(HistoryEventType.ExecutionSucceeded, START.plusMillis(5)));
    begins("fails", START);
    write("fails", event(HistoryEventType.ExecutionFailed, START.plusMillis(7)));
  }

  @Test
  void shouldListByMapRunAndStatus() throws Exception {
    threeChildren();
    start(START);

    assertThat(names()).containsExactly("fails", "succeeds", "runs");
    assertThat(names(ExecutionStatus.RUNNING)).containsExactly("runs");
    assertThat(names(ExecutionStatus.FAILED)).containsExactly("fails");
    ExecutionPage first = list(Set.of(), Long.MAX_VALUE, 2);
    assertThat(first.more()).isTrue();
    assertThat(list(Set.of(), first.executions().getLast().position(), 2).executions())
        .singleElement()
        .satisfies(child -> assertThat(child.executionArn()).isEqualTo(arn("runs")))
        .satisfies(child -> assertThat(child.mapRunArn()).isEqualTo(RUN));
  }

  @Test
  void shouldDescribeByTheRecordsOfTheTopic() throws Exception {
    threeChildren();
    start(START);

    ExecutionDescription succeeded = describe("succeeds").orElseThrow();
    assertThat(succeeded.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(succeeded.name()).isEqualTo("succeeds");
    assertThat(succeeded.stateMachineArn()).isEqualTo(MACHINE);
    assertThat(succeeded.mapRunArn()).isEqualTo(RUN);
    assertThat(succeeded.traceHeader()).isEqualTo("trace");
    assertThat(succeeded.startDate()).isEqualTo(START);
    assertThat(succeeded.stopDate()).isEqualTo(START.plusMillis(5));
    assertThat(new String(succeeded.input(), StandardCharsets.UTF_8)).isEqualTo("{\"in\":1}");
    assertThat(new String(succeeded.output(), StandardCharsets.UTF_8)).isEqualTo("{\"out\":2}");

    ExecutionDescription failed = describe("fails").orElseThrow();
    assertThat(failed.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(failed.error()).isEqualTo("E");
    assertThat(failed.cause()).isEqualTo("it broke");
    assertThat(new String(failed.input(), StandardCharsets.UTF_8)).isEqualTo("{\"in\":1}");
    assertThat(failed.output()).isNull();

    ExecutionDescription running = describe("runs").orElseThrow();
    assertThat(running.status()).isEqualTo(ExecutionStatus.RUNNING);
    assertThat(running.stopDate()).isNull();

    assertThat(describe("never")).isEmpty();
    assertThat(consumersOfRecords).isEqualTo(1);
  }

  @Test
  void shouldGoOnAfterARestartWhereItHasStopped() throws Exception {
    threeChildren();
    start(START);
    indexer.close();
    children.close();
    write("runs", event(HistoryEventType.ExecutionSucceeded, START.plusMillis(9)));
    start(START);

    assertThat(names(ExecutionStatus.RUNNING)).isEmpty();
    ExecutionDescription ended = describe("runs").orElseThrow();
    assertThat(ended.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(new String(ended.input(), StandardCharsets.UTF_8)).isEqualTo("{\"in\":1}");
  }

  @Test
  void shouldTakeAChildThatACrashMadeRunAgainAsItRanLast() throws Exception {
    threeChildren();
    begins("fails", START.plusSeconds(1));
    write("fails", event(HistoryEventType.ExecutionSucceeded, START.plusSeconds(2)));
    start(START);

    assertThat(names()).containsExactly("fails", "succeeds", "runs");
    ExecutionDescription again = describe("fails").orElseThrow();
    assertThat(again.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(again.startDate()).isEqualTo(START.plusSeconds(1));
    assertThat(again.error()).isNull();
  }

  @Test
  void shouldForgetAChildSomeTimeAfterItsStartThoughItsEndIsMissing() throws Exception {
    threeChildren();
    begins("later", START.plusSeconds(60));
    start(START.plus(topic.retention()).plusSeconds(1));

    Awaitility.await().atMost(PATIENCE).until(() -> names().equals(List.of("later")));
  }

  @Test
  void shouldKnowNothingOfAChildWhoseRecordsAreDeleted() throws Exception {
    threeChildren();
    start(START);
    log.forEach(partition -> partition.replaceAll(_ -> null));
    for (int i = 0; i < 10; i++) { // there is something behind in each partition
      begins("next" + i, START);
    }

    assertThat(describe("succeeds")).isEmpty();
    assertThat(describe("fails")).isEmpty();
  }

  @Test
  void shouldSayThatTheTopicIsOutOfReachAndReadAgainLater() throws Exception {
    threeChildren();
    start(START);
    assertThat(describe("succeeds")).isPresent();
    failure = new KafkaException("no broker");

    assertThatThrownBy(() -> describe("succeeds")).hasCauseInstanceOf(Unavailable.class);

    failure = null;
    Awaitility.await()
        .atMost(PATIENCE)
        .ignoreExceptionsMatching(e -> e.getCause() instanceof Unavailable)
        .until(() -> describe("succeeds").isPresent());
  }

  @Test
  void shouldSayThatTheTopicDoesNotAnswer() throws Exception {
    threeChildren();
    start(START);
    silent = true;

    assertThatThrownBy(() -> describe("succeeds"))
        .hasCauseInstanceOf(Unavailable.class)
        .hasMessageContaining("doesn't answer");
  }

  @Test
  void shouldRefuseToLetTooManyCallersWait() throws Exception {
    threeChildren();
    start(START);

    List<CompletableFuture<Optional<ExecutionDescription>>> calls = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      calls.add(children.describe(arn("succeeds")).toCompletableFuture());
    }

    // One is being read while 256 wait.
    List<CompletableFuture<Optional<ExecutionDescription>>> refused =
        calls.stream().filter(CompletableFuture::isCompletedExceptionally).toList();
    assertThat(refused).hasSize(43);
    assertThatThrownBy(() -> refused.getFirst().get())
        .hasCauseInstanceOf(Unavailable.class)
        .hasMessageContaining("Too many");
    mayRead.countDown();
    assertThat(calls.getFirst().get(10, TimeUnit.SECONDS)).isPresent();
  }

  @Test
  void shouldNotTakeAnotherChildsRecordForItsOwn() throws Exception {
    begins("a", START);
    start(START);
    int partition = Math.floorMod("a".hashCode(), PARTITIONS);
    log.get(partition).clear(); // the topic has been made anew under a running node
    write("c", event(HistoryEventType.ExecutionStarted, START));
    assertThat(log.get(partition)).hasSize(1);

    assertThat(describe("a")).isEmpty();
  }

  @Test
  void shouldListAMapRunOfEitherTypeAndMachinesFromTheStandardIndexAlone() throws Exception {
    threeChildren();
    start(START);
    ListedExecution standard =
        new ListedExecution(
            1, "arn", "machine", ExecutionStatus.RUNNING, START, null, 0, null, null, null, null);
    ExecutionLists ofMachines =
        (query, _, _) ->
            CompletableFuture.completedFuture(
                new ExecutionPage(
                    RUN.equals(query.mapRunArn()) ? List.of() : List.of(standard), false));
    ExecutionLists both = new ListsOfBothLanes(ofMachines, indexer);

    assertThat(executions(both, null, RUN)).hasSize(3);
    assertThat(executions(both, null, RUN + "2")).containsExactly(standard);
    assertThat(executions(both, MACHINE, null)).containsExactly(standard);
  }

  private static List<ListedExecution> executions(
      ExecutionLists lists, @Nullable String machine, @Nullable String mapRun) throws Exception {
    return lists
        .list(
            new ExecutionQuery(machine, null, null, mapRun, Set.of(), null, TimeRange.ANY),
            Long.MAX_VALUE,
            100)
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS)
        .executions();
  }
}
