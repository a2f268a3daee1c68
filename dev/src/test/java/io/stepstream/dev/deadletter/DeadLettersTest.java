package io.stepstream.dev.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.coordinator.deadletter.KafkaDeadLetters;
import io.stepstream.coordinator.deadletter.Letter;
import io.stepstream.coordinator.deadletter.LetterId;
import io.stepstream.coordinator.deadletter.LetterOutcome;
import io.stepstream.coordinator.deadletter.LetterPage;
import io.stepstream.coordinator.deadletter.LetterQuery;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.dev.testkit.CommittedRecords;
import io.stepstream.dev.testkit.KafkaExtension;
import io.stepstream.dev.testkit.KafkaFixture;
import io.stepstream.schemas.DeadLetterMark;
import io.stepstream.schemas.codec.WireCodec;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.topic.DeadLetter;
import io.stepstream.schemas.topic.TopicLayout;
import io.stepstream.schemas.topic.TopicProvisioner;
import io.stepstream.schemas.topic.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two nodes on one topic of dead letters. */
@ExtendWith(KafkaExtension.class)
final class DeadLettersTest {

  private final KafkaFixture kafka;
  private final Producer<byte[], byte[]> producer;
  private final List<KafkaDeadLetters> nodes = new ArrayList<>();
  private String topic = "";

  DeadLettersTest(KafkaFixture kafka) {
    this.kafka = kafka;
    this.producer = producer(null);
  }

  @BeforeEach
  void open() {
    new TopicProvisioner(kafka.admin(), TopicLayout.singleBroker()).provision();
    topic = kafka.createTopic("orders", 2);
    for (int i = 0; i < 2; i++) {
      nodes.add(node(kafka.bootstrapServers()));
    }
  }

  @AfterEach
  void close() {
    nodes.forEach(KafkaDeadLetters::close);
    producer.close();
  }

  private KafkaDeadLetters node(String bootstrapServers) {
    Map<String, Object> config =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    var node =
        new KafkaDeadLetters(
            () ->
                new KafkaConsumer<>(
                    config, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
            () -> producer(KafkaDeadLetters.TRANSACTIONAL_ID),
            producer(null),
            WireCodec.forTopic(DeadLetterMark.class, Topics.DLQ_MARKS, SchemaRegistry.bundled()),
            InstantSource.system());
    node.start();
    return node;
  }

  private Producer<byte[], byte[]> producer(@Nullable String transactionalId) {
    Map<String, Object> config = new HashMap<>();
    config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
    if (transactionalId != null) {
      config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    }
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private LetterId bury(String from, int partition, String value) throws Exception {
    var source =
        new ConsumerRecord<>(from, partition, 5L, "key".getBytes(UTF_8), value.getBytes(UTF_8));
    source.headers().add("trace", new byte[] {0, 1, 2});
    var at = producer.send(DeadLetter.of(source, "worker", "broken")).get();
    return new LetterId(at.partition(), at.offset());
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  /** What a node says when it has read the marks. */
  private List<Letter> listed(KafkaDeadLetters node, LetterQuery.State state) {
    return Awaitility.await()
        .ignoreExceptionsMatching(e -> e.getCause() instanceof Unavailable)
        .until(
            () -> get(node.list(new LetterQuery(topic, null, state, List.of(), 200))).letters(),
            _ -> true);
  }

  private List<ConsumerRecord<byte[], byte[]>> published() {
    return CommittedRecords.all(kafka.bootstrapServers(), topic);
  }

  @Test
  void shouldPublishTheRecordExactlyAsItWas() throws Exception {
    LetterId id = bury(topic, 1, "v\u00e4lue");
    assertThat(listed(nodes.get(0), LetterQuery.State.OPEN))
        .extracting(Letter::id)
        .containsExactly(id);

    assertThat(get(nodes.get(0).redrive(List.of(id))))
        .containsExactly(new LetterOutcome(id, LetterOutcome.Kind.REDRIVEN, null));

    assertThat(published())
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.partition()).isEqualTo(1);
              assertThat(new String(record.key(), UTF_8)).isEqualTo("key");
              assertThat(new String(record.value(), UTF_8)).isEqualTo("v\u00e4lue");
              assertThat(record.headers().toArray())
                  .extracting(Header::key)
                  .containsExactly("trace");
              assertThat(record.headers().lastHeader("trace").value()).containsExactly(0, 1, 2);
            });
    assertThat(listed(nodes.get(0), LetterQuery.State.OPEN)).isEmpty();
    // The other node hears of it from the topic.
    Awaitility.await().until(() -> listed(nodes.get(1), LetterQuery.State.OPEN).isEmpty());
    assertThat(listed(nodes.get(1), LetterQuery.State.REDRIVEN))
        .extracting(Letter::id)
        .containsExactly(id);
  }

  @Test
  void shouldRedriveOnceWhoeverIsAskedAtTheSameMoment() throws Exception {
    List<LetterId> ids = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      ids.add(bury(topic, i % 2, "v" + i));
    }
    nodes.forEach(node -> listed(node, LetterQuery.State.OPEN));

    List<CompletableFuture<List<LetterOutcome>>> clicks = new ArrayList<>();
    for (int click = 0; click < 3; click++) {
      for (KafkaDeadLetters node : nodes) {
        clicks.add(node.redrive(ids).toCompletableFuture());
      }
    }
    List<LetterOutcome> outcomes = new ArrayList<>();
    for (CompletableFuture<List<LetterOutcome>> click : clicks) {
      outcomes.addAll(get(click));
    }

    assertThat(outcomes).hasSize(60);
    assertThat(outcomes)
        .filteredOn(outcome -> outcome.kind() == LetterOutcome.Kind.REDRIVEN)
        .extracting(LetterOutcome::id)
        .containsExactlyInAnyOrderElementsOf(ids);
    assertThat(outcomes)
        .filteredOn(outcome -> outcome.kind() == LetterOutcome.Kind.ALREADY_REDRIVEN)
        .hasSize(50);
    assertThat(published()).hasSize(10);
  }

  @Test
  void shouldListNewestFirstOverAllPartitionsInPages() throws Exception {
    List<LetterId> ids = new ArrayList<>();
    for (int i = 0; i < 230; i++) {
      ids.addFirst(bury(topic, 0, "v" + i));
      bury("another", 0, "x");
    }
    listed(nodes.get(0), LetterQuery.State.OPEN);

    List<LetterId> found = new ArrayList<>();
    List<Long> before = List.of();
    int pages = 0;
    do {
      LetterPage page =
          get(
              nodes
                  .get(pages++ % 2)
                  .list(new LetterQuery(topic, "worker", LetterQuery.State.OPEN, before, 50)));
      assertThat(page.letters()).hasSizeLessThanOrEqualTo(50);
      page.letters().forEach(letter -> found.add(letter.id()));
      before = page.before();
    } while (before != null && pages < 20);

    assertThat(found).hasSameSizeAs(ids).containsExactlyInAnyOrderElementsOf(ids);
    for (int partition = 0; partition < 3; partition++) {
      int only = partition;
      assertThat(found.stream().filter(id -> id.partition() == only))
          .isSortedAccordingTo((a, b) -> Long.compare(b.offset(), a.offset()));
    }
  }

  @Test
  void shouldDiscardAndStillRedrive() throws Exception {
    LetterId id = bury(topic, 0, "v");
    listed(nodes.get(0), LetterQuery.State.OPEN);

    assertThat(kinds(nodes.get(0).discard(List.of(id))))
        .containsExactly(LetterOutcome.Kind.DISCARDED);
    assertThat(kinds(nodes.get(0).discard(List.of(id))))
        .containsExactly(LetterOutcome.Kind.ALREADY_DISCARDED);
    assertThat(listed(nodes.get(0), LetterQuery.State.DISCARDED)).hasSize(1);
    assertThat(kinds(nodes.get(0).redrive(List.of(id, id))))
        .containsExactly(LetterOutcome.Kind.REDRIVEN);
    assertThat(kinds(nodes.get(0).discard(List.of(id))))
        .containsExactly(LetterOutcome.Kind.ALREADY_REDRIVEN);
    assertThat(get(nodes.get(0).find(id)).orElseThrow().mark()).isNotNull();
    assertThat(published()).hasSize(1);
  }

  @Test
  void shouldSayWhyALetterCannotBeRedrivenAndGoOnWithTheOthers() throws Exception {
    LetterId good = bury(topic, 0, "v");
    LetterId noTopic = bury("there-is-none", 0, "v");
    LetterId noPartition = bury(topic, 7, "v");
    LetterId ours = bury(Topics.DEFINITIONS, 0, "v");
    LetterId large = bury(small(), 0, "x".repeat(20_000));
    LetterId none = new LetterId(0, 9_999_999);
    listed(nodes.get(0), LetterQuery.State.OPEN);

    List<LetterOutcome> outcomes =
        get(nodes.get(0).redrive(List.of(noTopic, noPartition, ours, large, none, good)));

    assertThat(outcomes)
        .extracting(LetterOutcome::kind)
        .containsExactly(
            LetterOutcome.Kind.REFUSED,
            LetterOutcome.Kind.REFUSED,
            LetterOutcome.Kind.REFUSED,
            LetterOutcome.Kind.REFUSED,
            LetterOutcome.Kind.NOT_FOUND,
            LetterOutcome.Kind.REDRIVEN);
    assertThat(outcomes.get(0).detail()).contains("partition 0 of topic there-is-none");
    assertThat(outcomes.get(1).detail()).contains("partition 7 of topic " + topic);
    assertThat(outcomes.get(2).detail()).contains("coordinators alone");
    assertThat(outcomes.get(3).detail()).contains("doesn't take the record");
    assertThat(listed(nodes.get(0), LetterQuery.State.OPEN))
        .extracting(Letter::id)
        .containsExactly(noPartition);
    assertThat(published()).hasSize(1);
  }

  private String small() {
    return kafka.createTopic("small", 1, Map.of("max.message.bytes", "1000"));
  }

  @Test
  void shouldPublishToAnInboxOutsideATransaction() throws Exception {
    LetterId id = bury("stepstream.std.inbox", 0, "nothing");
    listed(nodes.get(0), LetterQuery.State.OPEN);
    long before = end("stepstream.std.inbox");

    assertThat(kinds(nodes.get(0).redrive(List.of(id))))
        .containsExactly(LetterOutcome.Kind.REDRIVEN);

    // The end of a transaction would be a second entry of the log.
    assertThat(end("stepstream.std.inbox")).isEqualTo(before + 1);
  }

  private long end(String of) {
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      var partition = new TopicPartition(of, 0);
      return consumer.endOffsets(List.of(partition)).get(partition);
    }
  }

  private static List<LetterOutcome.Kind> kinds(CompletionStage<List<LetterOutcome>> stage)
      throws Exception {
    return get(stage).stream().map(LetterOutcome::kind).toList();
  }

  @Test
  void shouldSayThatTheMarksAreNotReadYet() {
    KafkaDeadLetters unreachable = node("127.0.0.1:1");
    try {
      assertThat(unreachable.find(new LetterId(0, 0)).toCompletableFuture())
          .failsWithin(Duration.ofSeconds(10))
          .withThrowableThat()
          .havingCause()
          .isInstanceOf(Unavailable.class);
    } finally {
      unreachable.close();
    }
  }
}
