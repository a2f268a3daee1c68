package io.stepstream.coordinator.definition;

import io.stepstream.schemas.StateMachineVersion;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The versions of state machines. Fails as {@link StateMachines} do. */
public final class Versions {

  private final DefinitionLog log;

  Versions(DefinitionLog log) {
    this.log = log;
  }

  /**
   * Publishes a machine's current revision, unless it has a version.
   *
   * @param revisionId the revision that the caller means, as it knows it; null: the current one
   */
  public CompletionStage<PublishOutcome> publish(
      String stateMachineArn, @Nullable String revisionId, Publication publication) {
    return log.change(
        () ->
            VersionChanges.publish(
                stateMachineArn, revisionId, publication, log.known(), log.now()));
  }

  /**
   * Deletes a version, unless aliases need it.
   *
   * @return names of those aliases; empty: it is deleted, or was not there
   */
  public CompletionStage<List<String>> delete(String stateMachineArn, int number) {
    return log.change(() -> VersionChanges.delete(stateMachineArn, number, log.known()));
  }

  /**
   * The versions of a machine, the latest first. None of a machine that isn't there.
   *
   * @param before only those with a lower number
   */
  public CompletionStage<DefinitionPage<StateMachineVersion>> list(
      String stateMachineArn, long before, int maxResults) {
    return log.list(
        () ->
            DefinitionPage.of(
                log.known().versions(stateMachineArn).stream()
                    .filter(version -> !version.value().getDeleted())
                    .filter(version -> version.value().getNumber() < before)
                    .limit(maxResults + 1L)
                    .toList(),
                maxResults));
  }
}
