package io.stepstream.coordinator.deadletter;

import io.stepstream.schemas.Lane;
import io.stepstream.schemas.topic.LaneTopics;
import io.stepstream.schemas.topic.Topics;
import org.jspecify.annotations.Nullable;

/** Which records may be published again. */
final class RedriveRules {

  private static final String OURS = "stepstream.";

  private RedriveRules() {}

  /**
   * Null: it may be redriven.
   *
   * @return why not, and what to do instead
   */
  static @Nullable String objection(Letter letter) {
    Letter.Source source = letter.source();
    if (source == null) {
      return "The letter doesn't tell where its record was. Publish it by hand, or discard it";
    }
    if (letter.leftOut()) {
      return "The record was too large to be put aside; it is still at %s-%d offset %d"
          .formatted(source.topic(), source.partition(), source.offset());
    }
    if (letter.answered()) {
      return "Whoever waited for the record was told that it failed, so nobody waits for it any"
          + " more. Redrive the execution instead (RedriveExecution), or discard the letter";
    }
    if (!mayBeWritten(source.topic())) {
      return "%s is written by coordinators alone, and its records count in their sequence. Do again what led to the record, or discard the letter"
          .formatted(source.topic());
    }
    return null;
  }

  private static boolean mayBeWritten(String topic) {
    return !topic.startsWith(OURS)
        || topic.equals(Topics.START_EXECUTION)
        || Topics.queueOf(topic) != null
        || isInbox(topic);
  }

  /** Inboxes are never written in a transaction (INV-16). */
  static boolean isInbox(String topic) {
    return topic.equals(LaneTopics.of(Lane.STANDARD).inbox())
        || topic.equals(LaneTopics.of(Lane.EXPRESS).inbox());
  }
}
