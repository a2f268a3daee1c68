package io.stepstream.schemas.codec;

import org.jspecify.annotations.Nullable;

/** Turns records of one type into bytes and back. */
public interface RecordCodec<T> {

  /**
   * The record's bytes, in an array of exactly their length which nobody else refers to.
   *
   * @throws RuntimeException if a field without a default is missing: a bug of the caller
   */
  byte[] encode(T value);

  /** Reads bytes which anybody may have written. Never throws for what they contain. */
  Decoded<T> decode(byte @Nullable [] bytes);
}
