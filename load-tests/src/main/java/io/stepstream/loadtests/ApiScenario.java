package io.stepstream.loadtests;

import java.util.List;

/** Starts through the API of the application as it is shipped. */
enum ApiScenario implements Scenario {
  /** StartExecution over HTTP, beside start records on the topic. */
  STARTS("api-starts");

  /** Callers that wait for an answer, each on a connection of its own. */
  private static final int CALLERS = 64;

  private final String label;

  ApiScenario(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }

  /** Those of the application's own, which no floor knows. */
  @Override
  public List<Machine> machines() {
    return List.of();
  }

  @Override
  public int inFlight() {
    return CALLERS;
  }

  @Override
  public String toString() {
    return label;
  }
}
