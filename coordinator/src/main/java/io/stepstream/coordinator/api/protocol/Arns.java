package io.stepstream.coordinator.api.protocol;

import io.stepstream.coordinator.api.protocol.Checked.Invalid;
import io.stepstream.coordinator.api.protocol.Checked.Valid;
import io.stepstream.schemas.topic.ExecutionKey;

/**
 * Checks the ARNs that callers name things by. An ARN is a key: one with a foreign account or
 * region is as good as any, if something exists under it.
 */
public final class Arns {

  /** Position of the resource type in {@code arn:aws:states:region:account:type:name}. */
  private static final int TYPE = 5;

  private Arns() {}

  /** The ARN of a state machine, without or with a version or an alias behind its name. */
  public static Checked<String> stateMachine(String arn) {
    return ofType(arn, "stateMachine", 7, 8);
  }

  /** The ARN of a Standard execution: AWS keeps no executions of Express machines. */
  public static Checked<String> standardExecution(String arn) {
    return ofType(arn, "execution", 8, 8);
  }

  /** The same, or the ARN of an Express child execution of a Map run, of which AWS tells too. */
  public static Checked<String> describedExecution(String arn) {
    return isExpressChild(arn) ? new Valid<>(arn) : standardExecution(arn);
  }

  /** {@code arn:aws:states:region:account:express:machine/label:run:name}. */
  public static boolean isExpressChild(String arn) {
    String[] parts = arn.split(":", -1);
    boolean complete =
        parts.length == 9
            && parts[0].equals("arn")
            && parts[2].equals("states")
            && parts[TYPE].equals("express")
            && ExecutionKey.isChild(arn);
    for (String part : parts) {
      complete &= !part.isEmpty();
    }
    return complete;
  }

  /** The ARN of an activity. */
  public static Checked<String> activity(String arn) {
    return ofType(arn, "activity", 7, 7);
  }

  /** The ARN of what may have tags: a state machine or an activity. */
  public static Checked<String> tagged(String arn) {
    return arn.contains(":activity:") ? activity(arn) : stateMachine(arn);
  }

  /** The ARN of a Map run. */
  public static Checked<String> mapRun(String arn) {
    return ofType(arn, "mapRun", 8, 8);
  }

  /**
   * The machine that the child executions of a Map run have, as AWS tells it: that of the Map
   * state, a slash and the state's label.
   */
  public static String stateMachineOf(String mapRunArn) {
    return mapRunArn
        .substring(0, mapRunArn.lastIndexOf(':'))
        .replaceFirst(":mapRun:", ":stateMachine:");
  }

  /** Roles are not assumed, so any ARN will do. */
  public static Checked<String> role(String arn) {
    return arn.startsWith("arn:") ? new Valid<>(arn) : invalidPrefix(arn);
  }

  /** Whether the ARN names the Map state of a machine: {@code …:stateMachine:name/label}. */
  public static boolean isLabelled(String stateMachineArn) {
    return stateMachineArn.indexOf('/') >= 0;
  }

  private static Checked<String> ofType(String arn, String type, int fewest, int most) {
    if (!arn.startsWith("arn:")) {
      return invalidPrefix(arn);
    }
    String[] parts = arn.split(":", -1);
    if (parts.length > TYPE && parts[2].equals("states") && !parts[TYPE].equals(type)) {
      return new Invalid<>(
          Refusals.invalidArn("Resource type not valid in this context: " + parts[TYPE]));
    }
    boolean complete = parts.length >= fewest && parts.length <= most && parts[2].equals("states");
    for (String part : parts) {
      complete &= !part.isEmpty();
    }
    return complete
        ? new Valid<>(arn)
        : new Invalid<>(
            Refusals.invalidArn(
                "Invalid ARN: %s is not of the form arn:aws:states:<region>:<account>:%s:<name>%s"
                    .formatted(arn, type, behindName(type))));
  }

  private static String behindName(String type) {
    return switch (type) {
      case "execution" -> ":<execution name>";
      case "mapRun" -> "/<label>:<id>";
      default -> "";
    };
  }

  private static <T> Checked<T> invalidPrefix(String arn) {
    return new Invalid<>(Refusals.invalidArn("Invalid ARN prefix: " + arn));
  }
}
