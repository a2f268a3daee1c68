package io.stepstream.coordinator.definition;

import io.stepstream.schemas.AliasRoute;
import io.stepstream.schemas.StateMachineAlias;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The aliases of state machines. Fails as {@link StateMachines} do. */
public final class Aliases {

  private final DefinitionLog log;

  Aliases(DefinitionLog log) {
    this.log = log;
  }

  /**
   * Creates an alias; the same request again gives the alias that is there.
   *
   * @param routes one or two, of different versions, whose weights add up to 100
   */
  public CompletionStage<AliasOutcome> create(
      String stateMachineArn, String name, @Nullable String description, List<AliasRoute> routes) {
    return log.change(
        () ->
            AliasChanges.create(
                stateMachineArn, name, description, routes, log.known(), log.now()));
  }

  /**
   * Changes an alias.
   *
   * @param description null: as it is
   * @param routes null: as they are
   */
  public CompletionStage<AliasOutcome> update(
      String stateMachineArn,
      String name,
      @Nullable String description,
      @Nullable List<AliasRoute> routes) {
    return log.change(
        () ->
            AliasChanges.update(
                stateMachineArn, name, description, routes, log.known(), log.now()));
  }

  /** Deletes an alias; one that isn't there is deleted already. */
  public CompletionStage<Void> delete(String stateMachineArn, String name) {
    return log.change(() -> AliasChanges.delete(stateMachineArn, name, log.known()))
        .thenApply(_ -> null);
  }

  /** An alias; see {@link StateMachines#current} for when it is said not to exist. */
  public CompletionStage<Optional<StateMachineAlias>> describe(
      String stateMachineArn, String name) {
    return log.look(() -> log.known().alias(stateMachineArn, name).map(Defined::value));
  }

  /**
   * The aliases of a machine, the latest first.
   *
   * @param version only those that lead to this version; null: all
   * @param beforeMillis only those created before
   */
  public CompletionStage<DefinitionPage<StateMachineAlias>> list(
      String stateMachineArn, @Nullable Integer version, long beforeMillis, int maxResults) {
    return log.list(
        () ->
            DefinitionPage.of(
                log.known().aliases(stateMachineArn).stream()
                    .filter(alias -> version == null || leadsTo(alias.value(), version))
                    .filter(alias -> alias.value().getCreationDate().toEpochMilli() < beforeMillis)
                    .limit(maxResults + 1L)
                    .toList(),
                maxResults));
  }

  private static boolean leadsTo(StateMachineAlias alias, int version) {
    return alias.getRoutes().stream().anyMatch(route -> route.getVersion() == version);
  }
}
