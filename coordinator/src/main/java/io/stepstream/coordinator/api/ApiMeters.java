package io.stepstream.coordinator.api;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.stepstream.coordinator.api.protocol.Constraints;
import io.stepstream.coordinator.api.protocol.Refusals;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How often actions are called, what comes of it and how long it takes. A call that one node hands
 * on to another counts where it came in.
 */
@Singleton
final class ApiMeters {

  private static final String TARGET = "AWSStepFunctions.";
  private static final byte[] THROTTLED = HttpAnswer.of("", Refusals.throttled()).body();
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(10),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5)
  };

  private enum Outcome {
    SUCCEEDED,
    /** The caller's fault. */
    REFUSED,
    THROTTLED,
    /** It may be tried again. */
    UNAVAILABLE,
    /** Our fault. */
    FAILED
  }

  private record Kind(String action, Outcome outcome) {}

  private final MeterRegistry registry;
  private final Set<String> actions = Constraints.load().actions();
  private final Map<Kind, Timer> timers = new ConcurrentHashMap<>();

  ApiMeters(MeterRegistry registry) {
    this.registry = registry;
    for (Outcome outcome : Outcome.values()) {
      timer(new Kind("StartExecution", outcome));
    }
  }

  /**
   * @param target of the call, which may name anything
   */
  void answered(@Nullable String target, HttpAnswer answer, long nanos) {
    String action =
        target != null && target.startsWith(TARGET) ? target.substring(TARGET.length()) : "";
    timer(new Kind(actions.contains(action) ? action : "unknown", outcome(answer)))
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  private static Outcome outcome(HttpAnswer answer) {
    if (answer.status() < 400) {
      return Outcome.SUCCEEDED;
    }
    if (answer.status() == 503) {
      return Outcome.UNAVAILABLE;
    }
    if (answer.status() >= 500) {
      return Outcome.FAILED;
    }
    return Arrays.equals(answer.body(), THROTTLED) ? Outcome.THROTTLED : Outcome.REFUSED;
  }

  private Timer timer(Kind kind) {
    return timers.computeIfAbsent(
        kind,
        _ ->
            Timer.builder("stepstream.api.calls")
                .description("Calls of AWS's actions")
                .tags(
                    "service_metric",
                    kind.action(),
                    "outcome",
                    kind.outcome().name().toLowerCase(Locale.ROOT))
                .serviceLevelObjectives(BUCKETS)
                .register(registry));
  }
}
