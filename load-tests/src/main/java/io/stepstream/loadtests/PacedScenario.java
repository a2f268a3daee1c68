package io.stepstream.loadtests;

import java.util.List;

/** Small executions at light load, whose latency is all that is asked for. */
enum PacedScenario implements Scenario {
  /** Alone, and then beside a large Map. */
  MIXED(
      "mixed",
      MapScenario.MAP_100K.items(),
      LoadScenario.EXPRESS_TASK,
      LoadScenario.STANDARD_TASK,
      MapScenario.MAP_100K),

  /** To the task, to the end, and through the API. */
  LATENCY("latency", 0, LoadScenario.EXPRESS_TASK, LoadScenario.STANDARD_TASK);

  private final String label;
  private final int items;
  private final List<Machine> machines;

  PacedScenario(String label, int items, Machine... machines) {
    this.label = label;
    this.items = items;
    this.machines = List.of(machines);
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public List<Machine> machines() {
    return machines;
  }

  /** While it warms up; what is measured is an open loop. */
  @Override
  public int inFlight() {
    return LoadScenario.EXPRESS_TASK.inFlight();
  }

  /** Of the Map, unless the command line says otherwise; 0 if there is none. */
  int items() {
    return items;
  }

  @Override
  public String toString() {
    return label;
  }
}
