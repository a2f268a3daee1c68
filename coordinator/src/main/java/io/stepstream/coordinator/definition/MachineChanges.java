package io.stepstream.coordinator.definition;

import io.stepstream.schemas.Lane;
import io.stepstream.schemas.StateMachineRevision;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a change of a machine comes to: pure functions of what is known and what is asked for, so
 * that they can be decided again when another node was faster.
 */
final class MachineChanges {

  private MachineChanges() {}

  sealed interface Decision<T> {}

  /** There is nothing to write. */
  record Settled<T>(T outcome) implements Decision<T> {}

  /** What is to be written, at least one row, and the outcome once it is. */
  record Write<T>(List<Row> rows, T outcome) implements Decision<T> {}

  /**
   * @param revision null: the key is to be forgotten
   */
  record Row(String key, @Nullable StateMachineRevision revision) {}

  /** Defines a machine, under one revision id however often it is decided. */
  static final class Creation {

    private final CreateRequest request;
    private final String revisionId = UUID.randomUUID().toString();

    Creation(CreateRequest request) {
      this.request = request;
    }

    Decision<CreateOutcome> decide(Optional<DefinedMachine> existing, Instant now) {
      return existing
          .map(machine -> (Decision<CreateOutcome>) new Settled<>(taken(machine.revision())))
          .orElseGet(
              () -> {
                StateMachineRevision revision = revision(now);
                return new Write<>(rows(revision), new CreateOutcome.Created(revision));
              });
    }

    private CreateOutcome taken(StateMachineRevision existing) {
      boolean same =
          existing.getLane() == request.lane()
              && existing.getDefinition().equals(ByteBuffer.wrap(request.definition()))
              && MachineConfiguration.ofJson(existing.getConfiguration())
                  .sameMachine(request.configuration());
      return same
          ? new CreateOutcome.Created(existing)
          : new CreateOutcome.AlreadyExists(request.stateMachineArn());
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
  static Decision<UpdateOutcome> update(
      UpdateRequest request, Optional<DefinedMachine> existing, Instant now) {
    if (existing.isEmpty()) {
      return new Settled<>(new UpdateOutcome.NoSuchMachine());
    }
    StateMachineRevision before = existing.get().revision();
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
      return new Settled<>(new UpdateOutcome.Updated(before));
    }
    StateMachineRevision revision =
        StateMachineRevision.newBuilder(before)
            .setRevisionId(UUID.randomUUID().toString())
            .setRoleArn(role)
            .setDefinition(definition)
            // Later than the one before, whatever the clock says: by it the first is told apart.
            .setUpdateDate(
                now.isAfter(before.getUpdateDate()) ? now : before.getUpdateDate().plusMillis(1))
            .setConfiguration(ByteBuffer.wrap(configuration.toJson()))
            .setTransitionsLogged(logged)
            .build();
    return new Write<>(rows(revision), new UpdateOutcome.Updated(revision));
  }

  /**
   * The machine is no more, but its revisions stay: executions that run need theirs. True: it was
   * there.
   */
  static Decision<Boolean> delete(String stateMachineArn, Optional<DefinedMachine> existing) {
    return existing.isEmpty()
        ? new Settled<>(false)
        : new Write<>(List.of(new Row(stateMachineArn, null)), true);
  }

  private static List<Row> rows(StateMachineRevision revision) {
    return List.of(
        new Row(DefinitionIndex.revisionKey(revision), revision),
        new Row(revision.getStateMachineArn(), revision));
  }

  private static boolean logged(Lane lane, MachineConfiguration configuration) {
    return lane == Lane.STANDARD || !configuration.transitionsOff();
  }

  private static ByteBuffer copy(byte[] definition) {
    return ByteBuffer.wrap(Arrays.copyOf(definition, definition.length));
  }
}
