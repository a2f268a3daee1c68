package io.stepstream.coordinator.execution;

import io.stepstream.schemas.HistoryEvent;
import java.util.List;

/**
 * A stretch of an execution's history.
 *
 * @param events in the order that was asked for, without gaps
 * @param more whether events follow in that order
 */
public record HistoryPage(List<HistoryEvent> events, boolean more) {

  public HistoryPage {
    events = List.copyOf(events);
  }
}
