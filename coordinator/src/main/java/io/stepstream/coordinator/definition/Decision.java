package io.stepstream.coordinator.definition;

import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a change of the definitions comes to. Decided by pure functions of what is known and what is
 * asked for, so that it can be decided again when another node was faster.
 */
sealed interface Decision<T> {

  /** There is nothing to write. */
  record Settled<T>(T outcome) implements Decision<T> {}

  /** What is to be written, at least one row, and the outcome once it is. */
  record Write<T>(List<Row> rows, T outcome) implements Decision<T> {}

  /**
   * @param body of a {@code DefinitionRecord}; null: the key is to be forgotten
   */
  record Row(String key, @Nullable SpecificRecord body) {}
}
