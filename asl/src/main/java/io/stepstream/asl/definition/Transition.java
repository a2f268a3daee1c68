package io.stepstream.asl.definition;

/** Where a state leads. */
public sealed interface Transition {

  record Next(String state) implements Transition {}

  /** The flow ends with the state's output as its own. */
  record End() implements Transition {}
}
