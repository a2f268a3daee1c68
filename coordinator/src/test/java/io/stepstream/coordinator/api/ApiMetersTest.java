package io.stepstream.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.stepstream.coordinator.api.protocol.Answer;
import io.stepstream.coordinator.api.protocol.Refusals;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ApiMetersTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ApiMeters meters = new ApiMeters(registry);

  private void answered(String target, Answer answer) {
    meters.answered(target, HttpAnswer.of("id", answer), Duration.ofMillis(5).toNanos());
  }

  private long count(String action, String outcome) {
    return registry
        .get("stepstream.api.calls")
        .tags("service_metric", action, "outcome", outcome)
        .timer()
        .count();
  }

  private int timers() {
    return registry.find("stepstream.api.calls").timers().size();
  }

  @Test
  void shouldTellWhoseFaultARefusalIs() {
    String start = "AWSStepFunctions.StartExecution";
    answered(start, Refusals.throttled());
    answered(start, Refusals.validation("ThrottlingException, says the caller"));
    answered(start, Refusals.tooLarge(5));
    answered(start, Refusals.unavailable("later", Duration.ofSeconds(1)));
    answered(start, Refusals.internalFailure("id"));

    assertThat(count("StartExecution", "throttled")).isEqualTo(1);
    assertThat(count("StartExecution", "refused")).isEqualTo(2);
    assertThat(count("StartExecution", "unavailable")).isEqualTo(1);
    assertThat(count("StartExecution", "failed")).isEqualTo(1);
    assertThat(count("StartExecution", "succeeded")).isZero();
  }

  @Test
  void shouldNotMakeSeriesOfWhatCallersMakeUp() {
    int before = timers();
    for (String target :
        List.of("AWSStepFunctions.Nonsense", "AWSStepFunctions.", "x", "AWSStepFunctions.More")) {
      answered(target, Refusals.unknownOperation("no"));
    }
    meters.answered(null, HttpAnswer.of("id", Refusals.unknownOperation("no")), 1);

    assertThat(count("unknown", "refused")).isEqualTo(5);
    assertThat(timers()).isEqualTo(before + 1);
  }
}
