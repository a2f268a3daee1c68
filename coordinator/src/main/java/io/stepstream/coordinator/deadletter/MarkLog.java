package io.stepstream.coordinator.deadletter;

import io.stepstream.coordinator.writing.SoleWriter;
import io.stepstream.schemas.DeadLetterMark;
import io.stepstream.schemas.DeadLetterMarkKind;
import io.stepstream.schemas.codec.RecordCodec;
import io.stepstream.schemas.topic.DeadLetter;
import io.stepstream.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * Redrives and discards letters, each by a transaction that holds the record and the letter's mark.
 *
 * <p>One node writes at a time ({@link SoleWriter}), with all marks read. Thus a letter is redriven
 * once, whoever is asked at the same moment.
 */
final class MarkLog implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final LetterReader letters;
  private final Marks marks;
  private final Producer<byte[], byte[]> plain;
  private final RecordCodec<DeadLetterMark> codec;
  private final InstantSource clock;
  private final SoleWriter writer;

  /**
   * @param producers make a producer with the transactional id that all nodes share
   * @param plain for inboxes; stays the caller's
   */
  MarkLog(
      LetterReader letters,
      Marks marks,
      Supplier<Producer<byte[], byte[]>> producers,
      Producer<byte[], byte[]> plain,
      RecordCodec<DeadLetterMark> codec,
      InstantSource clock) {
    this.letters = letters;
    this.marks = marks;
    this.plain = plain;
    this.codec = codec;
    this.clock = clock;
    this.writer = new SoleWriter(producers, this::catchUp);
  }

  /**
   * Marks one letter. Blocks.
   *
   * @throws KafkaException if Kafka doesn't answer
   */
  LetterOutcome mark(LetterId id, Mark.Kind kind) throws InterruptedException {
    try {
      return writer.write(open -> markNow(open, id, kind));
    } catch (TimeoutException e) {
      throw new KafkaException("Kafka doesn't answer in time", e);
    }
  }

  private void catchUp() throws InterruptedException, TimeoutException {
    long end = letters.read(LetterReader::endOfMarks);
    if (!marks.awaitPosition(end, PATIENCE)) {
      throw new TimeoutException("The marks of the dead letters can't be read in time");
    }
  }

  private LetterOutcome markNow(Producer<byte[], byte[]> open, LetterId id, Mark.Kind kind)
      throws InterruptedException {
    Mark already = marks.of(id);
    if (already != null && !(already.kind() == Mark.Kind.DISCARDED && kind == Mark.Kind.REDRIVEN)) {
      return new LetterOutcome(
          id,
          switch (already.kind()) {
            case REDRIVEN -> LetterOutcome.Kind.ALREADY_REDRIVEN;
            case DISCARDED -> LetterOutcome.Kind.ALREADY_DISCARDED;
          },
          "It was so at " + already.date());
    }
    Optional<ConsumerRecord<byte[], byte[]>> found = letters.read(reader -> reader.at(id));
    if (found.isEmpty()) {
      return new LetterOutcome(
          id, LetterOutcome.Kind.NOT_FOUND, "There is no such letter, or not any more");
    }
    return switch (kind) {
      case DISCARDED -> {
        write(open, id, kind, null);
        yield new LetterOutcome(id, LetterOutcome.Kind.DISCARDED, null);
      }
      case REDRIVEN -> redrive(open, id, found.get());
    };
  }

  private LetterOutcome redrive(
      Producer<byte[], byte[]> open, LetterId id, ConsumerRecord<byte[], byte[]> record)
      throws InterruptedException {
    Letter letter = Letter.of(record, null, Letter.Extent.IN_LIST);
    String objection = RedriveRules.objection(letter);
    Letter.Source source = letter.source();
    if (objection != null || source == null) {
      return new LetterOutcome(id, LetterOutcome.Kind.REFUSED, objection);
    }
    if (!letters.read(reader -> reader.hasPartition(source.topic(), source.partition()))) {
      return new LetterOutcome(
          id,
          LetterOutcome.Kind.REFUSED,
          "There is no partition %d of topic %s any more. Create it, or publish the record by hand"
              .formatted(source.partition(), source.topic()));
    }
    var again =
        new ProducerRecord<>(
            source.topic(),
            source.partition(),
            null,
            record.key(),
            record.value(),
            DeadLetter.originals(record.headers()));
    try {
      if (RedriveRules.isInbox(source.topic())) {
        // Before the mark: what is done twice by a crash in between is the same command.
        await(plain.send(again));
        write(open, id, Mark.Kind.REDRIVEN, null);
      } else {
        write(open, id, Mark.Kind.REDRIVEN, again);
      }
      return new LetterOutcome(id, LetterOutcome.Kind.REDRIVEN, null);
    } catch (Refused e) {
      return new LetterOutcome(
          id,
          LetterOutcome.Kind.REFUSED,
          "Kafka doesn't take the record on %s: %s".formatted(source.topic(), e.getMessage()));
    }
  }

  /** The broker won't ever take this record, while others may do. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refused(Throwable cause) {
      super(cause.getMessage(), cause);
    }
  }

  private void write(
      Producer<byte[], byte[]> open,
      LetterId id,
      Mark.Kind kind,
      @Nullable ProducerRecord<byte[], byte[]> again)
      throws InterruptedException {
    Mark mark = new Mark(kind, now());
    open.beginTransaction();
    try {
      if (again != null) {
        await(open.send(again));
      }
      await(open.send(record(id, mark)));
      open.commitTransaction();
    } catch (Refused e) {
      open.abortTransaction();
      throw e;
    }
    marks.note(id, mark);
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }

  private ProducerRecord<byte[], byte[]> record(LetterId id, Mark mark) {
    DeadLetterMarkKind kind =
        switch (mark.kind()) {
          case REDRIVEN -> DeadLetterMarkKind.REDRIVEN;
          case DISCARDED -> DeadLetterMarkKind.DISCARDED;
        };
    return new ProducerRecord<>(
        Topics.DLQ_MARKS,
        0,
        id.toString().getBytes(StandardCharsets.UTF_8),
        codec.encode(new DeadLetterMark(id.partition(), id.offset(), kind, mark.date())));
  }

  private static void await(Future<RecordMetadata> sent) throws InterruptedException {
    try {
      sent.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (isFinal(cause)) {
        throw new Refused(cause);
      }
      throw cause instanceof KafkaException kafka ? kafka : new KafkaException(cause);
    } catch (TimeoutException e) {
      throw new KafkaException("Kafka doesn't answer in time", e);
    }
  }

  private static boolean isFinal(Throwable failure) {
    return switch (failure) {
      case RecordTooLargeException _ -> true;
      case TopicAuthorizationException _ -> true;
      case InvalidTopicException _ -> true;
      case InvalidRecordException _ -> true;
      default -> false;
    };
  }

  @Override
  public void close() {
    writer.close();
  }
}
