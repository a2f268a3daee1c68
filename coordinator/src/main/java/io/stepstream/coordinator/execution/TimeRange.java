package io.stepstream.coordinator.execution;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of time; null: open on that side.
 *
 * @param from included
 * @param before not included
 */
public record TimeRange(@Nullable Instant from, @Nullable Instant before) {

  /** Always. */
  public static final TimeRange ANY = new TimeRange(null, null);
}
