package io.stepstream.loadtests.faults;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.schemas.ExecutionStatus;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an execution comes to, whatever happens to the processes that run it.
 *
 * @param statuses one of them
 * @param output of one that succeeds; null: any
 * @param error of one that doesn't; null: any
 * @param least it takes no less than this, because of its timers
 */
record Expected(
    Set<ExecutionStatus> statuses,
    @Nullable JsonNode output,
    @Nullable String error,
    Duration least) {

  Expected {
    statuses = Set.copyOf(statuses);
  }

  static Expected succeeded(JsonNode output) {
    return new Expected(Set.of(ExecutionStatus.SUCCEEDED), output, null, Duration.ZERO);
  }

  static Expected failed(String error) {
    return new Expected(Set.of(ExecutionStatus.FAILED), null, error, Duration.ZERO);
  }

  static Expected timedOut() {
    return new Expected(Set.of(ExecutionStatus.TIMED_OUT), null, null, Duration.ZERO);
  }

  static Expected anyOf(ExecutionStatus... statuses) {
    return new Expected(Set.of(statuses), null, null, Duration.ZERO);
  }

  Expected takingAtLeast(Duration time) {
    return new Expected(statuses, output, error, time);
  }
}
