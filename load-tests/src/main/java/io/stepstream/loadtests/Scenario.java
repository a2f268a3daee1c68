package io.stepstream.loadtests;

import java.util.List;
import java.util.stream.Stream;

/** What is executed. */
sealed interface Scenario permits Machine, PacedScenario, ApiScenario {

  /** The function that machines with a task call. */
  String FUNCTION = "bench";

  /** A Task state's fields, but for where it goes on. */
  String TASK =
      """
      "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:bench\"\
      """;

  /** The name on the command line. */
  String label();

  /** All that the engine executes, one or several. */
  List<Machine> machines();

  /** Executions under way at once under full load, unless the command line says otherwise. */
  int inFlight();

  /** In the order in which they are told of. */
  static List<Scenario> all() {
    return Stream.<Scenario[]>of(
            LoadScenario.values(),
            MapScenario.values(),
            TimerScenario.values(),
            PacedScenario.values(),
            ApiScenario.values())
        .flatMap(Stream::of)
        .toList();
  }
}
