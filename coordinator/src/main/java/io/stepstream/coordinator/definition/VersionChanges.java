package io.stepstream.coordinator.definition;

import io.stepstream.schemas.StateMachineRevision;
import io.stepstream.schemas.StateMachineVersion;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What changes of versions come to. */
final class VersionChanges {

  /** AWS's quota. */
  private static final int MOST_VERSIONS = 1000;

  private VersionChanges() {}

  /**
   * @param revisionId the revision that the caller means; null: whatever is the current one
   */
  static Decision<PublishOutcome> publish(
      String stateMachineArn,
      @Nullable String revisionId,
      Publication publication,
      DefinitionIndex known,
      Instant now) {
    Optional<Defined<StateMachineRevision>> current = known.current(stateMachineArn);
    if (current.isEmpty()) {
      return new Decision.Settled<>(
          MachineChanges.isDeleting(known, stateMachineArn)
              ? new PublishOutcome.Deleting()
              : new PublishOutcome.NoSuchMachine());
    }
    StateMachineRevision revision = current.get().value();
    String named = RevisionIds.named(revision);
    if (revisionId != null && !revisionId.equals(named)) {
      return new Decision.Settled<>(new PublishOutcome.AnotherRevision(named));
    }
    Optional<StateMachineVersion> published = ofRevision(known, revision);
    if (published.isPresent()) {
      return new Decision.Settled<>(new PublishOutcome.Published(published.get()));
    }
    if (isFull(known, stateMachineArn)) {
      return new Decision.Settled<>(new PublishOutcome.TooManyVersions());
    }
    StateMachineVersion version = next(known, revision, publication, now);
    return new Decision.Write<>(List.of(row(version)), new PublishOutcome.Published(version));
  }

  /** The latest version of a revision that has not been deleted. */
  static Optional<StateMachineVersion> ofRevision(
      DefinitionIndex known, StateMachineRevision revision) {
    return known.versions(revision.getStateMachineArn()).stream()
        .map(Defined::value)
        .filter(version -> !version.getDeleted())
        .filter(version -> version.getRevisionId().equals(revision.getRevisionId()))
        .findFirst();
  }

  static boolean isFull(DefinitionIndex known, String stateMachineArn) {
    return known.versions(stateMachineArn).stream()
            .filter(version -> !version.value().getDeleted())
            .count()
        >= MOST_VERSIONS;
  }

  static StateMachineVersion next(
      DefinitionIndex known, StateMachineRevision revision, Publication publication, Instant now) {
    List<Defined<StateMachineVersion>> all = known.versions(revision.getStateMachineArn());
    int number = all.isEmpty() ? 1 : all.getFirst().value().getNumber() + 1;
    return version(number, revision, publication, now);
  }

  static StateMachineVersion version(
      int number, StateMachineRevision revision, Publication publication, Instant now) {
    return new StateMachineVersion(
        revision.getStateMachineArn(),
        number,
        revision.getRevisionId(),
        publication.description(),
        now,
        false);
  }

  static Decision.Row row(StateMachineVersion version) {
    return new Decision.Row(
        DefinitionKeys.qualified(version.getStateMachineArn(), version.getNumber()), version);
  }

  /** One that isn't there is deleted already. The outcome: the aliases that still need it. */
  static Decision<List<String>> delete(String stateMachineArn, int number, DefinitionIndex known) {
    Optional<Defined<StateMachineVersion>> version = known.version(stateMachineArn, number);
    if (version.isEmpty()) {
      return new Decision.Settled<>(List.of());
    }
    List<String> users =
        known.aliases(stateMachineArn).stream()
            .map(Defined::value)
            .filter(alias -> alias.getRoutes().stream().anyMatch(r -> r.getVersion() == number))
            .map(alias -> alias.getName())
            .toList();
    if (!users.isEmpty()) {
      return new Decision.Settled<>(users);
    }
    StateMachineVersion deleted =
        StateMachineVersion.newBuilder(version.get().value()).setDeleted(true).build();
    return new Decision.Write<>(List.of(row(deleted)), List.of());
  }
}
