package io.stepstream.coordinator.definition;

import io.stepstream.schemas.StateMachineVersion;

/** What became of a request to publish a version. */
public sealed interface PublishOutcome {

  /** The current revision has this version, by this request or by an earlier one. */
  record Published(StateMachineVersion version) implements PublishOutcome {}

  /**
   * The caller meant another revision than the current one.
   *
   * @param current its id as callers know it
   */
  record AnotherRevision(String current) implements PublishOutcome {}

  record NoSuchMachine() implements PublishOutcome {}

  record Deleting() implements PublishOutcome {}

  record TooManyVersions() implements PublishOutcome {}
}
