package io.stepstream.loadtests;

import io.stepstream.schemas.Lane;
import java.util.List;

/** A scenario of one state machine, which has a floor. */
sealed interface Machine extends Scenario permits LoadScenario, MapScenario, TimerScenario {

  /** Of the machine that is started. */
  Lane lane();

  String definition();

  FloorShape floor();

  @Override
  default List<Machine> machines() {
    return List.of(this);
  }

  @Override
  default int inFlight() {
    return floor().inFlight();
  }
}
