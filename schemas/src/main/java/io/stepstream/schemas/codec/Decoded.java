package io.stepstream.schemas.codec;

import static java.util.Objects.requireNonNull;

/** What became of the bytes of a record. */
public sealed interface Decoded<T> {

  /** The bytes were a record of the expected type. */
  record Read<T>(T value) implements Decoded<T> {
    public Read {
      requireNonNull(value, "value");
    }
  }

  /**
   * The bytes are not a record of the expected type, and trying again will not change that.
   *
   * @param reason for operators: what is wrong, without the content of the record
   */
  record Unreadable<T>(String reason) implements Decoded<T> {
    public Unreadable {
      requireNonNull(reason, "reason");
    }
  }
}
