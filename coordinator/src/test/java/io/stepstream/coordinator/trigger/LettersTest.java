package io.stepstream.coordinator.trigger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.topic.DeadLetter;
import io.stepstream.schemas.topic.Topics;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LettersTest {

  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final Letters letters = new Letters(producer);

  @AfterEach
  void close() {
    letters.close();
  }

  private static String header(ProducerRecord<byte[], byte[]> letter, String name) {
    return new String(letter.headers().lastHeader(name).value(), UTF_8);
  }

  @Test
  void shouldKeepTheRecordAndSayWhoPutItAsideAndWhy() {
    RecordHeaders headers = new RecordHeaders();
    headers.add("source", "shop".getBytes(UTF_8));
    CompletableFuture<Void> put =
        letters.put(
            "t", Records.record("orders", 3, 17, "k", "{".getBytes(UTF_8), headers), "broken");
    assertThat(put).isNotDone();
    producer.completeNext();

    assertThat(put).isCompleted();
    ProducerRecord<byte[], byte[]> letter = producer.history().getFirst();
    assertThat(letter.topic()).isEqualTo(Topics.DLQ);
    assertThat(new String(letter.key(), UTF_8)).isEqualTo("k");
    assertThat(new String(letter.value(), UTF_8)).isEqualTo("{");
    assertThat(header(letter, "source")).isEqualTo("shop");
    assertThat(header(letter, DeadLetter.REASON)).isEqualTo("trigger t: broken");
    assertThat(header(letter, DeadLetter.COMPONENT)).isEqualTo("trigger");
    assertThat(header(letter, DeadLetter.OFFSET)).isEqualTo("17");
  }

  @Test
  void shouldTellOfARecordThatIsTooLargeForTheDeadLetters() {
    byte[] large = new byte[Topics.MAX_RECORD_BYTES];
    letters.put(
        "t", Records.record("orders", 3, 17, "k", large, new RecordHeaders()), "x".repeat(9_999));

    ProducerRecord<byte[], byte[]> letter = producer.history().getFirst();
    assertThat(letter.value()).isNull();
    assertThat(header(letter, DeadLetter.OFFSET)).isEqualTo("17");
    assertThat(header(letter, DeadLetter.REASON)).hasSizeLessThan(3_000).contains("left out");
  }

  @Test
  void shouldSayThatALetterWasNotTaken() {
    CompletableFuture<Void> put = letters.put("t", Records.record(17, "{"), "broken");
    producer.errorNext(new IllegalStateException("away"));
    assertThat(put).isCompletedExceptionally();

    producer.close();
    assertThat(letters.put("t", Records.record(18, "{"), "broken")).isCompletedExceptionally();
  }
}
