package io.stepstream.coordinator.definition;

import io.stepstream.schemas.AliasRoute;
import io.stepstream.schemas.StateMachineAlias;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What changes of aliases come to. */
final class AliasChanges {

  /** AWS's quota. */
  private static final int MOST_ALIASES = 100;

  private AliasChanges() {}

  static Decision<AliasOutcome> create(
      String stateMachineArn,
      String name,
      @Nullable String description,
      List<AliasRoute> routes,
      DefinitionIndex known,
      Instant now) {
    if (MachineChanges.isDeleting(known, stateMachineArn)) {
      return new Decision.Settled<>(new AliasOutcome.Deleting());
    }
    if (lacksVersion(stateMachineArn, routes, known)) {
      return new Decision.Settled<>(new AliasOutcome.NotFound());
    }
    List<Defined<StateMachineAlias>> all = known.aliases(stateMachineArn);
    Optional<Defined<StateMachineAlias>> existing = known.alias(stateMachineArn, name);
    if (existing.isPresent()) {
      StateMachineAlias alias = existing.get().value();
      boolean same =
          Objects.equals(alias.getDescription(), description) && alias.getRoutes().equals(routes);
      return new Decision.Settled<>(
          same ? new AliasOutcome.Done(alias) : new AliasOutcome.AlreadyExists());
    }
    if (all.size() >= MOST_ALIASES) {
      return new Decision.Settled<>(new AliasOutcome.TooManyAliases());
    }
    // Each later than the one before, since lists are cut between two moments.
    Instant latest = all.isEmpty() ? Instant.EPOCH : all.getFirst().value().getCreationDate();
    Instant created = now.isAfter(latest) ? now : latest.plusMillis(1);
    return write(
        new StateMachineAlias(stateMachineArn, name, description, routes, created, created));
  }

  /**
   * @param description null: as it is
   * @param routes null: as they are
   */
  static Decision<AliasOutcome> update(
      String stateMachineArn,
      String name,
      @Nullable String description,
      @Nullable List<AliasRoute> routes,
      DefinitionIndex known,
      Instant now) {
    if (MachineChanges.isDeleting(known, stateMachineArn)) {
      return new Decision.Settled<>(new AliasOutcome.Deleting());
    }
    Optional<Defined<StateMachineAlias>> existing = known.alias(stateMachineArn, name);
    if (existing.isEmpty() || routes != null && lacksVersion(stateMachineArn, routes, known)) {
      return new Decision.Settled<>(new AliasOutcome.NotFound());
    }
    StateMachineAlias before = existing.get().value();
    StateMachineAlias after =
        new StateMachineAlias(
            stateMachineArn,
            name,
            description == null ? before.getDescription() : description,
            Objects.requireNonNullElse(routes, before.getRoutes()),
            before.getCreationDate(),
            now);
    boolean same =
        Objects.equals(after.getDescription(), before.getDescription())
            && after.getRoutes().equals(before.getRoutes());
    return same ? new Decision.Settled<>(new AliasOutcome.Done(before)) : write(after);
  }

  /** One that isn't there is deleted already. True: it was there. */
  static Decision<Boolean> delete(String stateMachineArn, String name, DefinitionIndex known) {
    return known.alias(stateMachineArn, name).isEmpty()
        ? new Decision.Settled<>(false)
        : new Decision.Write<>(
            List.of(new Decision.Row(DefinitionKeys.qualified(stateMachineArn, name), null)), true);
  }

  private static boolean lacksVersion(
      String stateMachineArn, List<AliasRoute> routes, DefinitionIndex known) {
    return routes.stream()
        .anyMatch(route -> known.version(stateMachineArn, route.getVersion()).isEmpty());
  }

  private static Decision<AliasOutcome> write(StateMachineAlias alias) {
    return new Decision.Write<>(
        List.of(
            new Decision.Row(
                DefinitionKeys.qualified(alias.getStateMachineArn(), alias.getName()), alias)),
        new AliasOutcome.Done(alias));
  }
}
