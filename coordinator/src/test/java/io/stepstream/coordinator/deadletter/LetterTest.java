package io.stepstream.coordinator.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.topic.DeadLetter;
import io.stepstream.schemas.topic.Topics;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LetterTest {

  private static ConsumerRecord<byte[], byte[]> record(String topic) {
    var source = new ConsumerRecord<>(topic, 3, 42L, "k".getBytes(UTF_8), "v".getBytes(UTF_8));
    source.headers().add("trace", "t".getBytes(UTF_8));
    return read(DeadLetter.of(source, "worker", "broken"));
  }

  private static ConsumerRecord<byte[], byte[]> read(ProducerRecord<byte[], byte[]> letter) {
    var record = new ConsumerRecord<>(Topics.DLQ, 1, 7L, letter.key(), letter.value());
    letter.headers().forEach(record.headers()::add);
    return record;
  }

  @Test
  void shouldTellWhereTheRecordWasAndShowItsOwnHeaders() {
    Letter letter = Letter.of(record("orders"), null, Letter.Extent.ALONE);

    assertThat(letter.id()).hasToString("1-7");
    assertThat(letter.source())
        .isEqualTo(new Letter.Source("orders", 3, 42, Instant.ofEpochMilli(-1)));
    assertThat(letter.component()).isEqualTo("worker");
    assertThat(letter.reason()).isEqualTo("broken");
    assertThat(letter.headers())
        .singleElement()
        .satisfies(header -> assertThat(header.name()).isEqualTo("trace"));
    assertThat(RedriveRules.objection(letter)).isNull();
  }

  @Test
  void shouldShowWhatSomebodyElseHasWrittenToTheTopic() {
    var record = new ConsumerRecord<byte[], byte[]>(Topics.DLQ, 0, 0L, null, null);
    record.headers().add(DeadLetter.TOPIC, "orders".getBytes(UTF_8));
    record.headers().add(DeadLetter.PARTITION, "x".getBytes(UTF_8));
    record.headers().add(DeadLetter.REASON, null);

    Letter letter = Letter.of(record, null, Letter.Extent.IN_LIST);

    assertThat(letter.source()).isNull();
    assertThat(letter.key()).isNull();
    assertThat(letter.reason()).isEmpty();
    assertThat(RedriveRules.objection(letter)).contains("doesn't tell where");
  }

  @ParameterizedTest
  @CsvSource({
    "orders, true",
    "stepstream.start-execution, true",
    "stepstream.tasks.lambda, true",
    "stepstream.std.inbox, true",
    "stepstream.exp.inbox, true",
    "stepstream.std.peer, false",
    "stepstream.history, false",
    "stepstream.definitions, false",
    "stepstream.workers, false",
    "stepstream.dlq, false"
  })
  void shouldRedriveOnlyWhereOthersMayWriteToo(String topic, boolean may) {
    String objection =
        RedriveRules.objection(Letter.of(record(topic), null, Letter.Extent.IN_LIST));

    assertThat(objection == null).isEqualTo(may);
  }

  @Test
  void shouldNotRedriveWhatHasBeenAnswered() {
    var order = new ConsumerRecord<byte[], byte[]>("stepstream.tasks.q", 0, 1L, null, new byte[1]);
    Letter letter =
        Letter.of(read(DeadLetter.ofAnswered(order, "worker", "why")), null, Letter.Extent.IN_LIST);

    assertThat(letter.answered()).isTrue();
    assertThat(RedriveRules.objection(letter)).contains("RedriveExecution");
  }

  @Test
  void shouldNotRedriveWhatWasLeftOut() {
    var record = record("orders");
    record.headers().add(DeadLetter.LEFT_OUT, "5000000".getBytes(UTF_8));
    Letter letter = Letter.of(record, null, Letter.Extent.IN_LIST);

    assertThat(letter.leftOut()).isTrue();
    assertThat(RedriveRules.objection(letter)).contains("still at orders-3 offset 42");
  }

  @Test
  void shouldShowBytesAsTextThatHarmsNoTerminal() {
    assertThat(Excerpt.of("gr\u00fc\u00dfe\n\t\u001b[2J\u0007".getBytes(UTF_8), 99).text())
        .isEqualTo("gr\u00fc\u00dfe\n\t\ufffd[2J\ufffd");
    assertThat(Excerpt.of(new byte[] {0, (byte) 0xff, 'a'}, 99).text()).isEqualTo("\ufffd\ufffda");
    Excerpt cut = Excerpt.of("a\u00fc".getBytes(UTF_8), 2);
    assertThat(cut.text()).isEqualTo("a");
    assertThat(cut.length()).isEqualTo(3);
    assertThat(cut.isComplete()).isFalse();
    assertThat(Excerpt.of(null, 9)).isNull();
    assertThat(Excerpt.of(new byte[0], 9).text()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1", "-1", "1-", "-1-2", "1-2-3", "a-b", "1-9999999999999999999", "1- 2"})
  void shouldKnowWhatIsNoLettersName(String text) {
    assertThat(LetterId.parse(text)).isEmpty();
  }
}
