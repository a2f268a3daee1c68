package io.stepstream.coordinator.definition;

import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.coordinator.writing.ContendedException;
import io.stepstream.coordinator.writing.SoleWriter;
import io.stepstream.schemas.DefinitionRecord;
import io.stepstream.schemas.codec.RecordCodec;
import io.stepstream.schemas.registry.SchemaRegistryException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * Changes the definitions: each change is decided by what the log says, and is in force when this
 * node has read it back.
 *
 * <p>One node writes at a time ({@link SoleWriter}), so a name is given away once.
 */
final class DefinitionLog implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final String topic;
  private final DefinitionCatalogue catalogue;
  private final RecordCodec<DefinitionRecord> codec;
  private final Clock clock;
  private final Executor executor;
  private final SoleWriter writer;

  /**
   * A writer for one topic.
   *
   * @param producers make a producer with the transactional id that all nodes share
   * @param executor runs the writes; they block
   */
  DefinitionLog(
      String topic,
      DefinitionCatalogue catalogue,
      Supplier<Producer<byte[], byte[]>> producers,
      RecordCodec<DefinitionRecord> codec,
      Clock clock,
      Executor executor) {
    this.topic = topic;
    this.catalogue = catalogue;
    this.codec = codec;
    this.clock = clock;
    this.executor = executor;
    this.writer = new SoleWriter(producers, () -> await(catalogue.catchUp()));
  }

  DefinitionIndex known() {
    return catalogue.index();
  }

  /** What the catalogue has, now or when it has read the topic to its end. */
  <T> CompletionStage<Optional<T>> look(Supplier<Optional<T>> catalogued) {
    Optional<T> known = catalogued.get();
    if (known.isPresent()) {
      return CompletableFuture.completedFuture(known);
    }
    return catalogue
        .catchUp()
        .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .thenApply(_ -> catalogued.get())
        .exceptionallyCompose(e -> CompletableFuture.failedFuture(unavailable(e)));
  }

  /** A list of what there is, which must not be asked for before everything is known. */
  <T> CompletionStage<T> list(Supplier<T> catalogued) {
    return catalogue.isCaughtUp()
        ? CompletableFuture.completedFuture(catalogued.get())
        : CompletableFuture.failedFuture(
            new Unavailable("The definitions are being read", RETRY_AFTER));
  }

  /** When what is decided now is in force, to the millisecond. */
  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  @Override
  public void close() {
    writer.close();
  }

  /** Of records that can't be too large for the broker. */
  <T> CompletionStage<T> change(Supplier<Decision<T>> decide) {
    return change(
        decide,
        () -> {
          throw new IllegalStateException("the broker refuses a record of definitions by its size");
        });
  }

  /**
   * @param decide by what the catalogue knows; asked again when another node has written meanwhile
   * @param tooLarge the outcome when the broker refuses a record of that size
   */
  <T> CompletionStage<T> change(Supplier<Decision<T>> decide, Supplier<T> tooLarge) {
    return CompletableFuture.supplyAsync(() -> changeNow(decide, tooLarge), executor);
  }

  private <T> T changeNow(Supplier<Decision<T>> decide, Supplier<T> tooLarge) {
    try {
      return writer.write(
          open -> {
            Decision<T> decision = decide.get();
            if (decision instanceof Decision.Settled<T>) {
              // Nothing will be written, so no commit would tell that another node has meanwhile.
              await(catalogue.catchUp());
              decision = decide.get();
            }
            return switch (decision) {
              case Decision.Settled<T>(T outcome) -> outcome;
              case Decision.Write<T>(var rows, T outcome) ->
                  write(open, rows) ? outcome : tooLarge.get();
            };
          });
    } catch (ContendedException e) {
      throw new Unavailable("other nodes keep changing definitions", RETRY_AFTER, e);
    } catch (KafkaException | SchemaRegistryException | TimeoutException e) {
      throw unavailable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(e);
    }
  }

  /**
   * Writes rows in one transaction and returns when they are read back; false: one is too large.
   */
  private boolean write(Producer<byte[], byte[]> open, List<Decision.Row> rows)
      throws InterruptedException, TimeoutException {
    open.beginTransaction();
    Future<RecordMetadata> last = null;
    for (Decision.Row row : rows) {
      last = open.send(record(row));
    }
    try {
      long offset = await(Objects.requireNonNull(last)).offset();
      open.commitTransaction();
      if (!catalogue.awaitOffset(offset, PATIENCE)) {
        throw new TimeoutException("the definition is written, but not read back in time");
      }
      return true;
    } catch (RecordTooLargeException _) {
      open.abortTransaction();
      return false;
    }
  }

  private ProducerRecord<byte[], byte[]> record(Decision.Row row) {
    return new ProducerRecord<>(
        topic,
        0,
        row.key().getBytes(StandardCharsets.UTF_8),
        row.body() == null ? null : codec.encode(new DefinitionRecord(row.body())));
  }

  /** The future's value, with a failure of Kafka as itself. */
  private static <T> T await(Future<T> future) throws InterruptedException, TimeoutException {
    try {
      return future.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e.getCause());
    }
  }

  private static Unavailable unavailable(Throwable e) {
    Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
    return new Unavailable("definitions can't be read or written now", RETRY_AFTER, cause);
  }
}
