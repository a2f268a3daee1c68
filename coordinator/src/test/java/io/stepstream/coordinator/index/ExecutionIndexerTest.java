package io.stepstream.coordinator.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.coordinator.execution.ExecutionPage;
import io.stepstream.coordinator.execution.ExecutionQuery;
import io.stepstream.coordinator.execution.ListedExecution;
import io.stepstream.coordinator.execution.SearchOutcome;
import io.stepstream.coordinator.execution.SearchQuery;
import io.stepstream.coordinator.execution.TimeRange;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.HistoryEvent;
import io.stepstream.schemas.HistoryEventDetails;
import io.stepstream.schemas.HistoryEventType;
import io.stepstream.schemas.HistoryRecord;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.LatestRedrive;
import io.stepstream.schemas.codec.Payloads;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.topic.HistoryHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.FSDirectory;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecutionIndexerTest {

  private static final String TOPIC = "history";
  private static final int PARTITIONS = 2;
  private static final Instant START = Instant.parse("2026-09-01T12:00:00Z");
  private static final String MACHINE = "arn:aws:states:us-east-1:111111111111:stateMachine:m";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @TempDir private Path directory;

  private final WireCodec<HistoryRecord> codec =
      WireCodec.forTopic(HistoryRecord.class, TOPIC, SchemaRegistry.bundled());
  private final ConcurrentLinkedQueue<MockConsumer<byte[], byte[]>> opened =
      new ConcurrentLinkedQueue<>();

  /** What is on the topic when a consumer is opened. */
  private final List<ConsumerRecord<byte[], byte[]>> log = new ArrayList<>();

  private ExecutionIndexer indexer;

  /** What the indexer has told: how many records and where it is, or that it was interrupted. */
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());

  private final ExecutionIndexer.Listener listener =
      new ExecutionIndexer.Listener() {
        @Override
        public void read(Iterable<ConsumerRecord<byte[], byte[]>> records, long[] next) {
          int count = 0;
          for (ConsumerRecord<byte[], byte[]> _ : records) {
            count++;
          }
          String what = count + " up to " + Arrays.toString(next);
          if (told.isEmpty() || !told.getLast().equals(what)) {
            told.add(what);
          }
        }

        @Override
        public void interrupted() {
          told.add("interrupted");
        }
      };

  private ExecutionIndexer start(Instant now) {
    return start(now, true);
  }

  private ExecutionIndexer start(Instant now, boolean payloads) {
    indexer =
        new ExecutionIndexer(
            directory.resolve("index"),
            new IndexedTopic(
                TOPIC,
                codec,
                Duration.ofDays(90),
                payloads
                    ? IndexedTopic.Purpose.SEARCHED
                    : IndexedTopic.Purpose.SEARCHED_WITHOUT_PAYLOADS),
            this::open,
            Clock.fixed(now, ZoneOffset.UTC),
            Runnable::run,
            listener);
    indexer.start();
    return indexer;
  }

  private Consumer<byte[], byte[]> open() {
    MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    List<PartitionInfo> infos = new ArrayList<>();
    for (int i = 0; i < PARTITIONS; i++) {
      TopicPartition partition = new TopicPartition(TOPIC, i);
      infos.add(new PartitionInfo(TOPIC, i, null, null, null));
      consumer.updateBeginningOffsets(Map.of(partition, 0L));
      consumer.updateEndOffsets(Map.of(partition, end(i)));
    }
    consumer.updatePartitions(TOPIC, infos);
    consumer.schedulePollTask(() -> log.forEach(record -> show(consumer, record)));
    opened.add(consumer);
    return consumer;
  }

  private static void show(
      MockConsumer<byte[], byte[]> consumer, ConsumerRecord<byte[], byte[]> record) {
    TopicPartition partition = new TopicPartition(TOPIC, record.partition());
    if (record.offset() >= consumer.position(partition)) {
      consumer.addRecord(record);
    }
  }

  private long end(int partition) {
    return log.stream().filter(record -> record.partition() == partition).count();
  }

  @AfterEach
  void close() {
    indexer.close();
  }

  // ------------------------------------------------------------------ what goes in

  private ConsumerRecord<byte[], byte[]> write(
      String name, @Nullable ExecutionStatus status, HistoryEventType... types) {
    return write(MACHINE, null, name, START, status, types);
  }

  private ConsumerRecord<byte[], byte[]> write(
      String machine,
      @Nullable String mapRun,
      String name,
      Instant when,
      @Nullable ExecutionStatus status,
      HistoryEventType... types) {
    List<HistoryEvent> events = new ArrayList<>();
    for (HistoryEventType type : types) {
      events.add(
          HistoryEvent.newBuilder()
              .setId(1)
              .setPreviousEventId(0)
              .setTimestamp(when)
              .setType(type)
              .setDetails(details(type))
              .build());
    }
    LatestRedrive redrive =
        types[0] == HistoryEventType.ExecutionRedriven ? new LatestRedrive(1, when) : null;
    HistoryRecord record =
        new HistoryRecord(arn(name), machine, "r1", Lane.STANDARD, events, null, mapRun, redrive);
    RecordHeaders headers = new RecordHeaders();
    if (status != null) {
      headers.add(HistoryHeaders.STATUS, status.name().getBytes(StandardCharsets.US_ASCII));
    }
    int partition = Math.floorMod(name.hashCode(), PARTITIONS);
    byte[] value = codec.encode(record);
    ConsumerRecord<byte[], byte[]> written =
        new ConsumerRecord<>(
            TOPIC,
            partition,
            end(partition),
            0L,
            TimestampType.CREATE_TIME,
            0,
            value.length,
            new byte[0],
            value,
            headers,
            Optional.empty());
    log.add(written);
    return written;
  }

  private static @Nullable HistoryEventDetails details(HistoryEventType type) {
    return switch (type) {
      case ExecutionStarted ->
          HistoryEventDetails.newBuilder().setInput(Payloads.of("{\"in\": 1}")).build();
      case ExecutionSucceeded ->
          HistoryEventDetails.newBuilder().setOutput(Payloads.of("{\"out\": 2}")).build();
      case ExecutionFailed ->
          HistoryEventDetails.newBuilder().setError("E").setCause("it broke").build();
      default -> null;
    };
  }

  private static String arn(String name) {
    return "arn:aws:states:us-east-1:111111111111:execution:m:" + name;
  }

  // ------------------------------------------------------------------ what comes out

  private ExecutionPage list(
      @Nullable String machine, @Nullable ExecutionStatus status, long before, int most)
      throws Exception {
    return indexer
        .list(
            new ExecutionQuery(
                machine,
                null,
                null,
                null,
                status == null ? Set.of() : Set.of(status),
                null,
                TimeRange.ANY),
            before,
            most)
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  private List<String> names(@Nullable ExecutionStatus status) throws Exception {
    return list(MACHINE, status, Long.MAX_VALUE, 1000).executions().stream()
        .map(ListedExecution::executionArn)
        .map(arn -> arn.substring(arn.lastIndexOf(':') + 1))
        .toList();
  }

  private void awaitComplete() {
    Awaitility.await()
        .atMost(PATIENCE)
        .ignoreExceptionsMatching(e -> e.getCause() instanceof Unavailable)
        .until(() -> names(null) != null);
  }

  private SearchOutcome.Found search(String text) {
    SearchQuery query =
        new SearchQuery(text, null, null, null, Set.of(), TimeRange.ANY, TimeRange.ANY, false);
    return (SearchOutcome.Found) indexer.search(query, null, 10).toCompletableFuture().join();
  }

  private List<String> found(String text) {
    return search(text).executions().stream()
        .map(e -> e.execution().executionArn())
        .map(arn -> arn.substring(arn.lastIndexOf(':') + 1))
        .toList();
  }

  @Test
  void shouldTellItsListenerWhatHappensOnceItHasCaughtUp() {
    write("a", ExecutionStatus.RUNNING, HistoryEventType.ExecutionStarted);
    int partition = log.getFirst().partition();
    start(START);
    awaitComplete();
    ConsumerRecord<byte[], byte[]> later = write("a", null, HistoryEventType.PassStateEntered);
    MockConsumer<byte[], byte[]> consumer = opened.element();
    consumer.schedulePollTask(() -> show(consumer, later));
    Awaitility.await().atMost(PATIENCE).until(() -> told.stream().anyMatch(t -> t.startsWith("1")));
    indexer.close();

    assertThat(told.getFirst()).isEqualTo("0 up to " + (partition == 0 ? "[1, 0]" : "[0, 1]"));
    assertThat(told).contains("1 up to " + (partition == 0 ? "[2, 0]" : "[0, 2]"));
    assertThat(told.getLast()).isEqualTo("interrupted");
  }

  @Test
  void shouldFindByWhatTheLogSays() {
    write("a", ExecutionStatus.RUNNING, HistoryEventType.ExecutionStarted);
    write(
        "b",
        ExecutionStatus.SUCCEEDED,
        HistoryEventType.ExecutionStarted,
        HistoryEventType.ExecutionSucceeded);
    write("c", ExecutionStatus.RUNNING, HistoryEventType.ExecutionStarted);
    write("c", ExecutionStatus.FAILED, HistoryEventType.ExecutionFailed);
    start(START);
    awaitComplete();

    assertThat(found("input.in:1")).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(found("output.out:2")).containsExactly("b");
    assertThat(found("cause:broke AND error:E")).containsExactly("c");
    assertThat(search("status:RUNNING").asOf()).isEqualTo(START);
  }

  @Test
  void shouldLeavePayloadsOutAndSaySo() {
    write("a", ExecutionStatus.RUNNING, HistoryEventType.ExecutionStarted);
    write("a", ExecutionStatus.FAILED, HistoryEventType.ExecutionFailed);
    start(START, false);
    awaitComplete();

    assertThat(found("input.in:1")).isEmpty();
    assertThat(found("cause:broke AND error:E")).containsExactly("a");
    assertThat(search("error:E").partlyIndexed()).isEqualTo(1);
    assertThat(search("error:E").executions().getFirst().partlyIndexed()).containsExactly("input");
  }

  @Test
  void shouldFindAnExecutionByItsInputThatEndsWhenItsBeginningIsLongInTheIndex() {
    write("a", ExecutionStatus.RUNNING, HistoryEventType.ExecutionStarted);
    start(START);
    awaitComplete();
    indexer.close();
    write("a", ExecutionStatus.FAILED, HistoryEventType.ExecutionFailed);
    start(START);
    awaitComplete();
    assertThat(found("input.in:1 AND error:E")).containsExactly("a");
    indexer.close();

    write(
        MACHINE,
        null,
        "a",
        START.plusSeconds(60),
        ExecutionStatus.RUNNING,
        HistoryEventType.ExecutionRedriven);
    start(START);
    awaitComplete();

    assertThat(found("input.in:1 AND status:RUNNING")).containsExactly("a");
    assertThat(found("error:E")).as("it failed no more").isEmpty();
  }

  @Test
  void shouldNotSearchAnIndexThatIsNotThere() {
    start(START);
    indexer.close();

    assertThatThrownBy(() -> search("a")).hasCauseInstanceOf(Unavailable.class);
  }

  @Test
  void shouldBuildAnIndexOfAnotherVersionAnew() throws Exception {
    try (FSDirectory directory = FSDirectory.open(this.directory.resolve("index"));
        IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig())) {
      Document old = new Document();
      old.add(new StringField("arn", arn("old"), Field.Store.YES));
      writer.addDocument(old);
      // As the first version did: offsets only, which would have us skip what is on the topic.
      writer.setLiveCommitData(Map.of("0", "1", "1", "1").entrySet());
      writer.commit();
    }
    write("a", ExecutionStatus.RUNNING, HistoryEventType.ExecutionStarted);
    start(START);
    awaitComplete();

    assertThat(names(null)).containsExactly("a");
    assertThat(found("input.in:1")).containsExactly("a");
  }

  @Test
  void shouldListTheLatestFirst() throws Exception {
    for (int i = 0; i < 5; i++) {
      write(
          MACHINE,
          null,
          "e" + i,
          START.plusMillis(i),
          ExecutionStatus.RUNNING,
          HistoryEventType.ExecutionStarted);
    }
    // e0 is the last to end, and its end counts.
    write(
        MACHINE,
        null,
        "e0",
        START.plusSeconds(1),
        ExecutionStatus.FAILED,
        HistoryEventType.ExecutionFailed);
    start(START);
    awaitComplete();

    assertThat(names(null)).containsExactly("e0", "e4", "e3", "e2", "e1");
    assertThat(names(ExecutionStatus.RUNNING)).containsExactly("e4", "e3", "e2", "e1");
    assertThat(names(ExecutionStatus.FAILED)).containsExactly("e0");
    assertThat(names(ExecutionStatus.SUCCEEDED)).isEmpty();
    ListedExecution failed =
        list(MACHINE, ExecutionStatus.FAILED, Long.MAX_VALUE, 1).executions().getFirst();
    assertThat(failed.startDate()).isEqualTo(START);
    assertThat(failed.stopDate()).isEqualTo(START.plusSeconds(1));
  }

  @Test
  void shouldGiveEachExecutionOnceHoweverThePagesAreCut() throws Exception {
    for (int i = 0; i < 57; i++) {
      // Many within one millisecond.
      write(
          "e" + i,
          ExecutionStatus.SUCCEEDED,
          HistoryEventType.ExecutionStarted,
          HistoryEventType.ExecutionSucceeded);
    }
    start(START);
    awaitComplete();

    List<String> seen = new ArrayList<>();
    long before = Long.MAX_VALUE;
    ExecutionPage page;
    do {
      page = list(MACHINE, null, before, 10);
      page.executions().forEach(execution -> seen.add(execution.executionArn()));
      before = page.executions().getLast().position();
    } while (page.more());

    assertThat(seen)
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 57).mapToObj(i -> arn("e" + i)).toList());
  }

  @Test
  void shouldListAnExecutionThatWasRedrivenAsRunning() throws Exception {
    write("a", ExecutionStatus.RUNNING, HistoryEventType.ExecutionStarted);
    write("a", ExecutionStatus.FAILED, HistoryEventType.ExecutionFailed);
    write("b", ExecutionStatus.RUNNING, HistoryEventType.ExecutionStarted);
    write(
        MACHINE,
        null,
        "a",
        START.plusSeconds(60),
        ExecutionStatus.RUNNING,
        HistoryEventType.ExecutionRedriven);
    start(START);
    awaitComplete();

    assertThat(names(ExecutionStatus.RUNNING)).containsExactly("a", "b");
    assertThat(names(ExecutionStatus.FAILED)).isEmpty();
    ListedExecution redriven =
        indexer
            .list(
                new ExecutionQuery(MACHINE, null, null, null, Set.of(), true, TimeRange.ANY),
                Long.MAX_VALUE,
                10)
            .toCompletableFuture()
            .get()
            .executions()
            .getFirst();
    assertThat(redriven.executionArn()).isEqualTo(arn("a"));
    assertThat(redriven.redriveCount()).isEqualTo(1);
    assertThat(redriven.redriveDate()).isEqualTo(START.plusSeconds(60));
    assertThat(redriven.startDate()).isEqualTo(START);
    assertThat(redriven.stopDate()).isNull();
  }

  @Test
  void shouldListWhatEndedWithinATimeAndNothingThatRuns() throws Exception {
    write("runs", ExecutionStatus.RUNNING, HistoryEventType.ExecutionStarted);
    for (String name : List.of("early", "late", "well")) {
      write(name, ExecutionStatus.RUNNING, HistoryEventType.ExecutionStarted);
    }
    end("early", START.plusSeconds(1), ExecutionStatus.FAILED);
    end("late", START.plusSeconds(3), ExecutionStatus.TIMED_OUT);
    end("well", START.plusSeconds(1), ExecutionStatus.SUCCEEDED);
    start(START);
    awaitComplete();
    Set<ExecutionStatus> badly =
        Set.of(ExecutionStatus.FAILED, ExecutionStatus.TIMED_OUT, ExecutionStatus.ABORTED);

    assertThat(ended(badly, new TimeRange(null, START.plusSeconds(2)))).containsExactly("early");
    assertThat(ended(badly, new TimeRange(START.plusSeconds(2), null))).containsExactly("late");
    assertThat(ended(Set.of(), new TimeRange(null, START.plusSeconds(9))))
        .containsExactlyInAnyOrder("early", "late", "well");
  }

  private void end(String name, Instant when, ExecutionStatus how) {
    write(MACHINE, null, name, when, how, HistoryEventType.ExecutionFailed);
  }

  private List<String> ended(Set<ExecutionStatus> statuses, TimeRange when) throws Exception {
    return indexer
        .list(
            new ExecutionQuery(MACHINE, null, null, null, statuses, null, when), Long.MAX_VALUE, 10)
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS)
        .executions()
        .stream()
        .map(ListedExecution::executionArn)
        .map(arn -> arn.substring(arn.lastIndexOf(':') + 1))
        .toList();
  }

  @Test
  void shouldTellMachinesAndMapRunsApart() throws Exception {
    write("mine", ExecutionStatus.RUNNING, HistoryEventType.ExecutionStarted);
    write(
        MACHINE + "/label",
        "arn:run",
        "child",
        START,
        ExecutionStatus.RUNNING,
        HistoryEventType.ExecutionStarted);
    start(START);
    awaitComplete();

    assertThat(names(null)).containsExactly("mine");
    List<ListedExecution> children =
        indexer
            .list(
                new ExecutionQuery(null, null, null, "arn:run", Set.of(), null, TimeRange.ANY),
                Long.MAX_VALUE,
                10)
            .toCompletableFuture()
            .get()
            .executions();
    assertThat(children).extracting(ListedExecution::mapRunArn).containsExactly("arn:run");
  }

  @Test
  void shouldPassOverWhatChangesNoStatusOrCannotBeRead() throws Exception {
    write("a", ExecutionStatus.RUNNING, HistoryEventType.ExecutionStarted);
    write("a", null, HistoryEventType.PassStateEntered);
    // Its beginning is no longer on the topic.
    write("lost", ExecutionStatus.FAILED, HistoryEventType.ExecutionFailed);
    ConsumerRecord<byte[], byte[]> broken =
        write("b", ExecutionStatus.RUNNING, HistoryEventType.ExecutionStarted);
    broken.value()[0] = 1;
    write("c", ExecutionStatus.RUNNING, HistoryEventType.ExecutionStarted);
    start(START);
    awaitComplete();

    assertThat(names(null)).containsExactlyInAnyOrder("a", "c");
  }

  @Test
  void shouldSayThatTheListIsNotThereYet() {
    indexer = start(START);
    indexer.close();

    assertThatThrownBy(() -> names(null)).hasCauseInstanceOf(Unavailable.class);
  }

  @Test
  void shouldGoOnWhereItWasAfterARestart() throws Exception {
    write("a", ExecutionStatus.RUNNING, HistoryEventType.ExecutionStarted);
    start(START);
    awaitComplete();
    indexer.close();

    write(
        MACHINE,
        null,
        "a",
        START.plusSeconds(9),
        ExecutionStatus.ABORTED,
        HistoryEventType.ExecutionAborted);
    start(START);
    awaitComplete();

    assertThat(names(ExecutionStatus.ABORTED)).containsExactly("a");
  }

  @Test
  void shouldBuildAnIndexAnewThatCannotBeRead() throws Exception {
    write("a", ExecutionStatus.RUNNING, HistoryEventType.ExecutionStarted);
    start(START);
    awaitComplete();
    indexer.close();
    try (var files = Files.list(directory.resolve("index"))) {
      for (Path file :
          files.filter(f -> f.getFileName().toString().startsWith("segments")).toList()) {
        Files.writeString(file, "not an index");
      }
    }

    start(START);
    awaitComplete();

    assertThat(names(null)).containsExactly("a");
  }

  @Test
  void shouldForgetWhatEndedLongAgo() throws Exception {
    write(
        "old",
        ExecutionStatus.SUCCEEDED,
        HistoryEventType.ExecutionStarted,
        HistoryEventType.ExecutionSucceeded);
    write("open", ExecutionStatus.RUNNING, HistoryEventType.ExecutionStarted);
    start(START);
    awaitComplete();
    assertThat(names(null)).containsExactlyInAnyOrder("old", "open");
    indexer.close();

    start(START.plus(Duration.ofDays(91)));

    Awaitility.await()
        .atMost(PATIENCE)
        .ignoreExceptionsMatching(e -> e.getCause() instanceof Unavailable)
        .until(() -> names(null).equals(List.of("open")));
  }

  @Test
  void shouldBeginAnewAfterAFailureOfKafka() throws Exception {
    write("a", ExecutionStatus.RUNNING, HistoryEventType.ExecutionStarted);
    start(START);
    awaitComplete();

    opened.element().setPollException(new KafkaException("the broker is away"));
    Awaitility.await().atMost(PATIENCE).until(() -> opened.size() == 2);
    awaitComplete();

    assertThat(names(null)).containsExactly("a");
  }
}
