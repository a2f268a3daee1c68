package io.stepstream.worker.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.stepstream.worker.WorkObserver.Ending;
import io.stepstream.worker.WorkObserver.Settled;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerMetersTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final WorkerMeters meters = new WorkerMeters(registry, List.of("q"));

  @ParameterizedTest
  @CsvSource({
    "arn:aws:lambda:us-east-1:111111111111:function:f:1, lambda",
    "arn:aws:states:::lambda:invoke, lambda:invoke",
    "arn:aws:states:::sqs:sendMessage.waitForTaskToken, sqs:sendMessage",
    "arn:aws:states:::states:startExecution.sync:2, states:startExecution",
    "arn:aws:states:::aws-sdk:s3:getObject, aws-sdk:s3:getObject",
    "something of one's own, something of one's own",
  })
  void shouldTellWhatAResourceIsAndNotWhichOne(String resource, String kind) {
    assertThat(WorkerMeters.kind(resource)).isEqualTo(kind);
  }

  @Test
  void shouldCountHandlersWaitsAndSettlements() {
    meters.acquired("q", Duration.ofMillis(300));
    meters.acquired("q", Duration.ofMillis(-5));
    meters.ran("q", "arn:aws:states:::sqs:sendMessage", Ending.FAILED, Duration.ofSeconds(2));
    meters.settled("q", Settled.RELEASED);

    Timer waits = registry.get("stepstream.worker.order.wait").tag("queue", "q").timer();
    assertThat(waits.count()).isEqualTo(2);
    assertThat(waits.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(300);
    Timer runs =
        registry
            .get("stepstream.worker.handler.time")
            .tags("queue", "q", "resource", "sqs:sendMessage", "outcome", "failed")
            .timer();
    assertThat(runs.totalTime(TimeUnit.SECONDS)).isEqualTo(2);
    assertThat(settled("released")).isEqualTo(1);
    assertThat(settled("accepted")).isZero();
  }

  private double settled(String outcome) {
    return registry
        .get("stepstream.worker.orders.settled")
        .tags("queue", "q", "outcome", outcome)
        .counter()
        .count();
  }

  @Test
  void shouldBoundTheNumberOfSeries() {
    for (int i = 0; i < 1_000; i++) {
      meters.ran("q", "custom-" + i, Ending.SUCCEEDED, Duration.ofMillis(1));
    }

    assertThat(registry.find("stepstream.worker.handler.time").timers())
        .hasSizeLessThan(110)
        .satisfies(
            timers -> assertThat(timers.stream().mapToLong(Timer::count).sum()).isEqualTo(1_000));
    assertThat(
            registry
                .get("stepstream.worker.handler.time")
                .tags("resource", "other", "outcome", "succeeded")
                .timer()
                .count())
        .isEqualTo(900);
  }

  @Test
  void shouldHaveItsNamesBeforeTheFirstOrder() {
    assertThat(registry.find("stepstream.worker.orders.settled").counters())
        .hasSize(Settled.values().length)
        .allSatisfy((Counter counter) -> assertThat(counter.count()).isZero());
    assertThat(registry.find("stepstream.worker.handler.time").timers())
        .hasSize(Ending.values().length);
    assertThat(registry.find("stepstream.worker.order.wait").timers()).hasSize(1);
  }
}
