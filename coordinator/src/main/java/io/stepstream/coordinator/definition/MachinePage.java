package io.stepstream.coordinator.definition;

import java.util.List;

/**
 * A stretch of the list of machines, in the order in which they were last changed: one that changes
 * while the list is read may be in it twice, and none is missed.
 *
 * @param more whether others follow
 */
public record MachinePage(List<DefinedMachine> machines, boolean more) {

  public MachinePage {
    machines = List.copyOf(machines);
  }
}
