package io.stepstream.testkit.conformance;

import io.stepstream.asl.engine.Event;
import io.stepstream.asl.engine.Execution;
import io.stepstream.asl.engine.Machine;
import io.stepstream.asl.history.HistoryJson;
import io.stepstream.asl.parse.DefinitionReader;
import io.stepstream.asl.parse.DefinitionResult;
import io.stepstream.asl.simulation.Outcome;
import io.stepstream.asl.simulation.SimulatedObjects;
import io.stepstream.asl.simulation.Simulation;
import io.stepstream.asl.source.Format;
import io.stepstream.asl.validate.MachineType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A recorded execution, run in memory.
 *
 * @param verdict how it compares with its recording
 * @param lasted how long, by the simulated clock
 * @param functions the names of the functions that its tasks called
 */
public record InMemoryRun(Verdict verdict, Duration lasted, Set<String> functions) {

  private static final Instant START = Instant.parse("2025-06-01T12:00:00.123Z");

  /** The suite deletes the activity before it starts the execution, which the case doesn't say. */
  private static final String ACTIVITY_IS_DELETED = "activities.activity_task_on_deleted";

  /** Runs it. A definition that is refused, or a run that breaks, is a verdict too. */
  public static InMemoryRun of(RecordedCase recorded) {
    DefinitionResult read =
        DefinitionReader.read(recorded.definition(), Format.JSON, recorded.machineType());
    return switch (read) {
      case DefinitionResult.Rejected rejected -> broken(recorded, rejected.message());
      case DefinitionResult.Parsed parsed -> {
        try {
          yield run(recorded, Machine.of(parsed.machine()));
        } catch (RuntimeException e) {
          yield broken(recorded, "the run broke: " + e);
        }
      }
    };
  }

  private static InMemoryRun broken(RecordedCase recorded, String why) {
    return new InMemoryRun(ExecutionComparison.broken(recorded, why), Duration.ZERO, Set.of());
  }

  private static InMemoryRun run(RecordedCase recorded, Machine machine) {
    RecordedWorld world = new RecordedWorld(recorded);
    Set<String> functions = new TreeSet<>();
    Simulation simulation =
        Simulation.of(
                machine,
                attempt -> {
                  if (attempt.function() != null) {
                    functions.add(attempt.function());
                  }
                  return world.attempt(attempt);
                })
            .withObjects(objects(recorded))
            .withActivities(_ -> !recorded.id().equals(ACTIVITY_IS_DELETED));
    if ("RUNNING".equals(recorded.expect().get("status"))) {
      simulation = simulation.withLongest(Duration.ofDays(1));
    }
    Outcome outcome =
        simulation.run(
            new Event.Started(
                recorded.executionArn(),
                recorded.executionName(),
                recorded.machineArn(),
                recorded.roleArn(),
                recorded.machineType() == MachineType.EXPRESS,
                START.toEpochMilli(),
                recorded.inputText(START).getBytes(StandardCharsets.UTF_8),
                null),
            stops(recorded));
    return new InMemoryRun(
        ExecutionComparison.of(recorded, result(outcome)),
        Duration.between(START, outcome.at()),
        functions);
  }

  private static ExecutionResult result(Outcome outcome) {
    byte[] output = outcome.output();
    return new ExecutionResult(
        outcome.status().name(),
        output == null ? null : new String(output, StandardCharsets.UTF_8),
        outcome.error(),
        outcome.cause(),
        outcome.history().stream().map(HistoryJson::of).toList(),
        outcome.status() == Execution.Status.RUNNING ? outcome.waitsFor() : List.of());
  }

  /** What the suite put into buckets before it started the execution. */
  private static SimulatedObjects objects(RecordedCase recorded) {
    SimulatedObjects objects = new SimulatedObjects();
    for (Object each : recorded.list("fixtures")) {
      Map<?, ?> fixture = (Map<?, ?>) each;
      if ("s3_create_bucket".equals(fixture.get("fixture"))
          && fixture.get("kwargs") instanceof Map<?, ?> arguments) {
        objects.bucket(String.valueOf(arguments.get("Bucket")));
      }
    }
    for (Object each : recorded.list("setupCalls")) {
      Map<?, ?> call = (Map<?, ?>) each;
      if ("put_object".equals(call.get("operation"))
          && call.get("params") instanceof Map<?, ?> object) {
        objects.put(
            String.valueOf(object.get("Bucket")),
            String.valueOf(object.get("Key")),
            String.valueOf(object.get("Body")).getBytes(StandardCharsets.UTF_8));
      }
    }
    return objects;
  }

  private static List<Simulation.Happening> stops(RecordedCase recorded) {
    return recorded.isStopped()
        ? List.of(
            new Simulation.Happening(Duration.ofSeconds(1), new Event.StopRequested(null, null)))
        : List.of();
  }
}
