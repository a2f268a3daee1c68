package io.stepstream.loadtests;

import io.stepstream.schemas.Lane;

/** Executions that all wait for the same moment. */
enum TimerScenario implements Machine {
  TIMERS_50K("timers-50k", 50_000);

  private final String label;
  private final int executions;

  TimerScenario(String label, int executions) {
    this.label = label;
    this.executions = executions;
  }

  @Override
  public String label() {
    return label;
  }

  /** Unless the command line says otherwise. */
  int executions() {
    return executions;
  }

  @Override
  public Lane lane() {
    return Lane.STANDARD;
  }

  /** Kafka has no timers: what is left is that each moment becomes a completion, exactly once. */
  @Override
  public FloorShape floor() {
    return new FloorShape(true, false);
  }

  @Override
  public String definition() {
    return """
    {"StartAt": "Until",
     "States": {"Until": {"Type": "Wait", "TimestampPath": "$.at", "End": true}}}
    """;
  }

  @Override
  public String toString() {
    return label;
  }
}
