package io.stepstream.coordinator.api.machine;

import io.stepstream.coordinator.api.protocol.JsonMembers;
import io.stepstream.coordinator.definition.MachineConfiguration;
import io.stepstream.coordinator.definition.MachineRef;
import io.stepstream.coordinator.definition.RevisionIds;
import io.stepstream.schemas.StateMachineRevision;
import io.stepstream.schemas.StateMachineVersion;
import org.jspecify.annotations.Nullable;

/** What the actions that describe machines tell of a revision alike. */
final class RevisionMembers {

  private RevisionMembers() {}

  static void write(JsonMembers json, StateMachineRevision revision) {
    MachineConfiguration configuration = MachineConfiguration.ofJson(revision.getConfiguration());
    json.tree("loggingConfiguration", configuration.logging())
        .tree("tracingConfiguration", configuration.tracing())
        .tree("encryptionConfiguration", configuration.encryption())
        .text("revisionId", RevisionIds.told(revision));
  }

  /** Null: there is no version. */
  static @Nullable String versionArn(@Nullable StateMachineVersion version) {
    return version == null
        ? null
        : MachineRef.version(version.getStateMachineArn(), version.getNumber());
  }
}
