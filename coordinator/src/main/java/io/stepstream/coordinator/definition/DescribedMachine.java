package io.stepstream.coordinator.definition;

import io.stepstream.schemas.StateMachineRevision;
import io.stepstream.schemas.StateMachineVersion;
import org.jspecify.annotations.Nullable;

/**
 * A machine, or a version of it.
 *
 * @param version null: the machine itself is described
 * @param deleting whether the machine is no more, but executions of it still run
 */
public record DescribedMachine(
    StateMachineRevision revision, @Nullable StateMachineVersion version, boolean deleting) {}
