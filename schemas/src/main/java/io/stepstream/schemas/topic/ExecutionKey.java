package io.stepstream.schemas.topic;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Where an execution lives: its partition and the prefix of its rows, both from one SHA-256 of its
 * ARN.
 *
 * <ul>
 *   <li>partition: the digest's first 4 bytes, an unsigned big-endian number, modulo the count
 *   <li>row prefix ({@code hash16}): the digest's first 16 bytes
 * </ul>
 *
 * <p>Part of the storage format: a change would make every running execution unreachable. Anyone
 * who writes to an inbox in another language computes the same. Immutable.
 */
public final class ExecutionKey {

  /** Length of the row prefix. */
  public static final int HASH_LENGTH = 16;

  private final String arn;
  private final byte[] digest;

  private ExecutionKey(String arn, byte[] digest) {
    this.arn = arn;
    this.digest = digest;
  }

  public static ExecutionKey of(String executionArn) {
    try {
      byte[] arn = requireNonNull(executionArn).getBytes(StandardCharsets.UTF_8);
      return new ExecutionKey(executionArn, MessageDigest.getInstance("SHA-256").digest(arn));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java runtime has SHA-256", e);
    }
  }

  public String arn() {
    return arn;
  }

  /**
   * The partition of the execution's inbox, peer, history and state.
   *
   * @param partitions how many there are, at least 1
   */
  public int partition(int partitions) {
    if (partitions < 1) {
      throw new IllegalArgumentException("A topic has at least one partition, not " + partitions);
    }
    return Integer.remainderUnsigned(ByteBuffer.wrap(digest).getInt(), partitions);
  }

  /** The row prefix, in an array of its own. */
  public byte[] hash16() {
    return Arrays.copyOf(digest, HASH_LENGTH);
  }

  /** Writes the row prefix into a key under construction, without a copy in between. */
  public void putHash16(ByteBuffer key) {
    key.put(digest, 0, HASH_LENGTH);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ExecutionKey key && arn.equals(key.arn);
  }

  @Override
  public int hashCode() {
    return arn.hashCode();
  }

  @Override
  public String toString() {
    return arn;
  }
}
