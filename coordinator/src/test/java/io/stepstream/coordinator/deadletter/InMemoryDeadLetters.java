package io.stepstream.coordinator.deadletter;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Letters in a single partition. */
public final class InMemoryDeadLetters implements DeadLetters {

  public static final Instant MARKED_AT = Instant.parse("2026-09-03T00:00:00Z");

  private final Map<Long, ConsumerRecord<byte[], byte[]>> letters = new ConcurrentSkipListMap<>();
  private final Map<Long, Mark> marks = new ConcurrentSkipListMap<>();
  private volatile @Nullable RuntimeException outage;

  /** From now on everything fails so; null ends that. */
  public void failWith(@Nullable RuntimeException failure) {
    outage = failure;
  }

  /** What it returns is the letter's id. */
  public synchronized String put(ProducerRecord<byte[], byte[]> letter, long time) {
    long offset = letters.size();
    var record =
        new ConsumerRecord<>(
            letter.topic(),
            0,
            offset,
            time,
            TimestampType.CREATE_TIME,
            -1,
            -1,
            letter.key(),
            letter.value(),
            letter.headers(),
            Optional.empty());
    letters.put(offset, record);
    return new LetterId(0, offset).toString();
  }

  private <T> CompletionStage<T> answer(T answer) {
    RuntimeException failure = outage;
    return failure == null
        ? CompletableFuture.completedFuture(answer)
        : CompletableFuture.failedFuture(failure);
  }

  @Override
  public CompletionStage<LetterPage> list(LetterQuery query) {
    long before = query.before().isEmpty() ? letters.size() : query.before().getFirst();
    List<Letter> wanted =
        letters.values().stream()
            .filter(record -> record.offset() < before)
            .map(record -> Letter.of(record, marks.get(record.offset()), Letter.Extent.IN_LIST))
            .filter(query::wants)
            .sorted(Comparator.comparing((Letter letter) -> letter.id().offset()).reversed())
            .toList();
    List<Letter> page = wanted.stream().limit(query.limit()).toList();
    return answer(
        new LetterPage(
            page, wanted.size() > page.size() ? List.of(page.getLast().id().offset()) : null));
  }

  @Override
  public CompletionStage<Optional<Letter>> find(LetterId id) {
    return answer(
        Optional.ofNullable(id.partition() == 0 ? letters.get(id.offset()) : null)
            .map(record -> Letter.of(record, marks.get(id.offset()), Letter.Extent.ALONE)));
  }

  @Override
  public CompletionStage<List<LetterOutcome>> redrive(List<LetterId> ids) {
    return mark(ids, Mark.Kind.REDRIVEN, LetterOutcome.Kind.REDRIVEN);
  }

  @Override
  public CompletionStage<List<LetterOutcome>> discard(List<LetterId> ids) {
    return mark(ids, Mark.Kind.DISCARDED, LetterOutcome.Kind.DISCARDED);
  }

  private CompletionStage<List<LetterOutcome>> mark(
      List<LetterId> ids, Mark.Kind kind, LetterOutcome.Kind outcome) {
    List<LetterOutcome> outcomes = new ArrayList<>();
    for (LetterId id : ids) {
      if (id.partition() != 0 || !letters.containsKey(id.offset())) {
        outcomes.add(new LetterOutcome(id, LetterOutcome.Kind.NOT_FOUND, "There is none"));
      } else {
        marks.put(id.offset(), new Mark(kind, MARKED_AT));
        outcomes.add(new LetterOutcome(id, outcome, null));
      }
    }
    return answer(outcomes);
  }
}
