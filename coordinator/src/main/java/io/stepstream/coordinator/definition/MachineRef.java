package io.stepstream.coordinator.definition;

import org.jspecify.annotations.Nullable;

/**
 * What the ARN of a state machine names: a machine, or a version or an alias of it.
 *
 * @param qualifier the version's number or the alias' name; null: the machine itself
 */
public record MachineRef(String machineArn, @Nullable String qualifier) {

  /** Fields of {@code arn:aws:states:region:account:stateMachine:name}. */
  private static final int FIELDS = 7;

  /** AWS: a version's number; larger ones are never reached. */
  private static final int MOST_DIGITS = 9;

  public static MachineRef of(String arn) {
    int end = -1;
    for (int i = 0; i < FIELDS; i++) {
      end = arn.indexOf(':', end + 1);
      if (end < 0) {
        return new MachineRef(arn, null);
      }
    }
    return new MachineRef(arn.substring(0, end), arn.substring(end + 1));
  }

  /** The number of a version; null: the ARN names no version. */
  public @Nullable Integer version() {
    boolean number =
        qualifier != null
            && qualifier.length() <= MOST_DIGITS
            && !qualifier.isEmpty()
            && qualifier.chars().allMatch(c -> c >= '0' && c <= '9');
    return number ? Integer.valueOf(qualifier) : null;
  }

  /** The ARN of a version of a machine. */
  public static String version(String machineArn, int number) {
    return DefinitionKeys.qualified(machineArn, number);
  }

  /** The ARN of an alias of a machine. */
  public static String alias(String machineArn, String name) {
    return DefinitionKeys.qualified(machineArn, name);
  }
}
