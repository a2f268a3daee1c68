package io.stepstream.dev.kafka;

import static io.stepstream.dev.kafka.KafkaTasks.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.asl.definition.Distributed.ReaderConfig;
import io.stepstream.asl.items.ItemPage;
import io.stepstream.asl.items.ItemRequest;
import io.stepstream.asl.items.ItemSource;
import io.stepstream.dev.testkit.KafkaExtension;
import io.stepstream.dev.testkit.KafkaFixture;
import io.stepstream.integrations.kafka.ReadTopicHandler;
import io.stepstream.worker.handler.TaskFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A topic as the ItemReader of a distributed Map. */
@ExtendWith(KafkaExtension.class)
final class ReadTopicTest {

  private final KafkaFixture kafka;
  private final KafkaTasks tasks;

  ReadTopicTest(KafkaFixture kafka) {
    this.kafka = kafka;
    this.tasks = new KafkaTasks(kafka, Map.of(), ReadTopicHandler::new);
  }

  @AfterEach
  void close() {
    tasks.close();
  }

  private static ItemSource source(String topic, long maxItems) {
    return new ItemSource(
        ItemSource.Action.READ_TOPIC, Map.of("Topic", topic), ReaderConfig.NONE, maxItems);
  }

  private byte[] read(ItemSource source, long from, @Nullable String cursor, int items)
      throws Exception {
    return tasks.answer(new ItemRequest(source, from, cursor, items, 1_000_000).encode());
  }

  private ItemPage.Decoded page(ItemSource source, long from, @Nullable String cursor, int items)
      throws Exception {
    return ItemPage.decode(read(source, from, cursor, items));
  }

  private static List<Object> values(ItemPage.Decoded page) {
    List<Object> values = new ArrayList<>();
    page.items().forEach(item -> values.add(((Map<?, ?>) item).get("Value")));
    return values;
  }

  private void fails(String cause, ItemSource source, long from, @Nullable String cursor) {
    assertThatThrownBy(() -> read(source, from, cursor, 10))
        .isInstanceOfSatisfying(
            TaskFailedException.class,
            failed -> {
              assertThat(failed.error()).isEqualTo("States.ItemReaderFailed");
              assertThat(failed.causeText()).contains(cause);
            });
  }

  @Test
  void shouldHaveTheItemsThatWereThereWhenTheFirstPageWasRead() throws Exception {
    String topic = kafka.createTopic("items", 3);
    tasks.append(topic, 0, "1", "2", "3");
    tasks.append(topic, 2, "4", "5");
    ItemSource source = source(topic, 0);

    ItemPage.Decoded first = page(source, 0, null, 2);
    // what comes meanwhile is not for this Map run
    tasks.append(topic, 0, "99");
    tasks.append(topic, 1, "99");
    tasks.append(topic, 2, "99");
    byte[] second = read(source, 2, first.cursor(), 2);
    ItemPage.Decoded third = page(source, 4, ItemPage.decode(second).cursor(), 2);

    assertThat(values(first)).containsExactly(1, 2);
    assertThat(values(ItemPage.decode(second))).containsExactly(3, 4);
    assertThat(values(third)).containsExactly(5);
    assertThat(List.of(first.last(), ItemPage.decode(second).last(), third.last()))
        .containsExactly(false, false, true);
    // and a page that is read again, by any worker, is the same to the byte
    try (KafkaTasks other = new KafkaTasks(kafka, Map.of(), ReadTopicHandler::new)) {
      assertThat(other.answer(new ItemRequest(source, 2, first.cursor(), 2, 1_000_000).encode()))
          .isEqualTo(second);
    }
  }

  @Test
  void shouldEndAtTheMarkersOfTransactions() throws Exception {
    String topic = kafka.createTopic("items", 1);
    try (KafkaProducer<byte[], byte[]> transactional =
        KafkaTasks.producer(
            kafka, Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, kafka.uniqueName("tx")))) {
      transactional.initTransactions();
      for (int i = 0; i < 3; i++) {
        transactional.beginTransaction();
        transactional.send(new ProducerRecord<>(topic, utf8("" + i)));
        transactional.commitTransaction();
        transactional.beginTransaction();
        transactional.send(new ProducerRecord<>(topic, utf8("-1"))).get();
        transactional.abortTransaction();
      }
    }
    tasks.awaitStable(topic, 12);

    ItemPage.Decoded first = page(source(topic, 0), 0, null, 2);
    ItemPage.Decoded second = page(source(topic, 0), 2, first.cursor(), 2);

    assertThat(values(first)).containsExactly(0, 1);
    assertThat(values(second)).containsExactly(2);
    assertThat(second.last()).isTrue();
  }

  @Test
  void shouldEndAtMaxItemsAndWhereThereIsNothing() throws Exception {
    String topic = kafka.createTopic("items", 2);
    ItemPage.Decoded empty = page(source(topic, 0), 0, null, 10);
    assertThat(empty.items()).isEmpty();
    assertThat(empty.last()).isTrue();
    tasks.append(topic, 0, "1", "2");
    tasks.append(topic, 1, "3", "4");

    ItemPage.Decoded first = page(source(topic, 3), 0, null, 2);
    ItemPage.Decoded second = page(source(topic, 3), 2, first.cursor(), 2);

    assertThat(values(first)).containsExactly(1, 2);
    assertThat(first.last()).isFalse();
    assertThat(values(second)).containsExactly(3);
    assertThat(second.last()).isTrue();
  }

  @Test
  void shouldFitPagesIntoWhatATaskMayAnswer() throws Exception {
    String topic = kafka.createTopic("items", 1);
    String large = "\"" + "x".repeat(120_000) + "\"";
    tasks.append(topic, 0, large, large, large);

    byte[] first = read(source(topic, 0), 0, null, 10);

    assertThat(first).hasSizeLessThanOrEqualTo(262_144);
    ItemPage.Decoded page = ItemPage.decode(first);
    assertThat(page.items()).hasSize(2);
    assertThat(page(source(topic, 0), 2, page.cursor(), 10).items()).hasSize(1);
  }

  @Test
  void shouldFailRatherThanSkipItems() throws Exception {
    String topic = kafka.createTopic("items", 1);
    tasks.append(topic, 0, "1", "2", "3");
    ItemSource source = source(topic, 0);
    String cursor = page(source, 0, null, 1).cursor();
    kafka
        .admin()
        .deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(2)))
        .all()
        .get();

    fails("Kafka.OffsetOutOfRange", source, 1, cursor);
    fails("has no cursor", source, 1, null);
    fails("is no cursor", source, 1, "0:1");
    fails("Kafka.UnknownTopicOrPartition", source("no-such-topic", 0), 0, null);
    fails("States.Permissions", source("stepstream.std.inbox", 0), 0, null);
  }
}
