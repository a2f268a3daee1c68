package io.stepstream.coordinator.api.protocol;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A shape of AWS's model: what a value must look like. */
sealed interface Shape {

  /**
   * @param minimum fewest characters, 0 if there is no bound
   * @param sensitive the value must not appear in messages
   */
  record Text(
      int minimum, int maximum, Optional<Pattern> pattern, List<String> values, boolean sensitive)
      implements Shape {}

  record Whole(@Nullable BigDecimal minimum, @Nullable BigDecimal maximum) implements Shape {}

  record Decimal(@Nullable BigDecimal minimum, @Nullable BigDecimal maximum) implements Shape {}

  record Flag() implements Shape {}

  record Items(Shape item, int minimum, int maximum) implements Shape {}

  record Structure(Map<String, Shape> members, Set<String> required) implements Shape {}
}
