package io.stepstream.coordinator.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.coordinator.shell.CoordinatorTopology;
import io.stepstream.schemas.topic.TopicLayout;
import io.stepstream.schemas.tracing.Sampling;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

final class ClientsTest {

  private static Clients clients(Map<String, String> kafka) {
    return new Clients(
        new NodeSettings(
            "127.0.0.1:1",
            Path.of("state"),
            new TopicLayout(8, 4, 1, 1),
            2,
            0,
            "us-east-1",
            true,
            true,
            false,
            Sampling.NONE,
            null,
            kafka),
        "1");
  }

  @Test
  void shouldLetSettingsOfStreamsOverrideOurs() {
    Clients clients = clients(Map.of("streams.poll.ms", "50", "streams.producer.linger.ms", "2"));

    for (Properties lane : new Properties[] {clients.standardLane(), clients.expressLane()}) {
      assertThat(lane).containsEntry("poll.ms", "50").containsEntry("producer.linger.ms", "2");
      assertThat(lane.stringPropertyNames()).noneMatch(key -> key.startsWith("streams."));
    }
  }

  @Test
  void shouldKeepWhatMakesALaneALane() {
    Clients clients = clients(Map.of("streams.processing.guarantee", StreamsConfig.AT_LEAST_ONCE));

    assertThat(clients.standardLane())
        .containsEntry("processing.guarantee", StreamsConfig.EXACTLY_ONCE_V2);
    assertThat(clients.expressLane())
        .containsEntry("processing.guarantee", StreamsConfig.AT_LEAST_ONCE)
        .containsEntry("main.consumer.isolation.level", "read_committed");
  }

  @Test
  void shouldForgetStoresThatAreOlderThanTheDeletionsInTheirChangelogs() {
    for (Properties lane :
        new Properties[] {clients(Map.of()).standardLane(), clients(Map.of()).expressLane()}) {
      assertThat(Long.parseLong(lane.getProperty("state.cleanup.dir.max.age.ms")))
          .isPositive()
          .isLessThan(CoordinatorTopology.DELETIONS_KEPT.toMillis());
    }
  }

  @Test
  void shouldHandOtherSettingsToEveryClient() {
    assertThat(clients(Map.of("security.protocol", "SSL")).expressLane())
        .containsEntry("security.protocol", "SSL");
  }
}
