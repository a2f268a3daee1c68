package io.stepstream.coordinator.ops;

import java.util.Map;

/**
 * A part of the coordinator that must work before calls are let in. A bean; all of them are asked.
 */
public interface Readiness {

  /** How the check is called in the health report, for example {@code standard lane}. */
  String name();

  /** Whether it can serve now. Must not block. */
  boolean isReady();

  /** Why or how far, for operators: state, lag, progress of restoration. */
  Map<String, String> details();
}
