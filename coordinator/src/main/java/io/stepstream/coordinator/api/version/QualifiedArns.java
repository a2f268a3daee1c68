package io.stepstream.coordinator.api.version;

import io.stepstream.coordinator.api.protocol.Arns;
import io.stepstream.coordinator.api.protocol.Checked;
import io.stepstream.coordinator.api.protocol.Checked.Invalid;
import io.stepstream.coordinator.api.protocol.Checked.Valid;
import io.stepstream.coordinator.api.protocol.Refusals;
import io.stepstream.coordinator.definition.MachineRef;
import java.util.function.Predicate;

/** Checks ARNs of versions and aliases. */
final class QualifiedArns {

  private QualifiedArns() {}

  /** The ARN of a version. */
  static Checked<MachineRef> version(String arn) {
    return check(arn, ref -> ref.version() != null, "version number");
  }

  /** The ARN of an alias. */
  static Checked<MachineRef> alias(String arn) {
    return check(arn, ref -> ref.qualifier() != null && ref.version() == null, "alias name");
  }

  private static Checked<MachineRef> check(
      String arn, Predicate<MachineRef> qualified, String what) {
    return switch (Arns.stateMachine(arn)) {
      case Invalid<String>(var refusal) -> new Invalid<>(refusal);
      case Valid<String> _ -> {
        MachineRef ref = MachineRef.of(arn);
        yield qualified.test(ref)
            ? new Valid<>(ref)
            : new Invalid<>(
                Refusals.invalidArn(
                    "Invalid ARN: %s is not of the form arn:aws:states:<region>:<account>:stateMachine:<name>:<%s>"
                        .formatted(arn, what)));
      }
    };
  }
}
