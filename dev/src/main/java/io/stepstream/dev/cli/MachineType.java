package io.stepstream.dev.cli;

/** AWS's types of state machines. */
enum MachineType {
  STANDARD,
  EXPRESS
}
