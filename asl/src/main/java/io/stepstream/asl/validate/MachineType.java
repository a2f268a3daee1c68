package io.stepstream.asl.validate;

/** What a definition is to be run as; Express may do less. */
public enum MachineType {
  STANDARD,
  EXPRESS
}
