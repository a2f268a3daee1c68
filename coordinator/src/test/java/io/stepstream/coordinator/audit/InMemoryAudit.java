package io.stepstream.coordinator.audit;

import io.stepstream.schemas.AuditEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Keeps events for tests to look at. */
public final class InMemoryAudit implements Audit {

  private final ConcurrentLinkedQueue<AuditEvent> events = new ConcurrentLinkedQueue<>();

  @Override
  public void record(AuditEvent event) {
    events.add(event);
  }

  /** What has come since the last time. */
  public List<AuditEvent> drain() {
    List<AuditEvent> drained = new ArrayList<>();
    for (AuditEvent event = events.poll(); event != null; event = events.poll()) {
      drained.add(event);
    }
    return drained;
  }
}
