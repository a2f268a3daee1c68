package io.stepstream.coordinator.trigger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.coordinator.definition.AslCompiler;
import io.stepstream.coordinator.definition.CreateOutcome;
import io.stepstream.coordinator.definition.CreateRequest;
import io.stepstream.coordinator.definition.DefinitionsInMemory;
import io.stepstream.coordinator.definition.MachineConfiguration;
import io.stepstream.coordinator.definition.TestDefinitions;
import io.stepstream.coordinator.execution.InMemoryExecutions;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.TopicTrigger;
import io.stepstream.schemas.TriggerFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TriggerStartsTest {

  private final DefinitionsInMemory definitions = new DefinitionsInMemory(new AslCompiler());
  private final DefinitionsInMemory.Node node = definitions.node();
  private final InMemoryExecutions executions = new InMemoryExecutions();
  private final TriggerStarts starts = new TriggerStarts(node.machines(), executions);
  private final TopicTrigger trigger = Records.trigger(TriggerFormat.JSON, null, null, null);

  @AfterEach
  void close() {
    definitions.close();
  }

  private StartResult start(String name, String input) throws Exception {
    return begin(name, input).get(10, TimeUnit.SECONDS);
  }

  private CompletableFuture<StartResult> begin(String name, String input) {
    return starts
        .start(
            trigger,
            Records.record(1, input),
            new RecordVerdict.Start(name, input.getBytes(UTF_8), "{}".getBytes(UTF_8)))
        .orElseThrow();
  }

  private void createMachine() throws Exception {
    CreateRequest request =
        new CreateRequest(
            Records.MACHINE,
            "m",
            Lane.STANDARD,
            "arn:aws:iam::111111111111:role/r",
            TestDefinitions.PASS.getBytes(UTF_8),
            MachineConfiguration.of(JsonNodeFactory.instance.objectNode()),
            List.of(),
            null);
    assertThat(node.machines().create(request).toCompletableFuture().get(10, TimeUnit.SECONDS))
        .isInstanceOf(CreateOutcome.Created.class);
  }

  @Test
  void shouldStartUnderTheNameAndTellWhenItIsTaken() throws Exception {
    createMachine();

    assertThat(start("a", "{}")).isEqualTo(new StartResult.Started());
    assertThat(start("a", "{}")).isEqualTo(new StartResult.Started());
    assertThat(start("a", "[]"))
        .isEqualTo(
            new StartResult.NameTaken(
                Records.MACHINE.replace(":stateMachine:", ":execution:") + ":a"));
    assertThat(
            executions
                .describe(Records.MACHINE.replace(":stateMachine:", ":execution:") + ":a")
                .toCompletableFuture()
                .get())
        .isPresent();
  }

  @Test
  void shouldWaitForTheMachineAndForRoom() throws Exception {
    assertThat(start("a", "{}"))
        .isEqualTo(new StartResult.NotNow(Records.MACHINE + " does not exist"));
    createMachine();
    executions.throttle(true);
    assertThat(start("a", "{}")).isInstanceOf(StartResult.NotNow.class);
    executions.throttle(false);
    executions.failWith(new Unavailable("away", Duration.ofSeconds(1)));
    assertThat(start("a", "{}")).isEqualTo(new StartResult.NotNow("away"));
    executions.failWith(new IllegalStateException("a bug"));
    assertThat(start("a", "{}")).isEqualTo(new StartResult.NotNow("a bug"));
    executions.failWith(null);
    assertThat(start("a", "{}")).isEqualTo(new StartResult.Started());
    node.machines().delete(Records.MACHINE).toCompletableFuture().get();
    assertThat(start("b", "{}"))
        .isEqualTo(new StartResult.NotNow(Records.MACHINE + " is being deleted"));
  }

  @Test
  void shouldGiveRoomBackWhateverBecomesOfAStart() throws Exception {
    List<CompletableFuture<StartResult>> begun = new ArrayList<>();
    for (int i = 0; i < 2 * TriggerStarts.MOST_UNDER_WAY; i++) {
      begun.add(begin("n" + i, "{}"));
      begun.getLast().get(10, TimeUnit.SECONDS);
    }
    assertThat(begun).allMatch(CompletableFuture::isDone);
  }
}
