package io.stepstream.loadtests;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stepstream.coordinator.definition.CreateOutcome;
import io.stepstream.coordinator.definition.CreateRequest;
import io.stepstream.coordinator.definition.Defined;
import io.stepstream.coordinator.definition.Definitions;
import io.stepstream.coordinator.definition.MachineConfiguration;
import io.stepstream.schemas.StateMachineRevision;
import io.stepstream.schemas.registry.SchemaRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Defines machines of the engine to put load on.
 *
 * @param stateDirectory of the coordinator
 * @param itemsDone the items of Maps whose results are written
 */
record Pipelines(
    Definitions definitions,
    SchemaRegistry registry,
    BenchSettings settings,
    Path stateDirectory,
    LongSupplier itemsDone) {

  /**
   * Defines a machine, once.
   *
   * @param members of the request, beside name, definition and role
   */
  EnginePipeline define(String name, Machine kind, ObjectNode members) throws InterruptedException {
    CreateRequest request =
        new CreateRequest(
            "arn:aws:states:us-east-1:000000000000:stateMachine:" + name,
            name,
            kind.lane(),
            "arn:aws:iam::000000000000:role/bench",
            kind.definition().getBytes(StandardCharsets.UTF_8),
            MachineConfiguration.of(members),
            List.of(),
            null);
    try {
      CreateOutcome outcome =
          definitions
              .resources()
              .machines()
              .create(request)
              .toCompletableFuture()
              .get(30, TimeUnit.SECONDS);
      if (!(outcome instanceof CreateOutcome.Created)) {
        throw new BenchFailure("The state machine could not be created: " + outcome);
      }
      Defined<StateMachineRevision> machine =
          definitions
              .resources()
              .machines()
              .current(request.stateMachineArn())
              .toCompletableFuture()
              .get(30, TimeUnit.SECONDS)
              .orElseThrow();
      return new EnginePipeline(
          "engine, " + name,
          machine,
          settings.partitions(),
          Inputs.of(settings.payloadBytes()),
          stateDirectory,
          itemsDone,
          registry);
    } catch (ExecutionException | TimeoutException e) {
      throw new BenchFailure("The state machine could not be created: " + e, e);
    }
  }
}
