package io.stepstream.loadtests;

import io.stepstream.schemas.Lane;
import java.util.List;
import java.util.stream.Stream;

/** What is executed. */
sealed interface Scenario permits LoadScenario, MapScenario, TimerScenario {

  /** The function that machines with a task call. */
  String FUNCTION = "bench";

  /** A Task state's fields, but for where it goes on. */
  String TASK =
      """
      "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:bench\"\
      """;

  /** The name on the command line. */
  String label();

  /** Of the machine that is started. */
  Lane lane();

  String definition();

  FloorShape floor();

  /** In the order in which they are told of. */
  static List<Scenario> all() {
    return Stream.<Scenario[]>of(
            LoadScenario.values(), MapScenario.values(), TimerScenario.values())
        .flatMap(Stream::of)
        .toList();
  }
}
