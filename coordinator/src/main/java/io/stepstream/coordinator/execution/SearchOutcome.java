package io.stepstream.coordinator.execution;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a search ended. */
public sealed interface SearchOutcome {

  /**
   * A stretch of what matches.
   *
   * @param more whether others follow
   * @param total of all that match, on all pages
   * @param lowerBound whether there may be more than {@code total}: beyond it nobody counted
   * @param partlyIndexed executions in the whole index whose input or output is not wholly in it
   * @param asOf what was committed before this is in the index; null: nobody knows yet
   */
  record Found(
      List<FoundExecution> executions,
      boolean more,
      long total,
      boolean lowerBound,
      long partlyIndexed,
      @Nullable Instant asOf)
      implements SearchOutcome {

    public Found {
      executions = List.copyOf(executions);
    }
  }

  /**
   * The text is not in the query language.
   *
   * @param at where in the text, counted from 1
   * @param mend what to write in its place
   */
  record Malformed(int at, String what, String mend) implements SearchOutcome {}

  /** It took longer than a search may. */
  record TooSlow() implements SearchOutcome {}
}
