package io.stepstream.asl.expr;

import org.jspecify.annotations.Nullable;

/** What a JSONPath selects below its root. Immutable. */
sealed interface PathQuery permits ReferencePath, GeneralPath {

  /** The selected value, {@link io.stepstream.asl.json.Json#NULL} included; null if absent. */
  @Nullable Object find(Object root);

  /** Why {@link #find} gave null for this root, in the words of AWS's JSONPath library. */
  String whyAbsent(Object root);
}
