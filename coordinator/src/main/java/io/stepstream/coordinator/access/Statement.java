package io.stepstream.coordinator.access;

import java.util.List;

/** One statement of a policy. */
record Statement(boolean allow, List<Wildcard> actions, List<Wildcard> resources) {

  Statement {
    actions = List.copyOf(actions);
    resources = List.copyOf(resources);
  }

  boolean concerns(Demand demand) {
    return actions.stream().anyMatch(action -> action.matches(demand.action()))
        && resources.stream()
            .anyMatch(resource -> demand.names().stream().anyMatch(resource::matches));
  }
}
