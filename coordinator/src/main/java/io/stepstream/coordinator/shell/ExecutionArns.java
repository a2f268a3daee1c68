package io.stepstream.coordinator.shell;

import io.stepstream.schemas.Lane;
import io.stepstream.schemas.StateMachineRevision;
import io.stepstream.schemas.topic.ExecutionKey;
import java.util.regex.Pattern;

/** ARNs of executions, as AWS builds them from the machine's. */
public final class ExecutionArns {

  private static final String MACHINE = ":stateMachine:";

  /** AWS's rules for names, as an ARN can carry them. */
  private static final Pattern NAME =
      Pattern.compile("[^\\s?*<>{}\\[\\]\"#%\\\\^|~`$&,;:/\\x00-\\x1f\\x7f-\\x9f]{1,80}");

  private ExecutionArns() {}

  /** Whether an execution may have this name. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /**
   * @param unique makes Express ARNs differ, since their names need not
   */
  public static String of(StateMachineRevision machine, String name, String unique) {
    boolean express = machine.getLane() == Lane.EXPRESS;
    String stem = stem(machine.getStateMachineArn(), name, express);
    return express ? stem + ':' + unique : stem;
  }

  /**
   * Whether an execution of that machine under that name has this ARN: what a command says of an
   * execution must not contradict the ARN that its rows are under.
   */
  static boolean names(String executionArn, String stateMachineArn, String name, boolean express) {
    String stem = stem(stateMachineArn, name, express);
    return express ? executionArn.startsWith(stem + ':') : executionArn.equals(stem);
  }

  private static String stem(String stateMachineArn, String name, boolean express) {
    return ofType(stateMachineArn, express ? ":express:" : ":execution:") + ':' + name;
  }

  /** Without a pattern, which would be compiled for every command. */
  private static String ofType(String stateMachineArn, String type) {
    int at = stateMachineArn.indexOf(MACHINE);
    return at < 0
        ? stateMachineArn
        : stateMachineArn.substring(0, at)
            + type
            + stateMachineArn.substring(at + MACHINE.length());
  }

  /** Whether an ARN has the form of this lane's executions. */
  static boolean isExecution(String arn, boolean express) {
    int fields = 0;
    int from = 0;
    while (from >= 0) {
      int colon = arn.indexOf(':', from);
      int to = colon < 0 ? arn.length() : colon;
      String expected =
          switch (fields) {
            case 0 -> "arn";
            case 2 -> "states";
            case 5 -> express ? "express" : "execution";
            default -> null;
          };
      if (to == from
          || expected != null
              && (to - from != expected.length() || !arn.startsWith(expected, from))) {
        return false;
      }
      fields++;
      from = colon < 0 ? -1 : colon + 1;
    }
    return fields == (express ? 9 : 8);
  }

  /**
   * Whether an ARN has the form of a shard's, which nobody but coordinators ever sees: that of its
   * Map run, the lane of the children, a number.
   */
  static boolean isShard(String arn, boolean express) {
    String[] parts = arn.split(":", -1);
    return parts.length == 10
        && parts[0].equals("arn")
        && parts[2].equals("states")
        && parts[5].equals("mapRun")
        && parts[6].indexOf('/') > 0
        && parts[8].equals(express ? "express" : "standard")
        && parts[9].matches("\\d{1,10}");
  }

  /** Whether an ARN has the form of a Map run's. */
  static boolean isMapRun(String arn) {
    String[] parts = arn.split(":", -1);
    return ExecutionKey.isMapRun(arn)
        && parts[0].equals("arn")
        && parts[2].equals("states")
        && parts[6].indexOf('/') > 0
        && !parts[7].isEmpty();
  }

  /** The lane in which an execution or a shard lives. */
  static Lane laneOf(String arn) {
    // Not just anywhere in the ARN: a machine may be named "express".
    String[] parts = arn.split(":", 10);
    boolean express =
        switch (parts.length > 5 ? parts[5] : "") {
          case "express" -> true;
          case "mapRun" -> parts.length > 8 && parts[8].equals("express");
          default -> false;
        };
    return express ? Lane.EXPRESS : Lane.STANDARD;
  }

  /** Whether a child execution of a Map run of that machine, under that name, has this ARN. */
  static boolean namesChild(
      String executionArn, String stateMachineArn, String name, boolean express) {
    return express
        ? executionArn.startsWith(ofType(stateMachineArn, ":express:") + ':')
            && executionArn.endsWith(':' + name)
        : executionArn.equals(stem(stateMachineArn, name, false));
  }

  /**
   * The machine which has the definition that an execution runs: a child execution's machine is the
   * one of the Map state, a slash and a label.
   */
  public static String definedBy(String stateMachineArn) {
    int slash = stateMachineArn.indexOf('/');
    return slash < 0 ? stateMachineArn : stateMachineArn.substring(0, slash);
  }

  /**
   * The name in an execution's ARN. An Express one has something unique behind it; an Express child
   * of a Map run has the run's id before it.
   */
  public static String name(String executionArn) {
    String[] parts = executionArn.split(":");
    boolean namedBeforeTheLast =
        parts.length > 8 && parts[5].equals("express") && parts[6].indexOf('/') < 0;
    return parts[namedBeforeTheLast ? 7 : parts.length - 1];
  }
}
