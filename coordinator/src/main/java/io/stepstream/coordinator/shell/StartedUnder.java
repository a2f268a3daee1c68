package io.stepstream.coordinator.shell;

import io.stepstream.schemas.ExecutionRow;
import io.stepstream.schemas.StartedBy;
import org.jspecify.annotations.Nullable;

/**
 * The ARNs under which an execution's machine was found, when it was started by a version or an
 * alias. The core knows the revision that it runs, not by which name that was found.
 */
final class StartedUnder {

  private StartedUnder() {}

  /** Null: the machine itself was named. */
  static @Nullable String versionArn(ExecutionRow header) {
    StartedBy by = header.getStartedBy();
    return by == null ? null : header.getStateMachineArn() + ':' + by.getVersion();
  }

  /** Null: no alias was named. */
  static @Nullable String aliasArn(ExecutionRow header) {
    StartedBy by = header.getStartedBy();
    return by == null || by.getAlias() == null
        ? null
        : header.getStateMachineArn() + ':' + by.getAlias();
  }
}
