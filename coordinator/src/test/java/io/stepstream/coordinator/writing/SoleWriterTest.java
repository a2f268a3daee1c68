package io.stepstream.coordinator.writing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class SoleWriterTest {

  private final List<MockProducer<byte[], byte[]>> opened = new ArrayList<>();
  private int read;

  private final SoleWriter writer = new SoleWriter(this::producer, () -> read++);

  @Test
  void shouldReadTheTopicOnceForManyWritesInPeace() throws Exception {
    assertThat(writer.write(this::write)).isEqualTo("written");
    assertThat(writer.write(this::write)).isEqualTo("written");

    assertThat(read).isOne();
    assertThat(opened).hasSize(1);
    assertThat(opened.getFirst().history()).hasSize(2);
  }

  @Test
  void shouldDecideAnewFromAllOfTheTopicWhenAnotherNodeHasWritten() throws Exception {
    writer.write(this::write);
    opened.getFirst().fenceProducer();
    List<Integer> decidedAfterReading = new ArrayList<>();

    String outcome =
        writer.write(
            open -> {
              decidedAfterReading.add(read);
              return write(open);
            });

    assertThat(outcome).isEqualTo("written");
    assertThat(decidedAfterReading).containsExactly(1, 2);
    assertThat(opened.getFirst().closed()).isTrue();
    assertThat(opened.get(1).history()).hasSize(1);
  }

  @Test
  void shouldSeeThatItIsFencedInTheCauseOfAFailure() throws Exception {
    List<KafkaException> failures =
        new ArrayList<>(
            List.of(
                new KafkaException("can't go on", new ProducerFencedException("fenced")),
                new InvalidPidMappingException("forgotten")));

    String outcome =
        writer.write(
            open -> {
              if (!failures.isEmpty()) {
                throw failures.removeFirst();
              }
              return write(open);
            });

    assertThat(outcome).isEqualTo("written");
    assertThat(opened).hasSize(3);
  }

  @Test
  void shouldGiveUpWhenOtherNodesKeepWriting() {
    assertThatThrownBy(
            () ->
                writer.write(
                    _ -> {
                      throw new ProducerFencedException("fenced");
                    }))
        .isInstanceOf(ContendedException.class);

    assertThat(opened).hasSize(10).allMatch(MockProducer::closed);
  }

  @Test
  void shouldNotGoOnWithAProducerThatMayHaveATransactionUnderWay() throws Exception {
    assertThatThrownBy(
            () ->
                writer.write(
                    open -> {
                      open.beginTransaction();
                      throw new TimeoutException("no answer");
                    }))
        .isInstanceOf(TimeoutException.class);

    assertThat(opened.getFirst().closed()).isTrue();
    assertThat(writer.write(this::write)).isEqualTo("written");
    assertThat(opened).hasSize(2);
  }

  @Test
  void shouldReadAgainIfTheTopicCouldNotBeRead() throws Exception {
    var failing =
        new SoleWriter(
            this::producer,
            () -> {
              if (read++ == 0) {
                throw new TimeoutException("not read in time");
              }
            });

    assertThatThrownBy(() -> failing.write(this::write)).isInstanceOf(TimeoutException.class);
    assertThat(failing.write(this::write)).isEqualTo("written");

    assertThat(read).isEqualTo(2);
    assertThat(opened.getFirst().history()).isEmpty();
  }

  @Test
  void shouldCloseItsProducer() throws Exception {
    writer.write(this::write);

    writer.close();

    assertThat(opened.getFirst().closed()).isTrue();
  }

  private String write(Producer<byte[], byte[]> open) {
    open.beginTransaction();
    open.send(new ProducerRecord<>("topic", new byte[] {1}));
    open.commitTransaction();
    return "written";
  }

  private Producer<byte[], byte[]> producer() {
    var producer =
        new MockProducer<>(
            true,
            new RoundRobinPartitioner(),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    opened.add(producer);
    return producer;
  }
}
