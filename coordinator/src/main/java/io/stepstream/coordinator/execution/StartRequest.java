package io.stepstream.coordinator.execution;

import io.stepstream.schemas.StartedBy;
import io.stepstream.schemas.StateMachineRevision;
import io.stepstream.schemas.TriggeredStart;
import org.jspecify.annotations.Nullable;

/**
 * A start whose machine is settled and whose input has been checked.
 *
 * @param machine the revision that is pinned for the execution's whole life
 * @param definitionOffset offset of that revision on the definitions topic: a coordinator that has
 *     read less of the topic waits for it instead of failing the start
 * @param startedBy the version or alias that was named; null: the machine itself was
 * @param name as the caller chose it; null: the execution gets a random one
 * @param input JSON, valid and within the size limit
 * @param triggered the record of a topic that asks for it; null: somebody does
 */
public record StartRequest(
    StateMachineRevision machine,
    long definitionOffset,
    @Nullable StartedBy startedBy,
    @Nullable String name,
    byte[] input,
    @Nullable String traceHeader,
    @Nullable TriggeredStart triggered) {

  /** Bound of what an execution's context object tells of such a record. */
  public static final int MOST_TRIGGER_BYTES = 16 * 1024;
}
