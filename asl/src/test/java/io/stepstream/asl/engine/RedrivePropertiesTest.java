package io.stepstream.asl.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepstream.asl.history.HistoryEvent;
import io.stepstream.asl.history.HistoryEventType;
import io.stepstream.asl.json.Json;
import io.stepstream.asl.parse.DefinitionReader;
import io.stepstream.asl.parse.DefinitionResult;
import io.stepstream.asl.simulation.SimulatedExecution;
import io.stepstream.asl.source.Format;
import io.stepstream.asl.validate.MachineType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * An execution that is interrupted at random places, in ways that nobody can catch, and redriven
 * each time, comes to what it comes to undisturbed. A failure prints its seed and its definition;
 * {@code -Dstepstream.seed=…} begins there.
 */
class RedrivePropertiesTest {

  private static final int RUNS = 400;
  private static final long FIRST_SEED = Long.getLong("stepstream.seed", 20_261_125L);
  private static final Limits LIMITS = new Limits(7, 300, 2_000, 3);
  private static final Set<HistoryEventType> TERMINAL =
      Set.of(
          HistoryEventType.EXECUTION_SUCCEEDED,
          HistoryEventType.EXECUTION_FAILED,
          HistoryEventType.EXECUTION_ABORTED);

  private int redrives;

  @Test
  void aRedrivenExecutionComesToWhatItComesToUndisturbed() {
    int succeeded = 0;
    for (long seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
      // A timeout of the whole counts anew after each redrive, so the two would differ.
      String definition =
          new RandomMachines(new Random(seed))
              .definition()
              .replaceFirst("^\\{\"TimeoutSeconds\":\\d+,", "{");
      try {
        Effect.Close calm = run(machine(definition), new Random(seed), 0);
        Effect.Close disturbed = run(machine(definition), new Random(seed + 1), 6);
        assertThat(disturbed.execution().status()).isEqualTo(calm.execution().status());
        if (calm.execution().status() == Execution.Status.SUCCEEDED) {
          succeeded++;
          assertThat(Json.equal(Scenario.tree(disturbed.output()), Scenario.tree(calm.output())))
              .as(new String(disturbed.output(), StandardCharsets.UTF_8))
              .isTrue();
        }
      } catch (Throwable failure) {
        throw new AssertionError("seed " + seed + ": " + definition, failure);
      }
    }
    assertThat(succeeded).isGreaterThan(RUNS / 4);
    assertThat(redrives).isGreaterThan(RUNS);
  }

  private Effect.Close run(Machine machine, Random random, int interruptions) {
    SimulatedExecution execution =
        new SimulatedExecution(machine, "us-east-1", LIMITS, 1_800_000_000_000L);
    execution.send(
        new Event.Started(
            "arn:aws:states:us-east-1:111111111111:execution:machine:run",
            "run",
            "arn:aws:states:us-east-1:111111111111:stateMachine:machine",
            "arn:aws:iam::111111111111:role/r",
            false,
            execution.now(),
            "{\"items\":[1,2,3,4],\"n\":4}".getBytes(StandardCharsets.UTF_8),
            null));
    int left = interruptions;
    int attempts = 1;
    for (int step = 0; execution.end() == null; step++) {
      assertThat(step).as("steps").isLessThan(20_000);
      List<Effect.Dispatch> open =
          execution.dispatched().stream().filter(execution::isOpen).toList();
      if (left > 0 && random.nextInt(5) == 0) {
        left--;
        interrupt(execution, open, random);
        attempts++;
        redrives++;
        execution.moveTo(execution.now() + random.nextInt(1_000_000));
        assertThat(execution.send(new Event.RedriveRequested()).rejection()).isNull();
      } else if (open.isEmpty()) {
        execution.fireNextTimer();
      } else {
        answer(execution, open.get(random.nextInt(open.size())), "{\"v\":1}");
      }
    }
    checkHistory(execution.history(), attempts);
    if (execution.end().execution().status() == Execution.Status.SUCCEEDED) {
      assertThat(execution.rows().leftBehind()).isZero();
    }
    return execution.end();
  }

  private static void interrupt(
      SimulatedExecution execution, List<Effect.Dispatch> open, Random random) {
    if (open.isEmpty() || random.nextBoolean()) {
      execution.send(new Event.StopRequested("Stopped", null));
    } else {
      answer(execution, open.get(random.nextInt(open.size())), "{\"cut\":");
    }
    assertThat(execution.end()).as("nobody catches States.Runtime").isNotNull();
  }

  private static void answer(SimulatedExecution execution, Effect.Dispatch task, String json) {
    execution.send(
        new Event.TaskSucceeded(
            task.frameId(), task.epoch(), json.getBytes(StandardCharsets.UTF_8)));
  }

  private static void checkHistory(List<HistoryEvent> history, int attempts) {
    int ends = 0;
    for (int i = 0; i < history.size(); i++) {
      HistoryEvent event = history.get(i);
      assertThat(event.id()).isEqualTo(i + 1L);
      assertThat(event.previousEventId()).isBetween(0L, event.id() - 1);
      if (TERMINAL.contains(event.type())) {
        ends++;
        if (i + 1 < history.size()) {
          assertThat(history.get(i + 1).type()).isEqualTo(HistoryEventType.EXECUTION_REDRIVEN);
        }
      }
    }
    assertThat(ends).as("one terminal event for each attempt").isEqualTo(attempts);
    assertThat(TERMINAL).contains(history.getLast().type());
  }

  private static Machine machine(String definition) {
    return switch (DefinitionReader.read(definition, Format.JSON, MachineType.STANDARD)) {
      case DefinitionResult.Parsed parsed -> Machine.of(parsed.machine());
      case DefinitionResult.Rejected rejected -> throw new AssertionError(rejected.message());
    };
  }
}
