package io.stepstream.coordinator.deadletter;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The dead letters of the cluster. Stages fail with {@code Unavailable} when Kafka doesn't answer.
 */
public interface DeadLetters {

  /** As many at once as may be redriven or discarded. */
  int MOST_AT_ONCE = 100;

  /**
   * Newest first in each partition, and over all as far as their times tell. Looks at a few
   * thousand letters at most, so a page may have fewer than the limit, even none, and still not be
   * the last.
   */
  CompletionStage<LetterPage> list(LetterQuery query);

  /** Empty: there is no such letter, or not any more. */
  CompletionStage<Optional<Letter>> find(LetterId id);

  /**
   * Publishes their records where they were, each once however often it is asked for, and in this
   * order.
   *
   * @param ids at most {@link #MOST_AT_ONCE}
   */
  CompletionStage<List<LetterOutcome>> redrive(List<LetterId> ids);

  /**
   * Takes letters out of the list of those that are open. They can still be redriven.
   *
   * @param ids at most {@link #MOST_AT_ONCE}
   */
  CompletionStage<List<LetterOutcome>> discard(List<LetterId> ids);
}
