package io.stepstream.coordinator.definition;

import io.stepstream.asl.definition.StateMachine;

/** The outcome of compiling a definition's text. */
public sealed interface Compilation {

  record Compiled(StateMachine machine) implements Compilation {}

  /**
   * The text defines no machine.
   *
   * @param problems all of them, as AWS words its exception InvalidDefinition
   */
  record Invalid(String problems) implements Compilation {}
}
