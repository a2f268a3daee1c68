package io.stepstream.coordinator.node;

import io.stepstream.asl.engine.Machine;
import io.stepstream.coordinator.definition.DefinitionCatalogue;
import io.stepstream.coordinator.executionlog.ExecutionLogging;
import io.stepstream.coordinator.shell.Definitions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The catalogue as the shell sees it. */
final class CatalogueDefinitions implements Definitions {

  private final DefinitionCatalogue catalogue;
  private final boolean logs;

  /**
   * @param logs false: nothing is logged, whatever machines ask for
   */
  CatalogueDefinitions(DefinitionCatalogue catalogue, boolean logs) {
    this.catalogue = catalogue;
    this.logs = logs;
  }

  @Override
  public @Nullable Runnable find(String stateMachineArn, String revisionId) {
    return catalogue
        .find(stateMachineArn, revisionId)
        .map(
            found ->
                new Runnable(
                    found.revision(),
                    new Machine(found.machine(), found.flows()),
                    new Telling(logs ? found.logging() : ExecutionLogging.OFF, found.traced())))
        .orElse(null);
  }

  @Override
  public Optional<Startable> startable(String arn) {
    return catalogue
        .startable(arn)
        .flatMap(
            startable ->
                switch (startable) {
                  case io.stepstream.coordinator.definition.Startable.Revision(
                          var revision,
                          long offset,
                          var startedBy) ->
                      Optional.of(new Startable(revision, offset, startedBy));
                  case io.stepstream.coordinator.definition.Startable.Deleting() ->
                      Optional.empty();
                });
  }

  @Override
  public long position() {
    return catalogue.position();
  }

  @Override
  public boolean catchUp(Duration timeout) {
    try {
      catalogue.catchUp().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException | TimeoutException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
