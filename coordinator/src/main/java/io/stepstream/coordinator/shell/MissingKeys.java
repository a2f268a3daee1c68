package io.stepstream.coordinator.shell;

import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells operators of keys that executions wait for: each once a minute, though thousands of
 * commands may wait. Not thread safe: confined to the partition's stream thread.
 */
final class MissingKeys {

  private static final Logger LOG = LoggerFactory.getLogger(MissingKeys.class);
  private static final long SAID_AGAIN_MILLIS = 60_000;
  private static final int MOST_REMEMBERED = 100;

  private final Map<String, Long> said = new HashMap<>();

  /**
   * @param who waits
   * @param reason names the key
   */
  void tell(String who, String reason, long nowMillis) {
    Long before = said.get(reason);
    if (before != null && nowMillis - before < SAID_AGAIN_MILLIS) {
      return;
    }
    if (said.size() >= MOST_REMEMBERED) {
      said.clear();
    }
    said.put(reason, nowMillis);
    LOG.error("{} waits, perhaps with others: {}", who, reason);
  }
}
