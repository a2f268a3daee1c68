package io.stepstream.schemas.topic;

import java.time.Duration;

/** What Kafka does with old records. */
public sealed interface Cleanup {

  /** Kafka's {@code cleanup.policy}. */
  String policy();

  /** Records go when they are older than this. */
  record Delete(Duration retention) implements Cleanup {
    @Override
    public String policy() {
      return "delete";
    }
  }

  /**
   * The last record of each key stays for ever.
   *
   * @param segmentAge after which a segment is closed; only closed ones are compacted
   */
  record Compact(Duration segmentAge) implements Cleanup {
    @Override
    public String policy() {
      return "compact";
    }
  }
}
