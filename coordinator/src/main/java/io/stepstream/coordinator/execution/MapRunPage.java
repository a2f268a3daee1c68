package io.stepstream.coordinator.execution;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of the Map runs of an execution.
 *
 * @param more whether others follow
 */
public record MapRunPage(List<Listed> runs, boolean more) {

  public MapRunPage {
    runs = List.copyOf(runs);
  }

  /**
   * @param position in the list, where a page can begin
   * @param stopDate null while it runs
   */
  public record Listed(
      long position, String mapRunArn, Instant startDate, @Nullable Instant stopDate) {}
}
