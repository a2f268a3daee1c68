package io.stepstream.coordinator.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.WorkerAnnouncement;
import io.stepstream.schemas.topic.Topics;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskRoutesTest {

  private final TaskRoutes routes = new TaskRoutes();

  private void announce(String queue, String... functions) {
    routes.announced(new WorkerAnnouncement("pool", queue, List.of(functions), "1", Instant.EPOCH));
  }

  @Test
  void shouldLeadAFunctionToTheQueueThatWasAnnouncedLast() {
    assertThat(routes.queueOf("greet")).isEqualTo(TaskRoutes.DEFAULT_QUEUE);
    assertThat(routes.queueOf(null)).isEqualTo(TaskRoutes.DEFAULT_QUEUE);

    announce("first", "greet");
    announce("second", "greet", "part");

    assertThat(routes.queueOf("greet")).isEqualTo("second");
  }

  @Test
  void shouldLeadNoFunctionToTheQueueOfDistributedMaps() {
    announce(TaskRoutes.DEFAULT_QUEUE, "greet");
    announce(Topics.STORAGE_QUEUE, "greet");

    assertThat(routes.queueOf("greet")).isEqualTo(TaskRoutes.DEFAULT_QUEUE);
  }
}
