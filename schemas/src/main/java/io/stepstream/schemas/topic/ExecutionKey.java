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
 *   <li>partition: the digest's first 4 bytes, an unsigned big-endian number, modulo the count. For
 *       a child execution of a distributed Map, the first 8 hexadecimal digits of its name in their
 *       place, by which it lives beside its shard; the same of a Map run's id, by which it lives
 *       beside the execution of its Map state (ADR 0016)
 *   <li>row prefix ({@code hash16}): the digest's first 16 bytes
 * </ul>
 *
 * <p>Part of the storage format: a change would make every running execution unreachable. Anyone
 * who writes to an inbox in another language computes the same. Immutable.
 */
public final class ExecutionKey {

  /** Length of the row prefix. */
  public static final int HASH_LENGTH = 16;

  private static final int PLACE_DIGITS = 8;

  /** {@code arn:aws:states:region:account:TYPE:…}. */
  private static final int TYPE_FIELD = 5;

  private final String arn;
  private final byte[] digest;
  private final int place;

  private ExecutionKey(String arn, byte[] digest) {
    this.arn = arn;
    this.digest = digest;
    this.place =
        isChild(arn) || isMapRun(arn) ? placeInName(arn, digest) : ByteBuffer.wrap(digest).getInt();
  }

  /**
   * Whether an ARN is that of a child execution of a distributed Map: of executions only those have
   * a slash, which parts the machine's name from the Map state's label. A shard's ARN has the slash
   * too, but is a Map run's; taken for a child it would live elsewhere than its children.
   */
  public static boolean isChild(String arn) {
    if (arn.indexOf('/') < 0) {
      return false;
    }
    int type = type(arn);
    return arn.startsWith("execution:", type) || arn.startsWith("express:", type);
  }

  /**
   * Whether an ARN is that of a Map run. A shard's begins like it and has two fields more; taken
   * for a Map run all shards would live at one partition.
   */
  public static boolean isMapRun(String arn) {
    int type = type(arn);
    if (!arn.startsWith("mapRun:", type)) {
      return false;
    }
    int id = arn.indexOf(':', type + "mapRun:".length()) + 1;
    return id > 0 && arn.indexOf(':', id) < 0;
  }

  /** The machine of an execution of either type, of a Map run's child, of a Map run or a shard. */
  public static String machineArn(String arn) {
    String[] parts = arn.split(":", -1);
    if (parts.length <= TYPE_FIELD + 1) {
      return arn;
    }
    parts[TYPE_FIELD] = "stateMachine";
    int slash = parts[TYPE_FIELD + 1].indexOf('/');
    if (slash >= 0) {
      parts[TYPE_FIELD + 1] = parts[TYPE_FIELD + 1].substring(0, slash);
    }
    return String.join(":", Arrays.asList(parts).subList(0, TYPE_FIELD + 2));
  }

  /**
   * Where in the ARN its type is. Not just anywhere: a machine may be named "express".
   *
   * @return the ARN's length when there is none
   */
  private static int type(String arn) {
    int type = 0;
    for (int field = 0; field < TYPE_FIELD; field++) {
      type = arn.indexOf(':', type) + 1;
      if (type == 0) {
        return arn.length();
      }
    }
    return type;
  }

  /** A name that no Map run gave has no place in it; what it names doesn't exist. */
  private static int placeInName(String arn, byte[] digest) {
    int name = arn.lastIndexOf(':') + 1;
    try {
      return Integer.parseUnsignedInt(arn, name, Math.min(arn.length(), name + PLACE_DIGITS), 16);
    } catch (NumberFormatException _) {
      return ByteBuffer.wrap(digest).getInt();
    }
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
    return Integer.remainderUnsigned(place, partitions);
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
