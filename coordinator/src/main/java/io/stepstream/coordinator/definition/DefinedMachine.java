package io.stepstream.coordinator.definition;

import io.stepstream.schemas.StateMachineRevision;

/**
 * A revision and where it stands.
 *
 * @param offset on the topic of definitions: whoever has read that far knows the revision
 */
public record DefinedMachine(StateMachineRevision revision, long offset) {}
