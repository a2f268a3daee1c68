package io.stepstream.asl.engine;

import io.stepstream.asl.definition.Flow;
import io.stepstream.asl.definition.State;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/**
 * ARNs of a Map run and of what belongs to it. All of them follow from the Map run's own, so that
 * shard and Map state need not tell each other.
 */
final class MapRunNames {

  private static final int PLACE_DIGITS = 8;

  private MapRunNames() {}

  /** {@code arn:…:mapRun:machine/label:id}. */
  static String mapRun(Execution execution, Strand strand, State.MapState map, String id) {
    String machine = execution.stateMachineArn();
    int name = machine.lastIndexOf(':') + 1;
    String prefix = machine.substring(0, machine.lastIndexOf(':', name - 2));
    // A child execution's machine has a label already; that of a Map run in it takes its place.
    int slash = machine.indexOf('/', name);
    String plain = slash < 0 ? machine.substring(name) : machine.substring(name, slash);
    return prefix + ":mapRun:" + plain + '/' + label(machine, strand.flow, map) + ':' + id;
  }

  /** Where a state has no Label, AWS makes one up; ours is the same in every execution. */
  static String label(String machineArn, Flow flow, State.MapState map) {
    String label = map.distributed() == null ? null : map.distributed().label();
    return label != null ? label : uuid(machineArn + '|' + flow.pointer() + '|' + map.name());
  }

  /** What the shell finds the shard by, which tells it the lane too: that of the children. */
  static String shard(String mapRunArn, boolean express, int number) {
    return mapRunArn + (express ? ":express:" : ":standard:") + number;
  }

  static String childMachine(String mapRunArn) {
    return mapRunArn
        .substring(0, mapRunArn.lastIndexOf(':'))
        .replaceFirst(":mapRun:", ":stateMachine:");
  }

  /**
   * A version 4 UUID that begins with the place of the Map state's execution, so that a shell finds
   * the Map run there by its ARN alone. A child execution's place is in its name already.
   *
   * @param random 128 bits, of which 32 are not used
   */
  static String id(Execution execution, long random, long more) {
    String uuid = new UUID(random & ~0xF000L | 0x4000L, more & ~(3L << 62) | 1L << 63).toString();
    String place =
        execution.part() instanceof Execution.Part.Child
            ? execution.name().substring(0, PLACE_DIGITS)
            : place(execution.arn());
    return place + uuid.substring(PLACE_DIGITS);
  }

  /** The first 8 digits of the SHA-256 of an ARN, by which a shell may place what has it. */
  static String place(String arn) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(arn.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * A UUID that begins with its shard's place, so that a shell finds the children there, by their
   * names alone.
   *
   * @param place of the shard
   * @param number of the child within the Map run
   * @param restart 0: the child is the first of that number, or it has stayed the same execution
   */
  static String childName(String place, String shardArn, long number, int restart) {
    String child = shardArn + '#' + number + (restart == 0 ? "" : "#" + restart);
    return place + uuid(child).substring(place.length());
  }

  static String child(String mapRunArn, boolean express, String childName) {
    int id = mapRunArn.lastIndexOf(':');
    return express
        ? mapRunArn.replaceFirst(":mapRun:", ":express:") + ':' + childName
        : mapRunArn.substring(0, id).replaceFirst(":mapRun:", ":execution:") + ':' + childName;
  }

  private static String uuid(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
