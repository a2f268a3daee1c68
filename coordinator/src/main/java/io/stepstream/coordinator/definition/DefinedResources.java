package io.stepstream.coordinator.definition;

/** All that callers can define. */
public record DefinedResources(
    StateMachines machines,
    Versions versions,
    Aliases aliases,
    ActivityDefinitions activities,
    Tags tags,
    Triggers triggers) {

  static DefinedResources of(DefinitionLog log) {
    return new DefinedResources(
        new StateMachines(log),
        new Versions(log),
        new Aliases(log),
        new ActivityDefinitions(log),
        new Tags(log),
        new Triggers(log));
  }
}
