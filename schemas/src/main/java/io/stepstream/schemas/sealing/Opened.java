package io.stepstream.schemas.sealing;

/** What became of a payload that was to be opened. */
public sealed interface Opened {

  /** The payload, which may have been plain before. */
  record Payload(byte[] bytes) implements Opened {
    /** Without the payload. */
    @Override
    public String toString() {
      return "Payload[" + bytes.length + " bytes]";
    }
  }

  record Closed(SealProblem problem) implements Opened {}
}
