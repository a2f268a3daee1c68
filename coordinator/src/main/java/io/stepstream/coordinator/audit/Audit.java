package io.stepstream.coordinator.audit;

import io.stepstream.schemas.AuditEvent;

/** Takes events of the audit log. */
@FunctionalInterface
public interface Audit {

  /** Where no authentication is configured, there is nobody to tell of. */
  Audit NONE = _ -> {};

  /** Returns at once, and never fails. */
  void record(AuditEvent event);
}
