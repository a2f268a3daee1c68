package io.stepstream.schemas.sealing;

/** What a {@link KeyProvider} says. */
public sealed interface KeyAnswer {

  /** The data key, wrapped or unwrapped as asked for. */
  record Given(byte[] bytes) implements KeyAnswer {
    /** Without the bytes, which may be a key. */
    @Override
    public String toString() {
      return "Given[" + bytes.length + " bytes]";
    }
  }

  /**
   * The key isn't there, or isn't the one that has wrapped this. An operator can put that right, so
   * whoever asked waits and asks again.
   *
   * @param reason for operators; without any part of a key
   */
  record Missing(String reason) implements KeyAnswer {}
}
