package io.stepstream.coordinator.deadletter;

import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.schemas.DeadLetterMark;
import io.stepstream.schemas.codec.RecordCodec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;

/** The dead letters as they are on their topic, and the marks beside it. */
public final class KafkaDeadLetters implements DeadLetters, AutoCloseable {

  /** Under which all nodes mark letters. */
  public static final String TRANSACTIONAL_ID = "stepstream-dead-letters";

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final LetterReader letters;
  private final Marks marks;
  private final MarkLog log;
  private final Producer<byte[], byte[]> plain;
  private final ExecutorService executor =
      Executors.newThreadPerTaskExecutor(
          Thread.ofVirtual().name("stepstream-dead-letters-", 0).factory());

  /**
   * @param consumers make consumers that read what is committed, from the beginning
   * @param producers make producers with {@link #TRANSACTIONAL_ID}
   * @param plain a producer without; closed with this
   */
  public KafkaDeadLetters(
      Supplier<Consumer<byte[], byte[]>> consumers,
      Supplier<Producer<byte[], byte[]>> producers,
      Producer<byte[], byte[]> plain,
      RecordCodec<DeadLetterMark> codec,
      InstantSource clock) {
    this.letters = new LetterReader(consumers);
    this.marks = new Marks(consumers, codec);
    this.plain = plain;
    this.log = new MarkLog(letters, marks, producers, plain, codec, clock);
  }

  public void start() {
    marks.start();
  }

  @Override
  public CompletionStage<LetterPage> list(LetterQuery query) {
    return ask(
        () ->
            letters.read(
                reader ->
                    new LetterList(reader, query, record -> letter(record, Letter.Extent.IN_LIST))
                        .page()));
  }

  @Override
  public CompletionStage<Optional<Letter>> find(LetterId id) {
    return ask(
        () ->
            letters
                .read(reader -> reader.at(id))
                .map(record -> letter(record, Letter.Extent.ALONE)));
  }

  private Letter letter(ConsumerRecord<byte[], byte[]> record, Letter.Extent extent) {
    return Letter.of(record, marks.of(new LetterId(record.partition(), record.offset())), extent);
  }

  @Override
  public CompletionStage<List<LetterOutcome>> redrive(List<LetterId> ids) {
    return mark(ids, Mark.Kind.REDRIVEN);
  }

  @Override
  public CompletionStage<List<LetterOutcome>> discard(List<LetterId> ids) {
    return mark(ids, Mark.Kind.DISCARDED);
  }

  private CompletionStage<List<LetterOutcome>> mark(List<LetterId> ids, Mark.Kind kind) {
    if (ids.size() > MOST_AT_ONCE) {
      throw new IllegalArgumentException("%d letters at once".formatted(ids.size()));
    }
    return ask(
        () -> {
          List<LetterOutcome> outcomes = new ArrayList<>();
          for (LetterId id : new LinkedHashSet<>(ids)) {
            outcomes.add(log.mark(id, kind));
          }
          return outcomes;
        });
  }

  private <T> CompletionStage<T> ask(Callable<T> question) {
    return CompletableFuture.supplyAsync(
        () -> {
          if (!marks.areKnown()) {
            throw new Unavailable("The marks of the dead letters are being read", RETRY_AFTER);
          }
          try {
            return question.call();
          } catch (KafkaException e) {
            throw new Unavailable(
                "The dead letters can't be reached: " + e.getMessage(), RETRY_AFTER, e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable("The node stops", RETRY_AFTER, e);
          } catch (RuntimeException e) {
            throw e;
          } catch (Exception e) {
            throw new CompletionException(e);
          }
        },
        executor);
  }

  @Override
  public void close() {
    executor.shutdownNow();
    log.close();
    plain.close(Duration.ofSeconds(2));
    letters.close();
    marks.close();
  }
}
