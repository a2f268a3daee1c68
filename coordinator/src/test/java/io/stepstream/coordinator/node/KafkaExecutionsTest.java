package io.stepstream.coordinator.node;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.coordinator.admission.Admission;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.coordinator.reply.PendingReplies;
import io.stepstream.coordinator.sealing.Seals;
import io.stepstream.coordinator.shell.LaneCodecs;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.StopExecution;
import io.stepstream.schemas.registry.SchemaRegistry;
import io.stepstream.schemas.topic.LaneTopics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

final class KafkaExecutionsTest {

  private static final String EXECUTION = "arn:aws:states:us-east-1:111111111111:execution:m:run";

  @Test
  void shouldNotWaitForAProducerThatGivesUpNothing() {
    // given a producer that neither writes nor fails, as without brokers
    MockProducer<byte[], byte[]> silent =
        new MockProducer<>(
            false,
            new RoundRobinPartitioner(),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    LaneCodecs codecs =
        LaneCodecs.of(LaneTopics.of(Lane.STANDARD), SchemaRegistry.bundled(), Seals.none());
    KafkaExecutions executions =
        new KafkaExecutions(
            silent,
            codecs,
            codecs,
            new PendingReplies("node"),
            new Admission(System::nanoTime),
            new Admission(System::nanoTime),
            null,
            8,
            Clock.systemUTC(),
            Duration.ofMillis(50));

    // when somebody asks
    CompletableFuture<?> asked =
        executions.ask(EXECUTION, new StopExecution(null, null, Instant.EPOCH));

    // then it is "not now", long before the answer's own time is up
    assertThatThrownBy(() -> asked.get(5, TimeUnit.SECONDS))
        .hasCauseInstanceOf(Unavailable.class)
        .hasMessageContaining("The command was not written in time");
  }
}
