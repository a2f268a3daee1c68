package io.stepstream.coordinator.definition;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.schemas.TopicTrigger;
import io.stepstream.schemas.TriggerFormat;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TriggersTest {

  private final DefinitionsInMemory topic = new DefinitionsInMemory(TestDefinitions::compile);
  private final Triggers triggers = topic.node().resources().triggers();
  private final Triggers others = topic.node().resources().triggers();

  @AfterEach
  void close() {
    topic.close();
  }

  private static TopicTrigger trigger(String name, String filter) {
    return new TopicTrigger(
        name,
        "id",
        "orders",
        "arn:m",
        TriggerFormat.JSON,
        filter,
        null,
        null,
        List.of(5L),
        false,
        Instant.EPOCH,
        Instant.EPOCH);
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static TopicTrigger done(TriggerOutcome outcome) {
    return ((TriggerOutcome.Done) outcome).trigger();
  }

  @Test
  void shouldKeepWhatATriggerIsWhenItIsAskedForAgain() throws Exception {
    TopicTrigger created = done(get(triggers.create(trigger("t", null))));
    TopicTrigger again = trigger("t", null);
    again.setId("another");
    again.setFrom(List.of(9L));

    assertThat(created.getCreationDate()).isAfter(Instant.EPOCH);
    assertThat(done(get(others.create(again)))).isEqualTo(created);
    assertThat(get(others.create(trigger("t", "{% true %}"))))
        .isEqualTo(new TriggerOutcome.AlreadyExists());
    assertThat(get(others.describe("t"))).contains(created);
    assertThat(get(triggers.list())).containsExactly(created);
  }

  @Test
  void shouldNotLoseAChangeInBetween() throws Exception {
    TopicTrigger created = done(get(triggers.create(trigger("t", null))));
    TopicTrigger changed = done(get(triggers.update(created, trigger("t", "{% true %}"))));

    assertThat(changed.getId()).isEqualTo("id");
    assertThat(changed.getFrom()).containsExactly(5L);
    assertThat(changed.getCreationDate()).isEqualTo(created.getCreationDate());
    assertThat(get(others.update(created, trigger("t", "{% false %}"))))
        .isEqualTo(new TriggerOutcome.Outdated());
    assertThat(done(get(others.update(changed, trigger("t", "{% true %}")))))
        .as("nothing is changed")
        .isEqualTo(changed);
    assertThat(get(triggers.update(created, trigger("none", null))))
        .isEqualTo(new TriggerOutcome.NotFound());
  }

  @Test
  void shouldPauseAndDeleteForAllNodes() throws Exception {
    get(triggers.create(trigger("t", null)));

    TopicTrigger paused = done(get(others.pause("t", true)));
    assertThat(paused.getPaused()).isTrue();
    assertThat(done(get(others.pause("t", true)))).isEqualTo(paused);
    Awaitility.await().until(() -> triggers.known(), known -> known.equals(List.of(paused)));
    assertThat(done(get(triggers.pause("t", false))).getPaused()).isFalse();

    assertThat(get(triggers.delete("t"))).isTrue();
    Awaitility.await().until(() -> triggers.known().isEmpty() && others.known().isEmpty());
    assertThat(get(triggers.delete("t"))).isFalse();
    assertThat(get(triggers.pause("t", true))).isEqualTo(new TriggerOutcome.NotFound());
    assertThat(topic.deadLetters).isEmpty();
  }
}
