package io.stepstream.coordinator.shell;

import io.stepstream.schemas.Lane;
import io.stepstream.schemas.StateMachineRevision;

/** ARNs of executions, as AWS builds them from the machine's. */
public final class ExecutionArns {

  private ExecutionArns() {}

  /**
   * @param unique makes Express ARNs differ, since their names need not
   */
  public static String of(StateMachineRevision machine, String name, String unique) {
    String arn = machine.getStateMachineArn();
    return machine.getLane() == Lane.EXPRESS
        ? arn.replaceFirst(":stateMachine:", ":express:") + ':' + name + ':' + unique
        : arn.replaceFirst(":stateMachine:", ":execution:") + ':' + name;
  }

  /** The name in an execution's ARN. */
  public static String name(String executionArn) {
    String[] parts = executionArn.split(":");
    boolean express = parts.length > 6 && parts[5].equals("express");
    return parts[express && parts.length > 8 ? 7 : parts.length - 1];
  }
}
