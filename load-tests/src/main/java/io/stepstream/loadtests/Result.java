package io.stepstream.loadtests;

/** What a run has found out. */
sealed interface Result permits RatedResult, PacedResult {

  /** One line of JSON. */
  String json();
}
