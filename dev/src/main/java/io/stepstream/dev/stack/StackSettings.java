package io.stepstream.dev.stack;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What an embedded stack needs to know.
 *
 * @param directory where everything is kept; null: a temporary directory, removed at the end
 * @param httpPort the port of the API on the loopback address; 0 picks a free one
 * @param kafkaPort the port of the broker on the loopback address; 0 picks a free one
 * @param partitions number of partitions that executions are spread over
 * @param logLevel how much the log on standard error tells
 */
public record StackSettings(
    @Nullable Path directory, int httpPort, int kafkaPort, int partitions, LogLevel logLevel) {

  /** How much the log on standard error tells. */
  public enum LogLevel {
    /** What went wrong for good; for commands whose own output shares standard error. */
    ERRORS,
    /** What deserves attention, and what Stepstream itself does. */
    WARNINGS
  }

  public StackSettings {
    if (partitions < 1 || partitions > 64) {
      throw new IllegalArgumentException("partitions: 1 to 64, not " + partitions);
    }
  }
}
