package io.stepstream.testkit.conformance;

/** How far a result agrees with the recording; each level includes those before it. */
public enum Level {
  L1("status, output or error"),
  L2("cause"),
  L3("types of the history's events"),
  L4("details of the events"),
  L5("ids of the events");

  final String meaning;

  Level(String meaning) {
    this.meaning = meaning;
  }
}
