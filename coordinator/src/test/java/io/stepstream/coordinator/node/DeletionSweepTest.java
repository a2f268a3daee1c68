package io.stepstream.coordinator.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.stepstream.coordinator.definition.AslCompiler;
import io.stepstream.coordinator.definition.CreateOutcome;
import io.stepstream.coordinator.definition.CreateRequest;
import io.stepstream.coordinator.definition.DefinitionsInMemory;
import io.stepstream.coordinator.definition.MachineConfiguration;
import io.stepstream.coordinator.definition.Startable;
import io.stepstream.coordinator.definition.StateMachines;
import io.stepstream.coordinator.execution.ExecutionDescription;
import io.stepstream.coordinator.execution.InMemoryExecutions;
import io.stepstream.coordinator.execution.InMemoryLists;
import io.stepstream.coordinator.execution.ListedExecution;
import io.stepstream.coordinator.execution.StartRequest;
import io.stepstream.coordinator.execution.Unavailable;
import io.stepstream.schemas.ExecutionStatus;
import io.stepstream.schemas.Lane;
import io.stepstream.schemas.StateMachineRevision;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How deletions of machines come to their end. */
class DeletionSweepTest {

  private static final String MACHINE = "arn:aws:states:us-east-1:111111111111:stateMachine:m";
  private static final String EXECUTION = "arn:aws:states:us-east-1:111111111111:execution:m:e";
  private static final String PASS =
      "{\"StartAt\":\"S\",\"States\":{\"S\":{\"Type\":\"Pass\",\"End\":true}}}";

  private final DefinitionsInMemory topic = new DefinitionsInMemory(new AslCompiler());
  private final StateMachines machines = topic.node().machines();
  private final InMemoryExecutions executions = new InMemoryExecutions();
  private final InMemoryLists lists = new InMemoryLists();
  private Duration ahead = Duration.ZERO;
  private final Clock clock =
      ((InstantSource) () -> Instant.now().plus(ahead)).withZone(ZoneOffset.UTC);
  private final DeletionSweep sweep = new DeletionSweep(machines, lists, executions, clock);

  @AfterEach
  void close() {
    sweep.close();
    topic.close();
  }

  private StateMachineRevision machine(Lane lane) {
    CreateOutcome outcome =
        machines
            .create(
                new CreateRequest(
                    MACHINE,
                    "m",
                    lane,
                    "arn:aws:iam::111111111111:role/r",
                    PASS.getBytes(UTF_8),
                    MachineConfiguration.of(JsonNodeFactory.instance.objectNode()),
                    List.of(),
                    null))
            .toCompletableFuture()
            .join();
    return ((CreateOutcome.Created) outcome).revision();
  }

  private void delete() {
    machines.delete(MACHINE).toCompletableFuture().join();
  }

  private boolean isDeleting() {
    return machines
        .startable(MACHINE)
        .toCompletableFuture()
        .join()
        .filter(Startable.Deleting.class::isInstance)
        .isPresent();
  }

  private boolean hasRevision(StateMachineRevision revision) {
    return machines
        .revision(MACHINE, revision.getRevisionId())
        .toCompletableFuture()
        .join()
        .isPresent();
  }

  private void list(ExecutionStatus status) {
    lists.add(
        new ListedExecution(
            1, EXECUTION, MACHINE, status, Instant.EPOCH, null, 0, null, null, null, null));
  }

  @Test
  void shouldForgetAStandardMachineOnceNothingRuns() {
    StateMachineRevision revision = machine(Lane.STANDARD);
    delete();

    sweep.sweep();
    assertThat(isDeleting()).as("a start may be on its way").isTrue();

    ahead = DeletionSweep.SETTLED.plusSeconds(1);
    sweep.sweep();
    assertThat(isDeleting()).isFalse();
    assertThat(hasRevision(revision)).isFalse();
    assertThat(machines.deletions()).isEmpty();
  }

  @Test
  void shouldStopWhatRunsAndKeepTheRevisionUntilItHasEnded() {
    StateMachineRevision revision = machine(Lane.STANDARD);
    executions
        .start(new StartRequest(revision, 0, null, "e", "{}".getBytes(UTF_8), null, null))
        .toCompletableFuture()
        .join();
    list(ExecutionStatus.RUNNING);
    delete();
    ahead = DeletionSweep.SETTLED.plusSeconds(1);

    sweep.sweep();

    ExecutionDescription stopped =
        executions.describe(EXECUTION).toCompletableFuture().join().orElseThrow();
    assertThat(stopped.status()).isEqualTo(ExecutionStatus.ABORTED);
    assertThat(stopped.error()).isEqualTo(DeletionSweep.ERROR);
    assertThat(hasRevision(revision)).isTrue();
    assertThat(isDeleting()).isTrue();
  }

  @Test
  void shouldKeepRevisionsOfExpressMachinesAsLongAsExecutionsCanRun() {
    StateMachineRevision first = machine(Lane.EXPRESS);
    delete();
    assertThat(isDeleting()).as("the name is free at once").isFalse();
    StateMachineRevision second = machine(Lane.EXPRESS);

    ahead = DeletionSweep.EXPRESS_OVER.minusSeconds(10);
    sweep.sweep();
    assertThat(hasRevision(first)).isTrue();

    ahead = DeletionSweep.EXPRESS_OVER.plusSeconds(1);
    sweep.sweep();
    assertThat(hasRevision(first)).isFalse();
    assertThat(hasRevision(second)).isTrue();
  }

  @Test
  void shouldTryAgainAfterAnOutage() {
    StateMachineRevision revision = machine(Lane.STANDARD);
    list(ExecutionStatus.RUNNING);
    delete();
    executions.failWith(new Unavailable("a partition moves", Duration.ofSeconds(1)));

    sweep.sweep();

    assertThat(hasRevision(revision)).isTrue();
    assertThat(machines.deletions()).hasSize(1);
  }
}
