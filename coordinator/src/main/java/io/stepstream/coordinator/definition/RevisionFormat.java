package io.stepstream.coordinator.definition;

import io.stepstream.schemas.StateMachineRevision;

/** How a revision becomes the value of a record. */
interface RevisionFormat {

  byte[] encode(StateMachineRevision revision);

  Decoded decode(byte[] value);

  /** The outcome of decoding: foreign bytes are data, not a bug. */
  sealed interface Decoded {
    record Revision(StateMachineRevision revision) implements Decoded {}

    record Unreadable(String reason) implements Decoded {}
  }
}
