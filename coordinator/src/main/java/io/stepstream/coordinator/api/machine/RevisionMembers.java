package io.stepstream.coordinator.api.machine;

import io.stepstream.coordinator.api.protocol.JsonMembers;
import io.stepstream.coordinator.definition.MachineConfiguration;
import io.stepstream.schemas.StateMachineRevision;

/** What the actions that describe machines tell of a revision alike. */
final class RevisionMembers {

  private RevisionMembers() {}

  static void write(JsonMembers json, StateMachineRevision revision) {
    MachineConfiguration configuration = MachineConfiguration.ofJson(revision.getConfiguration());
    json.tree("loggingConfiguration", configuration.logging())
        .tree("tracingConfiguration", configuration.tracing())
        .tree("encryptionConfiguration", configuration.encryption());
    // AWS names no revision of a machine that has never been updated.
    if (revision.getUpdateDate().isAfter(revision.getCreationDate())) {
      json.text("revisionId", revision.getRevisionId());
    }
  }
}
