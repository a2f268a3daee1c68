package io.stepstream.coordinator.definition;

import io.stepstream.schemas.Lane;
import io.stepstream.schemas.ResourceTags;
import io.stepstream.schemas.StateMachineDeletion;
import io.stepstream.schemas.StateMachineRevision;
import io.stepstream.schemas.StateMachineVersion;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** What changes of machines come to. */
final class MachineChanges {

  private MachineChanges() {}

  /**
   * Whether a machine is no more, but executions of it may still run. Those of an Express machine
   * have nothing to tell afterwards, so its name is free at once.
   */
  static boolean isDeleting(DefinitionIndex known, String stateMachineArn) {
    return known.current(stateMachineArn).isEmpty()
        && known
            .deletion(stateMachineArn)
            .filter(deletion -> deletion.getLast().getLane() == Lane.STANDARD)
            .isPresent();
  }

  static Optional<DescribedMachine> describe(DefinitionIndex known, MachineRef ref) {
    if (ref.qualifier() != null) {
      Integer number = ref.version();
      return number == null
          ? Optional.empty()
          : known
              .version(ref.machineArn(), number)
              .map(Defined::value)
              .flatMap(
                  version ->
                      known
                          .revision(ref.machineArn(), version.getRevisionId())
                          .map(revision -> new DescribedMachine(revision, version, false)));
    }
    Optional<Defined<StateMachineRevision>> current = known.current(ref.machineArn());
    if (current.isPresent()) {
      return Optional.of(new DescribedMachine(current.get().value(), null, false));
    }
    return isDeleting(known, ref.machineArn())
        ? known
            .deletion(ref.machineArn())
            .map(deletion -> new DescribedMachine(deletion.getLast(), null, true))
        : Optional.empty();
  }

  /** Defines a machine, under one revision id however often it is decided. */
  static final class Creation {

    private final CreateRequest request;
    private final String revisionId = UUID.randomUUID().toString();

    Creation(CreateRequest request) {
      this.request = request;
    }

    Decision<CreateOutcome> decide(DefinitionIndex known, Instant now) {
      String arn = request.stateMachineArn();
      Optional<Defined<StateMachineRevision>> existing = known.current(arn);
      if (existing.isPresent()) {
        return new Decision.Settled<>(taken(existing.get().value(), known));
      }
      if (isDeleting(known, arn)) {
        return new Decision.Settled<>(new CreateOutcome.Deleting());
      }
      StateMachineRevision revision = revision(now);
      List<Decision.Row> rows = new ArrayList<>(rows(revision));
      if (!request.tags().isEmpty()) {
        rows.add(new Decision.Row(DefinitionKeys.tags(arn), new ResourceTags(arn, request.tags())));
      }
      StateMachineVersion version = null;
      if (request.publication() != null) {
        version = VersionChanges.version(1, revision, request.publication(), now);
        rows.add(VersionChanges.row(version));
      }
      return new Decision.Write<>(rows, new CreateOutcome.Created(revision, version));
    }

    /**
     * A machine that was deleted before anybody could name it: its revision is there for those who
     * have got it from here, and goes when that of any deleted machine does.
     */
    Decision<StateMachineRevision> decideUnlisted(Instant now) {
      StateMachineRevision revision = revision(now);
      String arn = request.stateMachineArn();
      return new Decision.Write<>(
          List.of(
              new Decision.Row(DefinitionKeys.revision(revision), revision),
              new Decision.Row(
                  DefinitionKeys.deletion(arn),
                  new StateMachineDeletion(revision, now, List.of(revisionId)))),
          revision);
    }

    private CreateOutcome taken(StateMachineRevision existing, DefinitionIndex known) {
      boolean same =
          existing.getLane() == request.lane()
              && existing.getDefinition().equals(ByteBuffer.wrap(request.definition()))
              && MachineConfiguration.ofJson(existing.getConfiguration())
                  .sameMachine(request.configuration());
      if (!same) {
        return new CreateOutcome.AlreadyExists();
      }
      if (request.publication() == null) {
        return new CreateOutcome.Created(existing, null);
      }
      return VersionChanges.ofRevision(known, existing)
          .filter(
              version ->
                  Objects.equals(version.getDescription(), request.publication().description()))
          .<CreateOutcome>map(version -> new CreateOutcome.Created(existing, version))
          .orElseGet(CreateOutcome.AlreadyExists::new);
    }

    private StateMachineRevision revision(Instant now) {
      return StateMachineRevision.newBuilder()
          .setStateMachineArn(request.stateMachineArn())
          .setRevisionId(revisionId)
          .setName(request.name())
          .setLane(request.lane())
          .setRoleArn(request.roleArn())
          .setDefinition(copy(request.definition()))
          .setCreationDate(now)
          .setUpdateDate(now)
          .setConfiguration(ByteBuffer.wrap(request.configuration().toJson()))
          .setTransitionsLogged(logged(request.lane(), request.configuration()))
          .build();
    }
  }

  /** A new revision; executions that run keep theirs. */
  static Decision<UpdateOutcome> update(UpdateRequest request, DefinitionIndex known, Instant now) {
    Optional<Defined<StateMachineRevision>> existing = known.current(request.stateMachineArn());
    if (existing.isEmpty()) {
      return new Decision.Settled<>(
          isDeleting(known, request.stateMachineArn())
              ? new UpdateOutcome.Deleting()
              : new UpdateOutcome.NoSuchMachine());
    }
    StateMachineRevision before = existing.get().value();
    StateMachineRevision revision = updated(request, before, now);
    List<Decision.Row> rows = new ArrayList<>();
    if (revision != before) {
      rows.addAll(rows(revision));
    }
    StateMachineVersion version = null;
    if (request.publication() != null) {
      version = VersionChanges.ofRevision(known, revision).orElse(null);
      if (version == null) {
        if (VersionChanges.isFull(known, request.stateMachineArn())) {
          return new Decision.Settled<>(new UpdateOutcome.TooManyVersions());
        }
        version = VersionChanges.next(known, revision, request.publication(), now);
        rows.add(VersionChanges.row(version));
      }
    }
    UpdateOutcome outcome = new UpdateOutcome.Updated(revision, version);
    return rows.isEmpty() ? new Decision.Settled<>(outcome) : new Decision.Write<>(rows, outcome);
  }

  /** The revision before, itself, where nothing changes. */
  private static StateMachineRevision updated(
      UpdateRequest request, StateMachineRevision before, Instant now) {
    MachineConfiguration configurationBefore =
        MachineConfiguration.ofJson(before.getConfiguration());
    MachineConfiguration configuration = configurationBefore.updated(request.configuration());
    ByteBuffer definition =
        request.definition() == null ? before.getDefinition() : copy(request.definition());
    String role = Objects.requireNonNullElse(request.roleArn(), before.getRoleArn());
    // What is stored has the default level filled in, and doesn't tell whether anybody gave it.
    boolean logged =
        request.configuration().has("loggingConfiguration")
            ? logged(before.getLane(), configuration)
            : before.getTransitionsLogged();
    if (definition.equals(before.getDefinition())
        && role.equals(before.getRoleArn())
        && logged == before.getTransitionsLogged()
        && configuration.equals(configurationBefore)) {
      return before;
    }
    return StateMachineRevision.newBuilder(before)
        .setRevisionId(UUID.randomUUID().toString())
        .setRoleArn(role)
        .setDefinition(definition)
        // Later than before, whatever the clock says: by it the first is told apart.
        .setUpdateDate(
            now.isAfter(before.getUpdateDate()) ? now : before.getUpdateDate().plusMillis(1))
        .setConfiguration(ByteBuffer.wrap(configuration.toJson()))
        .setTransitionsLogged(logged)
        .build();
  }

  /**
   * The machine is no more, nor are its versions, aliases and tags, but its revisions stay:
   * executions that run need theirs. True: it was there.
   */
  static Decision<Boolean> delete(String stateMachineArn, DefinitionIndex known, Instant now) {
    Optional<Defined<StateMachineRevision>> existing = known.current(stateMachineArn);
    if (existing.isEmpty()) {
      return new Decision.Settled<>(false);
    }
    // Those of an earlier machine of the same name may not have gone yet.
    List<String> revisionIds =
        Stream.concat(
                known.deletion(stateMachineArn).stream()
                    .flatMap(earlier -> earlier.getRevisionIds().stream()),
                known.revisions(stateMachineArn).stream().map(r -> r.getRevisionId()))
            .distinct()
            .toList();
    List<Decision.Row> rows = new ArrayList<>();
    rows.add(
        new Decision.Row(
            DefinitionKeys.deletion(stateMachineArn),
            new StateMachineDeletion(existing.get().value(), now, revisionIds)));
    rows.add(new Decision.Row(stateMachineArn, null));
    rows.add(new Decision.Row(DefinitionKeys.tags(stateMachineArn), null));
    known
        .versions(stateMachineArn)
        .forEach(version -> rows.add(forgotten(stateMachineArn, version.value().getNumber())));
    known
        .aliases(stateMachineArn)
        .forEach(alias -> rows.add(forgotten(stateMachineArn, alias.value().getName())));
    return new Decision.Write<>(rows, true);
  }

  private static Decision.Row forgotten(String stateMachineArn, Object qualifier) {
    return new Decision.Row(DefinitionKeys.qualified(stateMachineArn, qualifier), null);
  }

  static Decision<Boolean> forget(StateMachineDeletion deletion, DefinitionIndex known) {
    String arn = deletion.getLast().getStateMachineArn();
    // A machine of the same name may have been created and deleted since.
    if (!known.deletion(arn).equals(Optional.of(deletion))) {
      return new Decision.Settled<>(false);
    }
    List<Decision.Row> rows = new ArrayList<>();
    deletion
        .getRevisionIds()
        .forEach(id -> rows.add(new Decision.Row(DefinitionKeys.revision(arn, id), null)));
    rows.add(new Decision.Row(DefinitionKeys.deletion(arn), null));
    return new Decision.Write<>(rows, true);
  }

  private static List<Decision.Row> rows(StateMachineRevision revision) {
    return List.of(
        new Decision.Row(DefinitionKeys.revision(revision), revision),
        new Decision.Row(revision.getStateMachineArn(), revision));
  }

  private static boolean logged(Lane lane, MachineConfiguration configuration) {
    return lane == Lane.STANDARD || !configuration.transitionsOff();
  }

  private static ByteBuffer copy(byte[] definition) {
    return ByteBuffer.wrap(Arrays.copyOf(definition, definition.length));
  }
}
