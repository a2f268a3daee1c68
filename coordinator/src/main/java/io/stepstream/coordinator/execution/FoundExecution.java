package io.stepstream.coordinator.execution;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An execution that was found.
 *
 * @param cause the beginning of it
 * @param partlyIndexed which of {@code input} and {@code output} is not wholly in the index
 */
public record FoundExecution(
    ListedExecution execution,
    @Nullable String error,
    @Nullable String cause,
    List<String> partlyIndexed) {

  public FoundExecution {
    partlyIndexed = List.copyOf(partlyIndexed);
  }
}
